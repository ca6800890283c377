"""The launch gate (cổng liên quan trực tiếp, F01-F05): what a lead must state, and whom it may ask.

Pure: plan, rules and instant in, findings out. It stores nothing, and above all nothing of a classified draft.
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from domain.clock import VIETNAM
from domain.deadline import check_chosen, due
from domain.gate_asks import AskCheck
from domain.gate_authority import fault_of, own_matter
from domain.gate_plan import (
    AskPlan,
    DraftFile,
    DraftPart,
    ExceptionGrant,
    Finding,
    Launch,
    LaunchPlan,
    Override,
    ParentTask,
    Question,
    WayOut,
)
from domain.gate_secret import marking, marking_declared, marking_in_file_name, marking_on_top
from domain.refusals import Code, Refused
from domain.rulebook import Rulebook
from domain.state import Ask, Channel, DraftVersion, Part
from domain.terms import Terms

__all__ = [
    "AskPlan",
    "DraftFile",
    "DraftPart",
    "ExceptionGrant",
    "Finding",
    "Launch",
    "LaunchPlan",
    "Override",
    "ParentTask",
    "Question",
    "WayOut",
    "check",
    "gate",
    "mandatory_agencies",
    "secrecy",
]


def secrecy(plan: LaunchPlan, text: str = "") -> str | None:
    """The secrecy level (MẬT, TỐI MẬT, TUYỆT MẬT) the plan or the top of the draft's text carries; None if open."""
    file_name = plan.draft.name if plan.draft else ""
    return (
        marking_declared(plan.classification)
        or marking(plan.subject)
        or marking(plan.number)
        or marking_in_file_name(file_name)
        or marking_on_top(text)
    )


def check(plan: LaunchPlan, rulebook: Rulebook, rule_set: str, now: datetime, text: str = "") -> tuple[Finding, ...]:
    """Everything the gate does not accept in the plan at the instant, the gravest first; empty when it passes.

    `text`: the draft's text, read for a marking and for the own-authority test. A classified draft yields that one
    finding and nothing is looked at further. Refuses `calendar_year_missing`, `rule_set_unknown`.
    """
    level = secrecy(plan, text)
    if level:
        return (Finding(code=Code.CLASSIFIED, params={"level": level}),)
    groundless = tuple(_ground(plan, rulebook, rule_set, now))
    if groundless:
        return groundless
    day = now.astimezone(VIETNAM).date()
    return (
        *_request(plan),
        *_authority(plan, rulebook, day, text),
        *_addressees(plan, rulebook, rule_set, day),
        *_deadline(plan, rulebook, rule_set, now),
    )


def gate(plan: LaunchPlan, rulebook: Rulebook, rule_set: str, now: datetime, text: str = "") -> Launch:
    """The accepted plan, resolved. Raises the first finding as `Refused` with its code and params."""
    findings = check(plan, rulebook, rule_set, now, text)
    if findings or plan.draft is None:
        first = findings[0]
        raise Refused(first.code, **first.params)
    day = now.astimezone(VIETNAM).date()
    asks = _resolved(plan, rulebook, rule_set, day)
    terms = rulebook.terms(rule_set, plan.draft_kind, plan.field, day, plan.rule_code)
    return Launch(
        plan=plan,
        asks=asks,
        draft=_version(plan, plan.draft, now),
        terms=terms,
        own_authority=own_matter(plan, rulebook, day, text) is not None,
        needs_exception=tuple(ask.agency for ask in asks if ask.needs_exception and not ask.exception_by),
        due_at=plan.chosen_due_at or _due(terms, now),
    )


def mandatory_agencies(plan: LaunchPlan, rulebook: Rulebook, rule_set: str, day: date) -> tuple[str, ...]:
    """The agencies a rule obliges to be asked on the day (Điều 51a, or the rule line), without the lead itself."""
    by_law = [code for duty in rulebook.directory.mandatory(plan.draft_kind, day) for code in duty.agencies]
    by_line = rulebook.line(rule_set, plan.draft_kind, day, plan.rule_code).mandatory_agencies
    standing = [heir for code in (*by_law, *by_line) for heir in rulebook.directory.successors(code, day)]
    return tuple(code for code in dict.fromkeys(standing) if code != plan.lead)


def _ground(plan: LaunchPlan, rulebook: Rulebook, rule_set: str, now: datetime) -> Iterator[Finding]:
    """What everything else stands on: the lead, the field, the kind of draft and its rule."""
    day = now.astimezone(VIETNAM).date()
    tests = (
        lambda: rulebook.directory.agency(plan.lead),
        lambda: rulebook.directory.field(plan.field),
        lambda: rulebook.line(rule_set, plan.draft_kind, day, plan.rule_code),
    )
    for test in tests:
        try:
            test()
        except Refused as no:
            yield Finding(code=no.code, agency=no.params.get("agency"), params=no.params)
    lead = rulebook.directory.find(plan.lead)
    if lead and not lead.in_force(day):
        yield AskCheck(plan, rulebook, day, ()).lead_gone(lead)


