"""The accounting itself: a run that lost, doubled or invented something must not look clean."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.database import Database, connect, migrate
from adapters.register import ledger as chain
from adapters.register.contents import content_of
from adapters.register.receipts import Receipts
from bench.accounting import account
from bench.journal import Entry, Journal, read
from domain.facts import Fact
from tests.servers.databases import Databases

Kept = tuple[Database, Journal, Entry]
WORDS = content_of({"kind": "reply", "text": "Thống nhất."})


@pytest.fixture
async def kept(databases: Databases, tmp_path: Path) -> AsyncIterator[Kept]:
    """A register with one stamped and answered act, and the journal of who sent it."""
    url = databases.empty()
    await migrate(url)
    database, journal = connect(url), Journal(tmp_path / "journal.jsonl")
    entry = Entry(
        key=uuid4().hex,
        actor="gd.stc",
        consultation="c-1",
        agency="STC",
        body_sha256=WORDS.sha256,
        sent_at=datetime.now(UTC) - timedelta(seconds=1),
        receipt="r-1",
        status=200,
        outcome="ok",
    )
    await stamp(database, entry)
    await journal.write(entry.model_copy(update={"answered_at": datetime.now(UTC)}))
    yield database, journal, entry
    await database.close()
    journal.close()
    databases.drop(url)


async def stamp(database: Database, entry: Entry) -> None:
    """The act as the API would have stamped and refused it."""
    store = Receipts(database)
    await store.stamp(
        id="r-1",
        consultation="c-1",
        verb="reply",
        actor=entry.actor,
        agency=entry.agency,
        key=entry.key,
        request="POST",
        body_sha256=WORDS.sha256,
        contents=[WORDS],
    )
    await store.answer("r-1", 409, {}, "refused")


async def record(database: Database, times: int) -> None:
    """The reply's fact in the ledger, so many times."""
    now = datetime.now(UTC)
    blank: dict[str, Any] = {"at": now, "done_at": now, "actor": "gd.stc", "agency": "STC", "receipt": "r-1"}
    facts = [Fact(seq=n + 1, kind="replied", data={}, **blank) for n in range(times)]
    async with database.begin() as connection:
        await chain.append(connection, await chain.lock(connection), "c-1", facts, now)


async def test_an_act_refused_under_its_receipt_is_accounted_for(kept: Kept) -> None:
    database, journal, _ = kept
    counts = await account(database, journal.file)
    assert (counts.clean, counts.line) == (True, "sent=1 ok=1 refused=0 unknown→ok=0 lost=0 doubled=0")


async def test_what_the_client_was_promised_and_nobody_has_is_lost(kept: Kept) -> None:
    database, journal, entry = kept
    await journal.write(entry.model_copy(update={"key": "another"}))
    counts = await account(database, journal.file)
    assert (counts.sent, counts.lost, counts.clean) == (2, 1, False)


async def test_a_receipt_that_took_effect_twice_is_doubled(kept: Kept) -> None:
    database, journal, _ = kept
    await record(database, 2)
    counts = await account(database, journal.file)
    assert (counts.lost, counts.doubled, counts.clean) == (0, 1, False)


async def test_a_recorded_reply_nobody_sent_is_found(kept: Kept, tmp_path: Path) -> None:
    database, _, _ = kept
    await record(database, 1)
    (tmp_path / "empty.jsonl").touch()
    counts = await account(database, tmp_path / "empty.jsonl")
    assert [fault.partition(":")[0] for fault in counts.faults] == ["invented"]


@pytest.mark.parametrize(
    "told",
    [
        {"receipt": "r-2"},
        {"body_sha256": "0" * 64},
        {"outcome": "unknown"},
        {"outcome": "refused", "status": 422, "receipt": None},
        {"sent_at": datetime(2020, 1, 1, tzinfo=UTC), "answered_at": datetime(2020, 1, 2, tzinfo=UTC)},
    ],
)
async def test_whatever_the_client_knows_otherwise_is_named(kept: Kept, told: dict[str, Any]) -> None:
    database, journal, entry = kept
    await journal.write(entry.model_copy(update=told))
    counts = await account(database, journal.file)
    assert len(counts.faults) == 1


async def test_a_journal_survives_a_torn_last_line(kept: Kept) -> None:
    _, journal, entry = kept
    with journal.file.open("a") as file:
        file.write('{"key": "torn')
    assert list(read(journal.file)) == [entry.key]
