"""Writes invented pasts into the register, many consultations in one transaction.

It leaves the rows that stamping, recording and answering each act by itself would leave: a test compares them. It
decides nothing, and a consultation that is there already is left alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.register import ledger, standing
from adapters.register.chain import entry_hash
from adapters.register.contents import Content
from adapters.register.files import FileRow
from adapters.register.receipts import Receipt
from adapters.register.sql import insert_new
from adapters.tables import answers, consultations, contents, files, ledger_head, notices, outbox, receipts
from adapters.tables import ledger as entries
from domain.commands import Submission
from domain.facts import Batch, Fact, Notice
from domain.text import fold

RECEIPT = tuple(column.name for column in receipts.c)


class Stamp(NamedTuple):
    """One act as it was stamped and answered; `words`: what the person wrote."""

    receipt: Receipt
    submission: Submission
    words: Content
    status: int
    answer: dict[str, Any]


class Upload(NamedTuple):
    """A draft as it was uploaded."""

    row: FileRow
    content: Content


class Lived(NamedTuple):
    """A consultation's past: its acts, its drafts, and all that was decided, as one batch.

    `readers`: who reads what is addressed to whom; what was told before `read_until` they have read.
    """

    batch: Batch
    stamps: Sequence[Stamp]
    uploads: Sequence[Upload]
    readers: Mapping[str, str] = {}
    read_until: datetime = datetime.min.replace(tzinfo=UTC)


class Pasts:
    """Writes into one register; remembers which contents are there."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kept: dict[str, None] = {}

    async def write(self, given: Sequence[Lived]) -> int:
        """Keep these pasts in one transaction; how many were new. Raises `RegisterUnavailable`."""
        async with self._db.begin() as connection:
            head = await ledger.lock(connection)
            known = await _known(connection, [one.batch.header.id for one in given])
            lives = [one for one in given if one.batch.header.id not in known]
            if lives:
                fresh = await self._keep(connection, lives)
                await _stamps(connection, [stamp for one in lives for stamp in one.stamps])
                await _append(connection, head, lives)
                for one in lives:
                    batch = one.batch.model_copy(update={"notices": ()})
                    await standing.write(connection, batch, batch.facts[-1].done_at)
                await _notices(connection, lives)
        if lives:
            self._kept |= fresh
        return len(lives)

    async def _keep(self, connection: AsyncConnection, lives: Sequence[Lived]) -> dict[str, None]:
        """Words and drafts that are not kept yet, each as of the instant at which it first came in."""
        came = [(u.row.uploaded_at, u.content) for one in lives for u in one.uploads]
        came += [(stamp.receipt.received_at, stamp.words) for one in lives for stamp in one.stamps]
        first: dict[str, tuple[datetime, Content]] = {}
        for at, content in sorted(came, key=lambda pair: pair[0]):
            if content.sha256 not in self._kept:
                first.setdefault(content.sha256, (at, content))
        rows = [_content_row(at, content) for _, (at, content) in sorted(first.items())]
        await insert_new(connection, contents, rows)
        uploads = {upload.row.id: upload.row for one in lives for upload in one.uploads}
        await insert_new(connection, files, [_file_row(row) for row in uploads.values()])
        return dict.fromkeys(first)


async def is_empty(db: Database) -> bool:
    """Whether the register holds no consultation."""
    async with db.read() as connection:
        return await connection.scalar(sa.select(consultations.c.id).limit(1)) is None


async def there(db: Database, ids: Sequence[str]) -> dict[str, None]:
    """Those of the ids that the register holds."""
    async with db.read() as connection:
        return await _known(connection, ids)


async def _known(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, None]:
    found = await connection.scalars(sa.select(consultations.c.id).where(consultations.c.id.in_(ids)))
    return dict.fromkeys(found)


def _content_row(at: datetime, content: Content) -> dict[str, Any]:
    return {
        **{"sha256": content.sha256, "media_type": content.media_type, "data": content.data},
        **{"size": len(content.data), "stored_at": at},
    }


def _file_row(row: FileRow) -> dict[str, Any]:
    lineage = f"{row.consultation or '@' + row.uploaded_by}/{fold(row.name)}"
    return {**dict(row), "lineage": lineage}


async def _stamps(connection: AsyncConnection, stamps: Iterable[Stamp]) -> None:
    """The acts in the order in which they came: stamp, way to the engine, answer."""
    ordered = sorted(stamps, key=lambda stamp: stamp.receipt.received_at)
    await connection.execute(
        sa.insert(receipts), [{name: getattr(s.receipt, name) for name in RECEIPT} for s in ordered]
    )
    await connection.execute(sa.insert(outbox), [_way(stamp) for stamp in ordered])
    await connection.execute(sa.insert(answers), [_answer(stamp) for stamp in ordered])


def _way(stamp: Stamp) -> dict[str, Any]:
    receipt = stamp.receipt
    return {
        **{"receipt": receipt.id, "consultation": receipt.consultation, "received_at": receipt.received_at},
        **{"submission": stamp.submission.model_dump(mode="json"), "delivered_at": receipt.received_at},
    }


def _answer(stamp: Stamp) -> dict[str, Any]:
    told = {"state": "done", "status": stamp.status, "answer": stamp.answer}
    return {"receipt": stamp.receipt.id, "answered_at": stamp.receipt.received_at, **told}


async def _append(connection: AsyncConnection, head: ledger.Head, lives: Sequence[Lived]) -> None:
    """The facts of all in the order in which they were done, after the head, which is locked."""
    facts = [(one.batch.header.id, fact) for one in lives for fact in one.batch.facts]
    rows = []
    for id, fact in sorted(facts, key=lambda pair: pair[1].done_at):
        rows.append(_entry(head, id, fact))
        head = ledger.Head(rows[-1]["seq"], rows[-1]["hash"])
    await connection.execute(sa.insert(entries), rows)
    await connection.execute(sa.update(ledger_head).values(seq=head.seq, hash=head.hash))


def _entry(head: ledger.Head, consultation: str, fact: Fact) -> dict[str, Any]:
    place = {"seq": head.seq + 1, "consultation": consultation, "number": fact.seq}
    values = {**dict(fact), **place, "recorded_at": fact.done_at}
    return {**values, "prev_hash": head.hash, "hash": entry_hash(head.hash, values)}


async def _notices(connection: AsyncConnection, lives: Sequence[Lived]) -> None:
    owed = [(one, notice) for one in lives for notice in one.batch.notices]
    owed.sort(key=lambda pair: pair[1].at)
    await insert_new(connection, notices, [_notice_row(one, notice) for one, notice in owed])


def _notice_row(life: Lived, notice: Notice) -> dict[str, Any]:
    reader = life.readers.get(notice.to) if notice.at < life.read_until else None
    return {
        **{name: value for name, value in notice if name not in ("to", "mail")},
        "consultation": life.batch.header.id,
        "addressee": notice.to,
        "recorded_at": notice.at,
        "mail_state": "waiting" if notice.mail else "none",
        "read_at": notice.at if reader else None,
        "read_by": reader,
    }
