"""The verdict: every rule looks at the reply, then the findings are put in order. Pure, and never raises on text."""

from domain.clarity.amendment import no_amendment
from domain.clarity.case import Case
from domain.clarity.contradictory import contradictory
from domain.clarity.flaw import Flaw
from domain.clarity.generic import generic
from domain.clarity.hedged import hedged
from domain.clarity.lexicon import Lexicon
from domain.clarity.model import Assessment, Fault, Finding, Reply
from domain.clarity.passing import deferring
from domain.clarity.question import Answers, unanswered
from domain.clarity.reason import no_reason
from domain.note import Note

# A note names a question and a finding points; neither repeats a page.
_LONGEST_DETAIL = 200
_LONGEST_QUOTE = 400


def assess(reply: Reply, lexicon: Lexicon) -> Assessment:
    """Whether the reply is a clear position, and if not, what is wrong with it, fault by fault."""
    case = Case(reply, lexicon)
    findings = tuple(_finding(case, flaw) for flaw in _flaws(case))
    return Assessment(clear=not findings, findings=findings, version=lexicon.version)


def says_nothing(reply: Reply, lexicon: Lexicon) -> bool:
    """Whether the text says "không có ý kiến" or the like and takes no side; asked once before it is filed."""
    case = Case(reply, lexicon)
    return bool(case.hits("no_opinion")) and not case.stances


def _flaws(case: Case) -> tuple[Flaw, ...]:
    """All flaws; a text that takes the opposite side of its tick is judged for that alone."""
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


def _finding(case: Case, flaw: Flaw) -> Finding:
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
    )
