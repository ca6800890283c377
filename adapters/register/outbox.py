"""Stamped submissions on their way to their workflows: what waits, in order, what was tried, and what was set aside.

Delivered means answered: `Receipts.answer` takes a row out. Set aside means that nobody waits for it any more until an
administrator has it tried again. Nothing here sends anything.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.register.reading import Read, Unfit, each
from adapters.tables import outbox
from adapters.tables import receipts as stamps
from adapters.tables_receipts import SET_ASIDE, WAITS
from adapters.tables_types import UtcDateTime
from domain.base import Frozen
from domain.commands import Submission
from domain.ports import Pending

SHOWN = 500
MOST_TRIES = 5
# Temporal takes 2 MB a message. More than that hangs the workflow it is sent to, so far less is let through.
LARGEST = 2**20
LARGEST_TOGETHER = 3 * 2**19
# Of one consultation at a time, so that a large one does not fill a round.
SHARE = 25


class Waiting(Frozen):
    """A submission that was stamped and not answered yet. `tries`: how often the engine was there and it failed."""

    number: int
    receipt: str
    consultation: str
    submission: Submission
    received_at: datetime
    tries: int
    last_error: str | None = None


class Backlog(Frozen):
    """How many submissions wait, when the oldest of them was received, and how many are set aside besides."""

    count: int
    oldest: datetime | None = None
    set_aside: int = 0


async def post(
    connection: AsyncConnection, receipt: str, consultation: str, submission: Submission, received_at: datetime
) -> None:
    """Put a stamped submission on its way, in the stamp's own transaction."""
    row = {"receipt": receipt, "consultation": consultation, "received_at": received_at}
    await connection.execute(sa.insert(outbox), {**row, "submission": submission.model_dump(mode="json")})


async def waiting(connection: AsyncConnection, limit: int, before: datetime | None = None) -> tuple[Waiting, ...]:
    """What waits, each consultation's rows together and in order; those tried longest ago come first, then the oldest.

    One stuck consultation therefore never holds up the others. `before`: only what was received before that instant.
    What cannot be read is left out.
    """
    return (await each(connection, _in_order(_queue(before), limit), outbox.c.receipt, _waiting)).rows


async def due(connection: AsyncConnection, now: datetime, limit: int, before: datetime | None = None) -> Read[Waiting]:
    """As `waiting`, without consultations whose pause has not ended, and of each one only the first few.

    What cannot be read comes apart, by its receipt.
    """
    queue = _queue(before)
    ready = sa.or_(queue.c.held_until.is_(None), queue.c.held_until <= now)
    query = _in_order(queue, limit).where(ready, queue.c.place <= SHARE)
    return await each(connection, query, outbox.c.receipt, _waiting)


def _queue(before: datetime | None) -> sa.Subquery:
    """What waits, by number, with its place in its consultation and what orders the consultations."""
    by, number = outbox.c.consultation, outbox.c.number
    query = sa.select(
        number,
        sa.func.row_number().over(partition_by=by, order_by=number).label("place"),
        sa.func.min(number).over(partition_by=by).label("first"),
        sa.func.max(outbox.c.tried_at).over(partition_by=by).label("tried_at"),
        sa.func.max(outbox.c.not_before).over(partition_by=by).label("held_until"),
    ).where(WAITS)
    return (query.where(outbox.c.received_at < before) if before else query).subquery()


def _in_order(queue: sa.Subquery, limit: int) -> sa.Select[Any]:
    query = sa.select(outbox).join(queue, queue.c.number == outbox.c.number)
    return query.order_by(queue.c.tried_at.nulls_first(), queue.c.first, outbox.c.number).limit(limit)


def _waiting(row: Any) -> Waiting:
    """The row. `Unfit` when its submission is not its receipt's, is at no instant, or is too large to be sent."""
    found = Waiting.model_validate(row._asdict())
    command = found.submission.command
    if command.receipt != found.receipt:
        raise Unfit("another receipt's submission")
    if command.at.tzinfo is None:
        raise Unfit("an instant without a zone")
    if _size(found.submission) > LARGEST:
        raise Unfit("too large for the engine")
    return found


def _size(submission: Submission) -> int:
    return len(submission.model_dump_json())


