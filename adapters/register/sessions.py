"""Sign-ins of the pages, by the hash of their secret. Nothing is removed: a session ends, or time ends it."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.register.accounts import Account
from adapters.tables import accounts, sessions
from domain.base import Frozen

# How often a session's last sight is written: a page view is no reason for a write.
SIGHTING = timedelta(minutes=1)


class Session(Frozen):
    """One sign-in. `id` may be shown; `sha256` is the hash of the cookie's secret; `role`: the one chosen, or all."""

    sha256: str
    id: str
    username: str
    role: str | None = None
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    source: str = ""
    browser: str = ""


class SignedIn(Frozen):
    """A live session with its account."""

    session: Session
    account: Account


class Sessions:
    """The sessions' store. `idle`, `lifetime`: after how long without a request, and at the latest, one ends."""

    def __init__(self, db: Database, idle: timedelta, lifetime: timedelta, clock: Clock | None = None) -> None:
        self._db = db
        self._idle = idle
        self._lifetime = lifetime
        self._clock = clock or DatabaseClock()

    async def start(self, *, sha256: str, id: str, username: str, role: str | None, source: str, browser: str) -> None:
        """Begin a session."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            row = {"sha256": sha256, "id": id, "username": username, "role": role, "source": source[:200]}
            times = {"started_at": now, "seen_at": now, "expires_at": now + self._lifetime}
            await connection.execute(sa.insert(sessions), {**row, **times, "browser": browser[:400]})

    async def hand_over(
        self, old: Session, *, sha256: str, id: str, username: str, role: str | None, source: str, browser: str
    ) -> bool:
        """End a session and begin another that ends no later than it would have; False if it had ended already."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            ending = sa.update(sessions).where(sessions.c.sha256 == old.sha256, *self._live(now))
            if not (await connection.execute(ending.values(ended_at=now))).rowcount:
                return False
            row = {"sha256": sha256, "id": id, "username": username, "role": role, "source": source[:200]}
            times = {"started_at": now, "seen_at": now, "expires_at": old.expires_at}
            await connection.execute(sa.insert(sessions), {**row, **times, "browser": browser[:400]})
            return True

    async def find(self, sha256: str, *, seen: bool = True) -> SignedIn | None:
        """The live session of that secret and its account; None if it ended, or its account is disabled.

        `seen`: whether somebody is there; a page that looks again by itself keeps no session alive.
        """
        async with self._db.read() as connection:
            now = await self._clock.now(connection)
            query = _with_accounts().where(sessions.c.sha256 == sha256, *self._live(now))
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        found = _signed_in(row)
        if seen and now - found.session.seen_at >= SIGHTING:
            await self._see(sha256, now)
        return found

    async def end(self, sha256: str) -> None:
        """Sign out."""
        await self._end(sessions.c.sha256 == sha256)

    async def end_by_id(self, id: str, username: str | None = None) -> bool:
        """End a session by its shown id, of that account only if one is named; whether there was a live one."""
        mine = sessions.c.username == username if username else sa.true()
        return await self._end(sa.and_(sessions.c.id == id, mine)) > 0

    async def end_all(self, username: str, but: str | None = None) -> int:
        """End every session of the account, but the one of that hash; how many there were."""
        kept = sessions.c.sha256 != but if but else sa.true()
        return await self._end(sa.and_(sessions.c.username == username, kept))

    async def live(self, username: str | None = None, limit: int = 200) -> tuple[Session, ...]:
        """Live sessions, of that account or of everybody, last seen first."""
        mine = sessions.c.username == username if username else sa.true()
        query = sa.select(sessions).where(mine).order_by(sessions.c.seen_at.desc()).limit(limit)
        async with self._db.read() as connection:
            now = await self._clock.now(connection)
            rows = await connection.execute(query.where(*self._live(now)))
            return tuple(Session.model_validate(row._asdict()) for row in rows)

    async def everybody(self, limit: int = 500) -> tuple[SignedIn, ...]:
        """Live sessions of everybody with their accounts, last seen first."""
        query = _with_accounts().order_by(sessions.c.seen_at.desc(), sessions.c.id).limit(limit)
        async with self._db.read() as connection:
            rows = await connection.execute(query.where(*self._live(await self._clock.now(connection))))
            return tuple(_signed_in(row) for row in rows)

    def _live(self, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
        fresh = sessions.c.seen_at > now - self._idle
        return (sessions.c.ended_at.is_(None), sessions.c.expires_at > now, fresh)

    async def _see(self, sha256: str, now: datetime) -> None:
        async with self._db.begin() as connection:
            await connection.execute(sa.update(sessions).where(sessions.c.sha256 == sha256).values(seen_at=now))

    async def _end(self, which: sa.ColumnElement[bool]) -> int:
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            ending = sa.update(sessions).where(which, *self._live(now)).values(ended_at=now)
            return (await connection.execute(ending)).rowcount


def _with_accounts() -> sa.Select[Any]:
    """Sessions with their accounts, as far as these are not disabled."""
    about = [column.label(f"account_{column.name}") for column in accounts.c]
    query = sa.select(sessions, *about).join(accounts, accounts.c.username == sessions.c.username)
    return query.where(accounts.c.disabled_at.is_(None))


def _signed_in(row: Any) -> SignedIn:
    values = row._asdict()
    account = {column.name: values.pop(f"account_{column.name}") for column in accounts.c}
    return SignedIn(session=Session.model_validate(values), account=Account.model_validate(account))
