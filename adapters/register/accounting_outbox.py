"""A6 inside the register: nothing waits in the outbox, and each consultation's row is as far as the ledger.

Also the list the workflows are compared with: open consultations and the number of their last recorded fact.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.register.accounting_findings import YOUNG, Found, Ground, each, number_of
from adapters.tables import consultations, ledger, outbox
from domain.state import Phase

ENDED = tuple(str(phase) for phase in Phase if phase.ended)


async def backlog(connection: AsyncConnection, ground: Ground) -> Found:
    """A6: no submission waits longer than the direct way may take, and none was set aside."""
    found = Found("A6")
    found.looked = await number_of(connection, outbox)
    columns = [outbox.c[n] for n in ("receipt", "consultation", "received_at", "tries", "last_error", "set_aside_at")]
    query = sa.select(*columns).where(outbox.c.delivered_at.is_(None)).order_by(outbox.c.number)
    async for row in each(connection, query):
        told = {"consultation": row.consultation, "tries": row.tries, "why": row.last_error or ""}
        if row.set_aside_at is not None:
            found.add("set_aside", row.receipt, **told)
        elif row.received_at < ground.ago(YOUNG):
            found.add("waiting", row.receipt, age=age(row.received_at, ground), **told)
    await _rows(connection, found)
    return found


def age(since: datetime, ground: Ground) -> str:
    """How long ago, in real time: `0:02:15`, or `3 days, 0:00:00`."""
    seconds = int(ground.clock.real_span(ground.now - since).total_seconds())
    days, rest = divmod(max(seconds, 0), 86400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}d {clock}" if days else clock


async def _rows(connection: AsyncConnection, found: Found) -> None:
    """The consultation's own row says the number of its last entry."""
    last = sa.func.coalesce(sa.func.max(ledger.c.number), 0)
    query = sa.select(consultations.c.id, consultations.c.seq, last.label("last"))
    joined = query.outerjoin(ledger, ledger.c.consultation == consultations.c.id)
    grouped = joined.group_by(consultations.c.id, consultations.c.seq).having(last != consultations.c.seq)
    async for row in each(connection, grouped):
        found.add("row_beside_ledger", row.id, row=row.seq, ledger=row.last)


async def open_ones(connection: AsyncConnection) -> dict[str, int]:
    """Consultations that have not ended, oldest first, each with the number of its last recorded fact."""
    query = sa.select(consultations.c.id, consultations.c.seq).where(consultations.c.phase.not_in(ENDED))
    rows = await connection.execute(query.order_by(consultations.c.prepared_at, consultations.c.id))
    return {row.id: row.seq for row in rows}


async def phase_and_number(connection: AsyncConnection, consultation: str) -> tuple[Phase, int] | None:
    """The consultation's phase and the number of its last recorded fact; None when nothing is recorded of it."""
    query = sa.select(consultations.c.phase, consultations.c.seq).where(consultations.c.id == consultation)
    row = (await connection.execute(query)).one_or_none()
    return (Phase(row.phase), row.seq) if row else None
