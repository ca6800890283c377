"""The engine's whole state of a consultation, put together again from the rows: what `rebuild` starts a workflow from.

Nothing is recomputed here; if a field cannot be read back, the register was not recording it.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.tables import asks, consultation_states, consultations, escalations, ledger
from domain.state import Consultation

HEADER = ("phase", "content", "own_authority", "opened_at", "ended_at", "seq", "conflicts")


async def state(db: Database, consultation: str) -> Consultation | None:
    """The state after the last recorded fact, seen at one instant; None when nothing is recorded."""
    own = [consultations.c[name] for name in HEADER]
    query = sa.select(consultation_states.c.state, *own).join_from(consultations, consultation_states)
    async with db.read() as connection:
        row = (await connection.execute(query.where(consultations.c.id == consultation))).one_or_none()
        if row is None:
            return None
        parts = {
            "asks": await _asks(connection, consultation),
            "escalations": await _escalations(connection, consultation),
            "receipts": await _receipts(connection, consultation),
        }
    header = {name: getattr(row, name) for name in HEADER}
    return Consultation.model_validate({**row.state, **header, **parts})


async def _asks(connection: AsyncConnection, consultation: str) -> dict[str, Any]:
    query = sa.select(asks.c.agency, asks.c.state).where(asks.c.consultation == consultation)
    rows = await connection.execute(query.order_by(asks.c.first_seq, asks.c.first_place))
    return {row.agency: row.state for row in rows}


async def _escalations(connection: AsyncConnection, consultation: str) -> tuple[Any, ...]:
    query = sa.select(escalations.c.state).where(escalations.c.consultation == consultation)
    return tuple(await connection.scalars(query.order_by(escalations.c.last_seq, escalations.c.last_place)))


async def _receipts(connection: AsyncConnection, consultation: str) -> tuple[str, ...]:
    """Receipts in the order in which they were decided: each left at least one fact."""
    query = sa.select(ledger.c.receipt).where(ledger.c.consultation == consultation, ledger.c.receipt.is_not(None))
    grouped = query.group_by(ledger.c.receipt).order_by(sa.func.min(ledger.c.number))
    return tuple(str(receipt) for receipt in await connection.scalars(grouped))
