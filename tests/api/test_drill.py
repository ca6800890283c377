"""A training copy: every answer is marked, and a whole consultation passes in moments of real time."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client

from adapters.clock import DatabaseClock
from adapters.database import migrate
from adapters.register.recording import SqlRegister
from adapters.settings import Profile
from api.middleware import mark
from api.services import Services
from domain.clock import BusinessClock
from tests.api.conftest import START, gateway_to, http_to
from tests.api.world import World
from tests.servers.databases import Databases
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker


@pytest.fixture
async def drill(
    databases_of: Callable[[str], Databases], client: Client, parts: Callable[..., Services], tmp_path: Path
) -> AsyncIterator[World]:
    """A training province in which a calendar day lasts a fifth of a second."""
    databases = databases_of("sqlite")
    url = databases.empty()
    await migrate(url)
    queue = f"api-{uuid4().hex[:8]}"
    services = parts(url, gateway_to(client, queue), profile=Profile.DRILL, data_dir=tmp_path)
    business = BusinessClock(real_anchor=datetime.now(UTC), business_anchor=START, rate=432_000)
    fast = replace(services, business=business, clock=DatabaseClock(business))
    await make_current(client)
    register = SqlRegister(fast.database, fast.clock)
    async with build_worker(client, register, queue, deployment=versioned()), http_to(fast) as http:
        world = World(fast, http)
        await world.populate()
        yield world
    await fast.database.close()
    databases.drop(url)


async def test_every_answer_of_a_drill_is_marked(drill: World) -> None:
    response = await drill.call("gd.stc", "GET", "/me")
    assert (response.headers["x-ykien-mode"], response.json()["mode"]) == ("DIEN TAP", "DIỄN TẬP")
    refused = await drill.call("gd.stc", "GET", "/consultations/khong-co")
    assert refused.json()["mode"] == "DIỄN TẬP"
    assert refused.headers["content-type"] == "application/problem+json"
    plain = await drill.http.get("/metrics")
    assert plain.headers["x-ykien-mode"] == "DIEN TAP"


async def test_silence_reaches_the_leader_within_moments(drill: World) -> None:
    launched = await drill.post("gd.sgddt", "/consultations", await drill.plan(), 201)
    assert launched["mode"] == "DIỄN TẬP"
    limit = datetime.now(UTC) + timedelta(seconds=40)
    cases: list[object] = []
    while not cases and datetime.now(UTC) < limit:
        cases = (await drill.get("pct4", "/escalations"))["items"]
    assert cases


@pytest.mark.parametrize("body", [b"", b"[]", b"1"])
def test_only_objects_can_carry_the_mark(body: bytes) -> None:
    assert mark(body) == body
