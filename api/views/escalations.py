"""The leader's one page: what was asked, who answered what, how late, both texts of an unclear reply."""

from datetime import datetime
from typing import Any

from adapters.register.queries_escalations import EscalationRow
from api.services import Services
from api.views.asks import AskView, AskViews
from api.views.base import View
from api.views.consultations import AskLine, launch_words, line_of
from domain.state import Consultation, Decision, Escalation


class DecisionView(Decision):
    """A decision with its reason."""

    reason: str = ""


class EscalationLine(View):
    """A case in a list."""

    id: str
    consultation: str
    subject: str
    lead: str
    lead_name: str
    kind: str
    path: str
    agencies: tuple[str, ...]
    leader: str
    acting_for: str | None
    copies: tuple[str, ...]
    raised_at: datetime
    due_at: datetime
    rung: int
    closed_at: datetime | None


class EscalationView(Escalation):
    """The whole page. `cases`: the defaulting agencies' parts in full; `answers`: everyone else in one line."""

    consultation: str
    subject: str
    lead: str
    lead_name: str
    leader_name: str
    own_position: str
    proposal: str
    undecided_agencies: tuple[str, ...]
    decisions: tuple[DecisionView, ...] = ()
    cases: tuple[AskView, ...] = ()
    answers: tuple[AskLine, ...] = ()


def line(services: Services, row: EscalationRow) -> EscalationLine:
    """The case in a list."""
    case = row.escalation
    same = ("id", "kind", "path", "agencies", "leader", "acting_for", "copies", "raised_at", "due_at", "rung")
    return EscalationLine(
        **{name: getattr(case, name) for name in (*same, "closed_at")},
        consultation=row.consultation,
        subject=row.subject,
        lead=row.lead,
        lead_name=services.agency_name(row.lead),
    )


async def page(services: Services, state: Consultation, case: Escalation, now: datetime) -> EscalationView:
    """The case with everything a decision needs."""
    launch = await launch_words(services, state.content)
    views = AskViews(services, state.id, launch, now)
    concerned = [state.asks[code] for code in case.agencies]
    rest = [ask for ask in state.asks.values() if ask.agency not in case.agencies]
    return EscalationView(
        **{name: value for name, value in case if name != "decisions"},
        consultation=state.id,
        subject=launch.subject,
        lead=state.lead,
        lead_name=services.agency_name(state.lead),
        leader_name=services.leader_name(case.leader, now),
        own_position=str(launch.plan.get("own_position") or ""),
        proposal=str(launch.plan.get("proposal") or ""),
        undecided_agencies=case.undecided,
        decisions=tuple([await _decision(services, d) for d in case.decisions]),
        cases=tuple([await views.view(ask) for ask in concerned]),
        answers=tuple(line_of(services, ask, now) for ask in rest),
    )


async def _decision(services: Services, decision: Decision) -> DecisionView:
    words: dict[str, Any] = await services.words(decision.content)
    return DecisionView(**dict(decision), reason=str(words.get("reason") or ""))
