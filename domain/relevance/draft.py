"""A draft as the suggester reads it: its terms with weights, negated clauses left out, synonyms added."""

import re
from functools import cached_property
from typing import NamedTuple

from domain.relevance.model import Concept, Synonyms
from domain.relevance.terms import any_of, clauses, terms, written
from domain.text import nfc, place_tones

# A lone word says a quarter of what a pair says; the title half as much again; a synonym half of what was written.
WORD_WEIGHT = 0.25
TITLE_WEIGHT = 1.5
SYNONYM_WEIGHT = 0.5


class _Read(NamedTuple):
    """A concept ready for matching: what it is recognised by, what withdraws it, and the terms it adds."""

    said: re.Pattern[str]
    cancelled: re.Pattern[str]
    means: tuple[str, ...]


class Reader:
    """The synonyms compiled for one way of writing (`bare`: without diacritics). Built once, then only read."""

    def __init__(self, synonyms: Synonyms, bare: bool) -> None:
        self.bare = bare
        self.common = frozenset(written(word, bare) for word in synonyms.common_words)
        # Single negating words stay without diacritics too: "khong" is never anything else.
        self._negation = re.compile(
            r"(?<!\w)(?:" + "|".join(re.escape(written(phrase, bare)) for phrase in synonyms.negations) + r")(?!\w)"
        )
        self._old_names = tuple((any_of(old.said, bare), written(old.means, bare)) for old in synonyms.old_names)
        self._own = any_of(synonyms.own_matters, bare)
        self._concepts = tuple(self._read(concept) for concept in (*synonyms.concepts, *synonyms.old_names))

    def _read(self, concept: Concept) -> _Read:
        means = terms(written(concept.means, self.bare), self.common)
        return _Read(any_of(concept.said, self.bare), any_of(concept.cancelled_by, self.bare), means)

    def affirmed(self, text: str) -> tuple[str, ...]:
        """The clauses that say what is done, not what is not."""
        return tuple(clause for clause in clauses(text) if not self._negation.search(clause))

    def denies(self, statement: str) -> bool:
        """Whether the statement (in comparing form) says what is not done or is settled."""
        return bool(self._negation.search(statement))

    def own_matters(self, whole: str) -> int:
        """How many different words show that the draft settles something of its own house."""
        return len(dict.fromkeys(self._own.findall(whole)))

    def understood(self, statement: str) -> str:
        """The statement (in comparing form) with what the old names in it are called today."""
        return " ".join((statement, *(today for old, today in self._old_names if old.search(statement))))

    def meanings(self, clause: str, whole: str) -> tuple[tuple[str, ...], ...]:
        """The terms that the clause's synonyms add, withdrawn ones left out."""
        return tuple(c.means for c in self._concepts if c.said.search(clause) and not c.cancelled.search(whole))


class Draft:
    """One matter: title and text. `weights` holds every term with its weight."""

    def __init__(self, subject: str, text: str, reader: Reader) -> None:
        self.subject = written(subject, reader.bare)
        self.text = written(text, reader.bare)
        # Capitals tell a place name from common words: "sông Mẫu" is not the square "Sông Mẫu".
        self.names = self.whole if reader.bare else place_tones(nfc(f"{subject}. {text}"))
        self._reader = reader

    @property
    def whole(self) -> str:
        """Title and text."""
        return f"{self.subject}. {self.text}"

    @cached_property
    def length(self) -> int:
        """How many words were written."""
        return len(self.whole.split())

    @cached_property
    def weights(self) -> dict[str, float]:
        """Each term with its weight; what stands in several places counts once, at its highest."""
        weights: dict[str, float] = {}
        added: list[tuple[tuple[str, ...], float]] = []
        parts = [(self.subject, TITLE_WEIGHT), *((clause, 1.0) for clause in self._reader.affirmed(self.text))]
        for clause, weight in parts:
            added.append((terms(clause, self._reader.common), weight))
            added += [(means, weight * SYNONYM_WEIGHT) for means in self._reader.meanings(clause, self.whole)]
        for found, weight in added:
            for term in found:
                weights[term] = max(weights.get(term, 0.0), weight * (1.0 if " " in term else WORD_WEIGHT))
        return weights
