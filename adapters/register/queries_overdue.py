"""What agencies owe: asks past their due instant, most overdue first, and how many are open, due today and overdue.

Overdue follows from instants that callers pass. It shows nobody another agency's delay but those who follow it.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.paging import Page, after, bounded, decode, page
from adapters.register.viewing import OF_AGENCY, Viewer, visible
from adapters.tables import asks, consultations
from domain.base import Frozen
from domain.state import Phase, Stage, Urged

RUNNING = (Phase.OPEN, Phase.SYNTHESIS)
# Where the agency itself is waited for; whoever waits for the lead's ruling has answered.
OWED = (Stage.DELIVERED, Stage.RETURNED)
# Named, not "all but settled": the index finds them among years of settled ones.
OPEN = (Stage.SENT, *OWED, Stage.POINTING, Stage.WITH_LEAD)


class OverdueRow(Frozen):
    """An ask past its due instant, with what a list must know of its consultation and who urged already."""

    consultation: str
    subject: str
    doc_number: str
    lead: str
    field: str
    agency: str
    stage: Stage
    central: bool
    handler: str | None
    due_at: datetime
    escalation: str | None
    urged: tuple[Urged, ...] = ()

    @property
    def urged_at(self) -> datetime | None:
        """When the agency was last urged, by either side."""
        return max((one.last_at for one in self.urged), default=None)


class DueCounts(Frozen):
    """How many asks are not settled (`open`), and of those that owe a reply: past due, and due later today."""

    open: int
    overdue: int
    due_today: int


COLUMNS = (
    *(asks.c[name] for name in ("consultation", "agency", "stage", "central", "handler", "due_at", "escalation")),
    *(consultations.c[name] for name in ("subject", "doc_number", "lead", "field")),
)
ORDER = (asks.c.due_at, asks.c.consultation, asks.c.agency)


async def overdue_page(
    db: Database,
    viewer: Viewer,
    *,
    now: datetime,
    cursor: str | None = None,
    limit: int = 50,
    lead: str | None = None,
    agency: str | None = None,
    field: str | None = None,
) -> Page[OverdueRow]:
    """Asks of running consultations whose due instant is `now` or before, most overdue first; one statement.

    The lead sees those of its consultations, an asked agency its own, a leader those of the fields and cases held,
    Office and inspectors all. Refuses `body_invalid` for a cursor that is none of ours.
    """
    query = sa.select(*COLUMNS, asks.c.state).join_from(asks, consultations)
    query = query.where(*_open(viewer, OWED), asks.c.due_at <= now)
    query = query.where(*_filters(lead, agency, field))
    if cursor:
        query = query.where(after(ORDER, decode(cursor, datetime, str, str), descending=False))
    size = bounded(limit)
    async with db.read() as connection:
        rows = (await connection.execute(query.order_by(*ORDER).limit(size + 1))).all()
    return page(rows, size, lambda row: (row.due_at, row.consultation, row.agency), _row)


async def due_counts(
    db: Database,
    viewer: Viewer,
    *,
    now: datetime,
    today_ends: datetime,
    lead: str | None = None,
    agency: str | None = None,
    field: str | None = None,
) -> DueCounts:
    """The counts over the running consultations `overdue_page` would look at; one statement.

    `due_today`: due after `now` and not after `today_ends`, 24:00 of today, which belongs to the day it ends.
    """
    owes = asks.c.stage.in_(OWED)
    overdue = sa.and_(owes, asks.c.due_at <= now)
    today = sa.and_(owes, asks.c.due_at > now, asks.c.due_at <= today_ends)
    counted = [sa.func.count().label("open")]
    counted += [
        sa.func.count(sa.case((which, 1))).label(name) for name, which in (("overdue", overdue), ("due_today", today))
    ]
    query = sa.select(*counted).select_from(asks.join(consultations))
    async with db.read() as connection:
        row = (await connection.execute(query.where(*_open(viewer, OPEN), *_filters(lead, agency, field)))).one()
    return DueCounts(**row._asdict())


def _open(viewer: Viewer, stages: tuple[Stage, ...]) -> list[sa.ColumnElement[bool]]:
    """Asks in those stages, of running consultations, that the viewer may follow."""
    return [asks.c.stage.in_(stages), consultations.c.phase.in_(RUNNING), _followed(viewer)]


def _followed(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Of a visible consultation, an asked agency sees its own ask only."""
    otherwise = visible(viewer.model_copy(update={"agency": None}))
    if viewer.agency and any(role in OF_AGENCY for role in viewer.roles):
        return sa.or_(otherwise, consultations.c.lead == viewer.agency, asks.c.agency == viewer.agency)
    return otherwise


def _filters(lead: str | None, agency: str | None, field: str | None) -> list[sa.ColumnElement[bool]]:
    wanted = ((consultations.c.lead, lead), (asks.c.agency, agency), (consultations.c.field, field))
    return [column == value for column, value in wanted if value]


def _row(row: Any) -> OverdueRow:
    return OverdueRow.model_validate({**row._asdict(), "urged": row.state.get("urged", ())})
