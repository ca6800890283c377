"""Stamped submissions on their way to their workflows: what waits, in order, and what was tried.

Delivered means answered: `Receipts.answer` takes a row out. Nothing here sends anything.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.tables import outbox
from domain.base import Frozen
from domain.commands import Submission
from domain.ports import Pending

SHOWN = 500


class Waiting(Frozen):
    """A submission that was stamped and not answered yet."""

    number: int
    receipt: str
    consultation: str
    submission: Submission
    received_at: datetime
    tries: int
    last_error: str | None = None


class Backlog(Frozen):
    """How many submissions wait, and when the oldest of them was received."""

    count: int
    oldest: datetime | None = None


async def post(
    connection: AsyncConnection, receipt: str, consultation: str, submission: Submission, received_at: datetime
) -> None:
    """Put a stamped submission on its way, in the stamp's own transaction."""
    row = {"receipt": receipt, "consultation": consultation, "received_at": received_at}
    await connection.execute(sa.insert(outbox), {**row, "submission": submission.model_dump(mode="json")})


async def waiting(connection: AsyncConnection, limit: int, before: datetime | None = None) -> tuple[Waiting, ...]:
    """What waits, each consultation's rows together and in order; those tried least come first, then the oldest.

    One stuck consultation therefore never holds up the others. `before`: only what was received before that instant.
    """
    tried = sa.func.max(outbox.c.tries).over(partition_by=outbox.c.consultation)
    first = sa.func.min(outbox.c.number).over(partition_by=outbox.c.consultation)
    query = sa.select(outbox).where(outbox.c.delivered_at.is_(None))
    if before is not None:
        query = query.where(outbox.c.received_at < before)
    rows = await connection.execute(query.order_by(tried, first, outbox.c.number).limit(limit))
    return tuple(Waiting.model_validate(row._asdict()) for row in rows)


async def backlog(connection: AsyncConnection) -> Backlog:
    """What waits, counted."""
    query = sa.select(sa.func.count(), sa.func.min(outbox.c.received_at)).where(outbox.c.delivered_at.is_(None))
    count, oldest = (await connection.execute(query)).one()
    return Backlog(count=count, oldest=oldest)


async def mark_try(connection: AsyncConnection, receipt: str, error: str, now: datetime) -> None:
    """Note a delivery that failed, and why (first 500 characters)."""
    values = {"tries": outbox.c.tries + 1, "tried_at": now, "last_error": error[:SHOWN]}
    await connection.execute(sa.update(outbox).where(outbox.c.receipt == receipt).values(values))


async def delivered(connection: AsyncConnection, receipt: str, now: datetime) -> None:
    """The receipt has its answer: nothing waits for it any more."""
    arrived = sa.update(outbox).where(outbox.c.receipt == receipt, outbox.c.delivered_at.is_(None))
    await connection.execute(arrived.values(delivered_at=now))


async def undelivered(connection: AsyncConnection, consultation: str) -> Pending:
    """The consultation's submissions that no answer has confirmed yet, oldest first."""
    query = sa.select(outbox.c.submission).where(outbox.c.consultation == consultation, outbox.c.delivered_at.is_(None))
    rows = await connection.scalars(query.order_by(outbox.c.received_at, outbox.c.number))
    return Pending(submissions=tuple(Submission.model_validate(row) for row in rows))
