"""What a room follows on its wall: who is overdue with how much, what falls due next, and the asks chosen for urging.

Names of agencies and subjects, instants and counts; never what anybody answered.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.queries_overdue import COLUMNS, ORDER, OWED, RUNNING, OverdueRow
from adapters.register.viewing import EVERYTHING, Viewer, visible
from adapters.tables import asks, consultations
from domain.base import Frozen

Place = tuple[str, str]


class Owing(Frozen):
    """How many asks an agency is past due with, and since when at the longest."""

    agency: str
    overdue: int
    since: datetime


async def owing(db: Database, now: datetime, limit: int = 10) -> tuple[Owing, ...]:
    """The agencies past due with most, the longest overdue first among equals; one statement."""
    count, since = sa.func.count().label("overdue"), sa.func.min(asks.c.due_at).label("since")
    query = sa.select(asks.c.agency, count, since).select_from(asks.join(consultations))
    query = query.where(*_owed(), asks.c.due_at <= now).group_by(asks.c.agency)
    async with db.read() as connection:
        rows = await connection.execute(query.order_by(count.desc(), since, asks.c.agency).limit(limit))
        return tuple(Owing.model_validate(row._asdict()) for row in rows)


async def due_next(db: Database, now: datetime, limit: int = 8) -> tuple[OverdueRow, ...]:
    """What falls due next, soonest first; one statement."""
    query = sa.select(*COLUMNS, asks.c.state).join_from(asks, consultations).where(*_owed(), asks.c.due_at > now)
    return await _rows(db, query.order_by(*ORDER).limit(limit))


async def chosen(db: Database, places: Sequence[Place], viewer: Viewer = EVERYTHING) -> tuple[OverdueRow, ...]:
    """The asks of those (consultation, agency) pairs that have a due instant and may be seen; one statement."""
    if not places:
        return ()
    wanted = sa.or_(*(sa.and_(asks.c.consultation == id, asks.c.agency == agency) for id, agency in places))
    query = sa.select(*COLUMNS, asks.c.state).join_from(asks, consultations)
    return await _rows(db, query.where(wanted, asks.c.due_at.is_not(None), visible(viewer)).order_by(*ORDER))


def _owed() -> list[sa.ColumnElement[bool]]:
    return [asks.c.stage.in_(OWED), consultations.c.phase.in_(RUNNING)]


async def _rows(db: Database, query: sa.Select[Any]) -> tuple[OverdueRow, ...]:
    async with db.read() as connection:
        rows = await connection.execute(query)
        return tuple(_row(row) for row in rows)


def _row(row: Any) -> OverdueRow:
    return OverdueRow.model_validate({**row._asdict(), "urged": row.state.get("urged", ())})
