"""Escalations: the list on a leader's desk, and one case with what it belongs to."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.paging import Page, after, bounded, decode, page
from adapters.register.viewing import EVERYTHING, SEES_ALL, Viewer
from adapters.tables import consultations, escalation_leaders, escalations
from domain.base import Frozen
from domain.state import Escalation, Phase


class EscalationRow(Frozen):
    """A case, with what a list must know of its consultation."""

    consultation: str
    subject: str
    doc_number: str
    lead: str
    field: str
    phase: Phase
    escalation: Escalation


async def escalations_page(
    db: Database,
    viewer: Viewer,
    *,
    consultation: str | None = None,
    leader: str | None = None,
    open_only: bool = False,
    closed_only: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[EscalationRow]:
    """Cases the viewer may see, newest first; one statement. `leader`: only those addressed or copied to that leader.

    A leader sees the cases addressed or copied to them, those of the fields they hold today, and, as Chairman, those of
    the second rung; the lead agency sees its own. Refuses `body_invalid` for a bad cursor.
    """
    query = _select().where(_visible(viewer))
    if consultation:
        query = query.where(escalations.c.consultation == consultation)
    if leader:
        query = query.where(_addressed(leader))
    if open_only:
        query = query.where(escalations.c.closed_at.is_(None))
    if closed_only:
        query = query.where(escalations.c.closed_at.is_not(None))
    order = (escalations.c.raised_at, escalations.c.id)
    if cursor:
        query = query.where(after(order, decode(cursor, datetime, str), descending=True))
    size = bounded(limit)
    query = query.order_by(*(column.desc() for column in order)).limit(size + 1)
    async with db.read() as connection:
        rows = (await connection.execute(query)).all()
    return page(rows, size, lambda row: (row.raised_at, row.id), _row)


async def escalation(db: Database, id: str, viewer: Viewer = EVERYTHING) -> EscalationRow | None:
    """The case, if it exists and the viewer may see it."""
    async with db.read() as connection:
        row = (await connection.execute(_select().where(escalations.c.id == id, _visible(viewer)))).one_or_none()
        return _row(row) if row else None


def _select() -> sa.Select[Any]:
    about = [consultations.c[name] for name in ("subject", "doc_number", "lead", "field", "phase")]
    own = [escalations.c[name] for name in ("id", "consultation", "raised_at", "state")]
    return sa.select(*own, *about).join(consultations, consultations.c.id == escalations.c.consultation)


def _visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.all or any(role in SEES_ALL for role in viewer.roles):
        return sa.true()
    reasons: list[sa.ColumnElement[bool]] = []
    if viewer.leader and "leader" in viewer.roles:
        reasons += [_addressed(viewer.leader), consultations.c.field.in_(viewer.fields)]
    if viewer.agency and any(role in ("lead_officer", "agency_head") for role in viewer.roles):
        reasons.append(consultations.c.lead == viewer.agency)
    return sa.or_(sa.false(), *reasons)


def _addressed(leader: str) -> sa.ColumnElement[bool]:
    desk = sa.select(escalation_leaders.c.escalation).where(escalation_leaders.c.leader == leader)
    second = sa.and_(escalations.c.rung == 2, consultations.c.chairman == leader)
    return sa.or_(escalations.c.id.in_(desk), second)


def _row(row: Any) -> EscalationRow:
    return EscalationRow.model_validate({**row._asdict(), "escalation": row.state})
