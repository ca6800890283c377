"""Recording: what the workflow decided is kept once, whole, in order, and can be put together again."""

import asyncio
import itertools
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.database import Database, connect
from adapters.register.ledger import timeline
from adapters.register.queries_consultations import consultation, reached
from adapters.register.queries_state import state
from adapters.register.recording import RecordBroken, SqlRegister
from adapters.register.verifying import verify
from adapters.tables import asks, escalations, ledger, notices
from domain.commands import Rule
from domain.facts import Batch
from tests.adapters.registers import a_life, batch_of, count, counted, record, running, same, silence, slices_of
from tests.worlds import Desk


async def live(db: Database, desk: Desk, sizes: list[int], many: int) -> None:
    """Record the desk's steps, some at a time and some twice; after each flush the state must be what it was then."""
    steps = [step for step in desk.steps if step.facts]
    register = SqlRegister(db)
    for size in itertools.cycle(sizes):
        flushed, steps = steps[:size], steps[size:]
        for batch in slices_of(flushed, many):
            await register.record(batch)
        await register.record(batch)
        assert same(await state(db, desk.state.id), flushed[-1].state)
        if not steps:
            return


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10**6),
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    many=st.integers(1, 9) | st.just(500),
)
@example(seed=1, sizes=[1], many=500)
@example(seed=2, sizes=[100], many=1)
async def test_whatever_happened_the_register_gives_back_the_very_state_of_the_engine(
    db: Database, seed: int, sizes: list[int], many: int
) -> None:
    """After every flush the register's state equals the engine's, however acts, flushes and slices of them fall."""
    desk = a_life(uuid4().hex, seed)
    await live(db, desk, sizes, many)
    assert same(await state(db, desk.state.id), desk.state)
    assert (await verify(db)).ok


async def test_a_value_that_went_back_to_nothing_is_nothing_in_the_register_too(db: Database) -> None:
    """A returned reply takes outcome and settlement back; a row must not keep what the engine has forgotten."""
    desk = running()
    desk.reply("STC")
    await record(db, desk)
    desk.do(Rule, asked="STC", ruling="flag_unclear", content="chưa rõ")
    await record(db, desk)
    async with db.read() as connection:
        row = (await connection.execute(sa.select(asks).where(asks.c.agency == "STC"))).one()
    assert (row.stage, row.outcome, row.settled_at) == ("returned", None, None)
    assert (row.due_at, row.round) == (desk.ask("STC").due_at, 2)


def test_the_random_lives_reach_the_corners_they_are_meant_to_reach() -> None:
    """A property proved on quiet lives would prove nothing."""
    kinds = {fact.kind for seed in range(60) for step in a_life("c", seed).steps for fact in step.facts}
    wanted = {"replied", "returned", "escalated", "second_rung", "conflict", "rerouted", "redrafted", "decided"}
    wanted |= {"remark_answered", "extension_asked", "extension_granted", "incomplete_claimed", "assigned", "settled"}
    assert wanted <= kinds


async def test_a_batch_recorded_twice_changes_nothing(db: Database) -> None:
    desk = running()
    silence(desk)
    batch = batch_of(desk.steps)
    await SqlRegister(db).record(batch)
    before = [await count(db, table) for table in (ledger, asks, notices, escalations)]
    await SqlRegister(db).record(batch)
    assert [await count(db, table) for table in (ledger, asks, notices, escalations)] == before


async def test_the_same_batch_from_many_sides_at_once_is_recorded_once(db: Database, register_url: str) -> None:
    other = connect(register_url)
    desk = running()
    batch = batch_of(desk.steps)
    await asyncio.gather(*(SqlRegister(d).record(batch) for d in (db, other) * 5))
    await other.close()
    assert await count(db, ledger) == len(batch.facts)
    assert (await verify(db)).ok


async def test_many_consultations_recorded_at_once_make_one_chain(db: Database, register_url: str) -> None:
    other = connect(register_url)
    desks = [running(f"c{n}") for n in range(20)]
    await asyncio.gather(*(record((db, other)[n % 2], desk) for n, desk in enumerate(desks)))
    await other.close()
    found = await verify(db)
    assert (found.ok, found.entries) == (True, sum(d.state.seq for d in desks))


async def test_an_old_batch_does_not_bring_back_an_old_state(db: Database) -> None:
    desk = running()
    old = batch_of(desk.steps)
    await SqlRegister(db).record(old)
    desk.reply("STC")
    await SqlRegister(db).record(batch_of(desk.steps[1:]))
    await SqlRegister(db).record(old)
    assert await state(db, "c1") == desk.state


