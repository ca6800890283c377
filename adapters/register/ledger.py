"""The ledger in the database: append under the chain's lock, and read back in order. It judges no fact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.register.chain import Entry, entry_hash
from adapters.register.paging import Page, after, bounded, decode, page
from adapters.tables import ledger, ledger_head
from domain.facts import Fact


class Head(NamedTuple):
    """The end of the chain."""

    seq: int
    hash: str


async def lock(connection: AsyncConnection) -> Head:
    """Take the chain's lock until the transaction ends, by changing the head to itself: both databases lock by that."""
    same = sa.update(ledger_head).values(seq=ledger_head.c.seq)
    row = (await connection.execute(same.returning(ledger_head.c.seq, ledger_head.c.hash))).one()
    return Head(row.seq, row.hash)


async def append(
    connection: AsyncConnection, head: Head, consultation: str, facts: Sequence[Fact], recorded_at: datetime
) -> Head:
    """Append the facts in their order after `head`, which the caller holds locked; the new head."""
    rows: list[dict[str, Any]] = []
    for fact in facts:
        row = _row(head, consultation, fact, recorded_at)
        rows.append(row)
        head = Head(row["seq"], row["hash"])
    await connection.execute(sa.insert(ledger), rows)
    await connection.execute(sa.update(ledger_head).values(seq=head.seq, hash=head.hash))
    return head


def _row(head: Head, consultation: str, fact: Fact, recorded_at: datetime) -> dict[str, Any]:
    place = {"seq": head.seq + 1, "consultation": consultation, "number": fact.seq}
    values = {**dict(fact), **place, "recorded_at": recorded_at}
    return {**values, "prev_hash": head.hash, "hash": entry_hash(head.hash, values)}


async def last_number(connection: AsyncConnection, consultation: str) -> int:
    """The number of the consultation's last entry, 0 before the first."""
    query = sa.select(sa.func.max(ledger.c.number)).where(ledger.c.consultation == consultation)
    return await connection.scalar(query) or 0


async def facts(connection: AsyncConnection, consultation: str, first: int, last: int) -> tuple[Fact, ...]:
    """The facts recorded under the numbers from `first` to `last`."""
    between = ledger.c.number.between(first, last)
    query = sa.select(ledger).where(ledger.c.consultation == consultation, between).order_by(ledger.c.number)
    return tuple(_fact(row) for row in await connection.execute(query))


def _fact(row: Any) -> Fact:
    return Fact.model_validate({**row._asdict(), "seq": row.number})


async def timeline(db: Database, consultation: str, cursor: str | None = None, limit: int = 100) -> Page[Entry]:
    """The consultation's entries in the order in which things were decided."""
    query = sa.select(ledger).where(ledger.c.consultation == consultation)
    if cursor:
        query = query.where(after([ledger.c.number], decode(cursor, int), descending=False))
    size = bounded(limit)
    async with db.read() as connection:
        rows = (await connection.execute(query.order_by(ledger.c.number).limit(size + 1))).all()
    return page(rows, size, lambda row: (row.number,), lambda row: Entry.model_validate(row._asdict()))


async def head(db: Database) -> Head:
    """The end of the chain, for the daily signature."""
    async with db.read() as connection:
        row = (await connection.execute(sa.select(ledger_head.c.seq, ledger_head.c.hash))).one()
        return Head(row.seq, row.hash)
