"""A reply prepared for the rules: lower-case, one Unicode form, one placing of tones, quotations masked, offsets kept.

Knows how to look and how to point back into the text as typed; decides nothing.
"""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache
from typing import NamedTuple

from domain.clarity.spelling import spelt
from domain.text import fold, nfc, place_tones, sentences

# A longer reply is judged by its beginning and its end, where positions stand; between them are annexes.
LONGEST = 24_000
_QUOTED = re.compile(r"[“\"«][^“”\"«»\n]{1,400}[”\"»]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
# Open syllables that have a second spelling, in lower case; `place_tones` knows which is kept.
_SPELT_TWICE = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?![^\W\d_])")
_GAP = "\n\x00\n"
# Letters beyond ASCII per hundred below which a stretch counts as typed without diacritics.
_BARE_PERCENT = 2
_STRETCH = re.compile(r"[^.;\n]+")
# A stretch of so many letters without any mark was typed without; so many of a hundred letters typed so decide.
_TELLING_LETTERS = 12
_PART_PERCENT = 20
# Marks that join the letter before them, and characters nobody sees: joiners, direction marks, soft hyphens, controls.
_MARKS = "\u0300-\u036f"
_UNSEEN = "\x00-\x08\x0e-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_ODD = re.compile(f"[{_MARKS}{_UNSEEN}]")
_RUN = re.compile(f"([^{_MARKS}{_UNSEEN}]?)([{_MARKS}{_UNSEEN}]+)", re.DOTALL)
_SEEN_MARK = re.compile(f"[{_MARKS}]")
# No letter of any language carries more; a pile of marks would only cost time.
_MOST_MARKS = 4
# Every way to end a line, as one character each.
_LINE_END = re.compile("[\r\v\f\x85\u2028\u2029]")
# A line broken by its length, not by a sentence's end: it was full, and the next one goes on in lower case.
_BREAK = re.compile(r"\n[ \t]*(?=[^\W\d_]{2})")
_FULL_LINE = 60
_CLOSING = ".;:!?…"


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
        prepared, origins = _prepared(typed)
        self.bare = _is_bare(prepared)
        self.text, self._origins = spelt(prepared.translate(_FOLDED) if self.bare else prepared, origins, self.bare)
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
        return tuple(Hit(*found.span()) for found in expression.finditer(self.own, start, end))

    def sentence_of(self, hit: Hit) -> Hit:
        """The sentence in which the hit begins."""
        return self.sentences[max(bisect_right(self._starts, hit.start) - 1, 0)]

    def typed_span(self, hit: Hit) -> tuple[int, int]:
        """The hit as offsets into the text as typed."""
        return self._origins[hit.start], self._origins[hit.end]

    def read_span(self, start: int, end: int) -> Hit:
        """Offsets into the text as typed as a stretch of the prepared one; what is not read shrinks to nothing."""
        return Hit(bisect_left(self._origins, start), bisect_left(self._origins, end))


def _prepared(typed: str) -> tuple[str, list[int]]:
    """The normalised text, and for each of its characters and its end the offset in the typed one."""
    pieces: list[str] = []
    origins: list[int] = []
    for offset, piece in _kept(typed):
        seen, places = _seen(piece, offset) if piece != _GAP else (_GAP, [offset] * len(_GAP))
        pieces.append(_unwrapped(_LINE_END.sub(_line_end, seen)))
        origins += places
    origins.append(len(typed))
    return _SPELT_TWICE.sub(lambda found: place_tones(found.group()), _lower("".join(pieces))), origins


def _kept(typed: str) -> tuple[tuple[int, str], ...]:
    """The pieces that are read, each with its offset; a mark between them keeps phrases from spanning the gap."""
    if len(typed) <= LONGEST:
        return ((0, typed),)
    half = LONGEST // 2
    return ((0, typed[:half]), (half, _GAP), (len(typed) - half, typed[-half:]))


def _seen(piece: str, offset: int) -> tuple[str, list[int]]:
    """The piece composed and without characters nobody sees, and where each of its characters began."""
    places = list(range(offset, offset + len(piece)))
    if not _ODD.search(piece):
        return piece, places
    characters: list[str] = []
    origins: list[int] = []
    at = 0
    for found in _RUN.finditer(piece):
        composed = _composed(found.group(1), found.group(2))
        characters += (piece[at : found.start()], composed)
        origins += places[at : found.start()]
        origins += [offset + found.start()] * len(composed)
        at = found.end()
    characters.append(piece[at:])
    return "".join(characters), origins + places[at:]


@lru_cache(maxsize=4096)
def _composed(letter: str, run: str) -> str:
    """A letter with the marks after it, in composed form; a run without its letter stays, for want of one."""
    return nfc(letter + "".join(_SEEN_MARK.findall(run)[:_MOST_MARKS]))


def _line_end(found: re.Match[str]) -> str:
    """A carriage return stands beside its line feed; everything else ends a line by itself."""
    return " " if found.group() == "\r" else "\n"


def _unwrapped(text: str) -> str:
    """Lines that were broken by their length joined again. The length stays."""

    def joined(found: re.Match[str]) -> str:
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()].rstrip()
        goes_on = len(line) >= _FULL_LINE and line[-1] not in _CLOSING and text[found.end()].islower()
        return " " * len(found.group()) if goes_on else found.group()

    return _BREAK.sub(joined, text)


def _lower(text: str) -> str:
    """Lower case where that keeps one character."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


class _Folded(dict[int, str]):
    """For `str.translate`: each letter without diacritics where that keeps one character."""

    def __missing__(self, code: int) -> str:
        bare = fold(chr(code))
        self[code] = bare if len(bare) == 1 else chr(code)
        return self[code]


_FOLDED = _Folded()


def _is_bare(text: str) -> bool:
    """Whether the text, or a good part of it under an accented letterhead, was typed (almost) without diacritics."""
    bare = whole = 0
    for line in _STRETCH.findall(text):
        letters = sum(map(str.isalpha, line))
        beyond_ascii = sum(map(str.isalpha, "".join(_BEYOND_ASCII.findall(line))))
        whole += letters
        bare += letters if beyond_ascii * 100 < _BARE_PERCENT * letters and letters >= _TELLING_LETTERS else 0
    return bare * 100 >= _PART_PERCENT * whole if whole >= _TELLING_LETTERS else text.isascii()
