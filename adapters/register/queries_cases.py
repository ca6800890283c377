"""What a list of cases tells beyond the cases: the asks they are about, the launches' words; constant in rows."""

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.database import Database
from adapters.tables import asks, consultations, contents
from domain.state import Ask

Place = tuple[str, str]


async def asks_at(db: Database, places: Sequence[Place]) -> dict[Place, Ask]:
    """The asks of those (consultation, agency) pairs; one statement."""
    if not places:
        return {}
    # Row values of bound lists are spelt differently by the two databases; the pairs are few and distinct.
    wanted = sa.or_(*(sa.and_(asks.c.consultation == id, asks.c.agency == agency) for id, agency in places))
    query = sa.select(asks.c.consultation, asks.c.agency, asks.c.state).where(wanted)
    async with db.read() as connection:
        rows = await connection.execute(query)
        return {(row.consultation, row.agency): Ask.model_validate(row.state) for row in rows}


async def launches(db: Database, ids: Sequence[str]) -> dict[str, bytes]:
    """The stored launch of each consultation; one statement."""
    query = sa.select(consultations.c.id, contents.c.data).join(contents, contents.c.sha256 == consultations.c.content)
    async with db.read() as connection:
        rows = await connection.execute(query.where(consultations.c.id.in_(dict.fromkeys(ids))))
        return {row.id: row.data for row in rows}
