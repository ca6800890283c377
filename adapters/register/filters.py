"""Filters people keep for lists: a name for a query string. Removing one only hides it."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.tables import saved_filters
from domain.base import Frozen

MOST_SHOWN = 30


class Filter(Frozen):
    """One kept filter of one person on one page (`page`: its path)."""

    id: str
    page: str
    name: str
    query: str
    saved_at: datetime


class Filters:
    """The filters' store."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()

    async def keep(self, username: str, page: str, name: str, query: str) -> None:
        """Keep the query under the name."""
        async with self._db.begin() as connection:
            row = {"id": f"f-{secrets.token_hex(8)}", "username": username, "page": page, "name": name, "query": query}
            await connection.execute(sa.insert(saved_filters), {**row, "saved_at": await self._clock.now(connection)})

    async def of(self, username: str, page: str) -> tuple[Filter, ...]:
        """The person's filters of the page, by name."""
        f = saved_filters.c
        mine = sa.select(f.id, f.page, f.name, f.query, f.saved_at).where(f.username == username, f.page == page)
        async with self._db.read() as connection:
            rows = await connection.execute(mine.where(f.removed_at.is_(None)).order_by(f.name).limit(MOST_SHOWN))
            return tuple(Filter.model_validate(row._asdict()) for row in rows)

    async def remove(self, username: str, id: str) -> None:
        """Hide the person's filter."""
        f = saved_filters.c
        async with self._db.begin() as connection:
            mine = sa.update(saved_filters).where(f.id == id, f.username == username, f.removed_at.is_(None))
            await connection.execute(mine.values(removed_at=await self._clock.now(connection)))
