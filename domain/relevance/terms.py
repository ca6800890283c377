"""Texts as bags of terms: single words and pairs of neighbours, since most Vietnamese terms have two syllables."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from domain.text import fold, nfc, place_tones

_STRETCH = re.compile(r"[.,;:()\n/–—\"“”]+")
_CLAUSE = re.compile(r"[.;,:\n()–—]+")
# After a stop, or after a comma with four words behind it.
_STATEMENT = re.compile(r"(?<=[.;:\n])\s+|,\s+(?=\w+ \w+ \w+ \w+)")
_SHORTEST_STATEMENT = 3
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")
# What no reader sees: control and format characters, soft hyphens, marks of direction.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_PILED_MARKS = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")
# White space that breaks no line.
_BLANK = re.compile("[^\\S\n\r\x0b\x0c\x85\u2028\u2029]+")
# An open syllable with the mark on its second vowel (hoà, uỷ): only such a text can have marks to be placed anew.
_SECOND_MARKED = re.compile(r"[oOuU][àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ](?<![qQ][uU].)(?![^\W\d_])")
# Letters beyond ASCII per hundred below which a draft counts as typed without diacritics.
_BARE_PERCENT = 2


def tidied(text: str) -> str:
    """The text in composed form without what nobody sees: no control characters, no piles of marks, single spaces.

    Line breaks stay as they are.
    """
    return _BLANK.sub(" ", nfc(_PILED_MARKS.sub(r"\1", _UNSEEN.sub("", text))))


def is_bare(text: str) -> bool:
    """Whether the text was typed (almost) without diacritics."""
    letters = _LETTER.findall(nfc(text))
    return sum(1 for letter in letters if letter > "\x7f") * 100 < _BARE_PERCENT * len(letters)


def written(text: str, bare: bool) -> str:
    """The form in which texts are compared: lower case, one placing of tones; without diacritics when `bare`."""
    if bare:
        return fold(text)
    composed = nfc(text)
    return (place_tones(composed) if _SECOND_MARKED.search(composed) else composed).lower()


def clauses(text: str) -> tuple[str, ...]:
    """The stretches between commas and stops: what a "không" reaches."""
    return tuple(clause.strip() for clause in _CLAUSE.split(text) if clause.strip())


def statements(text: str) -> tuple[str, ...]:
    """The sentences and longer clauses of a draft, as written: what is compared with what is known of a task."""
    return tuple(piece.strip() for piece in _STATEMENT.split(text) if len(piece.split()) >= _SHORTEST_STATEMENT)


def terms(text: str, common: frozenset[str]) -> tuple[str, ...]:
    """The distinct words and pairs of a text in comparing form; numbers, and what is all common words, left out."""
    found: dict[str, None] = {}
    for stretch in _STRETCH.split(text):
        names = _WORD.findall(stretch)
        found.update(dict.fromkeys([n for n in names if len(n) > 1 and n not in common and not n.isdigit()]))
        # A pair needs one word that is not common, and no number.
        pairs = [pair for pair in pairwise(names) if pair[0] not in common or pair[1] not in common]
        found.update(dict.fromkeys([f"{a} {b}" for a, b in pairs if not (a.isdigit() or b.isdigit())]))
    return tuple(found)


def groups(text: str, common: frozenset[str]) -> tuple[str, ...]:
    """The distinct groups of one to three neighbouring words, numbers as `#`; a lone common word or number is none."""
    names = ["#" if word[0].isdigit() else word for word in _WORD.findall(text)]
    found = dict.fromkeys(name for name in names if name != "#" and name not in common)
    found.update(dict.fromkeys(map(" ".join, pairwise(names))))
    found.update(dict.fromkeys(map(" ".join, zip(names, names[1:], names[2:], strict=False))))
    return tuple(found)


def any_of(phrases: Iterable[str], bare: bool) -> re.Pattern[str]:
    """Finds any phrase as whole words. Without diacritics single syllables mean too much and are left out."""
    kept = [phrase for phrase in phrases if not bare or " " in phrase.strip()]
    # The longest first, so that a phrase is never read as the shorter one it begins with.
    forms = sorted((re.escape(written(phrase, bare)) for phrase in kept), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(forms) + r")(?!\w)" if forms else r"(?!)")


def shortened(text: str, most: int) -> str:
    """The text, cut at a word with an ellipsis when it is longer than `most` characters."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def joined(found: Sequence[str]) -> tuple[str, ...]:
    """Terms as a person would name them: pairs that overlap become one ("chống thiên", "thiên tai": "chống thiên tai").

    The order of `found` stays; a lone word is named only when no pair holds it.
    """
    phrases: list[list[str]] = []
    for term in found:
        pair = term.split(" ")
        before = next((phrase for phrase in phrases if len(pair) > 1 and phrase[-1] == pair[0]), None)
        after = next((phrase for phrase in phrases if len(pair) > 1 and phrase[0] == pair[1]), None)
        if before is not None and before is not after:
            before.append(pair[1])
        elif after is not None:
            after.insert(0, pair[0])
        elif not any(set(pair) <= set(phrase) for phrase in phrases):
            phrases.append(pair)
    return tuple(dict.fromkeys(" ".join(phrase) for phrase in phrases))


def runs(text: str, found: Iterable[str]) -> tuple[str, ...]:
    """Where the terms stand in the text (in comparing form), as whole stretches: what overlaps or touches is one."""
    names = _WORD.findall(text)
    marked = [False] * len(names)
    for term in found:
        words = term.split(" ")
        for start in range(len(names) - len(words) + 1):
            if names[start : start + len(words)] == words:
                marked[start : start + len(words)] = [True] * len(words)
    stretches = (tuple(one) for mark, one in groupby(zip(marked, names, strict=True), key=lambda pair: pair[0]) if mark)
    return tuple(dict.fromkeys(" ".join(name for _, name in stretch) for stretch in stretches))
