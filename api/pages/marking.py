"""Marking stretches of a text on a page: faults of a reply, words that were searched. The text itself never changes."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from domain.text import fold, words

_WORD = re.compile(r"[^\W_]+")


class Stretch(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102


class Piece(NamedTuple):
    """A piece of the text; `mark`: the number (from 1) of what marks it, 0 for plain text."""

    text: str
    mark: int = 0


def pieces(text: str, stretches: Sequence[Stretch]) -> tuple[Piece, ...]:
    """The text cut at the stretches, in order; of overlapping ones the first keeps what both claim."""
    found: list[Piece] = []
    at = 0
    for number, stretch in sorted(enumerate(stretches, 1), key=lambda one: (one[1].start, -one[1].end)):
        start, end = max(stretch.start, at), min(stretch.end, len(text))
        if start >= end:
            continue
        found += [Piece(text[at:start]), Piece(text[start:end], number)]
        at = end
    return tuple(piece for piece in (*found, Piece(text[at:])) if piece.text)


def searched(text: str, query: str) -> tuple[Piece, ...]:
    """The text as it was written, with every word that begins or holds a word of the query marked.

    Compared without case and diacritics: "dat dai" marks "đất đai".
    """
    wanted = words(query)
    if not wanted:
        return (Piece(text),) if text else ()
    return pieces(text, list(_hits(text, wanted)))


class _Hit(NamedTuple):
    start: int
    end: int


def _hits(text: str, wanted: Iterable[str]) -> Iterable[_Hit]:
    for found in _WORD.finditer(text):
        if any(word in fold(found.group()) for word in wanted):
            yield _Hit(found.start(), found.end())
