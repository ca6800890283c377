"""What the client was told against what the register holds: nothing lost, nothing twice, nothing invented.

`heal` asks again for what ended unknown, `drain` waits until nothing is on its way, `account` counts; `settle` is all
three. It mends nothing: a difference is named, never smoothed. The doctor counts the same journal; this one is written
apart from it on purpose, so that neither the product nor its load client is the only judge, and both must agree.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from adapters.database import Database, RegisterUnavailable, connect
from adapters.register.verifying import verify
from adapters.tables import answers, asks, consultations, ledger, notices, outbox, receipts
from bench.journal import Entry, Journal, read
from bench.load import client_of, post, sign_in
from bench.rig import Rig
from domain.base import Frozen

# A worker killed while it records is missed after its activity's whole time limit; then the record is made again.
PATIENCE_SECONDS = 240.0
LOOK_SECONDS = 0.5
AT_ONCE = 8
# SQLite's clock is told in whole milliseconds, cut off.
GRAIN = timedelta(milliseconds=1)


class Undrained(Exception):  # noqa: N818 - a finding, with what it found
    """After all that time something still was on its way."""


class Counts(Frozen):
    """The accounting. `unknown_ok`: ended unknown, asked again, was ok. `faults`: every difference, in words."""

    sent: int
    ok: int
    refused: int
    unknown: int
    unknown_ok: int
    lost: int
    doubled: int
    entries: int
    faults: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The one line every run ends with."""
        return (
            f"sent={self.sent} ok={self.ok} refused={self.refused} unknown→ok={self.unknown_ok} "
            f"lost={self.lost} doubled={self.doubled}"
        )

    @property
    def clean(self) -> bool:
        """Whether nothing is lost, doubled or otherwise wrong."""
        return not (self.lost or self.doubled or self.unknown or self.faults)


async def settle(rig: Rig, journal: Journal, patience: float = PATIENCE_SECONDS) -> Counts:
    """Heal, drain, count; the rig must be whole again. Raises `Undrained` after `patience` seconds."""
    await heal(rig, journal, patience)
    database = connect(rig.settings.database_url.get_secret_value())
    try:
        await drain(database, patience)
        return await account(database, journal.file, real_time=not rig.settings.drill)
    finally:
        await database.close()


# --- asking again


async def heal(rig: Rig, journal: Journal, patience: float = PATIENCE_SECONDS) -> None:
    """Send everything that ended unknown again, with the same key and body, until each is answered."""
    unknown = [entry for entry in read(journal.file).values() if entry.outcome == "unknown"]
    tokens = await sign_in(rig, {entry.actor: entry.agency for entry in unknown})
    limit, turn = time.monotonic() + patience, asyncio.Semaphore(AT_ONCE)
    async with client_of(rig.url) as http:

        async def again(entry: Entry) -> None:
            async with turn:
                told = await _ask_again(http, entry, tokens[entry.actor], limit)
                await journal.write(told.model_copy(update={"retries": entry.retries + 1}))

        await asyncio.gather(*(again(entry) for entry in unknown))


async def _ask_again(http: Any, entry: Entry, token: str, limit: float) -> Entry:
    while True:
        told = await post(http, entry, token)
        if told.outcome != "unknown" or time.monotonic() > limit:
            return told
        await asyncio.sleep(LOOK_SECONDS)


# --- waiting


async def drain(database: Database, patience: float = PATIENCE_SECONDS) -> float:
    """Wait until nothing waits in the outbox and all that was decided is recorded; how many seconds that took."""
    began, left = time.monotonic(), "the register does not answer"
    while time.monotonic() - began < patience:
        try:
            left = await _on_its_way(database)
        except RegisterUnavailable as error:
            left = str(error)
        if not left:
            return time.monotonic() - began
        await asyncio.sleep(LOOK_SECONDS)
    raise Undrained(f"after {patience:g} s: {left}")


async def _on_its_way(database: Database) -> str:
    """What is not where it belongs yet, in words; empty when everything is."""
    waiting = sa.select(outbox.c.receipt, outbox.c.tries, outbox.c.last_error).where(outbox.c.delivered_at.is_(None))
    decided = sa.select(receipts.c.consultation, answers.c.answer).join_from(answers, receipts)
    reached = sa.select(consultations.c.id, consultations.c.seq)
    async with database.read() as connection:
        rows = (await connection.execute(waiting)).all()
        if rows:
            return f"{len(rows)} wait in the outbox, the first: {tuple(rows[0])}"
        known = {row.id: row.seq for row in await connection.execute(reached)}
        behind = [
            row.consultation
            for row in await connection.execute(decided.where(answers.c.state == "done"))
            if known.get(row.consultation, 0) < int((row.answer.get("decision") or {}).get("seq", 0))
        ]
    return f"{len(behind)} decisions are not recorded, the first in {behind[0]}" if behind else ""


# --- counting


