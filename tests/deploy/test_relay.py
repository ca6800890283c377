"""The relays as a process of their own: they deliver and mail, answer for themselves, and end when told to."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from temporalio.client import Client

from adapters.database import migrate
from adapters.drill import FILE
from adapters.embedded import answers
from adapters.embedded_temporal import tool
from adapters.processes import Child, Running
from adapters.register.recording import SqlRegister
from adapters.settings import load_settings
from adapters.tables import notices
from api.app import create_app
from api.gateway import Gateway
from api.relaying import relays
from api.services import Services
from bench.rig import free_port
from tests.api.conftest import gateway_to, http_to
from tests.api.world import World
from tests.deploy.image import health_check
from tests.servers.databases import DatabasesOf
from tests.servers.mail import Sink
from tests.servers.temporal import DevServer
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

PostOffice = tuple[Sink, asyncio.Event]
POSTGRES = "postgresql+asyncpg://ykien@127.0.0.1/ykien"


@pytest.fixture
async def world(databases_of: DatabasesOf, parts: Callable[..., Services]) -> AsyncIterator[World]:
    """A province whose engine cannot be reached; its clerk of STC has a mailbox."""
    url = await databases_of("sqlite").copy("register", migrate)
    queue = f"relay-{uuid4().hex[:8]}"
    dead = Gateway.at(f"127.0.0.1:{free_port()}", "ykien", queue, timedelta(seconds=1))
    services = parts(url, dead, task_queue=queue)
    async with http_to(services) as http:
        opened = World(services, http)
        await opened.populate()
        clerk = await services.accounts.find("vt.stc")
        assert clerk is not None
        await services.accounts.put_accounts([clerk.model_copy(update={"email": "vt@stc.mau"})])
        yield opened
    await services.database.close()


@asynccontextmanager
async def worker(world: World, client: Client) -> AsyncIterator[None]:
    """Somebody decides."""
    register = SqlRegister(world.services.database, world.services.clock)
    await make_current(client)
    queue = world.services.settings.task_queue
    async with build_worker(client, register, queue, deployment=versioned()):
        yield


@asynccontextmanager
async def relay_process(world: World, temporal: DevServer, sink: Sink, folder: Path) -> AsyncIterator[Running]:
    """`ykien relay` on the world's register and clock, a minute ahead: what waits has then waited long enough."""
    clock = world.services.business
    ahead = clock.model_copy(update={"business_anchor": clock.business_anchor + timedelta(minutes=1)})
    (folder / FILE).write_text(ahead.model_dump_json(), "utf-8")
    settings = load_settings(
        profile="drill",
        data_dir=folder,
        database_url=world.services.settings.database_url.get_secret_value(),
        temporal_address=temporal.address,
        temporal_namespace=temporal.namespace,
        task_queue=world.services.settings.task_queue,
        api_port=free_port(),
        smtp_host=sink.host,
        smtp_port=sink.port,
    )
    url = f"http://127.0.0.1:{settings.api_port}"
    env = {**settings.environment(), "YKIEN_TEST_URL": url}
    child = Child("relay", (tool("ykien"), "relay"), env, lambda: answers(f"{url}/healthz"), ready_within=90, grace=30)
    running = await Running.start(child, folder)
    try:
        await running.serve()
        yield running
    finally:
        await running.stop()


