"""The functions of a directory as weighed terms, rare terms more. Built once for a directory, then only read."""

from collections.abc import Iterable
from itertools import groupby
from math import log
from typing import NamedTuple

from domain.directory import Directory, Function
from domain.relevance.draft import Draft
from domain.relevance.terms import terms, written
from domain.text import fold, nfc, place_tones

# Where a term stands: in the function's title, its text, the name of its field.
IN_TITLE, IN_TEXT, IN_FIELD = 2.0, 1.0, 0.5
# How far long texts are held back: 0 not at all, 1 fully.
LENGTH_POWER = 0.3
# How many of the strongest terms a match names.
MOST_NAMED = 8


class Match(NamedTuple):
    """How near a function comes. `words`: the terms that say so, strongest first. `place`: its place that is named."""

    function: Function
    evidence: float
    words: tuple[str, ...]
    place: str = ""


class _Wording(NamedTuple):
    """One function's terms with weights, the divisor for its length, and the places it governs."""

    weights: dict[str, float]
    divisor: float
    places: tuple[str, ...]


class Index:
    """Every function of the directory, for one way of writing."""

    def __init__(self, directory: Directory, common: frozenset[str], bare: bool) -> None:
        self._directory = directory
        self._bare = bare
        self._common = common
        said = {function.id: self._placed(function, common) for function in directory.functions}
        rarity = _rarity(said.values())
        self._wordings = {
            function.id: self._wording(function, {t: w * rarity[t] for t, w in said[function.id].items()})
            for function in directory.functions
        }

    def _placed(self, function: Function, common: frozenset[str]) -> dict[str, float]:
        """Each term of the function with the weight of the best place where it stands."""
        field = self._directory.field(function.field).name
        weights: dict[str, float] = {}
        for text, weight in ((function.title, IN_TITLE), (function.text, IN_TEXT), (field, IN_FIELD)):
            for term in terms(written(text, self._bare), common):
                weights[term] = max(weights.get(term, 0.0), weight)
        return weights

    def _wording(self, function: Function, weights: dict[str, float]) -> _Wording:
        commune = self._directory.agency(function.agency).kind == "commune"
        named = _proper_names(f"{function.title}. {function.text}") if commune else ()
        places = tuple(fold(name) if self._bare else place_tones(nfc(name)) for name in named)
        return _Wording(weights, max(sum(weights.values()), 1.0) ** LENGTH_POWER, places)

    def match(self, function: Function, draft: Draft) -> Match:
        """How near the function comes to the draft. A commune is related by its places only, and then fully."""
        wording = self._wordings[function.id]
        if wording.places:
            place = next((place for place in wording.places if place in draft.names), "")
            return Match(function, float("inf") if place else 0.0, (), place)
        shares = {
            term: weight * draft.weights[term] for term, weight in wording.weights.items() if term in draft.weights
        }
        strongest = sorted(shares, key=lambda term: (-shares[term], term))
        named = [term for term in strongest if " " in term and not self._common.intersection(term.split(" "))]
        lone = [term for term in strongest if " " not in term]
        return Match(
            function, sum(shares.values()) / wording.divisor, tuple(named[:MOST_NAMED]) or tuple(lone[:MOST_NAMED])
        )


def _rarity(vocabularies: Iterable[dict[str, float]]) -> dict[str, float]:
    """The weight of each term: the logarithm of how many functions there are for one that uses it."""
    counts: dict[str, int] = {}
    seen = 0
    for vocabulary in vocabularies:
        seen += 1
        for term in vocabulary:
            counts[term] = counts.get(term, 0) + 1
    return {term: log((seen + 1) / (count + 0.5)) for term, count in counts.items()}


def _proper_names(text: str) -> tuple[str, ...]:
    """Runs of two or more capitalised words: "Lũy Đất", "Mẫu Trung"."""
    names: dict[str, None] = {}
    for stretch in text.replace(",", ";").replace("(", ";").replace(")", ";").replace(".", ";").split(";"):
        for capital, run in groupby(stretch.split(), key=lambda word: word[0].isupper()):
            words = tuple(run)
            if capital and len(words) > 1:
                names[" ".join(words)] = None
    return tuple(names)
