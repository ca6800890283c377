"""Asks: those of one consultation, and an agency's own list of what it owes. The domain's Ask comes back as it was."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.paging import Page, after, bounded, decode, page
from adapters.tables import asks, consultations
from adapters.tables_types import UtcDateTime
from domain.base import Frozen
from domain.state import Ask, Phase, Stage

FAR = datetime(9999, 1, 1, tzinfo=UTC)
RUNNING = (Phase.OPEN, Phase.SYNTHESIS)


class AskRow(Frozen):
    """An ask in an agency's list, with what it must know of the consultation."""

    consultation: str
    subject: str
    doc_number: str
    lead: str
    field: str
    phase: Phase
    ask: Ask


async def asks_of(db: Database, consultation: str) -> tuple[Ask, ...]:
    """The consultation's asks in the order in which they were asked."""
    query = sa.select(asks.c.state).where(asks.c.consultation == consultation)
    async with db.read() as connection:
        rows = await connection.scalars(query.order_by(asks.c.first_seq, asks.c.first_place))
        return tuple(Ask.model_validate(row) for row in rows)


async def ask(db: Database, consultation: str, agency: str) -> Ask | None:
    """One agency's ask."""
    query = sa.select(asks.c.state).where(asks.c.consultation == consultation, asks.c.agency == agency)
    async with db.read() as connection:
        row = await connection.scalar(query)
        return Ask.model_validate(row) if row else None


async def inbox(
    db: Database,
    agency: str,
    *,
    open_only: bool = True,
    handler: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[AskRow]:
    """What the agency was asked, soonest due first, what has no due instant last; one statement.

    `open_only`: running consultations in which the agency still owes something. Refuses `body_invalid` for a
    cursor that is none of ours.
    """
    due = sa.func.coalesce(asks.c.due_at, sa.literal(FAR, UtcDateTime()), type_=UtcDateTime())
    about = [consultations.c[name] for name in ("subject", "doc_number", "lead", "field", "phase")]
    query = sa.select(asks.c.consultation, asks.c.state, due.label("due"), *about).join(consultations)
    query = query.where(asks.c.agency == agency, asks.c.stage != Stage.PREPARED)
    if open_only:
        query = query.where(asks.c.stage != Stage.SETTLED, consultations.c.phase.in_(RUNNING))
    if handler:
        query = query.where(asks.c.handler == handler)
    if cursor:
        query = query.where(after([due, asks.c.consultation], decode(cursor, datetime, str), descending=False))
    size = bounded(limit)
    async with db.read() as connection:
        rows = (await connection.execute(query.order_by(due, asks.c.consultation).limit(size + 1))).all()
    return page(rows, size, lambda row: (row.due, row.consultation), _row)


def _row(row: Any) -> AskRow:
    return AskRow.model_validate({**row._asdict(), "ask": row.state})
