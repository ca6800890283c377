"""When the engine or the register cannot answer: what was sent is recorded and decided later, in order, once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.client import Client

from adapters.database import migrate
from adapters.register.contents import content_of
from adapters.register.recording import SqlRegister
from api.app import create_app
from api.gateway import Gateway
from api.relay import Relay
from api.services import Services
from bench.rig import free_port
from domain.commands import Submission, Withdraw
from tests.api.conftest import gateway_to, http_to
from tests.api.world import World, problem
from tests.servers.databases import Databases
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

NO_AGE = timedelta(0)
HASTE = timedelta(seconds=1)


class Line:
    """A gateway that can be pulled out and put back; `queue` is where its consultations' worker listens."""

    def __init__(self, client: Client) -> None:
        self.queue = f"api-{uuid4().hex[:8]}"
        self.plugged = gateway_to(client, self.queue)
        self.dead = Gateway.at(f"127.0.0.1:{free_port()}", "ykien", self.queue, HASTE)


@pytest.fixture
async def cut_off(
    databases: Databases, client: Client, parts: Callable[..., Services]
) -> AsyncIterator[tuple[World, Line]]:
    """A province of its own whose engine cannot be reached."""
    url = databases.empty()
    await migrate(url)
    line = Line(client)
    services = parts(url, line.dead, task_queue=line.queue)
    async with http_to(services) as http:
        world = World(services, http)
        await world.populate()
        yield world, line
    await services.database.close()
    databases.drop(url)


@asynccontextmanager
async def healed(world: World, line: Line, client: Client) -> AsyncIterator[None]:
    """Engine and worker are back."""
    world.services.gateway = line.plugged
    register = SqlRegister(world.services.database, world.services.clock)
    await make_current(client)
    async with build_worker(client, register, line.queue, deployment=versioned()):
        yield


async def test_without_the_engine_everything_is_recorded_and_decided_later_in_order(
    cut_off: tuple[World, Line], client: Client
) -> None:
    world, line = cut_off
    launched = await world.post("gd.sgddt", "/consultations", await world.plan(), 202)
    id = launched["id"]
    assert launched["detail"] == "Đã ghi nhận, đang xử lý."
    assert (await world.get("gd.sgddt", f"/receipts/{launched['receipt']}"))["state"] == "pending"
    assert await Relay(world.services).deliver_once(NO_AGE) == 0
    async with healed(world, line, client):
        assert await Relay(world.services).deliver_once(NO_AGE) == 1
        body = await world.answer(id)
        world.services.gateway = line.dead
        replied = await world.post("gd.stc", f"/consultations/{id}/asks/STC/reply", body, 202)
        withdrawn = await world.post("gd.sgddt", f"/consultations/{id}/withdrawal", {"reason": "Dừng."}, 202)
        late = await world.post("gd.snv", f"/consultations/{id}/asks/SNV/interim", {"text": "Đang xử lý."}, 202)
        world.services.gateway = line.plugged
        assert await Relay(world.services).deliver_once(NO_AGE) == 3
    facts = [e["kind"] for e in (await world.get("thanhtra", f"/consultations/{id}/ledger"))["items"]]
    assert facts.index("replied") < facts.index("withdrawn")
    states = [(await world.get("vpub", f"/receipts/{r['receipt']}"))["state"] for r in (replied, withdrawn, late)]
    assert states == ["done", "done", "refused"]
    assert (await world.services.receipts.backlog()).count == 0


async def test_the_answer_that_came_later_is_the_answer_to_a_repeated_request(
    cut_off: tuple[World, Line], client: Client
) -> None:
    world, line = cut_off
    key, body = {"Idempotency-Key": uuid4().hex}, await world.plan()
    first = await world.call("gd.sgddt", "POST", "/consultations", json=body, headers=key)
    still = await world.call("gd.sgddt", "POST", "/consultations", json=body, headers=key)
    assert (first.status_code, still.status_code) == (202, 202)
    assert first.json() == still.json()
    async with healed(world, line, client):
        await Relay(world.services).deliver_once(NO_AGE)
        decided = await world.call("gd.sgddt", "POST", "/consultations", json=body, headers=key)
    assert (decided.status_code, decided.json()["receipt"]) == (201, first.json()["receipt"])
    assert decided.json()["consultation"]["phase"] == "open"


