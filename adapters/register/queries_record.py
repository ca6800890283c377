"""How agencies answered what they were asked before: the record a leader sees beside a case. It judges nobody.

What was not yet due when it is read counts as asked and as nothing else.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from adapters.database import Database
from adapters.tables import asks
from domain.base import Frozen


class Record(Frozen):
    """`late`: answered after the due instant; `silent`: past due without any answer; `unclear`: held unclear at least
    once. An ask may be late and unclear both."""

    asked: int = 0
    late: int = 0
    silent: int = 0
    unclear: int = 0


async def records(db: Database, agencies: Sequence[str], since: datetime, until: datetime) -> dict[str, Record]:
    """Each agency's record over asks sent from `since` until before `until`; one statement. No row: never asked."""
    if not agencies:
        return {}
    late = asks.c.late.is_(True)
    silent = sa.and_(asks.c.overdue_at.is_not(None), asks.c.replied_at.is_(None))
    unclear = asks.c.state["unclear"].as_integer() > 0
    counted = [
        sa.func.count(sa.case((which, 1))).label(name)
        for name, which in (("late", late), ("silent", silent), ("unclear", unclear))
    ]
    query = sa.select(asks.c.agency, sa.func.count().label("asked"), *counted).group_by(asks.c.agency)
    span = (asks.c.agency.in_(agencies), asks.c.sent_at >= since, asks.c.sent_at < until)
    async with db.read() as connection:
        rows = await connection.execute(query.where(*span))
        return {row.agency: Record.model_validate(row._asdict()) for row in rows}