async def account(database: Database, file: Path, real_time: bool = True) -> Counts:
    """The journal against the register. `real_time`: whether the register's instants can be compared with the client's.

    Lost: an `ok` whose receipt, answer or recorded reply is not there. Doubled: a receipt recorded more than once.
    """
    entries, books = read(file), await Books.read(database)
    lost = [fault for entry in entries.values() if entry.outcome == "ok" for fault in books.missing(entry)]
    doubled = books.doubled()
    wrong = [fault for entry in entries.values() for fault in books.differences(entry, real_time)]
    checked = await verify(database)
    wrong += [f"the chain breaks: {checked.why} at {checked.first_bad}"] if not checked.ok else []
    outcomes = Counter(entry.outcome for entry in entries.values())
    return Counts(
        sent=len(entries),
        ok=outcomes["ok"],
        refused=outcomes["refused"],
        unknown=outcomes["unknown"],
        unknown_ok=sum(entry.retries > 0 and entry.outcome == "ok" for entry in entries.values()),
        lost=len(lost),
        doubled=len(doubled),
        entries=checked.entries,
        faults=(*lost, *doubled, *wrong, *books.invented(entries.values()), *books.disorder()),
    )


class Books:
    """The register's rows about replies, read at one instant."""

    def __init__(self, rows: Mapping[str, Sequence[Any]]) -> None:
        self._receipts = {(row.actor, row.key): row for row in rows["receipts"]}
        self._replied = Counter(row.receipt for row in rows["ledger"])
        self._asks = {(row.consultation, row.agency): row for row in rows["asks"]}
        self._kept = Counter(reply["receipt"] for row in rows["asks"] for reply in row.state.get("replies", ()))
        self._notices = rows["notices"]
        self._waiting = len(rows["waiting"])

    @classmethod
    async def read(cls, database: Database) -> "Books":
        """Everything, in one read transaction."""
        given = sa.select(receipts, answers.c.state, answers.c.status).join_from(receipts, answers, isouter=True)
        said = (notices.c.consultation, notices.c.kind, notices.c.audience, notices.c.addressee, notices.c.agency)
        queries = {
            "receipts": given.where(receipts.c.verb == "reply"),
            "ledger": sa.select(ledger.c.receipt).where(ledger.c.kind == "replied"),
            "asks": sa.select(asks.c.consultation, asks.c.agency, asks.c.stage, asks.c.state),
            "notices": sa.select(*said, notices.c.at, notices.c.data, notices.c.mail_state),
            "waiting": sa.select(outbox.c.receipt).where(outbox.c.delivered_at.is_(None)),
        }
        async with database.read() as connection:
            return cls({name: (await connection.execute(query)).all() for name, query in queries.items()})

    def missing(self, entry: Entry) -> list[str]:
        """Why the reply the client was told is kept is not (A1); empty when it is."""
        row = self._receipts.get((entry.actor, entry.key))
        if row is None:
            return [f"lost: {entry.key} has no receipt, the client was told {entry.receipt} ({entry.status})"]
        if row.state is None:
            return [f"lost: {row.id} was never answered"]
        if row.state == "done" and not (self._replied[row.id] and self._kept[row.id]):
            return [
                f"lost: {row.id} is answered, {self._replied[row.id]} in the ledger, {self._kept[row.id]} in its ask"
            ]
        return []

    def doubled(self) -> list[str]:
        """Receipts that took effect more than once."""
        twice = [(id, n, "the ledger") for id, n in self._replied.items() if n > 1]
        twice += [(id, n, "its ask") for id, n in self._kept.items() if n > 1]
        return [f"doubled: {id} stands {n} times in {where}" for id, n, where in twice]

    def differences(self, entry: Entry, real_time: bool) -> list[str]:
        """Where the register tells of this request something else than the client knows (A1, A2, A3)."""
        row = self._receipts.get((entry.actor, entry.key))
        if entry.outcome == "unknown":
            return [f"{entry.key} is still unknown"]
        if entry.outcome == "refused":
            return self._not_refused(entry, row)
        if row is None:
            return []
        told = (entry.receipt, entry.consultation, entry.agency, entry.body_sha256)
        kept = (row.id, row.consultation, row.agency, row.body_sha256)
        found = [f"{entry.key}: told {told}, kept {kept}"] if told != kept else []
        late = real_time and not entry.sent_at - GRAIN <= row.received_at <= (entry.answered_at or row.received_at)
        return found + ([f"{row.id}: received {row.received_at}, not while {entry.key} was asked"] if late else [])

    def _not_refused(self, entry: Entry, row: Any) -> list[str]:
        """A refusal leaves nothing in the ledger; a receipt only where the answer named it."""
        if row is None or (row.id == entry.receipt and row.state == "refused" and not self._replied[row.id]):
            return []
        return [f"{entry.key} was refused ({entry.status}), and {row.id} is kept: {row.state}"]

    def invented(self, entries: Iterable[Entry]) -> list[str]:
        """Recorded replies nobody sent (A4)."""
        sent = {(entry.actor, entry.key) for entry in entries}
        known = {row.id for who, row in self._receipts.items() if who in sent}
        return [f"invented: nobody sent {receipt}" for receipt in self._replied if receipt not in known]

    def disorder(self) -> list[str]:
        """Versions with holes (A5), something still waiting (A6), a notice told twice (A8)."""
        versions = {who: [r["version"] for r in row.state.get("replies", ())] for who, row in self._asks.items()}
        found = [f"versions of {who}: {v}" for who, v in versions.items() if v != list(range(1, len(v) + 1))]
        found += [f"{self._waiting} wait in the outbox"] if self._waiting else []
        told = Counter(str(tuple(row)[:-1]) for row in self._notices)
        return found + [f"told {n} times: {notice}" for notice, n in told.items() if n > 1]