async def test_a_batch_that_overlaps_the_record_adds_only_what_is_new(db: Database) -> None:
    desk = running()
    await SqlRegister(db).record(batch_of(desk.steps))
    desk.reply("STC")
    await SqlRegister(db).record(batch_of(desk.steps))
    assert await count(db, ledger) == desk.state.seq
    assert await state(db, "c1") == desk.state


@pytest.mark.parametrize("start", [1, 2])
async def test_a_batch_that_would_leave_a_hole_is_an_error_and_changes_nothing(db: Database, start: int) -> None:
    desk = running()
    desk.reply("STC")
    desk.reply("SNV")
    if start == 2:
        await SqlRegister(db).record(batch_of(desk.steps[:1]))
    before = await count(db, ledger)
    with pytest.raises(RecordBroken):
        await SqlRegister(db).record(batch_of(desk.steps[start:]))
    assert await count(db, ledger) == before


async def test_a_batch_with_a_hole_in_itself_is_an_error(db: Database) -> None:
    batch = batch_of(running().steps)
    for facts in (batch.facts[:1] + batch.facts[2:], ()):
        with pytest.raises(RecordBroken):
            await SqlRegister(db).record(batch.model_copy(update={"facts": facts}))
    assert await count(db, ledger) == 0


async def test_another_story_under_recorded_numbers_is_an_error(db: Database) -> None:
    """After a lost Temporal database two histories may meet: skipping in silence would lose the second one's facts."""
    desk = running()
    await record(db, desk)
    other = batch_of(running(now="2026-01-06 09:00").steps)
    with pytest.raises(RecordBroken, match="other facts"):
        await SqlRegister(db).record(other)


async def test_a_batch_that_travelled_through_history_is_the_same_batch(db: Database) -> None:
    """Temporal carries JSON: enumerations come back as text, tuples as lists."""
    desk = running()
    silence(desk)
    batch = batch_of(desk.steps)
    await SqlRegister(db).record(batch)
    await SqlRegister(db).record(Batch.model_validate_json(batch.model_dump_json()))
    assert await state(db, "c1") == desk.state


async def test_three_thousand_communes_are_a_handful_of_statements_a_slice(db: Database) -> None:
    """3,321 asks launched, 6,644 facts: in the workflow's own slices, and in one batch as `rebuild` may replay it."""
    for id, many in (("c1", 500), ("c2", 10_000)):
        desk = running(id, *(f"XA{n:04}" for n in range(3321)))
        batches = slices_of(desk.steps, many)
        with counted(db) as sent:
            for batch in batches:
                await SqlRegister(db).record(batch)
        assert len(sent) < 15 * len(batches)
        assert same(await state(db, id), desk.state)
    assert (await count(db, asks), await count(db, ledger)) == (2 * 3321, 2 * 6644)


async def test_a_reply_is_a_handful_of_statements(db: Database) -> None:
    desk = running()
    await record(db, desk)
    desk.reply("STC")
    with counted(db) as sent:
        await record(db, desk)
    assert len(sent) <= 9


async def test_lists_learn_subject_and_number_from_the_stored_words(db: Database) -> None:
    desk = running()
    await record(db, desk, subject="Kế hoạch năm học")
    row = await consultation(db, "c1")
    assert row is not None
    assert (row.subject, row.doc_number) == ("Kế hoạch năm học", "12/SGDĐT-KH")
    desk.reply("STC")
    await record(db, desk)
    assert (await consultation(db, "c1")).subject == "Kế hoạch năm học"  # type: ignore[union-attr]


async def test_words_that_were_not_stored_do_not_stop_the_record(db: Database) -> None:
    await record(db, running())
    row = await consultation(db, "c1")
    assert row is not None
    assert row.subject == ""


async def test_a_notice_is_owed_once_whoever_repeats_it(db: Database) -> None:
    desk = running()
    await record(db, desk)
    owed = await count(db, notices)
    silence(desk, 3)
    batch = batch_of(desk.steps)
    again = batch.model_copy(update={"notices": (*batch.notices, *batch.notices)})
    await SqlRegister(db).record(again)
    assert await count(db, notices) == owed + len(batch.notices)


async def test_whoever_waits_for_a_number_learns_when_it_is_recorded(db: Database) -> None:
    assert not await reached(db, "c1", 1)
    desk = running()
    await record(db, desk)
    assert await reached(db, "c1", desk.state.seq)
    assert not await reached(db, "c1", desk.state.seq + 1)


async def test_what_is_unknown_has_no_state_and_no_entries(db: Database) -> None:
    assert await state(db, "không có") is None
    assert (await timeline(db, "không có")).items == ()