async def backlog(connection: AsyncConnection) -> Backlog:
    """What waits and what is set aside, counted."""
    aside = sa.select(sa.func.count()).select_from(outbox).where(SET_ASIDE).scalar_subquery()
    query = sa.select(sa.func.count(outbox.c.number), sa.func.min(outbox.c.received_at), aside).where(WAITS)
    count, oldest, set_aside = (await connection.execute(query)).one()
    return Backlog(count=count, oldest=oldest, set_aside=set_aside)


async def mark_try(
    connection: AsyncConnection, receipt: str, error: str, now: datetime, again_in: timedelta = timedelta(0)
) -> bool:
    """Note a try that failed though the engine was there, and why (first 500 characters).

    Not tried again for `again_in`, in business time. After `MOST_TRIES` it is set aside; whether it is now.
    """
    last = outbox.c.tries + 1 >= MOST_TRIES
    values = {
        "tries": outbox.c.tries + 1,
        "tried_at": now,
        "not_before": now + again_in,
        "last_error": error[:SHOWN],
        "set_aside_at": sa.case((last, sa.literal(now, UtcDateTime()))),
    }
    tried = sa.update(outbox).where(outbox.c.receipt == receipt, WAITS).values(values)
    return await connection.scalar(tried.returning(outbox.c.set_aside_at)) is not None


async def mark_silence(connection: AsyncConnection, receipt: str, why: str, now: datetime) -> None:
    """Note that the engine did not answer: others come first next time, and it never counts as a try."""
    asked = sa.update(outbox).where(outbox.c.receipt == receipt, WAITS)
    await connection.execute(asked.values(tried_at=now, last_error=why[:SHOWN]))


async def set_aside(connection: AsyncConnection, receipt: str, error: str, now: datetime) -> None:
    """Give up at once what no further try can help."""
    values = {"tries": outbox.c.tries + 1, "tried_at": now, "last_error": error[:SHOWN], "set_aside_at": now}
    await connection.execute(sa.update(outbox).where(outbox.c.receipt == receipt, WAITS).values(values))


async def retry(connection: AsyncConnection, receipt: str) -> bool:
    """Let what was set aside wait again, as if it had never been tried; False when it is not set aside."""
    afresh = {"tries": 0, "tried_at": None, "not_before": None, "set_aside_at": None}
    again = sa.update(outbox).where(outbox.c.receipt == receipt, SET_ASIDE).values(afresh)
    return await connection.scalar(again.returning(outbox.c.number)) is not None


async def delivered(connection: AsyncConnection, receipts: Sequence[str], now: datetime) -> None:
    """The receipts have their answers: nothing waits for them any more."""
    arrived = sa.update(outbox).where(outbox.c.receipt.in_(receipts), outbox.c.delivered_at.is_(None))
    await connection.execute(arrived.values(delivered_at=now))


async def undelivered(connection: AsyncConnection, consultation: str, after: int = 0) -> Pending:
    """The consultation's submissions that no answer has confirmed yet, oldest first, as many as one message takes.

    Without those set aside and those that cannot be read: time must go on for everybody else.
    """
    query = sa.select(outbox).where(outbox.c.consultation == consultation, WAITS, outbox.c.number > after)
    read = await each(connection, query.order_by(outbox.c.number), outbox.c.receipt, _waiting)
    fitting, left = 0, LARGEST_TOGETHER
    while fitting < len(read.rows) and (left := left - _size(read.rows[fitting].submission)) >= 0:
        fitting += 1
    page = read.rows[:fitting]
    in_time = sorted(page, key=lambda row: (row.received_at, row.number))
    rest = page[-1].number if fitting < len(read.rows) else None
    return Pending(submissions=tuple(row.submission for row in in_time), next=rest)


async def earlier(
    connection: AsyncConnection, receipt: str, consultation: str, agency: str | None, stale: datetime
) -> tuple[str, ...]:
    """Receipts of the consultation that wait and must be decided before this one, oldest first, the first few of them.

    `agency`: only that agency's own, and whatever was received before `stale`; None: all.
    """
    own = sa.select(outbox.c.number).where(outbox.c.receipt == receipt).scalar_subquery()
    query = sa.select(outbox.c.receipt).where(outbox.c.consultation == consultation, WAITS, outbox.c.number < own)
    if agency is not None:
        theirs = sa.or_(stamps.c.agency == agency, outbox.c.received_at < stale)
        query = query.join(stamps, stamps.c.id == outbox.c.receipt).where(theirs)
    return tuple(await connection.scalars(query.order_by(outbox.c.number).limit(SHARE)))
