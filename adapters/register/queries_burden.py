"""How often agencies had nothing to say on such drafts, read from the register in one statement. It judges no text."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.members import last_member, member
from adapters.register.viewing import UNSENT
from adapters.tables import asks, consultations, contents
from domain.clarity.model import Position
from domain.relevance.burden import Asked, History, histories
from domain.state import Channel, Outcome

# A reply's words in bytes beyond which it is not read: whoever writes so much said something.
LONGEST_READ = 4000
TEXTS = ("text", "reason", "alternative")


async def burdens(
    db: Database, agencies: Sequence[str], fields: Sequence[str], draft_kind: str, since: datetime, until: datetime
) -> dict[str, History]:
    """The record of each agency on drafts of this kind in these fields, asked from `since` until before `until`.

    Asks that a rule obliged to are left out: they are no over-consultation. One statement, grouped by the database:
    agencies that always answer alike cost one row each.
    """
    if not agencies or not fields:
        return {}
    single = _asks(agencies, fields, draft_kind, since, until).subquery()
    alike = (single.c.agency, single.c.out_of_function, single.c.said)
    query = sa.select(*alike, sa.func.count().label("times")).group_by(*alike)
    async with db.read() as connection:
        rows = (await connection.execute(query)).all()
    return histories(Asked(row.agency, row.times, bool(row.out_of_function), row.said) for row in rows)


def _asks(
    agencies: Sequence[str], fields: Sequence[str], draft_kind: str, since: datetime, until: datetime
) -> sa.Select[Any]:
    """One row an ask: whether it was settled as out of function, and what a plain agreement said."""
    plain = sa.and_(
        asks.c.position == Position.AGREE,
        asks.c.outcome == Outcome.REPLIED,
        asks.c.state["remarks"].as_string().is_(None),
    )
    reply = sa.and_(plain, contents.c.sha256 == last_member(asks.c.state, "replies", "content"))
    joined = asks.join(consultations).outerjoin(contents, reply)
    away = sa.case((asks.c.outcome == Outcome.OUT_OF_FUNCTION, 1), else_=0)
    query = sa.select(asks.c.agency, away.label("out_of_function"), _said().label("said")).select_from(joined)
    return query.where(
        asks.c.agency.in_(agencies),
        asks.c.mandatory.is_(False),
        asks.c.sent_at >= since,
        asks.c.sent_at < until,
        consultations.c.field.in_(fields),
        consultations.c.draft_kind == draft_kind,
        consultations.c.phase.not_in(UNSENT),
    )


def _said() -> sa.ColumnElement[str]:
    """The words of a short reply; NULL where nothing of them is known: none yet, too long, or on paper only."""
    words = [sa.func.coalesce(member(contents.c.data, name), "") for name in TEXTS]
    text = words[0] + "\n" + words[1] + "\n" + words[2]
    on_paper = last_member(asks.c.state, "replies", "channel") != Channel.APP
    unknown = sa.and_(on_paper, member(contents.c.data, TEXTS[0]) == "")
    known = sa.case((unknown, sa.null()), else_=text)
    return sa.case((contents.c.size <= LONGEST_READ, known), else_=sa.null())
