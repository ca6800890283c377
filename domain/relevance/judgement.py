"""Is this one agency directly concerned by a matter on a day, and by which of its functions? (F01) Advice only.

Where it is not, its nearest functions say what would make it so, and whoever carries on its tasks is named.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.base import Frozen
from domain.directory import Directory, Function
from domain.note import Note
from domain.relevance.model import Example, Suggester, Suggestion
from domain.relevance.suggest import Matter, suggest

# Where a suggestion begins.
RELATED = 0.5
NEAREST = 3


class Verdict(StrEnum):
    """How an agency stands to a matter."""

    RELATED = "related"
    NOT_RELATED = "not_related"
    MANDATORY = "mandatory"


class Judgement(Frozen):
    """`function`: what makes it related, or would come nearest; None where the agency has none in force that day.

    `nearest`: its functions in force that come nearest, best first, each with score and reason. `moved`: that a
    function it once held came nearer, and what became of it. `successors`: who stands on the day for an agency, or
    holds on the day a function, that does not.
    """

    agency: str
    verdict: Verdict
    function: str | None
    score: float
    reason: Note
    nearest: tuple[Suggestion, ...] = ()
    moved: Note | None = None
    successors: tuple[str, ...] = ()


class About(NamedTuple):
    """What is judged, and by what: the draft's words, the directory, the suggester, what was learned.

    No model: what was prepared for these very values is found again by their identity.
    """

    subject: str
    text: str
    directory: Directory
    suggester: Suggester
    field: str | None = None
    draft_kind: str | None = None
    lessons: tuple[Example, ...] = ()


def judge(agency: str, about: About, day: date) -> Judgement:
    """How the agency stands to the matter on the day. A rule that obliges to ask it goes before everything else.

    Refuses `agency_unknown`, `field_unknown`.
    """
    if about.field is not None:
        about.directory.field(about.field)
    if not about.directory.in_force(agency, day):
        return _absent(agency, day, about.directory)
    nearest = _nearest(agency, about, day)
    best = nearest[0] if nearest else None
    moved, successors = _moved(agency, about, day, best.score if best else 0.0)
    verdict, function, reason = _verdict(agency, about, day, best)
    return Judgement(
        agency=agency,
        verdict=verdict,
        function=function,
        score=best.score if best else 0.0,
        reason=moved if moved and verdict is Verdict.NOT_RELATED else reason,
        nearest=nearest[:NEAREST],
        moved=moved,
        successors=successors,
    )


def _verdict(agency: str, about: About, day: date, best: Suggestion | None) -> tuple[Verdict, str | None, Note]:
    """By rule, else by the nearest function; with the function and the reason."""
    related = best is not None and best.score >= RELATED
    rule = _rule(agency, about, day)
    if rule is not None:
        return Verdict.MANDATORY, (best.function if best and related else rule.function) or None, rule.reason
    if best is None:
        return Verdict.NOT_RELATED, None, Note(key="relevance.judgement.nothing", params={"day": day.isoformat()})
    if related:
        return Verdict.RELATED, best.function, best.reason
    params = {"day": day.isoformat(), "function": about.directory.function(best.function).title}
    return Verdict.NOT_RELATED, best.function, Note(key="relevance.judgement.nearest", params=params)


def _nearest(agency: str, about: About, day: date) -> tuple[Suggestion, ...]:
    """The agency's functions in force on the day that share anything with the matter, nearest first."""
    matter = Matter(
        about.subject, about.text, day, about.directory, about.suggester, lessons=about.lessons, agency=agency
    )
    own = (matter.suggestion(match) for match in matter.ranked if match.function.agency == agency)
    return tuple(one for one in own if one.score > 0)


def _rule(agency: str, about: About, day: date) -> Suggestion | None:
    """The rule that obliges to ask the agency about this kind of draft."""
    rules = about.directory.mandatory(about.draft_kind, day) if about.draft_kind else ()
    if not any(agency in rule.agencies for rule in rules):
        return None
    given = (about.subject, about.text, about.field, day, about.directory, about.suggester)
    obliged = suggest(*given, draft_kind=about.draft_kind, limit=0)
    return next((one for one in obliged if one.agency == agency and one.mandatory), None)


def _moved(agency: str, about: About, day: date, score: float) -> tuple[Note | None, tuple[str, ...]]:
    """Of a function that came nearer than `score` on the last day the agency held it: what became of it, and where."""
    gone = [f for f in about.directory.functions if f.agency == agency and f.over(day)]
    for last in sorted(dict.fromkeys(f.effective_to for f in gone if f.effective_to), reverse=True):
        best = next(iter(_nearest(agency, about, last)), None)
        ended = next((f for f in gone if best and f.id == best.function), None)
        if best is not None and ended is not None and best.score >= max(score, RELATED):
            heir = about.directory.current_holder(ended.id, day)
            return _moved_note(ended, heir, about.directory), (heir.agency,) if heir else ()
    return None, ()


def _absent(agency: str, day: date, directory: Directory) -> Judgement:
    """The agency does not stand on the day: not yet, or no more, with whoever stands in its place."""
    successors = directory.successors(agency, day)
    when = "ended" if directory.agency(agency).over(day) else "not_yet"
    names = ", ".join(directory.agency(code).name for code in successors)
    params = {"agency": directory.agency(agency).name, "day": day.isoformat(), "successors": names}
    reason = Note(key=f"relevance.judgement.{when}{'_succeeded' if successors else ''}", params=params)
    return Judgement(
        agency=agency, verdict=Verdict.NOT_RELATED, function=None, score=0.0, reason=reason, successors=successors
    )


def _moved_note(moved: Function, heir: Function | None, directory: Directory) -> Note:
    params = {"function": moved.title, "day": moved.effective_to.isoformat() if moved.effective_to else ""}
    if heir is None:
        return Note(key="relevance.judgement.function_ended", params=params)
    named = {"successor": directory.agency(heir.agency).name, "now": heir.title}
    return Note(key="relevance.judgement.function_moved", params=params | named)
