"""Consultations as lists and pages show them. Counts are made when read, never stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.register.paging import Page, after, bounded, decode, page
from adapters.register.viewing import EVERYTHING, Viewer, visible
from adapters.tables import asks, consultations, drafts
from domain.base import Frozen
from domain.state import Ask, Phase, Stage
from domain.text import words

WORDS = 8
RUNNING = (Phase.OPEN, Phase.SYNTHESIS)
# Where the agency itself is waited for.
OWED = (Stage.DELIVERED, Stage.RETURNED)


class ConsultationHead(Frozen):
    """One consultation without its asks."""

    id: str
    lead: str
    field: str
    draft_kind: str
    officer: str
    phase: Phase
    content: str
    own_authority: bool
    subject: str
    doc_number: str
    prepared_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    seq: int


class ConsultationRow(ConsultationHead):
    """One consultation in a list. `next_due`: the earliest due instant among asks that are not settled."""

    asked: int = 0
    settled: int = 0
    next_due: datetime | None = None


HIDDEN = ("search", "conflicts", "chairman")
COLUMNS = [column for column in consultations.c if column.name not in HIDDEN]


async def consultations_page(
    db: Database,
    viewer: Viewer,
    *,
    status: Sequence[str] = (),
    lead: str | None = None,
    agency: str | None = None,
    field: str | None = None,
    text: str | None = None,
    overdue_at: datetime | None = None,
    oldest_first: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ConsultationRow]:
    """What the viewer may see, newest first, in two statements. `status`: phases; `agency`: one that was asked.

    `overdue_at`: running ones in which an agency's due instant is that instant or before.

    `text`: every word of it, with or without diacritics, occurs in subject, number, id or lead. Refuses `body_invalid`
    for a cursor that is none of ours.
    """
    query = sa.select(*COLUMNS).where(visible(viewer), *_filters(status, lead, agency, field, text))
    if overdue_at:
        query = query.where(consultations.c.phase.in_(RUNNING), consultations.c.id.in_(_overdue(overdue_at)))
    order = (consultations.c.prepared_at, consultations.c.id)
    if cursor:
        query = query.where(after(order, decode(cursor, datetime, str), descending=not oldest_first))
    size = bounded(limit)
    query = query.order_by(*(column.asc() if oldest_first else column.desc() for column in order)).limit(size + 1)
    async with db.read() as connection:
        rows = (await connection.execute(query)).all()
        counts = await _counts(connection, [row.id for row in rows])
    return page(rows, size, lambda row: (row.prepared_at, row.id), lambda row: _row(row, counts))


async def consultation(db: Database, id: str, viewer: Viewer = EVERYTHING) -> ConsultationHead | None:
    """The consultation, if it exists and the viewer may see it."""
    query = sa.select(*COLUMNS).where(consultations.c.id == id, visible(viewer))
    async with db.read() as connection:
        row = (await connection.execute(query)).one_or_none()
        return ConsultationHead.model_validate(row._asdict()) if row else None


async def concerning(db: Database, id: str, agency: str | None) -> tuple[ConsultationHead, Ask | None] | None:
    """The consultation with what the agency was asked in it, if anything; one statement, on the way of every act."""
    own = sa.and_(asks.c.consultation == consultations.c.id, asks.c.agency == agency)
    query = sa.select(*COLUMNS, asks.c.state.label("ask")).join_from(consultations, asks, own, isouter=True)
    async with db.read() as connection:
        row = (await connection.execute(query.where(consultations.c.id == id))).one_or_none()
    if row is None:
        return None
    return ConsultationHead.model_validate(row._asdict()), Ask.model_validate(row.ask) if row.ask else None


async def reached(db: Database, id: str, seq: int) -> bool:
    """Whether the consultation is recorded up to the fact of that number."""
    query = sa.select(consultations.c.seq).where(consultations.c.id == id)
    async with db.read() as connection:
        return (await connection.scalar(query) or 0) >= seq


async def unended(db: Database) -> tuple[str, ...]:
    """Ids of all consultations that can still change, oldest first: those that must have a running workflow."""
    ended = [phase for phase in Phase if phase.ended]
    query = sa.select(consultations.c.id).where(consultations.c.phase.not_in(ended))
    async with db.read() as connection:
        return tuple(await connection.scalars(query.order_by(consultations.c.prepared_at, consultations.c.id)))


async def consultations_of_file(db: Database, file: str) -> tuple[str, ...]:
    """Ids of the consultations of which the file is a draft: whoever may see one of them may see the file."""
    async with db.read() as connection:
        return tuple(await connection.scalars(sa.select(drafts.c.consultation).where(drafts.c.file == file).distinct()))


def _filters(
    status: Sequence[str], lead: str | None, agency: str | None, field: str | None, text: str | None
) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if status:
        found.append(consultations.c.phase.in_(status))
    if lead:
        found.append(consultations.c.lead == lead)
    if field:
        found.append(consultations.c.field == field)
    if agency:
        found.append(consultations.c.id.in_(sa.select(asks.c.consultation).where(asks.c.agency == agency)))
    return found + [consultations.c.search.contains(word, autoescape=True) for word in words(text or "")[:WORDS]]


def _overdue(now: datetime) -> sa.Select[tuple[str]]:
    return sa.select(asks.c.consultation).where(asks.c.stage.in_(OWED), asks.c.due_at <= now)


async def _counts(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Any]:
    unsettled = sa.case((asks.c.stage != Stage.SETTLED, asks.c.due_at))
    query = sa.select(
        asks.c.consultation,
        sa.func.count().label("asked"),
        sa.func.count(sa.case((asks.c.stage == Stage.SETTLED, 1))).label("settled"),
        sa.func.min(unsettled).label("next_due"),
    )
    rows = await connection.execute(query.where(asks.c.consultation.in_(ids)).group_by(asks.c.consultation))
    return {row.consultation: row._asdict() for row in rows}


def _row(row: Any, counts: dict[str, Any]) -> ConsultationRow:
    return ConsultationRow.model_validate({**row._asdict(), **counts.get(row.id, {})})
