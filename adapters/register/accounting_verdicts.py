"""A5 and A7: each reply once and as recorded; each due instant and each verdict computed anew from what is stored.

The computing is the domain's (`timing`, `deadline`); here it is compared. What was counted by a calendar that has been
replaced since proves nothing either way and is left out.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.register.accounting_findings import Found, Ground, each
from adapters.register.accounting_pieces import CLOCKS, UNSETTLING, AskRow, Kept, Pieces, Told
from adapters.register.standing import ask_row
from adapters.tables import drafts
from domain.deadline import is_late, last_day_in_vietnam, working_days_late
from domain.refusals import Refused
from domain.state import Ask, Phase, Reply, Stage
from domain.terms import Terms
from domain.timing import due_of, wake_of

# Columns of an ask's row that are not taken from the ask, and the model itself, which grows with the code.
APART = ("first_seq", "first_place", "state")


class Clock(NamedTuple):
    """The due instant as the ledger tells it; nothing is said of it where `known` is False."""

    known: bool
    due_at: datetime | None


UNKNOWN = Clock(False, None)


class Wrong(NamedTuple):
    """A difference: its code, and the two values that differ."""

    what: str
    expected: object = ""
    found: object = ""


class Recount:
    """Due and wake instants computed anew; asks that share a clock, as after a launch to many, are counted once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[datetime | None, datetime | None]] = {}

    def of(self, ask: Ask, terms: Terms) -> tuple[datetime | None, datetime | None]:
        """The instants by the domain's own rules. Raises `Refused` where the calendar does not reach."""
        clock = (ask.stage, ask.round, ask.start_at, ask.round_at, ask.sent_at, ask.fixed_due, ask.limit, ask.pauses)
        key = (id(terms), *clock, ask.returned, ask.rungs, ask.escalate_at, ask.escalation is None)
        if key not in self._known:
            due_at = due_of(ask, terms)
            self._known[key] = due_at, wake_of(ask.model_copy(update={"due_at": due_at}), terms)
        return self._known[key]


async def standing(connection: AsyncConnection, ground: Ground) -> tuple[Found, Found]:
    """A5 and A7, in one reading of all consultations."""
    replies, verdicts, recount = Found("A5"), Found("A7"), Recount()
    async for kept in Pieces(connection):
        facts = kept.by_agency()
        for agency in [a for a in facts if a not in kept.asks]:
            verdicts.add("ask_missing", f"{kept.id}/{agency}")
        for agency, row in kept.asks.items():
            id, own = f"{kept.id}/{agency}", facts.get(agency, [])
            replies.looked += len(row.ask.replies)
            verdicts.looked += 1
            for wrong in reply_faults(row.ask, own):
                replies.add(wrong.what, id, expected=wrong.expected, found=wrong.found)
            for wrong in ask_faults(kept, row, own, recount):
                verdicts.add(wrong.what, id, expected=wrong.expected, found=wrong.found)
    await _drafts(connection, replies)
    return replies, verdicts


async def _drafts(connection: AsyncConnection, found: Found) -> None:
    """A draft's versions are numbered from 1 without a gap."""
    query = sa.select(drafts.c.consultation).group_by(drafts.c.consultation)
    gaps = query.having(sa.or_(sa.func.max(drafts.c.version) != sa.func.count(), sa.func.min(drafts.c.version) != 1))
    found.add_all("drafts_not_dense", [id async for (id,) in each(connection, gaps)])


def reply_faults(ask: Ask, facts: Sequence[Told]) -> Iterator[Wrong]:
    """A5: the replies kept and those in the ledger are the same, numbered from 1 without a gap, each receipt once."""
    told = [f for f in facts if f.kind == "replied"]
    numbers, kept = [f.data.get("version") for f in told], [r.version for r in ask.replies]
    dense = list(range(1, len(told) + 1))
    if not numbers == kept == dense:
        yield Wrong("versions_not_dense", numbers, kept)
        return
    for fact, reply in zip(told, ask.replies, strict=True):
        expected, found = _as_told(fact), _as_kept(reply)
        if expected != found:
            yield Wrong("reply_differs", expected, found)
    if len(dict.fromkeys(r.receipt for r in ask.replies)) < len(ask.replies):
        yield Wrong("receipt_twice", "", [r.receipt for r in ask.replies])


