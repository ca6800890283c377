"""An agency's own list of what it was asked, by standing, handler and due instant; soonest due first, one statement.

Standing and urgency follow from instants that callers pass; nothing here knows the time.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.paging import Page, after, bounded, decode, page
from adapters.register.queries_asks import FAR, RUNNING, AskRow
from adapters.tables import asks, consultations
from adapters.tables_types import UtcDateTime
from domain.state import Stage
from domain.synthesis import Standing

OPEN = (Stage.SENT, Stage.DELIVERED, Stage.RETURNED, Stage.POINTING, Stage.WITH_LEAD)
# Where the agency itself is waited for.
OWED = (Stage.DELIVERED, Stage.RETURNED)
OF_CONSULTATION = tuple(consultations.c[name] for name in ("subject", "doc_number", "lead", "field", "phase"))


async def asked_page(
    db: Database,
    agency: str,
    *,
    now: datetime,
    open_only: bool = True,
    handler: str | None = None,
    standing: Standing | None = None,
    due_before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[AskRow]:
    """What the agency was asked. `standing`: as `domain.synthesis.standing` says of it at `now`.

    `due_before`: with a due instant up to then, overdue ones included. Refuses `body_invalid` for a cursor that is
    none of ours.
    """
    due = sa.func.coalesce(asks.c.due_at, sa.literal(FAR, UtcDateTime()), type_=UtcDateTime())
    query = sa.select(asks.c.consultation, asks.c.state, due.label("due"), *OF_CONSULTATION)
    query = query.join_from(asks, consultations).where(asks.c.agency == agency)
    query = query.where(*_stages(open_only), *(_standing(standing, now) if standing else ()))
    if handler:
        query = query.where(asks.c.handler == handler)
    if due_before:
        query = query.where(asks.c.due_at <= due_before)
    if cursor:
        query = query.where(after([due, asks.c.consultation], decode(cursor, datetime, str), descending=False))
    size = bounded(limit)
    async with db.read() as connection:
        rows = (await connection.execute(query.order_by(due, asks.c.consultation).limit(size + 1))).all()
    return page(rows, size, lambda row: (row.due, row.consultation), _row)


def _stages(open_only: bool) -> tuple[sa.ColumnElement[bool], ...]:
    if open_only:
        return (asks.c.stage.in_(OPEN), consultations.c.phase.in_(RUNNING))
    return (asks.c.stage.in_((*OPEN, Stage.SETTLED)),)


def _standing(standing: Standing, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """The standing as conditions. A clock that stands still has no due instant; a delivered ask always had one."""
    stage, due, case = asks.c.stage, asks.c.due_at, asks.c.escalation
    if standing in (Standing.SENT, Standing.SETTLED, Standing.PREPARED):
        return (stage == str(standing),)
    if standing is Standing.ESCALATED:
        return (case.is_not(None), stage.in_((*OWED, Stage.POINTING, Stage.WITH_LEAD)))
    if standing is Standing.PAUSED:
        return (case.is_(None), stage.in_(OWED), due.is_(None))
    if standing is Standing.OVERDUE:
        return (case.is_(None), stage.in_(OWED), due <= now)
    if standing is Standing.WAITING:
        return (case.is_(None), stage == Stage.DELIVERED, due > now)
    if standing is Standing.RETURNED:
        return (case.is_(None), stage == Stage.RETURNED, due > now)
    return (case.is_(None), stage == str(standing))


def _row(row: Any) -> AskRow:
    return AskRow.model_validate({**row._asdict(), "ask": row.state})
