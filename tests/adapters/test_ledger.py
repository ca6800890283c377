"""The ledger: it says who did what and when, it cannot be changed quietly, and a changed byte is found and named."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.database import Database
from adapters.register.chain import BEGINNING, Walk, hash_of
from adapters.register.contents import content_of, content_of_bytes, store
from adapters.register.ledger import head, timeline
from adapters.register.recording import SqlRegister
from adapters.register.verifying import Verification, verify
from adapters.tables import contents, ledger, ledger_head, receipts
from tests.adapters.registers import FixedClock, batch_of, count, record, running, silence, tell, unguard
from tests.adapters.test_receipts import stamp
from tests.servers.databases import Databases
from tests.worlds import Desk, at

FORGED = {
    "consultation": "c9",
    "number": 999,
    "kind": "replied",
    "at": at("2020-01-01 00:00"),
    "done_at": at("2020-01-01 00:00"),
    "actor": "người.khác",
    "agency": "SXD",
    "receipt": "r99",
    "data": {"late": False},
    "recorded_at": at("2020-01-01 00:00"),
    "hash": "f" * 64,
    "prev_hash": "f" * 64,
}


async def two_consultations(db: Database) -> Desk:
    """Two consultations whose entries alternate in the chain."""
    other = running("c0", "STC")
    await record(db, other)
    desk = running("c1", "STC", "SNV")
    await record(db, desk, subject="Kế hoạch")
    desk.reply("STC")
    silence(other)
    await record(db, other)
    await record(db, desk)
    return desk


async def entries(db: Database, consultation: str = "c1") -> list[Any]:
    """All entries of a consultation, page by page."""
    found: list[Any] = []
    cursor: str | None = None
    while True:
        page = await timeline(db, consultation, cursor, limit=7)
        found += page.items
        if not (cursor := page.next):
            return found


@pytest.mark.clause("Q04", "H24")
async def test_every_entry_names_who_did_what_when_and_on_which_receipt(db: Database) -> None:
    """Named persons in each step: the officer's id where a person acted, `system` only where time passed."""
    await two_consultations(db)
    found = await entries(db)
    assert [e.number for e in found] == list(range(1, len(found) + 1))
    launch, reply = found[0], next(e for e in found if e.kind == "replied")
    assert (launch.actor, launch.receipt, launch.kind) == ("người.sgddt", "r1", "prepared")
    assert (reply.actor, reply.agency, reply.receipt) == ("người.stc", "STC", "r2")
    assert all(e.actor != "system" for e in found)
    assert {e.actor for e in await entries(db, "c0")} == {"người.sgddt", "system"}


async def test_an_entry_keeps_the_instant_it_belongs_to_beside_the_one_it_was_recorded_at(db: Database) -> None:
    clock = FixedClock("2026-03-02 08:00")
    desk = running()
    await SqlRegister(db, clock).record(batch_of(desk.steps))
    first = (await entries(db))[0]
    assert (first.at, first.done_at, first.recorded_at) == (desk.now, desk.now, at("2026-03-02 08:00"))


@pytest.mark.parametrize("table", [ledger, receipts, contents], ids=lambda table: table.name)
@pytest.mark.clause("Q04")
async def test_the_database_itself_refuses_to_change_or_remove_a_row(db: Database, table: sa.Table) -> None:
    """Facts are bound to those answerable for them; nobody takes them out, not even with the database's own tools."""
    await record(db, running(), subject="Kế hoạch")
    await stamp(db)
    before = await count(db, table)
    column = next(c for c in table.c if isinstance(c.type, sa.Text))
    commands: list[sa.Executable] = [sa.delete(table), sa.update(table).values({column: "x"})]
    if db.engine.dialect.name == "postgresql":
        commands.append(sa.text(f"TRUNCATE {table.name} CASCADE"))
    for command in commands:
        with pytest.raises(IntegrityError, match="append-only"):
            await tell(db, command)
    assert await count(db, table) == before > 0


async def test_an_untouched_register_verifies(db: Database) -> None:
    await two_consultations(db)
    end = await head(db)
    found = await verify(db)
    assert found == Verification(ok=True, entries=end.seq, contents=1, head=end.hash)
    assert end.seq == await count(db, ledger)


async def test_an_empty_register_verifies(db: Database) -> None:
    assert await verify(db) == Verification(ok=True, entries=0, contents=0, head=BEGINNING)


@pytest.mark.parametrize("column", list(FORGED))
@pytest.mark.clause("Q04")
async def test_a_change_in_any_column_of_any_entry_is_found_and_the_entry_named(db: Database, column: str) -> None:
    await two_consultations(db)
    await unguard(db, "ledger")
    await tell(db, sa.update(ledger).where(ledger.c.seq == 4).values({column: FORGED[column]}))
    found = await verify(db)
    assert (found.ok, found.first_bad, found.entries) == (False, 4, 3)
    assert found.expected != found.found
    assert found.why == ("prev_hash" if column == "prev_hash" else "hash")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("data = replace(data, ':', ': ')", "unreadable"),
        ("data = replace(data, '{', '[')", "unreadable"),
        ("data = ''", "unreadable"),
        ("actor = actor || ' '", "hash"),
    ],
)
async def test_one_byte_is_enough_even_where_it_changes_no_meaning(db: Database, change: str, why: str) -> None:
    await two_consultations(db)
    await unguard(db, "ledger")
    await tell(db, f"UPDATE ledger SET {change} WHERE seq = 4")
    found = await verify(db)
    assert (found.ok, found.first_bad, found.why, found.entries) == (False, 4, why, 3)


