"""When things are due on one ask: its own due instant, the rungs of the ladder, and the next instant to wake up at.

Everything is computed from the ask's events; `due_at` and `wake_at` on the ask only cache the answers.
"""

from datetime import datetime
from typing import NamedTuple

from domain.deadline import (
    Pause,
    closing,
    day_in_vietnam,
    due,
    half_time,
    last_day_in_vietnam,
    working_days_after,
    working_days_before,
    working_days_between,
)
from domain.state import Ask, Stage
from domain.terms import Anchor, Rung, Terms


class Instant(NamedTuple):
    """A rung and the instant it is due."""

    at: datetime
    rung: Rung


def end_after(start: datetime, days: int, terms: Terms) -> datetime:
    """24:00 of the n-th working day after the start."""
    return closing(working_days_after(day_in_vietnam(start), days, terms.calendar), None)


def open_after(start: datetime, days: int, terms: Terms) -> datetime:
    """The opening hour of the n-th working day after the start."""
    return closing(working_days_after(day_in_vietnam(start), days, terms.calendar), terms.rule.ladder.opens_at)


def due_of(ask: Ask, terms: Terms) -> datetime | None:
    """The ask's due instant from its events; None before delivery and while its clock is paused."""
    if ask.start_at is None or ask.open_pause:
        return None
    if ask.current_return:
        return max(ask.current_return.due_at, ask.fixed_due or ask.current_return.due_at)
    if ask.fixed_due:
        return _shifted(ask, ask.fixed_due, terms)
    rule = terms.rule
    return due(
        ask.start_at, ask.limit or rule.limit, terms.calendar, closes_at=rule.closes_at, pauses=ask.pauses
    ).due_at


def moved_due(ask: Ask, terms: Terms) -> datetime | None:
    """The due instant under these terms where it differs from the one in force; None where nothing would move."""
    new = due_of(ask, terms)
    return None if ask.due_at is None or new == ask.due_at else new


def _shifted(ask: Ask, fixed: datetime, terms: Terms) -> datetime:
    """A due instant fixed by a person moves by the working days on which the clock stood still."""
    since = ask.round_at or ask.start_at
    paused = sum(_paused_days(p, terms) for p in ask.pauses if since is None or p.start >= since)
    if not paused:
        return fixed
    last = last_day_in_vietnam(fixed)
    return fixed + (working_days_after(last, paused, terms.calendar) - last)


def _paused_days(pause: Pause, terms: Terms) -> int:
    """Working days touched by a pause; the day before its first is where counting starts."""
    if pause.end is None:
        return 0
    first = day_in_vietnam(pause.start)
    return working_days_between(first, day_in_vietnam(pause.end), terms.calendar) + terms.calendar.is_working(first)


def rung_instants(ask: Ask, terms: Terms) -> tuple[Instant, ...]:
    """The rungs of the current round in order of time; those that would fall before the clock started are left out."""
    if ask.start_at is None or ask.due_at is None:
        return ()
    start, due_at = ask.round_at or ask.start_at, ask.due_at
    instants = [Instant(_rung_at(rung, start, due_at, terms), rung) for rung in terms.rule.ladder.rungs]
    kept = [i for i in instants if start < i.at <= due_at]
    return tuple(sorted(kept, key=lambda i: i.at))


def _rung_at(rung: Rung, start: datetime, due_at: datetime, terms: Terms) -> datetime:
    last, opens_at = last_day_in_vietnam(due_at), terms.rule.ladder.opens_at
    match rung.anchor:
        case Anchor.HALF_TIME:
            return half_time(start, due_at, terms.calendar, opens_at)
        case Anchor.BEFORE_DUE:
            return closing(working_days_before(last, rung.days, terms.calendar), opens_at)
        case Anchor.DUE_MORNING:
            return closing(last, opens_at)
        case Anchor.AT_DUE:
            return due_at


def pending_rungs(ask: Ask, terms: Terms) -> tuple[Instant, ...]:
    """Rungs of the current round not done yet."""
    return tuple(i for i in rung_instants(ask, terms) if not ask.did(i.rung.code))


def wake_of(ask: Ask, terms: Terms) -> datetime | None:
    """The next instant at which time changes something on this ask; None when it waits for people only."""
    if ask.stage in (Stage.PREPARED, Stage.SETTLED):
        return None
    if ask.open_pause:
        return ask.escalate_at
    if ask.stage is Stage.SENT:
        return None if ask.did("undelivered") or ask.sent_at is None else _undelivered_at(ask.sent_at, terms)
    if ask.escalate_at:
        return ask.escalate_at
    if ask.escalation or ask.stage in (Stage.POINTING, Stage.WITH_LEAD):
        return None
    return next((i.at for i in pending_rungs(ask, terms)), None)


def _undelivered_at(sent_at: datetime, terms: Terms) -> datetime:
    return open_after(sent_at, terms.rule.ladder.undelivered_days, terms)