def _as_told(fact: Told) -> tuple[object, ...]:
    data = fact.data
    return fact.receipt, fact.at, data.get("position"), data.get("content"), data.get("late"), data.get("days_late")


def _as_kept(reply: Reply) -> tuple[object, ...]:
    return reply.receipt, reply.received_at, reply.position, reply.content, reply.late, reply.days_late


def ask_faults(kept: Kept, row: AskRow, facts: Sequence[Told], recount: Recount) -> Iterator[Wrong]:
    """A7: who was asked, what the row says, the due instant, and every verdict on a reply."""
    ask = row.ask
    if ask.stage is not Stage.PREPARED and not any(f.kind == "sent" for f in facts):
        yield Wrong("never_sent", "sent", ask.stage)
    if kept.phase is Phase.CLOSED and (ask.stage is not Stage.SETTLED or not ask.outcome or not ask.settled_at):
        yield Wrong("unsettled_at_closing", Stage.SETTLED, ask.stage)
    expected = {name: value for name, value in ask_row(kept.id, 0, 0, ask).items() if name not in APART}
    for name in [name for name, value in expected.items() if row.row[name] != value]:
        yield Wrong("row_differs", f"{name}={expected[name]}", f"{name}={row.row[name]}")
    yield from _instants(kept, ask, recount)
    yield from _verdicts(kept, ask, facts, recount)


def _instants(kept: Kept, ask: Ask, recount: Recount) -> Iterator[Wrong]:
    try:
        due_at, wake_at = recount.of(ask, kept.terms)
    except Refused as refused:
        yield Wrong("not_countable", refused.code, ask.due_at)
        return
    if kept.recounted and ask.stage is Stage.SETTLED:
        return
    if due_at != ask.due_at:
        yield Wrong("due_differs", due_at, ask.due_at)
    elif wake_at != ask.wake_at and not kept.recounted:
        yield Wrong("wake_differs", wake_at, ask.wake_at)


def _verdicts(kept: Kept, ask: Ask, facts: Sequence[Told], recount: Recount) -> Iterator[Wrong]:
    """Every verdict of lateness against the due instant in force when it was given."""
    replies = {reply.version: reply for reply in ask.replies}
    for fact, clock in walked(facts):
        if fact.kind == "overdue" and clock.known and fact.at != clock.due_at:
            yield Wrong("overdue_differs", clock.due_at, fact.at)
        reply = replies.get(fact.data.get("version", 0)) if fact.kind == "replied" else None
        if reply is None:
            continue
        if not clock.known and reply.round == ask.round and not kept.recounted:
            clock = _now(kept, ask, recount)
        if not clock.known:
            continue
        late, days = verdict(ask, reply, clock.due_at, kept.terms)
        days = reply.days_late if fact.number < kept.recounted else days
        if (late, days) != (reply.late, reply.days_late):
            yield Wrong("verdict_differs", f"late={late} days={days}", f"late={reply.late} days={reply.days_late}")


def walked(facts: Sequence[Told]) -> Iterator[tuple[Told, Clock]]:
    """Each fact with the due instant in force before it."""
    clock = UNKNOWN
    for fact in facts:
        yield fact, clock
        if fact.kind in UNSETTLING:
            clock = UNKNOWN
        elif fact.kind in CLOCKS:
            value = fact.data.get(CLOCKS[fact.kind])
            clock = Clock(True, datetime.fromisoformat(value)) if isinstance(value, str) else UNKNOWN


def _now(kept: Kept, ask: Ask, recount: Recount) -> Clock:
    """Within the present round the ask itself says when it was due."""
    try:
        return Clock(True, recount.of(ask, kept.terms)[0])
    except Refused:
        return UNKNOWN


def verdict(ask: Ask, reply: Reply, due_at: datetime | None, terms: Terms) -> tuple[bool, int]:
    """Whether the reply was late against the due instant, and by how many working days (F14).

    A correction of a timely, clear reply of the same round is never late.
    """
    earlier = ask.replies[: reply.version - 1]
    timely = any(not r.late and r.round == reply.round and r.verdict.clear for r in earlier)
    if due_at is None or timely or not is_late(due_at, reply.received_at):
        return False, 0
    return True, working_days_late(last_day_in_vietnam(due_at), reply.received_at, terms.calendar)
