"""One consultation with every commune of the country in it, on the real register: nothing too large, nothing lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from adapters.database import Database, connect, migrate
from adapters.register.queries_state import state as find_state
from adapters.register.recording import SqlRegister
from adapters.register.verifying import verify
from api.gateway import Gateway
from domain.commands import Close, Decide
from domain.facts import Batch
from domain.state import Outcome, Phase
from tests.servers.databases import DatabasesOf
from tests.workflows.stage import MemoryRegister, Play, stage
from tests.worlds import at, consultation

START = at("2026-04-22 09:00")
EVERY_COMMUNE = 3321
SILENT = 321


class Both(MemoryRegister):
    """Remembers the batches, and records them for good."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self._register = SqlRegister(db)

    async def record(self, batch: Batch) -> None:
        """Record first, then remember."""
        await self._register.record(batch)
        await super().record(batch)


@pytest.fixture
async def db(databases_of: DatabasesOf) -> AsyncIterator[Database]:
    """One kind is enough here: tests/adapters record on both."""
    databases = databases_of("sqlite")
    address = await databases.copy("register", migrate)
    database = connect(address)
    yield database
    await database.close()
    databases.drop(address)


async def _answer(play: Play, agencies: tuple[str, ...]) -> None:
    """All at once through the product's own way to the engine; a fresh run is asked for while they come in."""

    async def client() -> Client:
        return play.client

    gateway = Gateway(client, play.queue, timedelta(minutes=3))
    replies = [gateway.submit(play.state.id, play.reply(agency)) for agency in agencies]
    answers = asyncio.gather(*replies)
    await play.register.heard("replied")
    await play.handle.signal("renew")
    assert all(decided and decided.stage == "settled" for decided in await answers)


async def test_3321_communes_are_asked_answer_at_once_are_escalated_and_closed(
    time_skipping: WorkflowEnvironment, db: Database
) -> None:
    """With a fresh run forced while replies stream in; the register gives back the engine's very state."""
    agencies = tuple(f"X{n:04}" for n in range(EVERY_COMMUNE))
    async with stage(time_skipping, START, Both(db)) as play:
        await play.launch(consultation(*agencies))
        await _answer(play, agencies[SILENT:])
        await play.pass_to(at("2026-05-05 08:31"))
        state = await play.now()
        assert [len(case.agencies) for case in state.escalations] == [SILENT]
        for case in state.escalations:
            await play.do(Decide, "UBT", escalation=case.id, leader="PCT1", action="proceed_without", content="sha")
        await play.do(Close)
        assert await play.clock.result(play.handle) == "closed"
        ended = await find_state(db, play.state.id)
        assert ended is not None
        assert ended.phase is Phase.CLOSED
        outcomes = [ask.outcome for ask in ended.asks.values()]
        assert (outcomes.count(Outcome.REPLIED), outcomes.count(Outcome.WITHOUT_REPLY)) == (3000, SILENT)
        assert (await verify(db)).ok
