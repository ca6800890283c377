"""What administrators did to accounts: the receipts of their acts, read back. Nothing is written here."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.tables import answers, receipts
from domain.base import Frozen

# The verb of the receipts under which accounts are changed; they belong to no consultation.
VERB, NOWHERE = "account", ""


class AccountChange(Frozen):
    """One act. `changes`: field to its value before and after; `reason`: as typed."""

    receipt: str
    actor: str
    at: datetime
    act: str
    account: str
    changes: dict[str, tuple[Any, Any]] = {}
    reason: str = ""


async def changes_of(db: Database, username: str, limit: int = 50) -> tuple[AccountChange, ...]:
    """What was done to the account, newest first."""
    columns = (receipts.c.id.label("receipt"), receipts.c.actor, receipts.c.received_at.label("at"), answers.c.answer)
    theirs = answers.c.answer["account"].as_string() == username
    query = sa.select(*columns).join(answers, answers.c.receipt == receipts.c.id)
    query = query.where(receipts.c.consultation == NOWHERE, receipts.c.verb == VERB, answers.c.state == "done", theirs)
    async with db.read() as connection:
        rows = await connection.execute(query.order_by(receipts.c.received_at.desc(), receipts.c.id).limit(limit))
        return tuple(_change(row) for row in rows)


def _change(row: Any) -> AccountChange:
    values = row._asdict()
    return AccountChange.model_validate({**values.pop("answer"), **values})
