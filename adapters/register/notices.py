"""Notices: what people are owed, read once, mailed once. Claimed before sending; one bad address stops nobody else."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from pydantic import JsonValue

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.register.paging import Page, after, bounded, decode, page
from adapters.register.reading import each
from adapters.tables import consultations, notices
from adapters.tables_read import NOT_MAILED, TO_MAIL
from domain.base import Frozen

LEASE = timedelta(minutes=5)
SHOWN = 500


class Address(NamedTuple):
    """Whom a notice is for: an audience (`agency`, `handler`, `head`, `lead`, `leader`, `office`) and its code."""

    audience: str
    to: str


class NoticeRow(Frozen):
    """A notice with what became of it. `key` is its identity for ever, and the mail's Message-ID is made of it."""

    number: int
    key: str
    consultation: str
    subject: str = ""
    kind: str
    audience: str
    addressee: str
    agency: str | None
    at: datetime
    data: dict[str, JsonValue]
    read_at: datetime | None
    read_by: str | None
    mail_state: Literal["none", "waiting", "claimed", "sent", "failed"]
    tries: int
    last_error: str | None
    mailed_at: datetime | None


class Notices:
    """Reading by those they are for, mailing by the relay."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()

    async def page(
        self, to: Sequence[Address], *, unread_only: bool = False, cursor: str | None = None, limit: int = 50
    ) -> Page[NoticeRow]:
        """Notices for any of the addresses, newest first; one statement. Refuses `body_invalid` for a bad cursor."""
        query = sa.select(notices, consultations.c.subject).join(consultations).where(_for(to))
        if unread_only:
            query = query.where(notices.c.read_at.is_(None))
        if cursor:
            query = query.where(after([notices.c.number], decode(cursor, int), descending=True))
        size = bounded(limit)
        async with self._db.read() as connection:
            rows = (await connection.execute(query.order_by(notices.c.number.desc()).limit(size + 1))).all()
        return page(rows, size, lambda row: (row.number,), _row)

    async def mark_read(self, numbers: Sequence[int], to: Sequence[Address], by: str) -> int:
        """Note that `by` read these notices of these addresses; how many had not been read before."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            unread = sa.update(notices).where(notices.c.number.in_(numbers), _for(to), notices.c.read_at.is_(None))
            done = await connection.execute(unread.values(read_at=now, read_by=by).returning(notices.c.number))
            return len(done.all())

    async def claim(self, limit: int = 20, lease: timedelta = LEASE) -> tuple[NoticeRow, ...]:
        """Take up to `limit` notices to mail, oldest first; nobody else gets them until the lease ends.

        Then they are due again. Relays that claim at once may get fewer than there are, never the same. One that cannot
        be read is marked as failed, and the others go out.
        """
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            free = sa.and_(TO_MAIL, sa.or_(notices.c.claimed_until.is_(None), notices.c.claimed_until < now))
            due = sa.select(notices.c.number).where(free).order_by(notices.c.number).limit(limit)
            taken = {"mail_state": "claimed", "claimed_until": now + lease, "tries": notices.c.tries + 1}
            # The condition stands twice: a relay that waited for another's claim must look again.
            statement = sa.update(notices).where(notices.c.number.in_(due), free).values(taken)
            numbers = (await connection.scalars(statement.returning(notices.c.number))).all()
            mine = sa.select(notices).where(notices.c.number.in_(numbers)).order_by(notices.c.number)
            read = await each(connection, mine, notices.c.number, _row)
            for number, why in read.unreadable:
                await connection.execute(_claimed(number).values(mail_state="failed", last_error=why[:SHOWN]))
        return read.rows

    async def sent(self, number: int) -> None:
        """The mail server took it."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            await connection.execute(_claimed(number).values(mail_state="sent", mailed_at=now, last_error=None))

    async def failed(self, number: int, error: str, retry_in: timedelta | None = None) -> None:
        """It could not be mailed: again after `retry_in`, or never when that is None. `error`: first 500 characters."""
        async with self._db.begin() as connection:
            again = await self._clock.now(connection) + retry_in if retry_in else None
            state = "waiting" if again else "failed"
            values = {"mail_state": state, "claimed_until": again, "last_error": error[:SHOWN]}
            await connection.execute(_claimed(number).values(values))

    async def retry(self, number: int) -> bool:
        """Have a failed mail tried again from the beginning; False when it has not failed."""
        again = sa.update(notices).where(notices.c.number == number, NOT_MAILED)
        afresh = {"mail_state": "waiting", "claimed_until": None, "tries": 0}
        async with self._db.begin() as connection:
            done = again.values(afresh).returning(notices.c.number)
            return await connection.scalar(done) is not None


def _for(to: Sequence[Address]) -> sa.ColumnElement[bool]:
    each = [sa.and_(notices.c.audience == audience, notices.c.addressee == code) for audience, code in to]
    return sa.or_(sa.false(), *each)


def _claimed(number: int) -> sa.Update:
    return sa.update(notices).where(notices.c.number == number, notices.c.mail_state == "claimed")


def _row(row: Any) -> NoticeRow:
    return NoticeRow.model_validate(row._asdict())
