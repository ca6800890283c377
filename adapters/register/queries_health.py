"""How the register is: what waits to be mailed, when the ledger was last verified, how large the database is.

Numbers and instants only, never anybody's words. Times are the real ones of the database's machine, unless said.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.clock import DatabaseClock
from adapters.database import Database
from adapters.tables import accounts, notices, outbox, verifications
from adapters.tables_read import NOT_MAILED, TO_MAIL
from adapters.tables_receipts import SET_ASIDE
from domain.base import Frozen

# Bytes: what the database says of itself. SQLite's write-ahead log comes on top of it, until it is folded in.
SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


class Verified(Frozen):
    """A verification of the ledger that was walked to its end. `sound`: nothing was found."""

    by: str
    started_at: datetime
    finished_at: datetime
    entries: int
    sound: bool


class Undelivered(Frozen):
    """How many receipts were set aside and how many mails have failed."""

    receipts: int
    mails: int


class Vitals(Frozen):
    """The register in numbers. `now`: the machine's time; `oldest_mail`: business time, of what waits to be mailed."""

    now: datetime
    kind: str
    bytes: int
    mails_waiting: int
    oldest_mail: datetime | None
    undelivered: Undelivered
    verified: Verified | None


async def vitals(db: Database) -> Vitals:
    """Everything in one view of the register; a statement for each."""
    async with db.read() as connection:
        now = await DatabaseClock().now(connection)
        mails = sa.select(sa.func.count(), sa.func.min(notices.c.at)).where(TO_MAIL)
        waiting, oldest = (await connection.execute(mails)).one()
        kind = connection.dialect.name
        return Vitals(
            now=now,
            kind=kind,
            bytes=await connection.scalar(sa.text(SIZE[kind])) or 0,
            mails_waiting=waiting,
            oldest_mail=oldest,
            undelivered=await _undelivered(connection),
            verified=await _verified(connection),
        )


async def accounts_by_agency(db: Database) -> dict[str, int]:
    """How many accounts that are not disabled each agency has; agencies without any are left out."""
    active = sa.select(accounts.c.agency, sa.func.count()).where(accounts.c.disabled_at.is_(None))
    async with db.read() as connection:
        rows = await connection.execute(active.group_by(accounts.c.agency))
        return {row[0]: row[1] for row in rows if row[0]}


async def _undelivered(connection: AsyncConnection) -> Undelivered:
    aside = sa.select(sa.func.count()).select_from(outbox).where(SET_ASIDE).scalar_subquery()
    failed = sa.select(sa.func.count()).select_from(notices).where(NOT_MAILED).scalar_subquery()
    row = (await connection.execute(sa.select(aside.label("receipts"), failed.label("mails")))).one()
    return Undelivered.model_validate(row._asdict())


async def _verified(connection: AsyncConnection) -> Verified | None:
    finished = sa.select(verifications).where(verifications.c.finished_at.is_not(None))
    last = finished.order_by(verifications.c.number.desc()).limit(1)
    row = (await connection.execute(last)).one_or_none()
    return _verification(row) if row else None


def _verification(row: Any) -> Verified:
    return Verified(
        by=row.asked_by,
        started_at=row.started_at,
        finished_at=row.finished_at,
        entries=row.entries,
        sound=not row.problems,
    )
