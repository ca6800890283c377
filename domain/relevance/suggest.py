"""Which agencies a matter directly concerns on a day, and why (F01, F05). Advice: the gate and people decide."""

from datetime import date
from functools import lru_cache
from math import inf

from domain.directory import Directory, Function, Mandatory
from domain.note import Note
from domain.relevance.draft import Draft, Reader
from domain.relevance.index import Index, Match
from domain.relevance.model import Suggestion, Synonyms
from domain.relevance.terms import is_bare, joined

# The evidence from which a function counts as related: it rises with the text, because a long text shares something
# with every function. Chosen on the first half of the labelled drafts.
ENOUGH_SHORT = 3.5
ENOUGH_LONG = 6.9
LONG = 120
NAMED_TERMS = 4
# What a named place scores; nothing but a person is certain.
BY_PLACE = 0.9


def suggest(
    subject: str,
    text: str,
    field: str | None,
    day: date,
    directory: Directory,
    synonyms: Synonyms,
    *,
    exclude_lead: str | None = None,
    draft_kind: str | None = None,
    limit: int = 6,
) -> tuple[Suggestion, ...]:
    """Agencies the matter concerns, best first, at most `limit`; then those a rule obliges to ask about `draft_kind`.

    Only functions in force on the day count. `field` may be None; an unknown one is refused (`field_unknown`). An
    obliged agency is marked `mandatory` and never takes one of the `limit` places.
    """
    if field is not None:
        directory.field(field)
    best = _best_by_agency(_ranked(subject, text, day, directory, synonyms, exclude_lead))
    obliged = _obliged(directory, draft_kind, day, exclude_lead)
    enough = _enough(len(f"{subject} {text}".split()))
    direct = [m for agency, m in best.items() if m.evidence >= enough and agency not in obliged]
    related = tuple(_suggestion(match, enough) for match in direct[:limit])
    return related + tuple(_mandatory(directory, agency, rule, day) for agency, rule in obliged.items())


def _ranked(
    subject: str, text: str, day: date, directory: Directory, synonyms: Synonyms, lead: str | None
) -> tuple[Match, ...]:
    """Every function in force but the lead's, nearest first."""
    bare = is_bare(f"{subject} {text}")
    reader, index = _prepared(_Same(directory), _Same(synonyms), bare)
    draft = Draft(subject, text, reader)
    others = (function for function in directory.functions_on(day) if function.agency != lead)
    matches = (index.match(function, draft) for function in others)
    return tuple(sorted(matches, key=lambda match: (-match.evidence, match.function.id)))


class _Same:
    """A value that is equal to itself only: large frozen values are cached by identity, without hashing them."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=8)
def _prepared(directory: _Same, synonyms: _Same, bare: bool) -> tuple[Reader, Index]:
    """The reader and the index of one directory; the cache keeps both values alive, so identities are never reused."""
    assert isinstance(directory.value, Directory)  # noqa: S101 - narrows the type, callers are in this file
    assert isinstance(synonyms.value, Synonyms)  # noqa: S101
    reader = Reader(synonyms.value, bare)
    return reader, Index(directory.value, reader.common, bare)


def _best_by_agency(ranked: tuple[Match, ...]) -> dict[str, Match]:
    """For each agency its nearest function, in the order of nearness."""
    best: dict[str, Match] = {}
    for match in ranked:
        best.setdefault(match.function.agency, match)
    return best


def _enough(words: int) -> float:
    """The evidence a text of so many words asks for."""
    return ENOUGH_SHORT + (ENOUGH_LONG - ENOUGH_SHORT) * min(words, LONG) / LONG


def _suggestion(match: Match, enough: float) -> Suggestion:
    score = BY_PLACE if match.evidence == inf else match.evidence / (match.evidence + enough)
    return Suggestion(
        agency=match.function.agency, function=match.function.id, score=round(score, 3), reason=_reason(match)
    )


def _reason(match: Match) -> Note:
    """The place that is named, or the strongest shared terms."""
    if match.place:
        return Note(key="relevance.place", params={"place": match.place})
    return Note(key="relevance.words", params={"words": ", ".join(joined(match.words)[:NAMED_TERMS])})


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
