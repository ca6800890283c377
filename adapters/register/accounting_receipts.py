"""A1 to A4 inside the register: each receipt has taken effect exactly as it was answered, and nothing came of itself.

Pure SQL over receipts, answers, outbox and ledger; it writes nothing and knows no workflow.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.register.accounting_findings import Found, Ground, each, number_of
from adapters.tables import answers, ledger, outbox, receipts
from domain.commands import Submission
from domain.step import SYSTEM

# One decision leaves each of these at most once: two under one receipt are two decisions.
ONCE = (
    *("prepared", "launched", "exception_granted", "discarded", "withdrawn", "redrafted", "closed", "terms_changed"),
    *("acknowledged", "assigned", "replied", "interim", "extension_asked", "incomplete_claimed", "contested"),
    *("accepted_as_clear", "flagged_unclear", "pointer_accepted", "pointer_disputed", "asked_again", "minutes_filed"),
    *("conflict_reported", "decided", "remark_answered", "dissent_kept", "urged"),
)
# What an agency says for itself is in the ledger under that agency.
OWN = ("replied", "interim", "extension_asked", "incomplete_claimed", "contested", "assigned")
# Stamped without a command: the application answers them itself.
WITHOUT_COMMAND = (
    *("draft", "retry", "lesson_reset", "lesson_restore"),
    *("amendment", "amendment_revocation", "account"),
)


def acts() -> sa.Subquery:
    """The ledger by receipt: how many facts, from which number to which, of which consultation, at which instant."""
    columns = ledger.c
    query = sa.select(
        columns.receipt,
        sa.func.count().label("facts"),
        sa.func.min(columns.number).label("first"),
        sa.func.max(columns.number).label("last"),
        sa.func.min(columns.consultation).label("consultation"),
        sa.func.max(columns.consultation).label("other"),
        sa.func.min(columns.done_at).label("done_at"),
        sa.func.max(columns.done_at).label("done_last"),
    )
    return query.where(columns.receipt.is_not(None)).group_by(columns.receipt).subquery("acts")


async def effects(connection: AsyncConnection, ground: Ground) -> Found:
    """A1: a receipt answered `done` has its facts, once, under its own consultation, agency and instant."""
    found, done = Found("A1"), acts()
    found.looked = await number_of(connection, answers, answers.c.state == "done")
    twice = sa.or_(done.c.last - done.c.first + 1 != done.c.facts, done.c.consultation != done.c.other)
    elsewhere = done.c.consultation != receipts.c.consultation
    moved = sa.or_(done.c.done_at != receipts.c.received_at, done.c.done_last != receipts.c.received_at)
    wrong = sa.and_(done.c.receipt.is_not(None), sa.or_(twice, elsewhere, moved))
    without = sa.and_(done.c.receipt.is_(None), answers.c.state == "done")
    flags = [twice.label("twice"), elsewhere.label("elsewhere"), moved.label("moved")]
    query = sa.select(receipts.c.id, receipts.c.consultation, done.c.receipt, *flags)
    joined = query.select_from(
        receipts.join(outbox).outerjoin(answers).outerjoin(done, done.c.receipt == receipts.c.id)
    )
    async for row in each(connection, joined.where(sa.or_(wrong, without))):
        found.add(_what(row), row.id, consultation=row.consultation)
    await _doubled(connection, found)
    await _strangers(connection, found)
    return found


def _what(row: Any) -> str:
    if row.receipt is None:
        return "done_without_facts"
    if row.elsewhere:
        return "facts_elsewhere"
    return "done_twice" if row.twice else "facts_at_another_instant"


async def _doubled(connection: AsyncConnection, found: Found) -> None:
    """A fact that one decision leaves once, twice under one receipt."""
    query = sa.select(ledger.c.receipt, sa.func.min(ledger.c.consultation).label("consultation"))
    named = query.where(ledger.c.kind.in_(ONCE), ledger.c.receipt.is_not(None))
    known = dict.fromkeys(d.id for d in found.differences)
    async for row in each(connection, named.group_by(ledger.c.receipt, ledger.c.kind).having(sa.func.count() > 1)):
        if row.receipt not in known:
            found.add("done_twice", row.receipt, consultation=row.consultation)


async def _strangers(connection: AsyncConnection, found: Found) -> None:
    """What an agency said, recorded under another one."""
    said = outbox.c.submission["command"]["agency"].as_string()
    query = sa.select(ledger.c.receipt, ledger.c.consultation).join(outbox, outbox.c.receipt == ledger.c.receipt)
    async for row in each(connection, query.where(ledger.c.kind.in_(OWN), ledger.c.agency != said)):
        found.add("facts_of_another_agency", row.receipt, consultation=row.consultation)


async def refusals(connection: AsyncConnection, ground: Ground) -> Found:
    """A2: a receipt answered `refused` left nothing in the ledger."""
    found = Found("A2")
    found.looked = await number_of(connection, answers, answers.c.state == "refused")
    query = sa.select(ledger.c.receipt, sa.func.min(ledger.c.consultation).label("consultation"))
    joined = query.join(answers, answers.c.receipt == ledger.c.receipt).where(answers.c.state == "refused")
    async for row in each(connection, joined.group_by(ledger.c.receipt)):
        found.add("refused_with_facts", row.receipt, consultation=row.consultation)
    return found


async def answering(connection: AsyncConnection, ground: Ground) -> Found:
    """A3: what was answered waits no longer, what waits no longer was answered, and everything is on its way."""
    found = Found("A3")
    found.looked = await number_of(connection, receipts)
    query = sa.select(receipts.c.id, receipts.c.consultation, outbox.c.receipt, outbox.c.delivered_at, answers.c.state)
    joined = query.select_from(receipts.outerjoin(outbox).outerjoin(answers))
    waits = sa.and_(answers.c.state.is_not(None), outbox.c.receipt.is_not(None), outbox.c.delivered_at.is_(None))
    taken = sa.and_(answers.c.state.is_(None), outbox.c.delivered_at.is_not(None))
    never = sa.and_(outbox.c.receipt.is_(None), receipts.c.verb.not_in(WITHOUT_COMMAND))
    async for row in each(connection, joined.where(sa.or_(waits, taken, never))):
        what = "never_posted" if row.receipt is None else "delivered_unanswered" if row.delivered_at else ""
        found.add(what or "answered_but_waiting", row.id, consultation=row.consultation)
    return found


async def origins(connection: AsyncConnection, ground: Ground) -> Found:
    """A4: every fact of a person names a receipt that was stamped; only the rules act without one."""
    found = Found("A4")
    found.looked = await number_of(connection, ledger)
    query = sa.select(ledger.c.seq, ledger.c.consultation, ledger.c.number, ledger.c.kind)
    joined = query.outerjoin(receipts, receipts.c.id == ledger.c.receipt).where(receipts.c.id.is_(None))
    of_somebody = sa.or_(ledger.c.receipt.is_not(None), ledger.c.actor != SYSTEM)
    async for row in each(connection, joined.where(of_somebody)):
        found.add("fact_without_receipt", f"{row.consultation}/{row.number}", seq=row.seq, kind=row.kind)
    return found


async def done_without_facts(connection: AsyncConnection, consultation: str) -> tuple[Submission, ...]:
    """Submissions of the consultation that were answered `done` and never came to the ledger, oldest first.

    The engine was lost between its decision and its record: it must be told again.
    """
    recorded = sa.select(ledger.c.receipt).where(ledger.c.consultation == consultation, ledger.c.receipt.is_not(None))
    query = sa.select(outbox.c.submission).join(answers, answers.c.receipt == outbox.c.receipt)
    mine = query.where(outbox.c.consultation == consultation, answers.c.state == "done")
    rows = await connection.scalars(mine.where(outbox.c.receipt.not_in(recorded)).order_by(outbox.c.number))
    return tuple(Submission.model_validate(row) for row in rows)
