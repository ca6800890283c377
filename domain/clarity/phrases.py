"""The little language in which the lexicon's phrases are written, and how they are found in a text.

`word` itself · `(a|b c)` one of · `[a|b]` perhaps one of · `...` up to six words of the same clause · `<số>` a number ·
`<mục>` numbers or letters of articles and points, several of them joined too.
Knows nothing of positions or faults.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

_TOKEN = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\.\.\.|[^\s()\[\]]+")
_GAP = r"(?:\s+[^\s;:!?]*[^\s;:!?.]){0,6}?"
_NUMBER = r"\d[\d.,/]*"
_PLACE = r"(?:\d[\d./]*[a-eđ]?|[ivx]+(?:\.[\divx]+)*|[a-eđ])"
_PLACES = rf"{_PLACE}(?:\s*(?:,|và|va|đến|den|-|–)\s*{_PLACE}(?!\w))*"
_NAMED = {"<số>": _NUMBER, "<so>": _NUMBER, "<mục>": _PLACES, "<muc>": _PLACES}
_ANY = "..."
_LONGEST = 1500


class PhraseFault(StrEnum):
    """What can be wrong with a phrase; the end of the key of the loader's sentence."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    BRACKETS = "brackets"
    NO_WORD = "no_word"
    GAP = "gap"


class PhraseInvalid(ValueError):  # noqa: N818 - what is wrong is the phrase
    """A phrase the little language does not allow."""

    def __init__(self, fault: PhraseFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def pattern(phrase: str) -> str:
    """The regular expression of one phrase. Raises PhraseInvalid."""
    tokens = _TOKEN.findall(phrase)
    fault = _fault(phrase, tokens)
    if fault:
        raise PhraseInvalid(fault)
    return r"(?<!\w)" + _joined(tokens) + r"(?!\w)"


def _fault(phrase: str, tokens: list[str]) -> PhraseFault | None:
    """The first rule of the language that the phrase breaks."""
    if not tokens:
        return PhraseFault.EMPTY
    if len(phrase) > _LONGEST:
        return PhraseFault.TOO_LONG
    if _TOKEN.sub("", phrase).strip() or any(token[0] in "([" and not _options(token) for token in tokens):
        return PhraseFault.BRACKETS
    if all(token[0] == "[" or token == _ANY for token in tokens):
        return PhraseFault.NO_WORD
    first_word = next(place for place, token in enumerate(tokens) if token[0] != "[" and token != _ANY)
    return PhraseFault.GAP if _ANY in (*tokens[:first_word], tokens[-1]) else None


def _joined(tokens: list[str]) -> str:
    """The tokens one after another; each brings the white space before it, leading optional ones that after them."""
    out = ""
    started = False
    for part in tokens:
        if part == _ANY:
            out += _GAP
        elif part.startswith("["):
            out += rf"(?:\s+{_choice(part)})?" if started else rf"(?:{_choice(part)}\s+)?"
        else:
            out += (r"\s+" if started else "") + _word(part)
            started = True
    return out


def _word(token: str) -> str:
    return _choice(token) if token.startswith("(") else _literal(token)


def _choice(token: str) -> str:
    return "(?:" + "|".join(r"\s+".join(map(_literal, option)) for option in _options(token)) + ")"


def _options(token: str) -> list[list[str]]:
    """The alternatives as words, the longest first, so that "sửa đổi" is never read as "sửa"."""
    return sorted((option.split() for option in token[1:-1].split("|") if option.strip()), key=len, reverse=True)


def _literal(word: str) -> str:
    if word in _NAMED:
        return _NAMED[word]
    return re.escape(word.removesuffix(",")) + ",?" if word.endswith(",") else re.escape(word)


def compiled(phrases: Iterable[str]) -> re.Pattern[str]:
    """One expression that finds any of the phrases; it never matches when there are none."""
    # The borders stand once around all phrases: nine places in ten are dismissed before any phrase is tried.
    forms = [_joined(_TOKEN.findall(phrase)) for phrase in phrases]
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{form})" for form in forms) + r")(?!\w)" if forms else r"(?!)")
