"""Common slips of the keyboard put right before a reply is read: "ko", "đc", "khongg". Offsets keep pointing back.

Only what has one meaning; whoever types is never told off for it.
"""

import re

from domain.clarity.syllable import is_syllable
from domain.text import fold

# What stands for what; "k" and "kg" only before words that make them a "không", since both are units too.
_SHORT = {
    "ko": "không",
    "khg": "không",
    "hok": "không",
    "khong": "không",
    "đc": "được",
    "dc": "được",
    "đuợc": "được",
    "đựơc": "được",
    "duoc": "được",
    "thong nhat": "thống nhất",
    "thông nhất": "thống nhất",
    "thống nhât": "thống nhất",
    "thông nhât": "thống nhất",
    "dong y": "đồng ý",
    "đồng y": "đồng ý",
    "nhat tri": "nhất trí",
    "nhất tri": "nhất trí",
    "nhât trí": "nhất trí",
}
_NO_UNIT = "thống|đồng|nhất|tán|có|phải|nên|đủ|còn|cần|thể|được|thuộc|ủng|chấp|thấy"
_UNIT_LIKE = rf"(?<!\d)(?<!\d )kg?(?=\s+(?:{_NO_UNIT}|{fold(_NO_UNIT)})(?!\w))"
_SLIP = re.compile(
    r"(?<![\w/.-])(?:" + "|".join(word.replace(" ", r"\s+") for word in _SHORT) + rf"|{_UNIT_LIKE})(?![\w/])"
)
_TWICE = re.compile(r"([^\W\d_])\1")
_LONGEST = 10
_WORD = re.compile(rf"[^\W\d_]{{1,{_LONGEST}}}(?![^\W\d_])")
_RUN = re.compile(r"([^\W\d_])\1+")
_SHORTEST = 3


def spelt(text: str, origins: list[int], bare: bool) -> tuple[str, list[int]]:
    """The prepared text with slips put right, and for each of its characters and its end the offset as typed.

    Every character put in points to where its word began. `bare`: what is put in has no diacritics either.
    """
    slips = sorted((*_shortened(text, bare), *_doubled(text, bare)))
    if not slips:
        return text, origins
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for start, end, right in slips:
        if start >= at:
            pieces += (text[at:start], right)
            places += origins[at:start] + [origins[start]] * len(right)
            at = end
    return "".join(pieces) + text[at:], places + origins[at:]


_Slip = tuple[int, int, str]


def _shortened(text: str, bare: bool) -> list[_Slip]:
    """Short forms and words that lost their marks."""
    slips: list[_Slip] = []
    for found in _SLIP.finditer(text):
        typed = " ".join(found.group().split())
        right = _SHORT.get(typed, "không")
        right = fold(right) if bare else right
        if right != typed:
            slips.append((*found.span(), right))
    return slips


def _doubled(text: str, bare: bool) -> list[_Slip]:
    """Words in which a key was hit twice: no Vietnamese syllable with the letter doubled, one without."""
    slips: list[_Slip] = []
    for twin in _TWICE.finditer(text):
        word = _around(text, twin.start())
        if word and not is_syllable(word.group()):
            right = _RUN.sub(r"\1", word.group())
            if len(right) >= _SHORTEST and is_syllable(right):
                slips.append((*word.span(), right if bare else _SHORT.get(right, right)))
    return slips


def _around(text: str, place: int) -> re.Match[str] | None:
    """The word around the place; None when it is too long for one syllable with slips."""
    first = max(place - _LONGEST, 0)
    start = place
    while start > first and text[start - 1].isalpha():
        start -= 1
    return _WORD.match(text, start) if start > first or not first else None
