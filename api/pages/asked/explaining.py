"""Why this agency, until when, and what silence leads to: what the request page explains. Rules are the domain's."""

from datetime import datetime
from typing import NamedTuple

from api.pages.asked.ours import Ours
from api.routes.tools import DayView
from api.views.relevance import title_of
from domain.deadline import DayExplained, due
from domain.state import Stage
from domain.terms import Silence
from domain.timing import end_after


class Function(NamedTuple):
    """Under which function the agency was asked; `basis` only as far as it may be cited."""

    title: str
    text: str
    basis: str | None


class Part(NamedTuple):
    """One part of the draft with the questions put about it; without a label for questions about the whole."""

    label: str
    text: str
    questions: tuple[tuple[int, str], ...]


class DueExplained(NamedTuple):
    """Where the due instant comes from: `why` is the key of its sentence; `days` only where days were counted."""

    why: str
    days: tuple[DayView, ...] = ()
    start_at: datetime | None = None


class Effect(NamedTuple):
    """What silence leads to, in the rule's words; the citation only for an effect the rule really gives."""

    name: str
    explanation: str
    citation: str | None


def functions(mine: Ours) -> tuple[Function, ...]:
    """The functions named by the lead."""
    rulebook = mine.page.services.rulebook
    found = ((id, rulebook.directory.find_function(id)) for id in mine.own.functions)
    return tuple(
        Function(f.title, f.text, rulebook.cite(f.basis, f.confidence))
        if f
        else Function(title_of(mine.page.services, id) or id, "", None)
        for id, f in found
    )


def parts(mine: Ours) -> tuple[Part, ...]:
    """The parts of the draft the agency was asked about, each with its questions, numbered as on the reply form."""
    numbered = tuple(enumerate(mine.ask.questions, 1))
    known = {part.id: part for part in mine.it.parts}
    named = [known[id] for id in mine.own.parts if id in known]
    shown = [
        Part(part.label, part.text or "", tuple((n, q.text) for n, q in numbered if q.part == part.id))
        for part in named
    ]
    whole = tuple((n, q.text) for n, q in numbered if q.part not in [part.id for part in named])
    return tuple(shown) if not whole else (*shown, Part("", "", whole))


def due_explained(mine: Ours) -> DueExplained | None:
    """How the due instant came about; None before delivery."""
    own, terms = mine.own, mine.state.terms
    if own.start_at is None:
        return None
    if own.open_pause:
        return DueExplained("paused")
    if own.current_return:
        return DueExplained("returned")
    if own.fixed_due:
        granted = any(one.outcome == "granted" for one in own.extensions)
        return DueExplained("extended" if granted else "fixed")
    limit, rule = own.limit or terms.rule.limit, terms.rule
    found = due(own.start_at, limit, terms.calendar, closes_at=rule.closes_at, pauses=own.pauses)
    return DueExplained("counted", tuple(_day(mine, day) for day in found.days), own.start_at)


def _day(mine: Ours, day: DayExplained) -> DayView:
    say = mine.page.services.messages.text
    return DayView(
        date=day.date,
        counted=day.counted,
        reason=say(day.message, date=day.date, name=day.name, source=day.source),
        code=day.reason,
        source=day.source,
        provisional=day.provisional,
    )


def effect_of_silence(mine: Ours) -> Effect | None:
    """The effect the consultation's rule gives to silence, as its data words it."""
    rule = mine.it.rule
    found = next((one for one in mine.page.services.rulebook.silences if one.code is rule.silence), None)
    if found is None:
        return None
    return Effect(found.name, found.explanation, rule.citation if rule.silence is not Silence.NONE else None)


def incomplete_until(mine: Ours) -> datetime | None:
    """Until when the dossier may be called incomplete; None where it may not any more."""
    own, terms = mine.own, mine.state.terms
    if own.start_at is None or own.incomplete_used or own.stage is not Stage.DELIVERED or own.due_at is None:
        return None
    return min(end_after(own.start_at, terms.rule.incomplete_within_days, terms), own.due_at)
