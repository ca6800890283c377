"""What a consultation's pages read besides its state: one ask's entries, the words said of remarks, the newest draft.

Each is one statement, however many rows there are. Nothing is judged here.
"""

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.chain import Entry
from adapters.tables import ledger

# Facts about several agencies name them among their values; the column is then empty.
NAMING = ("decided", "second_rung", "conflict", "conflict_changed", "redrafted")
MEMBERS = ("agencies", "agree", "disagree", "left")
MOST = 500


async def story_of(db: Database, consultation: str, agency: str) -> tuple[Entry, ...]:
    """The entries about one agency's ask, oldest first; of a very long story the last `MOST`."""
    about = sa.or_(ledger.c.agency == agency, sa.and_(ledger.c.agency.is_(None), ledger.c.kind.in_(NAMING)))
    query = sa.select(ledger).where(ledger.c.consultation == consultation, about)
    async with db.read() as connection:
        rows = await connection.execute(query.order_by(ledger.c.number.desc()).limit(MOST))
        entries = [Entry.model_validate(row._asdict()) for row in rows]
    return tuple(entry for entry in reversed(entries) if entry.agency or _names(entry, agency))


def _names(entry: Entry, agency: str) -> bool:
    if entry.kind == "redrafted":
        return True
    lists = (entry.data.get(member) for member in MEMBERS)
    return any(isinstance(one, list) and agency in one for one in lists)


async def said_of_remarks(db: Database, consultation: str) -> dict[tuple[str, str], str]:
    """The stored words of the last answer and the dissent to each remark, by kind of fact and remark."""
    kinds = ledger.c.kind.in_(("remark_answered", "dissent_kept"))
    query = sa.select(ledger.c.kind, ledger.c.data).where(ledger.c.consultation == consultation, kinds)
    async with db.read() as connection:
        rows = (await connection.execute(query.order_by(ledger.c.number))).all()
    return {(row.kind, row.data["remark"]): row.data["content"] for row in rows if row.data.get("content")}


async def last_redraft(db: Database, consultation: str) -> str | None:
    """The receipt of the newest draft version's act; None while the first version stands."""
    query = sa.select(ledger.c.receipt).where(ledger.c.consultation == consultation, ledger.c.kind == "redrafted")
    async with db.read() as connection:
        found: str | None = await connection.scalar(query.order_by(ledger.c.number.desc()).limit(1))
    return found
