"""Which agencies a matter directly concerns on a day, and why (F01, F05). Advice: the gate and people decide."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from threading import Lock
from typing import NamedTuple

from domain.directory import Directory, Function, Mandatory
from domain.logistic import rescaled
from domain.note import Note
from domain.relevance.draft import Draft, Reader
from domain.relevance.index import Index, wordings
from domain.relevance.memory import Memory
from domain.relevance.model import Example, Suggester, Suggestion
from domain.relevance.old_names import heirs_named
from domain.relevance.terms import is_bare, joined, runs, shortened, tidied, written
from domain.relevance.weighing import Known, Seen, Standing, weigh

NAMED_TERMS = 4
# The chance of a commune whose place is named; of the labelled drafts that named one, nine in ten concerned it.
BY_PLACE = 0.9
BY_OLD_NAME = 0.5
_MOST_WORDS = 8
# Of so many days it is kept who stood on them; judging an agency asks about days on which functions moved, too.
_DAYS = 8
_LONGEST_STATEMENT = 160
# What stands around a statement in a list.
_BESIDE_WORDS = " .,;:–—-•*+"


class Match(NamedTuple):
    """A function in force with its chance of being directly concerned, and what speaks for it."""

    seen: Seen
    chance: float

    @property
    def function(self) -> Function:
        """The function."""
        return self.seen.function


class Matter:
    """One draft on one day before one directory: every function weighed, nearest first. Local to one request.

    Of a large directory only the nearest few hundred are weighed, and all of `agency`'s.
    """

    def __init__(
        self,
        subject: str,
        text: str,
        day: date,
        directory: Directory,
        suggester: Suggester,
        *,
        lead: str | None = None,
        lessons: tuple[Example, ...] = (),
        agency: str | None = None,
    ) -> None:
        subject, text = tidied(subject), tidied(text)
        self._suggester = suggester
        prepared = _ready(directory, suggester, is_bare(f"{subject} {text}"))
        self._known = known = prepared.known
        self._memory = _taught(_Same(known.memory), _Same(lessons)) if lessons else known.memory
        self._draft = Draft(subject, text, known.reader)
        heirs = heirs_named(self._draft, known.reader, directory, day)
        taught, wanted = replace(known, memory=self._memory), (*heirs, *((agency,) if agency else ()))
        seen = weigh(self._draft, f"{subject}.\n{text}", prepared.standing(day), taught, lead, wanted)
        ranked = _nearest_first(
            Match(one, BY_PLACE if one.place else suggester.weighing.chance(one.signs)) for one in seen
        )
        self.ranked = _with_heirs(ranked, heirs) if heirs else ranked

    def suggestion(self, match: Match) -> Suggestion:
        """The match as it is shown: 0.5 is where a suggestion begins."""
        score = rescaled(match.chance, self._suggester.shown_from)
        return Suggestion(
            agency=match.function.agency,
            function=match.function.id,
            score=round(score, 3),
            reason=self._reason(match.seen),
        )

    def _reason(self, seen: Seen) -> Note:
        """The place that is named, or the nearest statement with the words that bring it near, or the shared words."""
        if seen.place:
            return Note(key="relevance.place", params={"place": seen.place})
        said = written(seen.statement, self._known.reader.bare)
        words = self._memory.words(said, self._memory.task_of[seen.function.id], _MOST_WORDS) if said else ()
        telling = runs(said, [word for word in words if "#" not in word])[:NAMED_TERMS]
        if not telling:
            telling = joined(self._known.index.words(seen.number, self._draft))[:NAMED_TERMS]
            return Note(key="relevance.words", params={"words": ", ".join(telling)})
        quoted = shortened(seen.statement.strip(_BESIDE_WORDS), _LONGEST_STATEMENT)
        return Note(key="relevance.statement", params={"statement": quoted, "words": ", ".join(telling)})


def suggest(
    subject: str,
    text: str,
    field: str | None,
    day: date,
    directory: Directory,
    suggester: Suggester,
    *,
    exclude_lead: str | None = None,
    draft_kind: str | None = None,
    lessons: tuple[Example, ...] = (),
    limit: int = 6,
) -> tuple[Suggestion, ...]:
    """Agencies the matter concerns, best first, at most `limit`; then those a rule obliges to ask about `draft_kind`.

    Only functions in force on the day count. `field` may be None; an unknown one is refused (`field_unknown`). An
    obliged agency is marked `mandatory` and never takes one of the `limit` places. `lessons`: what past consultations
    taught, beside the suggester's own examples.
    """
    if field is not None:
        directory.field(field)
    matter = Matter(subject, text, day, directory, suggester, lead=exclude_lead, lessons=lessons)
    obliged = _obliged(directory, draft_kind, day, exclude_lead)
    best = _best_by_agency(matter.ranked)
    shown = [m for agency, m in best.items() if m.chance >= suggester.shown_from and agency not in obliged]
    related = tuple(matter.suggestion(match) for match in shown[:limit])
    return related + tuple(_mandatory(directory, agency, rule, day) for agency, rule in obliged.items())


def _nearest_first(matches: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(sorted(matches, key=lambda match: (-match.chance, match.function.id)))


def _with_heirs(ranked: tuple[Match, ...], heirs: tuple[str, ...]) -> tuple[Match, ...]:
    """The nearest function of an agency that is meant by an old name counts as named."""
    best = _best_by_agency(ranked)
    meant = [best[agency].function.id for agency in heirs if agency in best]
    lifted = (
        match._replace(chance=max(match.chance, BY_OLD_NAME)) if match.function.id in meant else match
        for match in ranked
    )
    return _nearest_first(lifted)


class _Same:
    """A value that is equal to itself only: large frozen values are cached by identity, without hashing them."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


