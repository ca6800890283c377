"""Embedded accounts, their tokens and their attempts to sign in. Hashing is done elsewhere; no secret in clear.

Nothing is removed: an account is disabled, a token revoked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.register.sql import insert, put
from adapters.tables import accounts, login_attempts, sessions, tokens
from domain.base import Frozen


class Account(Frozen):
    """Someone who may sign in. `roles`: codes of PRODUCT.md 1; `leader`: the leader's code, for leaders only."""

    username: str
    full_name: str
    agency: str | None = None
    roles: tuple[str, ...] = ()
    leader: str | None = None
    email: str | None = None
    person: str | None = None
    password_hash: str = Field(repr=False)
    created_at: datetime | None = None
    disabled_at: datetime | None = None

    @property
    def disabled(self) -> bool:
        """Whether the account may not sign in any more."""
        return self.disabled_at is not None


class Accounts:
    """The accounts' store."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()

    async def create_account(self, account: Account) -> bool:
        """Create the account; False, and nothing changed, when the username is taken."""
        async with self._db.begin() as connection:
            row = {**account.model_dump(), "created_at": await self._clock.now(connection)}
            statement = insert(connection, accounts).values(row).on_conflict_do_nothing().returning(accounts.c.username)
            return await connection.scalar(statement) is not None

    async def put_accounts(self, given: Sequence[Account]) -> None:
        """Create or change accounts, passwords included; for loading a directory again."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            rows = [{**account.model_dump(), "created_at": now} for account in given]
            await put(connection, accounts, rows, keep=("created_at",))

    async def find(self, username: str) -> Account | None:
        """The account, disabled or not."""
        return await self._one(sa.select(accounts).where(accounts.c.username == username))

    async def of_agency(self, agency: str, role: str | None = None) -> tuple[Account, ...]:
        """The agency's accounts that are not disabled, with the role if one is given; by username."""
        return await self._some(accounts.c.agency == agency, role)

    async def of_leader(self, leader: str) -> tuple[Account, ...]:
        """The accounts, not disabled, that act as the leader."""
        return await self._some(accounts.c.leader == leader, "leader")

    async def of_person(self, person: str) -> tuple[Account, ...]:
        """The accounts, not disabled, of one person; by username."""
        return await self._some(accounts.c.person == person, None)

    async def of_role(self, role: str) -> tuple[Account, ...]:
        """All accounts with the role that are not disabled."""
        return await self._some(sa.true(), role)

    async def listed(self, agency: str | None = None, disabled: bool | None = None) -> tuple[Account, ...]:
        """All accounts, of the agency only if one is given, disabled ones or living ones only if asked; by username."""
        barred = {None: sa.true(), True: accounts.c.disabled_at.is_not(None), False: accounts.c.disabled_at.is_(None)}
        theirs = accounts.c.agency == agency if agency else sa.true()
        query = sa.select(accounts).where(theirs, barred[disabled]).order_by(accounts.c.username)
        async with self._db.read() as connection:
            return tuple(_account(row) for row in await connection.execute(query))

    async def names(self) -> dict[str, str]:
        """Full names by account name, everybody's."""
        async with self._db.read() as connection:
            rows = await connection.execute(sa.select(accounts.c.username, accounts.c.full_name))
            return {row.username: row.full_name for row in rows}

    async def change(self, account: Account, *, sign_out: bool) -> None:
        """Replace everything but name, password and times. `sign_out`: its rights are others, so sign-ins end."""
        values = account.model_dump(include={"full_name", "agency", "roles", "leader", "email", "person"})
        async with self._db.begin() as connection:
            await connection.execute(_of(account.username).values(**values))
            if sign_out:
                await _sign_out(connection, account.username, await self._clock.now(connection))

    async def disable(self, username: str) -> None:
        """Bar the account from now on; its sessions and tokens end with it, for good."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            await connection.execute(_of(username).where(accounts.c.disabled_at.is_(None)).values(disabled_at=now))
            await _sign_out(connection, username, now)

    async def enable(self, username: str) -> None:
        """Let the account sign in again, with the password it had."""
        async with self._db.begin() as connection:
            await connection.execute(_of(username).values(disabled_at=None))

    async def set_password(self, username: str, password_hash: str, but: str | None = None) -> None:
        """Replace the password's hash, and end all tokens and sessions begun before, but the one of that hash."""
        async with self._db.begin() as connection:
            await connection.execute(_of(username).values(password_hash=password_hash))
            await _sign_out(connection, username, await self._clock.now(connection), but)

    async def save_token(self, sha256: str, username: str, lifetime: timedelta) -> datetime:
        """Keep a token by its hash (hexadecimal), and say when it expires; the token itself is the caller's secret."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            row = {"sha256": sha256, "username": username, "created_at": now, "expires_at": now + lifetime}
            await connection.execute(sa.insert(tokens), row)
            return now + lifetime

    async def account_by_token(self, sha256: str) -> Account | None:
        """Whose valid token it is: neither expired nor revoked, and the account not disabled."""
        async with self._db.read() as connection:
            now = await self._clock.now(connection)
            valid = (tokens.c.sha256 == sha256, tokens.c.expires_at > now, tokens.c.revoked_at.is_(None))
            query = sa.select(accounts).join(tokens).where(*valid, accounts.c.disabled_at.is_(None))
            row = (await connection.execute(query)).one_or_none()
            return _account(row) if row else None

    async def revoke(self, sha256: str) -> None:
        """End the token now."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            live = sa.update(tokens).where(tokens.c.sha256 == sha256, tokens.c.revoked_at.is_(None))
            await connection.execute(live.values(revoked_at=now))

    async def note_attempt(self, username: str, source: str, *, succeeded: bool) -> None:
        """Note an attempt to sign in; `source`: the caller's address. The username need not exist."""
        async with self._db.begin() as connection:
            row = {"username": username, "source": source, "succeeded": succeeded}
            await connection.execute(sa.insert(login_attempts), {**row, "at": await self._clock.now(connection)})

    async def failures_of(self, username: str, within: timedelta) -> int:
        """Failed attempts with the username within the span until now, since its last success."""
        mine = login_attempts.c.username == username
        success = sa.select(sa.func.max(login_attempts.c.number)).where(mine, login_attempts.c.succeeded)
        since = login_attempts.c.number > sa.func.coalesce(success.scalar_subquery(), 0)
        return await self._failures(within, mine, since)

    async def failures_from(self, source: str, within: timedelta) -> int:
        """Failed attempts from the source within the span until now; a success forgives none, it may be another's."""
        return await self._failures(within, login_attempts.c.source == source)

    async def _failures(self, within: timedelta, *which: sa.ColumnElement[bool]) -> int:
        async with self._db.read() as connection:
            start = await self._clock.now(connection) - within
            failed = (~login_attempts.c.succeeded, login_attempts.c.at >= start, *which)
            return await connection.scalar(sa.select(sa.func.count()).where(*failed)) or 0

    async def _one(self, query: sa.Select[Any]) -> Account | None:
        async with self._db.read() as connection:
            row = (await connection.execute(query)).one_or_none()
            return _account(row) if row else None

    async def _some(self, which: sa.ColumnElement[bool], role: str | None) -> tuple[Account, ...]:
        query = sa.select(accounts).where(which, accounts.c.disabled_at.is_(None)).order_by(accounts.c.username)
        async with self._db.read() as connection:
            found = [_account(row) for row in await connection.execute(query)]
        return tuple(account for account in found if role is None or role in account.roles)


def _of(username: str) -> sa.Update:
    return sa.update(accounts).where(accounts.c.username == username)


async def _sign_out(connection: AsyncConnection, username: str, now: datetime, but: str | None = None) -> None:
    """End the account's sessions and tokens, in the caller's transaction."""
    live = sa.update(sessions).where(sessions.c.username == username, sessions.c.ended_at.is_(None))
    others = live.where(sessions.c.sha256 != but) if but else live
    await connection.execute(others.values(ended_at=now))
    valid = sa.update(tokens).where(tokens.c.username == username, tokens.c.revoked_at.is_(None))
    await connection.execute(valid.values(revoked_at=now))


def _account(row: Any) -> Account:
    return Account.model_validate(row._asdict())
