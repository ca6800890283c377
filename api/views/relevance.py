"""Who is directly concerned, as callers see it: suggestions, the judgement of one agency, lessons, the past."""

from datetime import date, datetime

from adapters.register.queries_lessons import Reset, Taught
from api.services import Services
from api.views.base import View
from domain.note import Note
from domain.relevance import Suggestion
from domain.relevance.judgement import Judgement, Verdict


class HistoryView(View):
    """How often the agency was asked about such drafts in 24 months, and how often it had nothing to say."""

    asked: int
    nothing_to_say: int


class FunctionView(View):
    """A function of an agency, and how near it comes."""

    function: str
    function_title: str
    score: float
    reason: str


class SuggestionView(FunctionView):
    """An agency the matter concerns, by one of its functions. `history`: null where field or kind was not given."""

    agency: str
    agency_name: str
    mandatory: bool
    history: HistoryView | None = None


class EarlierView(View):
    """A similar consultation. Only `sentence` where the caller may not see it: everything else is null or empty."""

    sentence: str
    id: str | None = None
    subject: str | None = None
    lead: str | None = None
    lead_name: str | None = None
    sent_at: datetime | None = None
    closed: bool | None = None
    agencies: tuple[str, ...] = ()
    similarity: float | None = None
    words: tuple[str, ...] = ()


class RelevanceView(View):
    """Suggestions, best first, then those a rule obliges to ask; and who asked about the like before.

    `version`: of the synonyms, examples and weights that suggested them.
    """

    on: date
    version: str
    suggestions: tuple[SuggestionView, ...]
    earlier: tuple[EarlierView, ...] = ()


class SuccessorView(View):
    """Who stands or acts on the day instead."""

    agency: str
    agency_name: str


class JudgementView(View):
    """Whether the matter directly concerns the agency, and what would make it so."""

    on: date
    agency: str
    agency_name: str
    verdict: Verdict
    function: str | None
    function_title: str | None
    score: float
    reason: str
    nearest: tuple[FunctionView, ...]
    moved: str | None
    successors: tuple[SuccessorView, ...]


class ResetView(View):
    """One act on a lesson: `reset` out of use, or back into it."""

    reset: bool
    by: str
    agency: str | None
    at: datetime
    reason: str
    receipt: str


class LessonView(View):
    """One lesson: the lead's words, the function they did or did not concern, why, and what people did with it."""

    id: str
    function: str
    function_title: str
    agency: str
    agency_name: str
    words: str
    related: bool
    consultation: str
    at: datetime
    why: str
    in_use: bool
    acts: tuple[ResetView, ...] = ()


class LessonsView(View):
    """A page of lessons, newest first."""

    items: tuple[LessonView, ...]
    next: str | None = None


class LessonAct(View):
    """A lesson after a person's act on it, under the receipt that proves the act."""

    receipt: str
    received_at: datetime
    detail: str
    lesson: LessonView


def said(services: Services, note: Note) -> str:
    """The note in words."""
    return services.messages.text(note.key, **note.params)


def title_of(services: Services, function: str | None) -> str:
    """The function's title; empty where the directory does not know it."""
    known = services.rulebook.directory.find_function(function) if function else None
    return known.title if known else ""


def function_view(services: Services, one: Suggestion) -> FunctionView:
    """One function with score and reason."""
    return FunctionView(
        function=one.function,
        function_title=title_of(services, one.function),
        score=one.score,
        reason=said(services, one.reason),
    )


def suggestion_view(services: Services, one: Suggestion, history: HistoryView | None) -> SuggestionView:
    """One suggested agency."""
    return SuggestionView(
        **dict(function_view(services, one)),
        agency=one.agency,
        agency_name=services.agency_name(one.agency),
        mandatory=one.mandatory,
        history=history,
    )


def judgement_view(services: Services, found: Judgement, day: date) -> JudgementView:
    """The judgement in words."""
    return JudgementView(
        on=day,
        agency=found.agency,
        agency_name=services.agency_name(found.agency),
        verdict=found.verdict,
        function=found.function,
        function_title=title_of(services, found.function) or None,
        score=found.score,
        reason=said(services, found.reason),
        nearest=tuple(function_view(services, one) for one in found.nearest),
        moved=said(services, found.moved) if found.moved else None,
        successors=tuple(SuccessorView(agency=a, agency_name=services.agency_name(a)) for a in found.successors),
    )


def lesson_view(services: Services, taught: Taught) -> LessonView:
    """One lesson with the acts on it."""
    lesson = taught.lesson
    same = ("id", "function", "agency", "words", "related", "consultation", "at")
    return LessonView(
        **{name: getattr(lesson, name) for name in same},
        function_title=title_of(services, lesson.function),
        agency_name=services.agency_name(lesson.agency),
        why=said(services, lesson.why),
        in_use=taught.in_use,
        acts=tuple(_reset_view(act) for act in taught.acts),
    )


def _reset_view(act: Reset) -> ResetView:
    return ResetView(**act.model_dump(exclude={"lesson"}))