def _request(plan: LaunchPlan) -> Iterator[Finding]:
    """F05: the lead says where it stands, what it proposes, on what basis, and shows the draft."""
    stated = {"own_position": plan.own_position, "proposal": plan.proposal, "legal_basis": plan.legal_basis}
    missing = [name for name, value in stated.items() if not value.strip()]
    if missing:
        yield Finding(code=Code.POSITION_MISSING, params={"missing": ", ".join(missing)})
    if plan.draft is None:
        yield Finding(code=Code.DRAFT_MISSING, params={"subject": plan.subject[:120]})
    if not plan.asks:
        yield Finding(code=Code.NOBODY_ASKED, params={"subject": plan.subject[:120]})


def _authority(plan: LaunchPlan, rulebook: Rulebook, day: date, text: str) -> Iterator[Finding]:
    """F03: an own matter goes out only on the head's override, and caution is no reason."""
    matter = own_matter(plan, rulebook, day, text)
    if matter is None:
        return
    lead = rulebook.directory.agency(plan.lead)
    params = {"agency": lead.code, "agency_name": lead.name, "matter": matter.title}
    basis = rulebook.cite(matter.basis, matter.confidence)
    code = fault_of(plan.override, rulebook.own_authority) if plan.override else Code.OWN_AUTHORITY
    if code:
        yield Finding(code=code, agency=lead.code, params={**params, "basis": basis} if basis else params)


def _addressees(plan: LaunchPlan, rulebook: Rulebook, rule_set: str, day: date) -> Iterator[Finding]:
    """F01, F02: every asked agency is the right one, and nobody the law names is left out."""
    mandatory = mandatory_agencies(plan, rulebook, rule_set, day)
    yield from AskCheck(plan, rulebook, day, mandatory).findings()
    asked = [ask.agency for ask in plan.asks]
    for code in mandatory:
        if code not in asked:
            yield _mandatory_missing(plan, rulebook, code, day)


def _mandatory_missing(plan: LaunchPlan, rulebook: Rulebook, code: str, day: date) -> Finding:
    agency = rulebook.directory.agency(code)
    duties = [duty for duty in rulebook.directory.mandatory(plan.draft_kind, day) if code in duty.agencies]
    basis = next((shown for duty in duties if (shown := rulebook.cite(duty.basis, duty.confidence))), None)
    about = next((duty.subject[code] for duty in duties if code in duty.subject), "")
    params = {"agency": code, "agency_name": agency.name, "about": about, "basis": basis or ""}
    ways = (WayOut(agency=code, agency_name=agency.name),)
    return Finding(
        code=Code.MANDATORY_MISSING, agency=code, params={k: v for k, v in params.items() if v}, ways_out=ways
    )


def _deadline(plan: LaunchPlan, rulebook: Rulebook, rule_set: str, now: datetime) -> Iterator[Finding]:
    """A chosen due instant must leave the days the rule gives, counted as if delivered now."""
    if plan.chosen_due_at is None:
        return
    terms = rulebook.terms(rule_set, plan.draft_kind, plan.field, now.astimezone(VIETNAM).date(), plan.rule_code)
    # The rule fixes the day; the lead may fix the hour on it, as real letters do ("trước 16 giờ 00").
    hour = plan.chosen_due_at.astimezone(VIETNAM).time()
    minimum = terms.rule.minimum or terms.rule.limit
    try:
        check_chosen(now, plan.chosen_due_at, minimum, terms.calendar, closes_at=None if hour == time(0) else hour)
    except Refused as no:
        yield Finding(code=no.code, params=no.params)


def _due(terms: Terms, now: datetime) -> datetime:
    return due(now, terms.rule.limit, terms.calendar, closes_at=terms.rule.closes_at).instant


def _resolved(plan: LaunchPlan, rulebook: Rulebook, rule_set: str, day: date) -> tuple[Ask, ...]:
    """The asks as the engine keeps them, with everything the directory says of each agency on the day."""
    mandatory = mandatory_agencies(plan, rulebook, rule_set, day)
    checked = AskCheck(plan, rulebook, day, mandatory)
    return tuple(_ask(ask, checked) for ask in plan.asks)


def _ask(ask: AskPlan, checked: AskCheck) -> Ask:
    directory = checked.directory
    mandatory = ask.agency in checked.mandatory
    return Ask(
        agency=ask.agency,
        functions=ask.functions,
        parts=tuple(dict.fromkeys((*ask.parts, *(q.part for q in ask.questions if q.part)))),
        questions=tuple(question.id for question in ask.questions),
        question_parts={question.id: question.part for question in ask.questions if question.part},
        mandatory=mandatory,
        exception_by=ask.exception.leader if ask.exception else None,
        needs_exception=not mandatory and not checked.related(ask),
        central=directory.is_central(ask.agency),
        watched_by=directory.watcher(ask.agency, checked.day),
        channel=Channel(directory.agency(ask.agency).channel),
    )


def _version(plan: LaunchPlan, file: DraftFile, now: datetime) -> DraftVersion:
    parts = tuple(Part(id=part.id, sha256=part.sha256) for part in plan.parts)
    return DraftVersion(version=file.version, file=file.file, sha256=file.sha256, parts=parts, at=now)