class _SameWork(_Same):
    """A directory that is equal to one with the very same agencies, fields and functions: who is away or signs is of no
    consequence here, and what was built is not built again."""

    def __init__(self, value: Directory) -> None:
        super().__init__(value)
        self._key = (id(value.agencies), id(value.fields), id(value.functions))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameWork) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def prepare(directory: Directory, suggester: Suggester) -> None:
    """Build ahead what the first suggestions would have to wait for. Safe in a thread."""
    for bare in _BUILDING:
        _ready(directory, suggester, bare)


# Whoever comes while another builds waits for what is being built instead of building it again; each way of writing has
# a lock of its own, so that texts with diacritics never wait for the profiles of those without.
_BUILDING = {False: Lock(), True: Lock()}


class _Prepared(NamedTuple):
    """What was built for one way of writing, and who stands on a day, which is looked up once for each day."""

    known: Known
    standing: Callable[[date], Standing]


def _ready(directory: Directory, suggester: Suggester, bare: bool) -> _Prepared:
    with _BUILDING[bare]:
        return _prepared(_SameWork(directory), _Same(suggester), bare)


@lru_cache(maxsize=4)
def _prepared(directory: _Same, suggester: _Same, bare: bool) -> _Prepared:
    """Reader, index and memory of one directory; the cache keeps both values alive, so identities are never reused."""
    assert isinstance(directory.value, Directory)  # noqa: S101 - narrows the type, callers are in this file
    assert isinstance(suggester.value, Suggester)  # noqa: S101
    reader = Reader(suggester.value.synonyms, bare)
    said = wordings(directory.value, bare)
    index = Index(directory.value, said, reader.common, bare)
    memory = Memory(directory.value, said, suggester.value.examples, reader.common, bare)
    known = Known(reader, index, memory)
    return _Prepared(known, lru_cache(maxsize=_DAYS)(partial(Standing, directory.value, known=known)))


@lru_cache(maxsize=4)
def _taught(memory: _Same, lessons: _Same) -> Memory:
    """The memory with lessons. Who asks often gives the very same tuple until they change."""
    assert isinstance(memory.value, Memory)  # noqa: S101 - narrows the type, the caller is in this file
    assert isinstance(lessons.value, tuple)  # noqa: S101
    return memory.value.taught(lessons.value)


def _best_by_agency(ranked: tuple[Match, ...]) -> dict[str, Match]:
    """For each agency its nearest function, in the order of nearness."""
    best: dict[str, Match] = {}
    for match in ranked:
        best.setdefault(match.function.agency, match)
    return best


def _obliged(directory: Directory, draft_kind: str | None, day: date, lead: str | None) -> dict[str, Mandatory]:
    """The agencies a rule obliges to ask on the day, with the rule."""
    rules = directory.mandatory(draft_kind, day) if draft_kind else ()
    return {
        agency: rule for rule in rules for agency in rule.agencies if agency != lead and directory.in_force(agency, day)
    }


def _mandatory(directory: Directory, agency: str, rule: Mandatory, day: date) -> Suggestion:
    """An obliged agency, under its first function; the citation is shown only as far as its source allows."""
    functions: tuple[Function, ...] = directory.functions_of(agency, day)
    key = {"S": "relevance.mandatory", "S2": "relevance.mandatory_to_check"}.get(
        rule.confidence if rule.basis else "", "relevance.mandatory_uncited"
    )
    params = {"subject": rule.subject.get(agency, "")}
    if key != "relevance.mandatory_uncited":
        params["basis"] = rule.basis or ""
    function = functions[0].id if functions else ""
    return Suggestion(agency=agency, function=function, score=1.0, reason=Note(key=key, params=params), mandatory=True)
