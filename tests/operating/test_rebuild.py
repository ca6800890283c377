"""Temporal's database is gone: every open consultation runs again from the register, and nobody is told twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from adapters.database import Database, connect, migrate
from adapters.register.queries_state import state as recorded_state
from adapters.tables import asks, notices
from commands.rebuilding import fingerprint
from domain.advance import advance, wake_at
from domain.commands import Close
from domain.state import Consultation, Stage
from tests.operating.lived import Life, keep, running, stamped
from tests.operating.place import SHORT, Place
from tests.servers.clock import TestClock
from tests.servers.databases import DatabasesOf
from tests.worlds import at
from workflows.client import workflow_id
from workflows.operating import Operator
from workflows.registry import build_worker

MANY = 150


@pytest.fixture
async def register(databases_of: DatabasesOf) -> AsyncIterator[Database]:
    """An empty register on SQLite."""
    databases = databases_of("sqlite")
    address = await databases.copy("operating", migrate)
    db = connect(address)
    yield db
    await db.close()
    databases.drop(address)


@pytest.fixture
def place(register: Database, client: Client) -> Place:
    """The register beside an engine that knows nothing of it."""
    return Place(register, client, SHORT)


class Overheard(Operator):
    """An operator that keeps the states it was told."""

    states: dict[str, Consultation]

    async def state(self, consultation: str) -> Consultation:
        """As the operator's."""
        found = await super().state(consultation)
        self.states[consultation] = found
        return found


async def instants(db: Database) -> list[tuple[object, ...]]:
    """Every ask with its due and its next instant."""
    async with db.read() as connection:
        query = sa.select(asks.c.consultation, asks.c.agency, asks.c.due_at, asks.c.wake_at)
        return [tuple(row) for row in await connection.execute(query.order_by(asks.c.consultation, asks.c.agency))]


async def keys(db: Database) -> list[str]:
    """Every notice's key, in order."""
    async with db.read() as connection:
        return list(await connection.scalars(sa.select(notices.c.key).order_by(notices.c.key)))


def reminders(lives: list[Life], instant: datetime) -> list[str]:
    """The keys of what these consultations owe at the instant, by the rules alone."""
    return sorted(n.key for life in lives for n in advance(life.state, instant).notices)


async def test_every_open_consultation_runs_again_and_nobody_is_told_twice(
    register: Database, time_skipping: WorkflowEnvironment
) -> None:
    """Same states by hash, same due instants; then the next reminders come, once each."""
    clock = await TestClock.starting_at(time_skipping, at("2026-04-22 10:00"))
    lives = [running(f"c{n:03}", clock=clock.business) for n in range(MANY)]
    for life in lives[::2]:
        life.reply("STC")
    await keep(register, lives)
    before, told = await instants(register), await keys(register)
    place = Place(register, time_skipping.client)
    place.operator = overheard = Overheard(time_skipping.client, place.queue)
    overheard.states = {}
    async with build_worker(time_skipping.client, place.register, place.queue, cached=2 * MANY):
        assert dict.fromkeys((await place.rebuild()).values()) == {"started": None}
        states = [overheard.states[life.state.id] for life in lives]
        assert [fingerprint(state) for state in states] == [fingerprint(life.state) for life in lives]
        assert [(s.id, a.agency, a.due_at, a.wake_at) for s in states for a in _by_agency(s.asks)] == before
        assert place.register.keys == []
        half_time = wake_at(lives[0].state)
        assert half_time
        expected = reminders(lives, half_time)
        assert len(expected) == sum(a.stage is not Stage.SETTLED for s in states for a in s.asks.values())
        await clock.skip_to(half_time)
        await place.heard(len(expected))
    assert sorted(place.register.keys) == expected
    assert await keys(register) == sorted(told + expected)


def _by_agency(found: dict[str, object]) -> list[object]:
    return [found[agency] for agency in sorted(found)]


async def test_two_rebuilds_at_once_start_nothing_twice(place: Place) -> None:
    await keep(place.db, [place.launched(n) for n in range(10)])
    async with place.working():
        one, two = await asyncio.gather(place.rebuild(), place.rebuild())
        assert list(one) == list(two)
        both = [sorted(pair) for pair in zip(one.values(), two.values(), strict=True)]
        assert all(pair in (["running", "started"], ["running", "running"]) for pair in both)
        assert dict.fromkeys((await place.rebuild()).values()) == {"running": None}
        assert place.register.keys == []
        assert await place.named() == []


async def test_what_ended_stays_ended_and_what_nobody_knows_is_named(place: Place) -> None:
    closed = place.launched()
    closed.reply("STC")
    closed.reply("SNV")
    closed.do(Close)
    await keep(place.db, [closed])
    assert await place.rebuild() == {}
    assert await place.rebuild(closed.state.id, "không-có") == {closed.state.id: "ended", "không-có": "failed unknown"}


