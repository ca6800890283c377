"""The ledger over all consultations, newest first, for whoever inspects it. It shows entries as they are kept."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.chain import Entry
from adapters.register.paging import Page, after, bounded, decode, page
from adapters.tables import ledger


async def entries(
    db: Database,
    *,
    consultation: str | None = None,
    kind: str | None = None,
    actor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Entry]:
    """Those recorded from `since` until before `until`; one statement. Refuses `body_invalid` for a bad cursor."""
    c = ledger.c
    wanted: list[Any] = [
        column == value for column, value in ((c.consultation, consultation), (c.kind, kind), (c.actor, actor)) if value
    ]
    wanted += [c.recorded_at >= since] if since else []
    wanted += [c.recorded_at < until] if until else []
    wanted += [after([c.seq], decode(cursor, int), descending=True)] if cursor else []
    size = bounded(limit)
    async with db.read() as connection:
        rows = (await connection.execute(sa.select(ledger).where(*wanted).order_by(c.seq.desc()).limit(size + 1))).all()
    return page(rows, size, lambda row: (row.seq,), lambda row: Entry.model_validate(row._asdict()))