@pytest.mark.parametrize(
    "change",
    ["at = replace(at, 'T', ' ')", "at = at || '0'", "at = CAST(x'ff32' AS TEXT)", "at = 'x'", "number = 'x'"],
)
async def test_sqlites_loose_types_hide_nothing(
    databases: Databases, db: Database, change: str, request: pytest.FixtureRequest
) -> None:
    """PostgreSQL refuses these values itself."""
    if databases.kind != "sqlite":
        with pytest.raises(sa.exc.DBAPIError):
            await tell(db, f"UPDATE ledger SET {change.replace('at =', 'number =')}")
        return
    await two_consultations(db)
    await unguard(db, "ledger")
    await tell(db, f"UPDATE ledger SET {change} WHERE seq = 4")
    found = await verify(db)
    assert (found.ok, found.first_bad, found.why, found.entries) == (False, 4, "unreadable", 3)


@pytest.mark.parametrize(("seq", "why"), [(1, "seq"), (4, "seq")])
async def test_a_removed_entry_is_missed(db: Database, seq: int, why: str) -> None:
    await two_consultations(db)
    await unguard(db, "ledger")
    await tell(db, sa.delete(ledger).where(ledger.c.seq == seq))
    found = await verify(db)
    assert (found.ok, found.first_bad, found.why) == (False, seq + 1, why)
    assert (found.expected, found.found) == (str(seq), str(seq + 1))


async def test_entries_cut_off_the_end_are_missed(db: Database) -> None:
    await two_consultations(db)
    end = await head(db)
    await unguard(db, "ledger")
    await tell(db, sa.delete(ledger).where(ledger.c.seq > end.seq - 2))
    found = await verify(db)
    assert (found.ok, found.why, found.first_bad) == (False, "head", end.seq - 2)
    await tell(db, sa.delete(ledger_head))
    assert (await verify(db)).why == "head"


async def test_an_entry_hashed_anew_breaks_the_link_to_the_next(db: Database) -> None:
    await two_consultations(db)
    await unguard(db, "ledger")
    forged = (await entries(db, "c0"))[2].model_copy(update={"actor": "người.khác"})
    values = {"actor": forged.actor, "hash": hash_of(forged)}
    await tell(db, sa.update(ledger).where(ledger.c.seq == forged.seq).values(values))
    found = await verify(db)
    assert (found.why, found.first_bad, found.expected) == ("prev_hash", forged.seq + 1, hash_of(forged))


async def test_a_changed_or_lost_content_is_found_and_named(db: Database) -> None:
    words = content_of({"reason": "Không thuộc chức năng"})
    desk = running()
    async with db.begin() as connection:
        await store(connection, [words, content_of_bytes(b"x" * 10, "text/plain")], desk.now)
    desk.reply("STC", content=words.sha256)
    await record(db, desk)
    assert (await verify(db)).contents == 2
    await unguard(db, "contents")
    await tell(db, sa.update(contents).where(contents.c.sha256 == words.sha256).values(data=words.data + b" "))
    found = await verify(db)
    assert (found.ok, found.why, found.bad_content, found.expected) == (False, "content", words.sha256, words.sha256)
    await tell(db, sa.delete(contents).where(contents.c.sha256 == words.sha256))
    found = await verify(db)
    assert (found.why, found.bad_content) == ("content_missing", words.sha256)
    assert (await entries(db))[(found.first_bad or 0) - 1].kind == "replied"


async def test_verifying_tells_how_far_it_is(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.register.verifying.CHUNK", 5)
    await two_consultations(db)
    steps: list[tuple[int, int]] = []
    assert (await verify(db, lambda done, total: steps.append((done, total)))).ok
    assert steps == sorted(steps)
    assert steps[0] == (5, steps[-1][0])
    assert steps[-1][0] == steps[-1][1] == await count(db, ledger) + 1


async def test_pieces_and_unreadable_entries_do_not_hide_each_other(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.register.verifying.CHUNK", 5)
    await two_consultations(db)
    await unguard(db, "ledger")
    await tell(db, "UPDATE ledger SET data = '{ }' WHERE seq = 9")
    assert (await verify(db)).first_bad == 9
    await tell(db, "UPDATE ledger SET actor = 'x' WHERE seq = 8")
    assert (await verify(db)).first_bad == 8


async def test_the_chain_can_be_followed_without_a_database(db: Database) -> None:
    """What an evidence bundle needs: entries alone."""
    desk = running("c1")
    await record(db, desk)
    found = await entries(db)
    assert Walk().follow(found) is None
    broken = Walk().follow([found[0], found[1].model_copy(update={"data": {"x": 1}}), *found[2:]])
    assert broken is not None
    assert (broken.seq, broken.why) == (2, "hash")


async def test_a_large_ledger_is_followed_over_many_pieces(db: Database) -> None:
    """6,000 entries of one consultation in one batch."""
    desk = running("c1", *(f"XA{n}" for n in range(2000)))
    await record(db, desk)
    assert (await verify(db)).entries == 2 + 2 * 2000


async def test_pages_of_the_timeline_neither_repeat_nor_skip_while_entries_come_in(db: Database) -> None:
    desk = await two_consultations(db)
    first = await timeline(db, "c1", limit=3)
    desk.now += timedelta(days=1)
    desk.reply("SNV")
    await record(db, desk)
    second = await timeline(db, "c1", first.next, limit=200)
    assert [e.number for e in (*first.items, *second.items)] == list(range(1, desk.state.seq + 1))
    assert second.next is None