@pytest.fixture
def post_office(smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """The mail server, and the event of its first mail."""
    mailed, take = asyncio.Event(), smtp_sink.handle_DATA

    async def note(*words: Any) -> str:
        mailed.set()
        return await take(*words)

    monkeypatch.setattr(smtp_sink, "handle_DATA", note)
    return smtp_sink, mailed


async def answered(world: World, receipt: str) -> None:
    """Return when the receipt has its answer; each look takes the time of a request."""
    while (await world.get("gd.sgddt", f"/receipts/{receipt}"))["state"] == "pending":
        pass


async def test_what_waits_is_delivered_and_mailed_by_a_process_that_ends_when_told_to(
    world: World, client: Client, temporal_dev: DevServer, post_office: PostOffice, tmp_path: Path
) -> None:
    smtp_sink, mailed = post_office
    launched = await world.post("gd.sgddt", "/consultations", await world.plan(), 202)
    async with worker(world, client), relay_process(world, temporal_dev, smtp_sink, tmp_path) as running:
        async with asyncio.timeout(90):
            await answered(world, launched["receipt"])
            await mailed.wait()
        await running.stop()
    # uvicorn ends everything in order and then dies of the signal it was given, as a shell expects.
    assert running.process.returncode == -signal.SIGTERM
    assert "Application shutdown complete" in running.tail()
    assert (await world.get("gd.sgddt", f"/receipts/{launched['receipt']}"))["state"] == "done"
    assert [envelope.rcpt_tos for envelope in smtp_sink.envelopes] == [["vt@stc.mau"]]
    assert (await world.services.receipts.backlog()).count == 0


async def healthy(port: str) -> bool:
    """What the image's own health check says of a process on this port."""
    _, *words = health_check()
    quiet = {"stderr": asyncio.subprocess.DEVNULL, "env": {"YKIEN_API_PORT": port}}
    asked = await asyncio.create_subprocess_exec(sys.executable, *words, **quiet)
    return await asked.wait() == 0


async def test_the_relays_process_answers_for_itself_and_nothing_else(
    world: World, temporal_dev: DevServer, smtp_sink: Sink, tmp_path: Path
) -> None:
    async with (
        relay_process(world, temporal_dev, smtp_sink, tmp_path) as running,
        httpx.AsyncClient(trust_env=False, base_url=running.child.env["YKIEN_TEST_URL"]) as http,
    ):
        ready = (await http.get("/readyz")).json()
        assert (ready["ready"], ready["engine"], ready["waiting"]) == (True, True, 0)
        assert "ykien_relay_total" in (await http.get("/metrics")).text
        assert [(await http.get(path)).status_code for path in ("/api/v1/me", "/docs")] == [404, 404]
        port = str(http.base_url.port)
        assert await healthy(port)
    assert not await healthy(port)


@pytest.mark.parametrize(("grace", "state"), [(20.0, "sent"), (0.0, "claimed")])
async def test_a_mail_under_way_is_ended_before_the_relays_end(
    world: World,
    client: Client,
    smtp_sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
    grace: float,
    state: str,
) -> None:
    arrived, released = asyncio.Event(), asyncio.Event()

    async def slowly(*_: object) -> str:
        arrived.set()
        await released.wait()
        return "250 Message accepted"

    monkeypatch.setattr(smtp_sink, "handle_DATA", slowly)
    at = {"smtp_host": smtp_sink.host, "smtp_port": smtp_sink.port}
    services = replace(world.services, settings=world.services.settings.model_copy(update=at))
    world.services.gateway = gateway_to(client, services.settings.task_queue)
    async with worker(world, client):
        await world.launch()
    async with relays(services, grace):
        await arrived.wait()
        asyncio.get_running_loop().call_later(0.2, released.set)
    async with services.database.read() as connection:
        states = await connection.scalars(sa.select(notices.c.mail_state).where(notices.c.agency == "STC"))
        assert list(states) == [state]
    released.set()


@pytest.mark.parametrize(("where", "running"), [("inside", ["Mailer.run", "Relay.run"]), ("apart", [])])
async def test_an_api_process_runs_the_relays_unless_they_are_apart(
    world: World, smtp_sink: Sink, where: str, running: list[str]
) -> None:
    changes = {"relay": where, "smtp_host": smtp_sink.host, "smtp_port": smtp_sink.port}
    settings = world.services.settings.model_copy(update=changes)
    app = create_app(settings, replace(world.services, settings=settings))
    async with app.router.lifespan_context(app):
        tasks = [getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()]
        assert sorted(name for name in tasks if name in ("Mailer.run", "Relay.run")) == running


def test_one_machine_has_its_relays_inside_and_production_apart(tmp_path: Path) -> None:
    assert load_settings(profile="embedded").relay == load_settings(profile="drill").relay == "inside"
    production = load_settings(profile="production", database_url=POSTGRES, payload_keys_dir=tmp_path)
    assert production.relay == "apart"
