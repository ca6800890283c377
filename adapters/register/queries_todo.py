"""What waits for somebody in particular: the lead's rulings and answers, exceptions a leader must allow.

Each is one statement, however many asks there are.
"""

from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.queries_asks import RUNNING, AskRow
from adapters.register.viewing import Viewer, visible
from adapters.tables import asks, consultations
from adapters.tables_read import LEAD_OWES
from domain.base import Frozen
from domain.state import Phase

ABOUT = [consultations.c[name] for name in ("subject", "doc_number", "lead", "field", "phase")]


class Remarked(Frozen):
    """A consultation of the lead's with remarks nobody has answered yet."""

    consultation: str
    subject: str
    doc_number: str
    lead: str
    field: str
    phase: Phase
    remarks: int


async def rulings_owed(db: Database, lead: str, limit: int = 200) -> tuple[AskRow, ...]:
    """Asks of the lead's running consultations that wait for its ruling, soonest due first."""
    query = sa.select(asks.c.consultation, asks.c.state, *ABOUT).join(consultations).where(LEAD_OWES)
    mine = query.where(consultations.c.lead == lead, consultations.c.phase.in_(RUNNING), asks.c.awaits == "lead")
    async with db.read() as connection:
        rows = await connection.execute(mine.order_by(asks.c.due_at, asks.c.consultation).limit(limit))
        return tuple(AskRow.model_validate({**row._asdict(), "ask": row.state}) for row in rows)


async def remarks_owed(db: Database, lead: str, limit: int = 100) -> tuple[Remarked, ...]:
    """The lead's running consultations with unanswered remarks, and how many."""
    count = sa.func.sum(asks.c.unanswered_remarks)
    query = sa.select(asks.c.consultation, *ABOUT, sa.cast(count, sa.Integer).label("remarks")).join(consultations)
    mine = query.where(LEAD_OWES, consultations.c.lead == lead, consultations.c.phase.in_(RUNNING))
    owed = mine.where(asks.c.unanswered_remarks > 0).group_by(asks.c.consultation, *ABOUT)
    async with db.read() as connection:
        rows = await connection.execute(owed.order_by(asks.c.consultation).limit(limit))
        return tuple(Remarked.model_validate(row._asdict()) for row in rows)


async def exceptions_wanted(db: Database, viewer: Viewer, limit: int = 100) -> tuple[AskRow, ...]:
    """Prepared asks that only the leader in charge can allow, of consultations the viewer may see."""
    query = sa.select(asks.c.consultation, asks.c.state, *ABOUT).join(consultations).where(LEAD_OWES)
    wanted = query.where(asks.c.awaits == "leader", consultations.c.phase == Phase.DRAFT, visible(viewer))
    async with db.read() as connection:
        rows: Any = await connection.execute(wanted.order_by(asks.c.consultation, asks.c.agency).limit(limit))
        return tuple(AskRow.model_validate({**row._asdict(), "ask": row.state}) for row in rows)
