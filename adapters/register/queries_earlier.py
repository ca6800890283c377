"""Consultations that may have been about a similar matter: candidates by their words. How similar is the domain's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.members import member
from adapters.register.viewing import UNSENT, Viewer, visible
from adapters.tables import asks, consultations, contents
from domain.relevance.earlier import Candidate
from domain.state import Phase

MOST_CANDIDATES = 40
# A launch's words in bytes beyond which its summary is not read: hundreds of questions, with whole texts.
LONGEST_READ = 500_000


async def candidates(
    db: Database, viewer: Viewer, sought: Sequence[str], since: datetime, until: datetime
) -> tuple[Candidate, ...]:
    """Sent from `since` until before `until`, holding in subject or number any of the folded phrases `sought`.

    Those that hold most of them first, then the newest; at most `MOST_CANDIDATES`. `seen` says whether the viewer may
    see it. One statement.
    """
    if not sought:
        return ()
    nearest = _nearest(sought, since, until).subquery()
    summary = sa.case((contents.c.size <= LONGEST_READ, member(contents.c.data, "summary")), else_=sa.null())
    seen = sa.case((visible(viewer), 1), else_=0).label("seen")
    same = consultations.join(nearest, nearest.c.id == consultations.c.id)
    joined = same.outerjoin(contents, contents.c.sha256 == consultations.c.content)
    columns = [consultations.c[name] for name in ("id", "subject", "lead", "opened_at", "phase")]
    query = sa.select(*columns, summary.label("summary"), seen).select_from(joined)
    async with db.read() as connection:
        rows = (await connection.execute(query.order_by(nearest.c.held.desc(), consultations.c.id))).all()
    return tuple(_candidate(row) for row in rows)


async def asked_in(db: Database, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The agencies asked in each of the consultations, in the order in which they were asked; one statement."""
    query = sa.select(asks.c.consultation, asks.c.agency).where(
        asks.c.consultation.in_(ids), asks.c.sent_at.is_not(None)
    )
    async with db.read() as connection:
        rows = (await connection.execute(query.order_by(asks.c.first_seq, asks.c.first_place))).all()
    return {id: tuple(row.agency for row in rows if row.consultation == id) for id in ids}


def _nearest(sought: Sequence[str], since: datetime, until: datetime) -> sa.Select[Any]:
    holds = [consultations.c.search.contains(phrase, autoescape=True) for phrase in sought]
    held = sum((sa.case((one, 1), else_=0) for one in holds[1:]), sa.case((holds[0], 1), else_=0)).label("held")
    query = sa.select(consultations.c.id, held).where(
        consultations.c.opened_at >= since,
        consultations.c.opened_at < until,
        consultations.c.phase.not_in(UNSENT),
        sa.or_(*holds),
    )
    return query.order_by(sa.desc("held"), consultations.c.opened_at.desc(), consultations.c.id).limit(MOST_CANDIDATES)


def _candidate(row: Any) -> Candidate:
    return Candidate(
        id=row.id,
        subject=row.subject,
        lead=row.lead,
        sent_at=row.opened_at,
        closed=row.phase == Phase.CLOSED,
        summary=row.summary or "",
        seen=bool(row.seen),
    )
