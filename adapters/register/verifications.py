"""Walks through the ledger asked for on a page: who, when, how far, what came of it. Finished ones never change."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.tables import verifications
from domain.base import Frozen


class Asked(Frozen):
    """One walk. `checked` of `entries` (ledger entries and contents); `problems`: empty for a clean ledger."""

    number: int
    asked_by: str
    started_at: datetime
    checked: int
    entries: int
    finished_at: datetime | None = None
    problems: tuple[dict[str, Any], ...] = ()


class Verifications:
    """The walks' store."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()

    async def start(self, asked_by: str) -> int:
        """A new walk's number."""
        async with self._db.begin() as connection:
            row = {"asked_by": asked_by, "started_at": await self._clock.now(connection), "checked": 0, "entries": 0}
            found = await connection.execute(sa.insert(verifications).returning(verifications.c.number), row)
            return int(found.scalar_one())

    async def progress(self, number: int, checked: int, entries: int) -> None:
        """How far it has come."""
        await self._change(number, {"checked": checked, "entries": entries})

    async def finish(self, number: int, checked: int, problems: list[Mapping[str, Any]]) -> None:
        """It is over, with what was found."""
        async with self._db.begin() as connection:
            values = {"finished_at": await self._clock.now(connection), "checked": checked, "entries": checked}
            same = sa.and_(verifications.c.number == number, verifications.c.finished_at.is_(None))
            await connection.execute(sa.update(verifications).where(same).values(**values, problems=problems))

    async def proved_within(self, span: timedelta) -> bool:
        """Whether a walk that found nothing wrong came to its end within the span until now."""
        v = verifications.c
        async with self._db.read() as connection:
            since = await self._clock.now(connection) - span
            ended = sa.select(v.problems).where(v.finished_at >= since)
            return any(not found for found in await connection.scalars(ended))

    async def latest(self, limit: int = 10) -> tuple[Asked, ...]:
        """The last walks, newest first."""
        query = sa.select(verifications).order_by(verifications.c.number.desc()).limit(limit)
        async with self._db.read() as connection:
            rows = await connection.execute(query)
            return tuple(Asked.model_validate({**row._asdict(), "problems": row.problems or ()}) for row in rows)

    async def _change(self, number: int, values: Mapping[str, Any]) -> None:
        async with self._db.begin() as connection:
            same = sa.and_(verifications.c.number == number, verifications.c.finished_at.is_(None))
            await connection.execute(sa.update(verifications).where(same).values(**values))
