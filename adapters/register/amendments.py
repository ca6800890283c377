"""Amendments in the register: entered, taken back, read. Rows are only ever added.

Whether an amendment may be entered is the domain's and the edge's to say.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.register.receipts import Receipt
from adapters.register.sql import insert
from adapters.tables import amendments
from domain.amendments import Amendment, Change, Kind, change_of

# The verbs of the receipts under which rows come in.
ENTERED, REVOKED = "amendment", "amendment_revocation"


class Amendments:
    """The table's only door."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def append(self, receipt: Receipt, kind: Kind, change: Change, reason: str) -> Amendment:
        """Enter the change once for each receipt: however often it is told, one row, which is given back."""
        row = _stamped(receipt, kind, reason)
        found = await self._enter({**row, "data": change.model_dump(mode="json"), "revokes": None})
        assert found is not None  # noqa: S101 - only a revocation can meet another row
        return found

    async def revoke(self, receipt: Receipt, revoked: Amendment, reason: str) -> Amendment | None:
        """Take the amendment back, once for each receipt; None where another act has revoked it before."""
        row = _stamped(receipt, revoked.kind, reason)
        return await self._enter({**row, "data": {}, "revokes": revoked.number})

    async def _enter(self, row: Mapping[str, Any]) -> Amendment | None:
        async with self._db.begin() as connection:
            await connection.execute(insert(connection, amendments).values(row).on_conflict_do_nothing())
            return next(iter(await _read(connection, amendments.c.receipt == row["receipt"])), None)

    async def all(self) -> tuple[Amendment, ...]:
        """Every row, revocations included, in order of number."""
        async with self._db.read() as connection:
            return await _read(connection, sa.true())

    async def revision(self) -> int:
        """How many rows there are: it grows with every change. (The highest number may come in before a lower one.)"""
        async with self._db.read() as connection:
            return await connection.scalar(sa.select(sa.func.count()).select_from(amendments)) or 0


def _stamped(receipt: Receipt, kind: Kind, reason: str) -> dict[str, Any]:
    """Who, when and under which proof."""
    named = {"actor": receipt.actor, "at": receipt.received_at, "receipt": receipt.id}
    return {**named, "kind": kind, "reason": reason}


async def _read(connection: AsyncConnection, where: sa.ColumnElement[bool]) -> tuple[Amendment, ...]:
    rows = await connection.execute(sa.select(amendments).where(where).order_by(amendments.c.number))
    return tuple(_amendment(row) for row in rows)


def _amendment(row: Any) -> Amendment:
    change = change_of(row.kind, row.data) if row.revokes is None else None
    return Amendment.model_validate({**row._asdict(), "change": change})
