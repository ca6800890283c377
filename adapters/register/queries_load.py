"""How much work lies with agencies: what each still owes, and what of it falls due in a span. It judges nobody."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.queries_asks import RUNNING
from adapters.tables import asks, consultations
from domain.base import Frozen
from domain.state import Stage


class Load(Frozen):
    """An agency's open asks: all of them, and those due in the span asked about."""

    open: int
    due: int


async def loads(db: Database, agencies: Sequence[str], since: datetime, until: datetime) -> dict[str, Load]:
    """The load of each agency that owes anything; `due`: from `since` until before `until`. One statement."""
    if not agencies:
        return {}
    within = sa.case((sa.and_(asks.c.due_at >= since, asks.c.due_at < until), 1), else_=0)
    query = sa.select(asks.c.agency, sa.func.count().label("open"), sa.func.sum(within).label("due"))
    owed = query.select_from(asks.join(consultations)).where(
        asks.c.agency.in_(agencies),
        asks.c.stage.not_in((Stage.PREPARED, Stage.SETTLED)),
        consultations.c.phase.in_(RUNNING),
    )
    async with db.read() as connection:
        rows = await connection.execute(owed.group_by(asks.c.agency))
        return {row.agency: Load(open=row.open, due=int(row.due)) for row in rows}
