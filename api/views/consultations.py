"""A consultation as its readers see it: header and words for everyone who may see it, opinions for those who may."""

from collections.abc import Sequence
from datetime import datetime

from api.policy import Action, Resource, Subject, decide
from api.services import Services
from api.stored import LaunchWords
from api.views.asks import AskGlance, AskView, AskViews, glance
from api.views.base import View
from domain.deadline import Limit
from domain.state import Ask, Conflict, Consultation, DraftVersion, Phase
from domain.synthesis import Standing, Totals, standing, totals
from domain.terms import Silence


class RuleView(View):
    """Under which rule the consultation runs; the citation only as far as its confidence allows."""

    rule_set: str
    limit: Limit
    silence: Silence
    citation: str | None


class PartView(View):
    """A part of the draft as it was launched."""

    id: str
    label: str
    text: str | None = None


class AwaitedView(View):
    """Whose act the consultation waits for before it can be sent."""

    role: str
    agency: str | None = None
    leader: str | None = None
    about: tuple[str, ...] = ()


class AskLine(View):
    """An ask in one line."""

    agency: str
    agency_name: str
    mandatory: bool
    needs_exception: bool
    stage: str
    standing: Standing
    outcome: str | None
    due_at: datetime | None
    position: str | None


class Head(View):
    """The consultation without its asks."""

    id: str
    phase: Phase
    subject: str
    summary: str
    number: str
    lead: str
    lead_name: str
    field: str
    draft_kind: str
    officer: str
    own_position: str
    proposal: str
    legal_basis: str
    rule: RuleView
    leader: str
    leader_name: str
    draft: DraftVersion
    drafts: tuple[DraftVersion, ...]
    parts: tuple[PartView, ...]
    own_authority: bool
    chosen_due: datetime | None
    parent_due: datetime | None
    opened_at: datetime | None
    ended_at: datetime | None
    seq: int
    awaits: tuple[AwaitedView, ...] = ()


class ConsultationAct(Head):
    """What an act on the whole consultation answers with."""

    asks: tuple[AskLine, ...] = ()


class ConsultationView(Head):
    """The whole page. `asks`: those the reader may read; `others`: the rest, without opinions."""

    asks: tuple[AskView, ...] = ()
    others: tuple[AskGlance, ...] = ()
    totals: Totals | None = None
    conflicts: tuple[Conflict, ...] = ()
    escalations: tuple[str, ...] = ()


async def launch_words(services: Services, content: str) -> LaunchWords:
    """The stored words of the launch."""
    return LaunchWords(await services.words(content))


def head_fields(services: Services, state: Consultation, launch: LaunchWords, now: datetime) -> dict[str, object]:
    """The members every view of the consultation has."""
    rule, plan = state.terms.rule, launch.plan
    charge = state.terms.leaders.in_charge(now)
    same = ("id", "phase", "lead", "field", "draft_kind", "officer", "draft", "drafts", "own_authority", "chosen_due")
    return {
        **{name: getattr(state, name) for name in (*same, "parent_due", "opened_at", "ended_at", "seq")},
        **{
            name: str(plan.get(name) or "") for name in ("summary", "number", "own_position", "proposal", "legal_basis")
        },
        "subject": launch.subject,
        "lead_name": services.agency_name(state.lead),
        "rule": RuleView(rule_set=rule.rule_set, limit=rule.limit, silence=rule.silence, citation=rule.citation),
        "leader": charge.leader,
        "leader_name": services.leader_name(charge.leader, now),
        "parts": tuple(PartView.model_validate(part) for part in launch.words.get("parts") or ()),
        "awaits": _awaited(state, charge.leader),
    }


def _awaited(state: Consultation, leader: str) -> tuple[AwaitedView, ...]:
    if state.phase is not Phase.DRAFT:
        return ()
    unrelated = tuple(a.agency for a in state.asks.values() if a.needs_exception and not a.exception_by)
    exception = (AwaitedView(role="leader", leader=leader, about=unrelated),) if unrelated else ()
    return (*exception, AwaitedView(role="agency_head", agency=state.lead))


async def act_view(services: Services, state: Consultation, now: datetime) -> ConsultationAct:
    """The consultation after an act on the whole of it."""
    launch = await launch_words(services, state.content)
    lines = tuple(line_of(services, ask, now) for ask in state.asks.values())
    return ConsultationAct.model_validate({**head_fields(services, state, launch, now), "asks": lines})


def line_of(services: Services, ask: Ask, now: datetime) -> AskLine:
    """The ask in one line."""
    same = ("agency", "mandatory", "needs_exception", "stage", "outcome", "due_at", "position")
    values = {name: getattr(ask, name) for name in same}
    return AskLine(**values, agency_name=services.agency_name(ask.agency), standing=standing(ask, now))


async def page_view(
    services: Services, state: Consultation, subject: Subject, resource: Resource, now: datetime
) -> ConsultationView:
    """The page as this reader may see it."""
    launch = await launch_words(services, state.content)
    views = AskViews(services, state.id, launch, now)
    readable = _readable(state, subject, resource)
    await services.fetch(reply.content for ask in readable for reply in ask.replies)
    shown = dict.fromkeys(ask.agency for ask in readable)
    others = [ask for ask in state.asks.values() if ask.agency not in shown]
    fields = head_fields(services, state, launch, now)
    if decide(subject, Action.READ_OPINIONS, resource).allowed:
        fields |= {
            "totals": totals(state),
            "conflicts": state.conflicts,
            "escalations": tuple(case.id for case in state.escalations),
        }
    return ConsultationView(
        **fields,
        asks=tuple([await views.view(ask) for ask in readable]),
        others=tuple(glance(services, ask) for ask in others),
    )


def _readable(state: Consultation, subject: Subject, resource: Resource) -> Sequence[Ask]:
    def readable(ask: Ask) -> bool:
        return decide(subject, Action.READ_ASK, resource.model_copy(update={"ask": ask.agency})).allowed

    return [ask for ask in state.asks.values() if readable(ask)]