async def test_a_list_urged_without_the_engine_is_recorded_item_by_item_and_answered_later(
    cut_off: tuple[World, Line], client: Client
) -> None:
    """The same list sent again finds the decisions under the same receipts; nobody is urged twice."""
    world, line = cut_off
    async with healed(world, line, client):
        id = await world.launch()
        items = [{"consultation": id, "agency": agency} for agency in ("STC", "SYT", "SNV")]
        sent = {"json": {"items": items}, "headers": {"Idempotency-Key": uuid4().hex}}
        world.services.gateway = line.dead
        first = (await world.call("vpub", "POST", "/urgings", **sent)).json()["items"]
        assert [item["outcome"] for item in first] == ["recorded"] * 3
        world.services.gateway = line.plugged
        assert await Relay(world.services).deliver_once(NO_AGE) == 3
        again = (await world.call("vpub", "POST", "/urgings", **sent)).json()["items"]
    assert [item["outcome"] for item in again] == ["urged", "refused", "urged"]
    assert [item["receipt"] for item in again] == [item["receipt"] for item in first]
    facts = [e["kind"] for e in (await world.get("thanhtra", f"/consultations/{id}/ledger"))["items"]]
    assert facts.count("urged") == 2


async def test_delivering_twice_changes_nothing(cut_off: tuple[World, Line], client: Client) -> None:
    world, line = cut_off
    async with healed(world, line, client):
        id = await world.launch()
        replied = await world.reply(id)
        receipt = await world.services.receipts.get(replied["receipt"])
        assert receipt is not None
        before = (await world.get("thanhtra", f"/consultations/{id}/ledger"))["items"]
        assert await Relay(world.services).deliver_once(NO_AGE) == 0
        assert (await world.get("thanhtra", f"/consultations/{id}/ledger"))["items"] == before


async def test_a_receipt_still_being_handled_is_left_alone(cut_off: tuple[World, Line], client: Client) -> None:
    world, line = cut_off
    await world.post("gd.sgddt", "/consultations", await world.plan(), 202)
    async with healed(world, line, client):
        assert await Relay(world.services).deliver_once(timedelta(seconds=15)) == 0


async def test_without_a_worker_the_caller_is_not_kept_waiting(cut_off: tuple[World, Line], client: Client) -> None:
    world, line = cut_off
    world.services.gateway = gateway_to(client, line.queue, HASTE)
    launched = await world.post("gd.sgddt", "/consultations", await world.plan(), 202)
    async with healed(world, line, client):
        assert await Relay(world.services).deliver_once(NO_AGE) == 1
        assert (await world.get("gd.sgddt", f"/consultations/{launched['id']}"))["phase"] == "open"


async def test_without_the_engine_the_application_is_ready_all_the_same(cut_off: tuple[World, Line]) -> None:
    world, _ = cut_off
    ready = await world.http.get("/readyz")
    assert (ready.status_code, ready.json()["ready"], ready.json()["engine"]) == (200, True, False)
    assert (await world.http.get("/healthz")).json() == {"status": "ok"}


async def test_the_relay_goes_on_by_itself_until_everything_is_answered(
    cut_off: tuple[World, Line], client: Client
) -> None:
    world, line = cut_off
    launched = await world.post("gd.sgddt", "/consultations", await world.plan(), 202)
    relay = asyncio.create_task(Relay(world.services, 0.05, NO_AGE).run())
    async with healed(world, line, client), asyncio.timeout(20):
        while (await world.get("gd.sgddt", f"/receipts/{launched['receipt']}"))["state"] == "pending":
            pass
        relay.cancel()
    with pytest.raises(asyncio.CancelledError):
        await relay