async def test_a_workflow_behind_the_register_is_named_and_replaced_only_when_told_to(place: Place) -> None:
    life = place.launched()
    earlier = life.state
    life.interim("STC")
    await keep(place.db, [life])
    async with place.working():
        await place.operator.start(earlier)
        assert await place.named() == [f"A6 workflow_behind {life.state.id}"]
        assert await place.rebuild() == {life.state.id: "differs behind"}
        assert await place.rebuild(replace=True) == {life.state.id: "replaced"}
        assert fingerprint(await place.operator.state(life.state.id)) == fingerprint(life.state)
        assert await place.named() == []


async def test_a_workflow_ahead_of_the_register_is_named(place: Place) -> None:
    """Its record never came; what it knows more would be lost, so that only an operator may replace it."""
    life = place.launched()
    await keep(place.db, [life])
    life.interim("STC")
    async with place.working():
        await place.operator.start(life.state)
        assert await place.named() == [f"A6 workflow_ahead {life.state.id}"]
        assert await place.rebuild() == {life.state.id: "differs ahead"}


async def test_another_state_under_the_same_number_is_no_agreement(place: Place) -> None:
    life = place.launched()
    await keep(place.db, [life])
    async with place.working():
        await place.operator.start(life.state.model_copy(update={"officer": "cv.khac"}))
        assert await place.rebuild() == {life.state.id: "differs differs"}


async def test_a_workflow_whose_code_fails_is_named_and_replaced(place: Place) -> None:
    broken, whole = place.launched(1), place.launched(2)
    await keep(place.db, [broken, whole])
    async with place.working():
        await place.operator.start(whole.state)
        await place.client.start_workflow(
            "Consultation", "nothing it can read", id=workflow_id(broken.state.id), task_queue=place.queue
        )
        await place.stuck(broken.state.id)
        assert await place.named() == [f"A6 no_answer {broken.state.id}"]
        assert await place.rebuild() == {broken.state.id: "differs no_answer", whole.state.id: "running"}
        assert await place.rebuild(broken.state.id, replace=True) == {broken.state.id: "replaced"}
        assert await place.named() == []


async def test_a_workflow_that_finished_before_its_consultation_is_not_started_unasked(place: Place) -> None:
    """As after a restore of an old copy of the register: somebody must look first."""
    life = place.launched()
    await keep(place.db, [life])
    open_state = life.state
    life.reply("STC")
    life.reply("SNV")
    life.do(Close)
    async with place.working():
        await place.operator.start(life.state)
        await place.client.get_workflow_handle(workflow_id(life.state.id)).result()
        assert await place.named() == [f"A11 workflow_finished {life.state.id}"]
        assert await place.rebuild() == {life.state.id: "differs finished"}
        assert await place.rebuild(replace=True) == {life.state.id: "started"}
        assert fingerprint(await place.operator.state(life.state.id)) == fingerprint(open_state)


async def test_a_workflow_that_outlives_its_consultation_is_named_and_may_be_stopped(place: Place) -> None:
    life = place.launched()
    open_state = life.state
    life.reply("STC")
    life.reply("SNV")
    life.do(Close)
    await keep(place.db, [life])
    async with place.working():
        await place.operator.start(open_state)
        await place.listed(life.state.id)
        assert await place.named() == [f"A11 workflow_lingers {life.state.id}"]
        assert await place.rebuild(life.state.id) == {life.state.id: "differs lingers"}
        assert await place.rebuild(life.state.id, replace=True) == {life.state.id: "stopped"}
        assert await place.named() == []


async def test_an_act_answered_as_done_and_lost_before_its_record_is_decided_again(place: Place) -> None:
    """The engine answered, the application told the caller, and all of Temporal was lost before the record."""
    life = place.launched()
    life.reply("SNV")
    await keep(place.db, [life])
    life.reply("STC")
    async with place.db.begin() as connection:
        await stamped(connection, [(life.state.id, life.commands[-1])])
    lost = f"A1 done_without_facts {life.commands[-1].receipt}"
    async with place.working():
        assert sorted(await place.named()) == [lost, f"A11 workflow_missing {life.state.id}"]
        assert await place.rebuild() == {life.state.id: "started"}
        await place.heard(1)
        state = await recorded_state(place.db, life.state.id)
        assert state is not None
        assert fingerprint(state) == fingerprint(life.state)
        assert await place.named() == []


async def test_without_a_worker_what_was_started_is_said_to_be_unproved(place: Place) -> None:
    life = place.launched()
    await keep(place.db, [life])
    assert await place.rebuild() == {life.state.id: "failed no_answer"}
    async with place.working():
        assert await place.rebuild() == {life.state.id: "running"}
