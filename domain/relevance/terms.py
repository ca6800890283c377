"""Texts as bags of terms: single words and pairs of neighbours, since most Vietnamese terms have two syllables."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from domain.text import fold, nfc, place_tones

_STRETCH = re.compile(r"[.,;:()\n/–—\"“”]+")
_CLAUSE = re.compile(r"[.;,:\n()–—]+")
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")
# Letters beyond ASCII per hundred below which a draft counts as typed without diacritics.
_BARE_PERCENT = 2


def is_bare(text: str) -> bool:
    """Whether the text was typed (almost) without diacritics."""
    letters = _LETTER.findall(nfc(text))
    return sum(1 for letter in letters if letter > "\x7f") * 100 < _BARE_PERCENT * len(letters)


def written(text: str, bare: bool) -> str:
    """The form in which texts are compared: lower case, one placing of tones; without diacritics when `bare`."""
    return fold(text) if bare else place_tones(nfc(text)).lower()


def clauses(text: str) -> tuple[str, ...]:
    """The stretches between commas and stops: what a "không" reaches."""
    return tuple(clause.strip() for clause in _CLAUSE.split(text) if clause.strip())


def terms(text: str, common: frozenset[str]) -> tuple[str, ...]:
    """The distinct words and pairs of a text in comparing form; numbers, and what is all common words, left out."""
    found: dict[str, None] = {}
    for stretch in _STRETCH.split(text):
        names = _WORD.findall(stretch)
        found.update((word, None) for word in names if _telling(word, common))
        found.update((f"{a} {b}", None) for a, b in pairwise(names) if _pairs(a, b, common))
    return tuple(found)


def _telling(word: str, common: frozenset[str]) -> bool:
    return len(word) > 1 and not word.isdigit() and word not in common


def _pairs(first: str, second: str, common: frozenset[str]) -> bool:
    """A pair needs one word that is not common, and no number."""
    if first.isdigit() or second.isdigit():
        return False
    return first not in common or second not in common


def any_of(phrases: Iterable[str], bare: bool) -> re.Pattern[str]:
    """Finds any phrase as whole words. Without diacritics single syllables mean too much and are left out."""
    kept = [phrase for phrase in phrases if not bare or " " in phrase.strip()]
    # The longest first, so that a phrase is never read as the shorter one it begins with.
    forms = sorted((re.escape(written(phrase, bare)) for phrase in kept), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(forms) + r")(?!\w)" if forms else r"(?!)")


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
