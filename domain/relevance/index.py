"""The functions of a directory as weighed terms, rare terms more. Built once for a directory, then only read.

Functions go by their number: their place in the directory.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from math import log
from operator import mul
from typing import NamedTuple

from domain.directory import Directory, Function
from domain.relevance.draft import Draft
from domain.relevance.postings import Postings
from domain.relevance.terms import clauses, terms, written
from domain.text import fold, nfc, place_tones

# Where a term stands: in the function's title, its text, the name of its field.
IN_TITLE, IN_TEXT, IN_FIELD = 2.0, 1.0, 0.5
# How far long texts are held back: 0 not at all, 1 fully.
LENGTH_POWER = 0.3
# How many of the strongest terms a match names.
MOST_NAMED = 8


class Wording(NamedTuple):
    """A function's title and text in comparing form."""

    title: str
    text: str


def wordings(directory: Directory, bare: bool) -> tuple[Wording, ...]:
    """Every function's wording, in the directory's order."""
    return tuple(
        Wording(written(function.title, bare), written(function.text, bare)) for function in directory.functions
    )


class Index:
    """Every function of the directory, for one way of writing."""

    def __init__(self, directory: Directory, said: Sequence[Wording], common: frozenset[str], bare: bool) -> None:
        self._common = common
        read = _Terms(directory, common, bare)
        vocabularies = [read.of(function, one) for function, one in zip(directory.functions, said, strict=True)]
        rarity = _rarity(vocabularies)
        self._postings = Postings(_held_back(vocabulary, rarity) for vocabulary in vocabularies)
        communes = frozenset(agency.code for agency in directory.agencies if agency.kind == "commune")
        found = ((number, _places(f, bare)) for number, f in enumerate(directory.functions) if f.agency in communes)
        self.places: dict[int, tuple[str, ...]] = {number: places for number, places in found if places}
        self._governed = _governed(self.places)

    def evidence(self, draft: Draft) -> list[float]:
        """How much each function shares with the whole draft, by number; 0 for nothing."""
        return self._postings.summed(draft.weights)

    def words(self, number: int, draft: Draft) -> tuple[str, ...]:
        """The terms the function shares with the draft, strongest first; pairs before lone words."""
        shares = {term: by * self._postings.weight(term, number) for term, by in draft.weights.items()}
        strongest = sorted((term for term in shares if shares[term]), key=lambda term: (-shares[term], term))
        named = [term for term in strongest if " " in term and not self._common.intersection(term.split(" "))]
        lone = [term for term in strongest if " " not in term]
        return tuple(named[:MOST_NAMED]) or tuple(lone[:MOST_NAMED])

    def named(self, draft: Draft) -> dict[int, str]:
        """Each commune's function of which the draft names a place, by number, with the first such place."""
        joints = dict.fromkeys(_joint(draft.names, at) for at, char in enumerate(draft.names) if char == " ")
        hits = {
            place: numbers
            for joint in joints
            for place, numbers in self._governed.get(joint, {}).items()
            if place in draft.names
        }
        touched = dict.fromkeys(chain.from_iterable(hits.values()))
        return {number: next(place for place in self.places[number] if place in hits) for number in touched}


class _Terms:
    """Reads functions for their terms; what many have in common word for word is read once."""

    def __init__(self, directory: Directory, common: frozenset[str], bare: bool) -> None:
        self._common = common
        self._fields = {field.code: written(field.name, bare) for field in directory.fields}
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, function: Function, said: Wording) -> dict[str, float]:
        """Each term of the function with the weight of the best place where it stands."""
        weights = dict.fromkeys(self._read(self._fields[function.field]), IN_FIELD)
        for clause in clauses(said.text):
            weights.update(dict.fromkeys(self._read(clause), IN_TEXT))
        weights.update(dict.fromkeys(self._read(said.title), IN_TITLE))
        return weights

    def _read(self, text: str) -> tuple[str, ...]:
        if text not in self._known:
            self._known[text] = terms(text, self._common)
        return self._known[text]


def _held_back(vocabulary: dict[str, float], rarity: dict[str, float]) -> tuple[dict[str, float], list[float]]:
    """The terms and, beside them, what each says: the rare ones more, those of long texts less."""
    weights = list(map(mul, vocabulary.values(), map(rarity.__getitem__, vocabulary)))
    divisor = max(sum(weights), 1.0) ** LENGTH_POWER
    return vocabulary, [weight / divisor for weight in weights]


def _rarity(vocabularies: Sequence[dict[str, float]]) -> dict[str, float]:
    """The weight of each term: the logarithm of how many functions there are for one that uses it."""
    counts = Counter(chain.from_iterable(vocabularies))
    return {term: log((len(vocabularies) + 1) / (count + 0.5)) for term, count in counts.items()}


def _places(function: Function, bare: bool) -> tuple[str, ...]:
    """The places a commune's function names, as they are looked for in a draft."""
    named = _proper_names(f"{function.title}. {function.text}")
    return tuple(fold(name) if bare else place_tones(nfc(name)) for name in named)


def _governed(places: dict[int, tuple[str, ...]]) -> dict[str, dict[str, list[int]]]:
    """The functions of each place, under the place's first joint: of thousands only a few need looking for."""
    found: dict[str, dict[str, list[int]]] = {}
    for number, named in places.items():
        for place in named:
            joint = _joint(place, place.index(" "))
            found.setdefault(joint, {}).setdefault(place, []).append(number)
    return found


def _joint(text: str, at: int) -> str:
    """The space there and the characters beside it."""
    return text[max(at - 1, 0) : at + 2]


def _proper_names(text: str) -> Iterable[str]:
    """Runs of two or more capitalised words: "Lũy Đất", "Mẫu Trung"."""
    names: dict[str, None] = {}
    for stretch in text.replace(",", ";").replace("(", ";").replace(")", ";").replace(".", ";").split(";"):
        for capital, run in groupby(stretch.split(), key=lambda word: word[0].isupper()):
            words = tuple(run)
            if capital and len(words) > 1:
                names[" ".join(words)] = None
    return names
