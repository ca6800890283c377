"""A reply prepared for the rules: lower-case, one Unicode form, one placing of tones, quotations masked, offsets kept.

Knows how to look and how to point back into the text as typed; decides nothing.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import NamedTuple

from domain.text import fold, nfc, place_tones, sentences

# A longer reply is judged by its beginning and its end, where positions stand; between them are annexes.
LONGEST = 40_000
_QUOTED = re.compile(r"[“\"«][^“”\"«»\n]{1,400}[”\"»]")
_LETTER = re.compile(r"[^\W\d_]")
_GAP = "\n\x00\n"
# Letters beyond ASCII per hundred below which a text counts as typed without diacritics.
_BARE_PERCENT = 2


class Hit(NamedTuple):
    """A stretch of the prepared text, by offsets into it."""

    start: int
    end: int

    def meets(self, other: "Hit") -> bool:
        """Whether the two stretches share a character."""
        return self.start < other.end and other.start < self.end


class Reading:
    """One text as the rules see it.

    `text` is the prepared text, `own` the same with quotations masked, so that words an agency only cites are never
    taken for its own. `bare`: typed without diacritics; then both are folded and phrases must be folded too.
    """

    def __init__(self, typed: str) -> None:
        self.typed = typed
        prepared, self._origins = _prepared(typed)
        self.bare = _is_bare(prepared)
        self.text = "".join(map(_folded, prepared)) if self.bare else prepared
        self.own = _QUOTED.sub(lambda found: "¤" * len(found.group()), self.text)

    @cached_property
    def sentences(self) -> tuple[Hit, ...]:
        """The sentences, in order; a full stop inside a quotation divides nothing."""
        return tuple(Hit(span.start, span.end) for span in sentences(self.own))

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def find(self, expression: re.Pattern[str], within: Hit | None = None) -> tuple[Hit, ...]:
        """Where the agency's own words match, in order; only inside `within` when given."""
        start, end = within or (0, len(self.own))
        return tuple(Hit(found.start(), found.end()) for found in expression.finditer(self.own, start, end))

    def sentence_of(self, hit: Hit) -> Hit:
        """The sentence in which the hit begins."""
        return self.sentences[max(bisect_right(self._starts, hit.start) - 1, 0)]

    def typed_span(self, hit: Hit) -> tuple[int, int]:
        """The hit as offsets into the text as typed."""
        return self._origins[hit.start], self._origins[hit.end]


def _prepared(typed: str) -> tuple[str, list[int]]:
    """The normalised text, and for each of its characters and its end the offset in the typed one."""
    characters: list[str] = []
    origins: list[int] = []
    for offset, piece in _kept(typed):
        for start, cluster in _clusters(piece):
            composed = nfc(cluster)
            characters.append(composed)
            origins.extend([offset + (start if piece != _GAP else 0)] * len(composed))
    origins.append(len(typed))
    return place_tones("".join(map(_lower, "".join(characters)))), origins


def _kept(typed: str) -> tuple[tuple[int, str], ...]:
    """The pieces that are read, each with its offset; a mark between them keeps phrases from spanning the gap."""
    if len(typed) <= LONGEST:
        return ((0, typed),)
    half = LONGEST // 2
    return ((0, typed[:half]), (half, _GAP), (len(typed) - half, typed[-half:]))


def _clusters(piece: str) -> list[tuple[int, str]]:
    """Each base character with the marks that follow it, and where it starts."""
    clusters: list[tuple[int, str]] = []
    for place, char in enumerate(piece):
        if clusters and unicodedata.combining(char):
            start, cluster = clusters[-1]
            clusters[-1] = (start, cluster + char)
        else:
            clusters.append((place, char))
    return clusters


def _lower(char: str) -> str:
    """Lower case where that keeps one character."""
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char


@lru_cache(maxsize=2048)
def _folded(char: str) -> str:
    """The letter without diacritics where that keeps one character."""
    bare = fold(char)
    return bare if len(bare) == 1 else char


def _is_bare(text: str) -> bool:
    """Whether the text was typed (almost) without diacritics."""
    letters = _LETTER.findall(text)
    beyond_ascii = sum(1 for letter in letters if letter > "\x7f")
    return beyond_ascii * 100 < _BARE_PERCENT * len(letters)
