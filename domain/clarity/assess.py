"""The verdict: rules look first, the second opinion weighs, findings are put in order. Pure, never raises on text."""

from domain.clarity.amendment import no_amendment
from domain.clarity.case import Case
from domain.clarity.contradictory import contradictory
from domain.clarity.flaw import Flaw
from domain.clarity.generic import generic
from domain.clarity.hedged import hedged
from domain.clarity.instrument import Instrument
from domain.clarity.lexicon import Lexicon
from domain.clarity.model import Assessment, Fault, Finding, Reply
from domain.clarity.passing import deferring
from domain.clarity.question import Answers, unanswered
from domain.clarity.reason import no_reason
from domain.clarity.second import SecondOpinion
from domain.clarity.unreadable import unreadable
from domain.note import Note

# A note names a question and a finding points; neither repeats a page.
_LONGEST_DETAIL = 200
_LONGEST_QUOTE = 400
_PLACES = 3
# What a rule finds here needs no second opinion: of the labelled replies that no rule was written for, nineteen in
# twenty of these findings were right.
DECISIVE = (
    (Fault.GENERIC, "no_opinion"),
    (Fault.GENERIC, "platitude"),
    (Fault.DEFERRING, "adopts"),
    (Fault.UNANSWERED, "evaded"),
)
NEEDS_MORE = (Fault.NO_REASON, Fault.NO_AMENDMENT)


def assess(reply: Reply, instrument: Instrument) -> Assessment:
    """Whether the reply is a clear position, and if not, what is wrong with it, fault by fault."""
    case = Case(reply, instrument.lexicon)
    flaws = unreadable(case)
    if flaws:
        return Assessment(clear=False, findings=_as_found(case, flaws), version=instrument.version)
    flaws = flaws_by_rule(case)
    findings = _weighed(case, flaws, instrument) if case.sentences else _as_found(case, flaws)
    return Assessment(clear=not findings, findings=findings, version=instrument.version)


def says_nothing(reply: Reply, lexicon: Lexicon) -> bool:
    """Whether the text says "không có ý kiến" or the like and takes no side; asked once before it is filed."""
    case = Case(reply, lexicon)
    return bool(case.hits("no_opinion")) and not case.stances


def flaws_by_rule(case: Case) -> tuple[Flaw, ...]:
    """What the rules find; a text that takes the opposite side of its tick is judged for that alone."""
    against_tick = contradictory(case)
    if against_tick:
        return (*against_tick, *no_amendment(case))
    answers = Answers(case)
    return (
        *generic(case, answers),
        *deferring(case, answers),
        *hedged(case),
        *no_reason(case),
        *no_amendment(case),
        *unanswered(case, answers),
    )


def _as_found(case: Case, flaws: tuple[Flaw, ...]) -> tuple[Finding, ...]:
    return tuple(_finding(case, flaw, 1.0) for flaw in flaws)


def _weighed(case: Case, flaws: tuple[Flaw, ...], instrument: Instrument) -> tuple[Finding, ...]:
    """The faults that count, each as the rules found it, or else as the second opinion sees it."""
    second = SecondOpinion(case, flaws, instrument.learned)
    decided = [flaw.fault for flaw in flaws if _decisive(case, flaw)]
    counted = second.faults()
    findings: list[Finding] = []
    for fault in Fault:
        if fault in decided or fault in counted:
            shown = tuple(flaw for flaw in flaws if flaw.fault is fault) or second.flaws(fault)
            weight = 1.0 if fault in decided else second.chances[fault]
            findings += (_finding(case, flaw, weight) for flaw in shown)
    return tuple(findings)


def _decisive(case: Case, flaw: Flaw) -> bool:
    """Whether the rule alone settles it: a sure sign, or a bare yes or no where a ground or a change is due."""
    return (flaw.fault, flaw.variant) in DECISIVE or (flaw.fault in NEEDS_MORE and case.only_stance)


def _finding(case: Case, flaw: Flaw, weight: float) -> Finding:
    start, end = case.reading.typed_span(flaw.hit) if flaw.hit else (0, 0)
    end = min(end, start + _LONGEST_QUOTE)
    key = f"clarity.{flaw.fault}.{flaw.variant}"
    params = {"detail": flaw.detail[:_LONGEST_DETAIL]} if flaw.detail else {}
    return Finding(
        fault=Fault(flaw.fault),
        quote=case.reply.text[start:end],
        start=start,
        end=end,
        explanation=Note(key=f"{key}.explanation", params=params),
        suggestion=Note(key=f"{key}.suggestion", params=params),
        weight=round(weight, _PLACES),
    )
