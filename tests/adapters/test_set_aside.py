"""What cannot be delivered is set aside after a bounded number of tries, and never costs the others anything."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.database import Database, connect, migrate
from adapters.register import outbox as box_of
from adapters.register.notices import Notices
from adapters.register.outbox import LARGEST, MOST_TRIES, SHARE, Waiting
from adapters.register.queries_undeliverable import standing, undeliverable
from adapters.register.receipts import Receipts
from adapters.register.recording import SqlRegister
from adapters.tables import outbox
from domain.refusals import Code, Refused
from tests.adapters.registers import FixedClock, record, running, submission, tell
from tests.adapters.test_receipts import stamp
from tests.worlds import at

NOON = "2026-05-04 12:00"


async def put(db: Database, receipt: str, stored: str) -> None:
    """What somebody with the keys to the database writes into the outbox, valid JSON or not."""
    async with db.begin() as connection:
        as_json = ":stored" if connection.dialect.name == "sqlite" else "CAST(:stored AS json)"
        statement = sa.text(f"UPDATE outbox SET submission = {as_json} WHERE receipt = :receipt")
        await connection.execute(statement, {"stored": stored, "receipt": receipt})


def spoiled(receipt: str, kind: str, sqlite: bool) -> str:
    """A stored submission that nobody can deliver."""
    good = submission("c1", receipt, at(NOON)).model_dump(mode="json")
    command = good["command"]
    kinds: dict[str, Any] = {
        "another kind": {"command": {**command, "kind": "không có"}},
        "another shape": "chữ",
        "another receipt": {"command": {**command, "receipt": "r-khác"}},
        "no zone": {"command": {**command, "at": "2026-05-04T12:00:00"}},
        "too large": {"command": {**command, "content": "x" * LARGEST}},
        "too deep": 0,
        "no JSON": 0,
    }
    if kind == "too deep":
        return "[" * 3000 + "]" * 3000
    return "{" if kind == "no JSON" and sqlite else json.dumps(kinds[kind])


KINDS = ("another kind", "another shape", "another receipt", "no zone", "too large", "too deep", "no JSON")


@pytest.mark.parametrize("kind", KINDS)
async def test_one_row_that_cannot_be_read_breaks_nothing_for_the_others(db: Database, kind: str) -> None:
    for id in ("r1", "r2", "r3"):
        await stamp(db, id)
    await put(db, "r2", spoiled("r2", kind, db.engine.dialect.name == "sqlite"))
    box = Receipts(db)
    assert [w.receipt for w in await box.waiting()] == ["r1", "r3"]
    pending = await SqlRegister(db).undelivered("c1")
    assert [s.command.receipt for s in pending.submissions] == ["r1", "r3"]
    due = await box.due()
    assert [w.receipt for w in due.rows] == ["r1", "r3"]
    assert [bad.key for bad in due.unreadable] == ["r2"]
    assert due.unreadable[0].why
    assert "chữ" not in due.unreadable[0].why


async def test_an_instant_of_another_spelling_breaks_nothing_for_the_others(db: Database) -> None:
    """SQLite keeps instants as text that somebody could alter; PostgreSQL would not take it."""
    for id in ("r1", "r2"):
        await stamp(db, id)
    if db.engine.dialect.name == "sqlite":
        await tell(db, "UPDATE outbox SET tried_at = 'hôm qua' WHERE receipt = 'r1'")
        await tell(db, "UPDATE outbox SET submission = CAST(x'ff' AS TEXT) WHERE receipt = 'r1'")
        assert [w.receipt for w in await Receipts(db).waiting()] == ["r2"]
        assert [s.command.receipt for s in (await SqlRegister(db).undelivered("c1")).submissions] == ["r2"]
    assert "r2" in [w.receipt for w in await Receipts(db).waiting()]


async def test_a_receipt_is_set_aside_after_five_tries_and_the_rows_after_it_flow(db: Database) -> None:
    clock = FixedClock(NOON)
    for id in ("r1", "r2"):
        await stamp(db, id, clock)
    box = Receipts(db, clock)
    assert [await box.mark_try("r1", "EngineFault: x") for _ in range(MOST_TRIES)] == [False] * 4 + [True]
    assert [w.receipt for w in await box.waiting()] == ["r2"]
    assert [s.command.receipt for s in (await SqlRegister(db).undelivered("c1")).submissions] == ["r2"]
    found = await box.get("r1")
    assert found is not None
    assert (found.state, found.status, found.received_at) == ("set_aside", None, at(NOON))
    backlog = await box.backlog()
    assert (backlog.count, backlog.set_aside) == (1, 1)
    assert not await box.mark_try("r1", "EngineFault: y")
    (row,) = (await undeliverable(db)).items
    assert (row.kind, row.id, row.consultation, row.what, row.since) == ("receipt", "r1", "c1", "interim", at(NOON))
    assert (row.tries, row.last_error) == (MOST_TRIES, "EngineFault: x")


async def test_an_engine_that_is_away_never_counts_as_a_try(db: Database) -> None:
    await stamp(db, "r1")
    box = Receipts(db)
    for _ in range(50):
        await box.mark_silence("r1", "no answer")
    (row,) = await box.waiting()
    assert (row.tries, row.last_error) == (0, "no answer")
    assert [w.receipt for w in (await box.due()).rows] == ["r1"]


async def test_between_two_tries_a_consultation_rests_and_the_others_go_on(db: Database) -> None:
    clock = FixedClock(NOON)
    for id, consultation in (("r1", "c1"), ("r2", "c1"), ("r3", "c2")):
        await stamp(db, id, clock, consultation=consultation)
    box = Receipts(db, clock)
    await box.mark_try("r1", "x", timedelta(seconds=30))
    assert [w.receipt for w in (await box.due()).rows] == ["r3"]
    assert len(await box.waiting()) == 3
    clock.instant += timedelta(seconds=29)
    assert [w.receipt for w in (await box.due()).rows] == ["r3"]
    clock.instant += timedelta(seconds=1)
    assert [w.receipt for w in (await box.due()).rows] == ["r3", "r1", "r2"]


async def test_one_large_consultation_does_not_fill_a_round(db: Database) -> None:
    for n in range(SHARE + 5):
        await stamp(db, f"r{n}")
    await stamp(db, "s1", consultation="c2")
    assert [w.receipt for w in (await Receipts(db).due(SHARE + 1)).rows] == [*(f"r{n}" for n in range(SHARE)), "s1"]
    assert len(await Receipts(db).waiting(1000)) == SHARE + 6


async def test_a_retry_begins_from_nothing_and_only_for_what_is_set_aside(db: Database) -> None:
    clock = FixedClock(NOON)
    for id in ("r1", "r2"):
        await stamp(db, id, clock)
    box = Receipts(db, clock)
    assert not await box.retry("r1")
    await box.mark_try("r1", "x", timedelta(hours=1))
    await box.set_aside("r1", "không đọc được")
    assert await standing(db, "receipt", "r1") == ("c1", "set_aside")
    assert await box.retry("r1")
    assert not await box.retry("r1")
    first: Waiting = (await box.due()).rows[0]
    assert (first.receipt, first.tries, first.last_error) == ("r1", 0, "không đọc được")
    assert await standing(db, "receipt", "r1") == ("c1", "pending")
    await box.set_aside("r1", "x")
    await box.answer("r1", 200, {}, "done")
    assert not await box.retry("r1")
    assert await standing(db, "receipt", "r1") == ("c1", "done")
    assert (await undeliverable(db)).items == ()
    assert await standing(db, "receipt", "r9") is None


async def test_what_waits_is_handed_to_the_workflow_in_no_more_than_one_message(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        await stamp(db, f"r{n}", FixedClock(f"2026-05-04 09:0{n}"))
    size = len(submission("c1", "r0", at("2026-05-04 09:00")).model_dump_json())
    monkeypatch.setattr(box_of, "LARGEST_TOGETHER", 3 * size)
    pending = await SqlRegister(db).undelivered("c1")
    assert [s.command.receipt for s in pending.submissions] == ["r0", "r1", "r2"]


async def test_receipts_and_mails_are_one_list_in_pages_oldest_first(db: Database) -> None:
    await record(db, running("c1", "A", "B", "C", now="2026-05-04 08:00"))
    clock = FixedClock("2026-05-04 07:00")
    box = Notices(db, clock)
    for row in await box.claim():
        await box.failed(row.number, "550 hộp thư không có")
    for n in range(3):
        await stamp(db, f"r{n}", FixedClock(f"2026-05-04 0{7 + n}:30"), consultation="c9")
        await Receipts(db, clock).set_aside(f"r{n}", "x")
    found: list[tuple[str, str]] = []
    cursor = None
    while True:
        page = await undeliverable(db, cursor, 2)
        found += [(row.kind, row.what) for row in page.items]
        cursor = page.next
        if not cursor:
            break
    mails, acts = ("mail", "launched"), ("receipt", "interim")
    assert found == [acts, mails, mails, mails, acts, acts]
    with pytest.raises(Refused) as caught:
        await undeliverable(db, "abc")
    assert caught.value.code is Code.BODY_INVALID


async def test_what_was_set_aside_is_still_so_after_a_step_down_and_up(database_url: str) -> None:
    await migrate(database_url)
    db = connect(database_url)
    for id in ("r1", "r2", "r3"):
        await stamp(db, id)
    await Receipts(db).set_aside("r1", "x")
    await Receipts(db).mark_try("r2", "y", timedelta(hours=1))
    await db.close()
    for step in ("r0004_accounts", "head", "base", "head"):
        await migrate(database_url, step)
    db = connect(database_url)
    found = await Receipts(db).get("r1")
    assert found is not None
    assert found.state == "set_aside"
    async with db.read() as connection:
        rows = (await connection.execute(sa.select(outbox).order_by(outbox.c.number))).all()
        names = await connection.run_sync(lambda c: sa.inspect(c).get_table_names())
    assert [(row.set_aside_at is None, row.not_before is None) for row in rows] == [
        (False, True),
        (True, False),
        (True, True),
    ]
    assert [name for name in names if name.startswith("kept_")] == []
    await db.close()


async def test_the_database_finds_what_waits_and_what_is_set_aside_by_an_index(db: Database) -> None:
    """On SQLite only where query and index say the same condition; the planner is asked."""
    if db.engine.dialect.name == "sqlite":
        wanted = {
            "ix_outbox_waiting": "consultation = 'c1' AND delivered_at IS NULL AND set_aside_at IS NULL",
            "ix_outbox_set_aside": "delivered_at IS NULL AND set_aside_at IS NOT NULL",
        }
        async with db.read() as connection:
            for index, where in wanted.items():
                plan = await connection.execute(sa.text(f"EXPLAIN QUERY PLAN SELECT * FROM outbox WHERE {where}"))
                assert index in str(plan.all())
            mails = sa.text("EXPLAIN QUERY PLAN SELECT * FROM notices WHERE mail_state = 'failed'")
            assert "ix_notices_not_mailed" in str((await connection.execute(mails)).all())


async def test_a_notice_that_cannot_be_read_is_marked_as_failed_and_the_others_go_out(db: Database) -> None:
    await record(db, running("c1", "A", "B", "C"))
    bad = "'['" if db.engine.dialect.name == "sqlite" else """'"chữ"'"""
    await tell(db, f"UPDATE notices SET data = {bad} WHERE addressee = 'B'")
    box = Notices(db)
    assert [row.addressee for row in await box.claim()] == ["A", "C"]
    assert await box.claim() == ()
    (row,) = (await undeliverable(db)).items
    assert (row.kind, row.what, row.tries) == ("mail", "launched", 1)
    assert "chữ" not in (row.last_error or "")
    await tell(db, "UPDATE notices SET data = '{}' WHERE addressee = 'B'")
    assert await box.retry(int(row.id))
    assert not await box.retry(int(row.id))
    assert [(row.addressee, row.tries) for row in await box.claim()] == [("B", 1)]
    assert await standing(db, "mail", row.id) == ("c1", "claimed")
    assert await standing(db, "mail", "0") is None
    assert await standing(db, "mail", "x") is None
