"""Vietnamese text made comparable: one Unicode form, one placing of tone marks, folding, words, sentences with offsets.

Knows nothing of consultations. Offsets always point into the text exactly as it was typed.
"""

import re
import unicodedata
from typing import NamedTuple

_TONED = {
    "a": "àáảãạ",
    "e": "èéẻẽẹ",
    "o": "òóỏõọ",
    "u": "ùúủũụ",
    "y": "ỳýỷỹỵ",
}


def _old_placement() -> dict[str, str]:
    """Every modern pair (oà, oè, uý) with its traditional twin (òa, òe, úy), in all mixtures of case."""
    pairs: dict[str, str] = {}
    for first, second in (("o", "a"), ("o", "e"), ("u", "y")):
        for tone in range(5):
            modern, old = first + _TONED[second][tone], _TONED[first][tone] + second
            for big_first, big_second in ((False, False), (True, False), (True, True), (False, True)):
                pairs[_cased(modern, big_first, big_second)] = _cased(old, big_first, big_second)
    return pairs


def _cased(pair: str, big_first: bool, big_second: bool) -> str:
    return (pair[0].upper() if big_first else pair[0]) + (pair[1].upper() if big_second else pair[1])


_OLD = _old_placement()
# Only an open syllable has two spellings (hòa, hoà; but only hoàn), and in "quý" the u belongs to the consonant.
_MODERN = re.compile("(?<![qQ])(" + "|".join(_OLD) + r")(?![^\W\d_])")

# Function words of administrative prose, folded; content words decide relevance, these never do.
_STOP_WORDS = frozenset(
    re.split(
        r"\s+",
        """va cua cac cho voi tai trong theo den ve la co duoc do de nhung nay thi ma o tu mot so khi khong se da cung
        nhu noi dung viec phai truoc sau tren duoi ra vao con bang hoac moi nhieu it rat nen hay gi day dang chi
        neu vi boi gom thuoc muc phan hien nay nam ngay thang""",
    )
)

_WORD = re.compile(r"[^\W_]+")
# A full stop ends a sentence only before white space, and not after an initial, one of these short forms or the
# numeral that opens a point of a list ("1. Nhất trí").
_STOP = re.compile(r"(?:[.!?…]+[\"”»')\]]*|;)(?=\s|$)|\n+")
_SHORT_FORM = re.compile(r"(?:^|[\s(/,])(?:[^\W\d]|KT|TL|TM|TUQ|TP|TX|TT|tr|ThS|TS|GS|PGS|BS|v\.v)$", re.IGNORECASE)
_POINT = re.compile(r"\s*\d{1,2}")


class Span(NamedTuple):
    """A stretch of a text: `source[start:end] == text`."""

    text: str
    start: int
    end: int


def nfc(text: str) -> str:
    """The composed Unicode form (ị as one character), the form in which everything is stored and hashed."""
    return unicodedata.normalize("NFC", text)


def place_tones(composed: str) -> str:
    """The traditional placing of tone marks in composed text: hoà → hòa, uỷ → ủy, khoẻ → khỏe. The length stays."""
    return _MODERN.sub(lambda found: _OLD[found.group()], composed)


def fold(text: str) -> str:
    """Case and diacritics removed, for search: `Ủy ban` and `uỷ ban`, in NFC or NFD, both give `uy ban`. Idempotent."""
    bare = unicodedata.normalize("NFD", nfc(text).casefold().replace("đ", "d"))
    marks = {ord(char): None for char in dict.fromkeys(bare) if unicodedata.category(char) == "Mn"}
    return nfc(bare.translate(marks))


def words(text: str) -> tuple[str, ...]:
    """The folded words and numbers of the text, in order."""
    return tuple(_WORD.findall(fold(text)))


def content_words(text: str) -> tuple[str, ...]:
    """The folded words in order without function words and single characters."""
    return tuple(word for word in words(text) if len(word) > 1 and word not in _STOP_WORDS)


def sentences(text: str) -> tuple[Span, ...]:
    """The text's sentences; line breaks and semicolons divide too, since official letters list points that way."""
    spans: list[Span] = []
    start = 0
    for found in _STOP.finditer(text):
        if found.group() == "." and _glued(text, start, found.start()):
            continue
        _append(spans, text, start, found.end())
        start = found.end()
    _append(spans, text, start, len(text))
    return tuple(spans)


def _glued(text: str, start: int, stop: int) -> bool:
    """Whether the full stop at `stop` belongs to a short form or to a point's number, not to the sentence's end."""
    return bool(_POINT.fullmatch(text, start, stop) or _SHORT_FORM.search(text[max(start, stop - 8) : stop]))


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    """Add the stretch trimmed of surrounding white space, unless nothing is left of it."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    if left < right:
        spans.append(Span(text[left:right], left, right))
