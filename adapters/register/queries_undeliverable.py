"""What did not get to where it belongs: receipts set aside, and notices whose mail failed. Ids, never words."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.paging import Page, after, bounded, decode, page
from adapters.tables import answers, notices, outbox, receipts
from adapters.tables_read import NOT_MAILED
from adapters.tables_receipts import SET_ASIDE
from domain.base import Frozen

Kind = Literal["receipt", "mail"]
FAILED = "failed"
ASIDE = "set_aside"


class UndeliverableRow(Frozen):
    """One of them. `what`: the receipt's verb or the notice's kind; `since`: when it was received or owed."""

    kind: Kind
    id: str
    consultation: str
    what: str
    since: datetime
    tries: int
    last_error: str | None


class Standing(NamedTuple):
    """How a receipt or a mail stands: its consultation, and `set_aside`, `failed`, or another state."""

    consultation: str
    state: str


async def undeliverable(db: Database, cursor: str | None = None, limit: int = 50) -> Page[UndeliverableRow]:
    """Both kinds in one list, oldest first; one statement. Refuses `body_invalid` for a bad cursor."""
    both = sa.union_all(_receipts(), _mails()).subquery()
    order = (both.c.since, both.c.kind, both.c.id)
    query = sa.select(both).order_by(*order)
    if cursor:
        query = query.where(after(order, decode(cursor, datetime, str, str), descending=False))
    size = bounded(limit)
    async with db.read() as connection:
        rows = (await connection.execute(query.limit(size + 1))).all()
    return page(rows, size, lambda row: (row.since, row.kind, row.id), _row)


async def standing(db: Database, kind: Kind, id: str) -> Standing | None:
    """How that receipt or mail stands now; None when there is none of that id."""
    query = _receipt_state(id) if kind == "receipt" else _mail_state(id)
    async with db.read() as connection:
        row = (await connection.execute(query)).one_or_none()
    return Standing(row.consultation, row.state) if row else None


def _receipts() -> sa.Select[Any]:
    query = sa.select(
        sa.literal("receipt").label("kind"),
        outbox.c.receipt.label("id"),
        outbox.c.consultation,
        receipts.c.verb.label("what"),
        outbox.c.received_at.label("since"),
        outbox.c.tries,
        outbox.c.last_error,
    )
    return query.join_from(outbox, receipts).where(SET_ASIDE)


def _mails() -> sa.Select[Any]:
    return sa.select(
        sa.literal("mail"),
        sa.cast(notices.c.number, sa.Text),
        notices.c.consultation,
        notices.c.kind,
        notices.c.at,
        notices.c.tries,
        notices.c.last_error,
    ).where(NOT_MAILED)


def _receipt_state(id: str) -> sa.Select[Any]:
    unanswered = sa.case((SET_ASIDE, ASIDE), else_="pending")
    state = sa.func.coalesce(answers.c.state, unanswered).label("state")
    joined = receipts.join(outbox, outbox.c.receipt == receipts.c.id).outerjoin(answers)
    return sa.select(receipts.c.consultation, state).select_from(joined).where(receipts.c.id == id)


def _mail_state(id: str) -> sa.Select[Any]:
    number = int(id) if id.isdecimal() and len(id) < 19 else -1
    query = sa.select(notices.c.consultation, notices.c.mail_state.label("state"))
    return query.where(notices.c.number == number)


def _row(row: Any) -> UndeliverableRow:
    return UndeliverableRow.model_validate(row._asdict())
