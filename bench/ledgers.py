"""What the register shows of a measurement: when each receipt was entered, and when everything is in. It reads only."""

import asyncio
import time
from datetime import datetime

import sqlalchemy as sa

from adapters.database import Database
from adapters.tables import ledger

PAUSE_SECONDS = 0.1


class NotRecorded(Exception):  # noqa: N818 - a finding
    """Facts that should be in the register are not there, however long one waits."""


async def entered(database: Database, kind: str, prefix: str) -> dict[str, datetime]:
    """Receipt to the instant of its entry of that kind, for consultations whose id begins with `prefix`."""
    query = sa.select(ledger.c.receipt, ledger.c.recorded_at)
    async with database.read() as connection:
        rows = await connection.execute(query.where(ledger.c.kind == kind, _of(prefix)))
        return {row.receipt: row.recorded_at for row in rows}


async def count_of(database: Database, kind: str, prefix: str) -> int:
    """How many entries of that kind those consultations have."""
    query = sa.select(sa.func.count()).select_from(ledger).where(ledger.c.kind == kind, _of(prefix))
    async with database.read() as connection:
        return await connection.scalar(query) or 0


async def until(database: Database, kind: str, prefix: str, count: int, within: float = 120.0) -> None:
    """Wait until there are so many such entries. Raises `NotRecorded` when none is added for `within` seconds."""
    found, since = -1, time.monotonic()
    while (now := await count_of(database, kind, prefix)) < count:
        if now != found:
            found, since = now, time.monotonic()
        if time.monotonic() - since > within:
            raise NotRecorded(f"{kind}: {now} of {count} recorded")
        await asyncio.sleep(PAUSE_SECONDS)


def _of(prefix: str) -> sa.ColumnElement[bool]:
    return ledger.c.consultation.startswith(prefix, autoescape=True)