async def test_an_older_reply_stays_older_when_the_next_one_comes_first(
    cut_off: tuple[World, Line], client: Client
) -> None:
    world, line = cut_off
    async with healed(world, line, client):
        id = await world.launch()
        body = await world.answer(id)
        world.services.gateway = line.dead
        await world.post("gd.stc", f"/consultations/{id}/asks/STC/reply", body, 202)
        world.services.gateway = line.plugged
        second = {**body, "text": "Sở Tài chính thống nhất với dự thảo sau khi rà soát lại."}
        answered = await world.post("gd.stc", f"/consultations/{id}/asks/STC/reply", second)
    texts = [r["text"] for r in answered["ask"]["replies"]]
    assert texts == [body["text"], second["text"]]


async def test_an_act_that_ended_the_consultation_is_told_as_done_however_late(
    cut_off: tuple[World, Line], client: Client
) -> None:
    """The process dies between the engine's decision and its answer; the relay finds the workflow gone."""
    world, line = cut_off
    async with healed(world, line, client):
        id = await world.launch()
        words = content_of({"kind": "withdraw", "reason": "Dừng."})

        def withdraw(at: datetime) -> Submission:
            return Submission(
                command=Withdraw(receipt="r-lost", at=at, actor="gd.sgddt", agency="SGDDT", content=words.sha256)
            )

        stamped = await world.services.receipts.stamp(
            id="r-lost",
            consultation=id,
            verb="withdraw",
            actor="gd.sgddt",
            agency="SGDDT",
            key="r-lost",
            request=f"POST /api/v1/consultations/{id}/withdrawal",
            body_sha256=words.sha256,
            contents=[words],
            command=withdraw,
        )
        assert stamped.submission is not None
        assert await world.services.gateway.submit(id, stamped.submission) is not None
        while (await world.get("gd.sgddt", f"/consultations/{id}"))["phase"] != "withdrawn":
            pass
        assert await Relay(world.services).deliver_once(NO_AGE) == 1
    receipt = await world.get("gd.sgddt", "/receipts/r-lost")
    assert (receipt["state"], receipt["answer"]["decision"]["phase"]) == ("done", "withdrawn")


async def test_the_application_starts_and_stops_with_its_relays(cut_off: tuple[World, Line]) -> None:
    world, _ = cut_off
    app = create_app(world.services.settings, replace(world.services))
    async with app.router.lifespan_context(app):
        pass
    assert [t for t in asyncio.all_tasks() if "run" in str(t.get_coro()) and "api." in str(t.get_coro())] == []


async def test_a_register_that_cannot_serve_is_told_as_such(client: Client, parts: Callable[..., Services]) -> None:
    nowhere = f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/ykien"
    services = parts(nowhere, gateway_to(client, "nowhere"))
    async with http_to(services) as http:
        response = await http.get("/api/v1/me", headers={"Authorization": "Bearer x"})
        problem(response, 503, "unavailable")
        assert response.headers["retry-after"]
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()["database"]) == (503, False)
    await services.database.close()


async def test_whoever_finds_a_hundred_others_waiting_has_the_receipt_at_once(
    cut_off: tuple[World, Line], client: Client
) -> None:
    """The engine is there, the queue is long: recorded now, decided later, once."""
    world, line = cut_off
    async with healed(world, line, client):
        crowd = {f"r-{n}": None for n in range(101)}
        world.services.at_work |= crowd
        launched = await world.post("gd.sgddt", "/consultations", await world.plan(), 202)
        for id in crowd:
            del world.services.at_work[id]
        assert await Relay(world.services).deliver_once(NO_AGE) == 1
        assert (await world.get("gd.sgddt", f"/receipts/{launched['receipt']}"))["state"] == "done"
