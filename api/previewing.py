"""What would happen if the launch were sent now: when each answer is due, who is reminded, who hears of silence.

Computed by the very functions that will run it; nothing is recorded.
"""

from collections.abc import Mapping
from datetime import datetime

from api.bodies.base import Body
from api.views.relevance import HistoryView
from domain.deadline import DayExplained, add_working_hours, due
from domain.state import Ask, Consultation, Stage
from domain.step import Step
from domain.timing import end_after, rung_instants


class RungAhead(Body):
    """One reminder to come."""

    rung: str
    audience: str
    at: datetime
    mail: bool


class AskAhead(Body):
    """One agency's clock, as if the request were delivered now; `history`: how often it had nothing to say."""

    agency: str
    due_at: datetime
    provisional: bool
    due_at_if_worked: datetime | None
    reminders: list[RungAhead]
    escalated_at: datetime
    leader: str
    leader_due_at: datetime
    days: list[DayExplained]
    history: HistoryView | None = None


def timeline(state: Consultation, now: datetime, records: Mapping[str, HistoryView]) -> list[AskAhead]:
    """Every asked agency's instants to come, with its record on such drafts."""
    return [_ahead(state, ask, now, records.get(ask.agency)) for ask in state.asks.values()]


def _ahead(state: Consultation, prepared: Ask, now: datetime, record: HistoryView | None) -> AskAhead:
    terms = state.terms
    step = Step(state, now)
    ask = step.put(prepared, stage=Stage.DELIVERED, sent_at=now, start_at=now)
    due_at = ask.due_at or now
    counted = due(now, ask.limit or terms.rule.limit, terms.calendar, closes_at=terms.rule.closes_at)
    up = add_working_hours(due_at, terms.rule.ladder.escalate_after_hours, terms.calendar, terms.rule.office_hours)
    rungs = rung_instants(ask, terms)
    return AskAhead(
        agency=ask.agency,
        due_at=due_at,
        provisional=counted.provisional and not ask.fixed_due,
        due_at_if_worked=None if ask.fixed_due else counted.due_at_if_worked,
        reminders=[RungAhead(rung=i.rung.code, audience=i.rung.audience, at=i.at, mail=i.rung.mail) for i in rungs],
        escalated_at=up,
        leader=terms.leaders.in_charge(up).leader,
        leader_due_at=end_after(up, terms.rule.ladder.leader_days, terms),
        days=[] if ask.fixed_due else list(counted.days),
        history=record,
    )
