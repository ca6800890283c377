"""Consultations that run, with their terms and what is still open: for whoever weighs a change of the rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.tables import asks, consultation_states, consultations
from domain.base import Frozen
from domain.state import Ask, Phase, Stage
from domain.terms import Terms

RUNS = (Phase.OPEN, Phase.SYNTHESIS)
# More are not weighed in one go; who asks is told that there are more.
MOST = 500


class Running(Frozen):
    """One of them. `asks`: only those asked for, in the order in which they were first recorded."""

    id: str
    lead: str
    field: str
    opened_at: datetime | None
    terms: Terms
    asks: tuple[Ask, ...] = ()


async def running_after(db: Database, instant: datetime, most: int = MOST) -> tuple[Running, ...]:
    """Those with an agency that owes a reply due after the instant, and these agencies' parts; oldest first."""
    owes = sa.and_(asks.c.stage != Stage.SETTLED, asks.c.due_at > instant)
    theirs = sa.select(asks.c.consultation).where(owes)
    async with db.read() as connection:
        heads = await _heads(connection, consultations.c.id.in_(theirs), most)
        query = sa.select(asks.c.consultation, asks.c.state).where(owes, asks.c.consultation.in_([h.id for h in heads]))
        rows = (await connection.execute(query.order_by(asks.c.first_seq, asks.c.first_place))).all()
    found: dict[str, list[Ask]] = {}
    for row in rows:
        found.setdefault(row.consultation, []).append(Ask.model_validate(row.state))
    return tuple(head.model_copy(update={"asks": tuple(found.get(head.id, ()))}) for head in heads)


async def running_in(db: Database, fields: Sequence[str], most: int = MOST) -> tuple[Running, ...]:
    """Those of the fields, without their asks; oldest first."""
    async with db.read() as connection:
        return await _heads(connection, consultations.c.field.in_(fields), most)


async def _heads(connection: AsyncConnection, where: sa.ColumnElement[bool], most: int) -> tuple[Running, ...]:
    own = (consultations.c.id, consultations.c.lead, consultations.c.field, consultations.c.opened_at)
    query = sa.select(*own, consultation_states.c.state).join_from(consultations, consultation_states)
    query = query.where(consultations.c.phase.in_(RUNS), where).limit(most)
    rows = await connection.execute(query.order_by(consultations.c.prepared_at, consultations.c.id))
    return tuple(_head(row) for row in rows)


def _head(row: Any) -> Running:
    return Running.model_validate({**row._asdict(), "terms": row.state["terms"]})
