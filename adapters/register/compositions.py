"""Forms that are being written: saved as often as one likes, never over somebody else's words, kept after sending.

They are private to the agency and prove nothing: what counts is what was sent, and that is a receipt.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.register.sql import insert
from adapters.tables import compositions
from domain.base import Frozen


class Composition(Frozen):
    """One form being written. `data`: its fields as typed; `version` counts saves; `ended_at`: sent or set aside."""

    id: str
    kind: str
    agency: str
    consultation: str | None = None
    version: int
    data: dict[str, Any]
    started_by: str
    saved_by: str
    saved_at: datetime
    ended_at: datetime | None = None
    receipt: str | None = None


class Overtaken(Exception):  # noqa: N818 - an answer
    """Somebody saved meanwhile. `current`: what is kept now; nothing was written."""

    def __init__(self, current: Composition) -> None:
        super().__init__(current.id)
        self.current = current


class Compositions:
    """The compositions' store. Their times are real ones: a drill's days do not age a form."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()

    async def start_launch(self, agency: str, by: str, data: Mapping[str, Any]) -> Composition:
        """A new preparation of a launch."""
        id = f"s-{secrets.token_hex(10)}"
        await self._start(id, "launch", agency, None, by, data)
        made = await self.find(id)
        if made is None:
            raise LookupError(id)
        return made

    async def reply(self, consultation: str, agency: str, by: str, data: Mapping[str, Any]) -> Composition:
        """The agency's live reply form in the consultation; begun with `data` where there is none."""
        found = await self.live_reply(consultation, agency)
        if found is None:
            await self._start(f"s-{secrets.token_hex(10)}", "reply", agency, consultation, by, data)
            found = await self.live_reply(consultation, agency)
        if found is None:
            raise LookupError(consultation)
        return found

    async def live_reply(self, consultation: str, agency: str) -> Composition | None:
        """The agency's live reply form in the consultation, if one was begun."""
        c = compositions.c
        mine = (c.consultation == consultation, c.agency == agency, c.kind == "reply", c.ended_at.is_(None))
        query = sa.select(compositions).where(*mine)
        async with self._db.read() as connection:
            row = (await connection.execute(query)).one_or_none()
            return _composition(row) if row else None

    async def find(self, id: str) -> Composition | None:
        """The composition, live or ended."""
        async with self._db.read() as connection:
            row = (await connection.execute(sa.select(compositions).where(compositions.c.id == id))).one_or_none()
            return _composition(row) if row else None

    async def of_agency(self, agency: str, kind: str, limit: int = 100) -> tuple[Composition, ...]:
        """The agency's live compositions of the kind, last saved first."""
        c = compositions.c
        query = sa.select(compositions).where(c.agency == agency, c.kind == kind, c.ended_at.is_(None))
        async with self._db.read() as connection:
            rows = await connection.execute(query.order_by(c.saved_at.desc()).limit(limit))
            return tuple(_composition(row) for row in rows)

    async def save(self, id: str, version: int, data: Mapping[str, Any], by: str) -> Composition:
        """Save over the version the writer has seen. Raises `Overtaken`; `LookupError` for an unknown id."""
        c = compositions.c
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            seen = sa.update(compositions).where(c.id == id, c.version == version, c.ended_at.is_(None))
            new = {"version": version + 1, "data": dict(data), "saved_by": by, "saved_at": now}
            row = (await connection.execute(seen.values(**new).returning(*compositions.c))).one_or_none()
        if row is not None:
            return _composition(row)
        current = await self.find(id)
        if current is None:
            raise LookupError(id)
        raise Overtaken(current)

    async def end(self, id: str, receipt: str | None = None) -> None:
        """It was sent (with that receipt) or set aside; its words stay."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            live = sa.update(compositions).where(compositions.c.id == id, compositions.c.ended_at.is_(None))
            await connection.execute(live.values(ended_at=now, receipt=receipt))

    async def _start(
        self, id: str, kind: str, agency: str, consultation: str | None, by: str, data: Mapping[str, Any]
    ) -> None:
        """Insert it; where a colleague began the same reply a moment ago, theirs is the form."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            who = {"started_by": by, "saved_by": by, "saved_at": now, "version": 1, "data": dict(data)}
            row = {"id": id, "kind": kind, "agency": agency, "consultation": consultation, **who}
            await connection.execute(insert(connection, compositions).values(row).on_conflict_do_nothing())


def _composition(row: Any) -> Composition:
    return Composition.model_validate(row._asdict())
