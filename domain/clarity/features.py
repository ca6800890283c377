"""What the second opinion sees of a sentence: word groups, the lexicon's lists, what stands around, what it repeats.

Named features with a strength. The same function serves fitting and reading, so both see the same.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from math import sqrt

from domain.clarity.case import Case
from domain.clarity.lexicon import Lexicon
from domain.text import fold

Features = dict[str, float]

_TOKEN = re.compile(r"[^\W_]+(?:[.,/]\d+)*|¤+|[:;?!…]")
_LONGEST_GROUP = 3
_STEP, _LONGEST_STEP = 5, 6
# A sentence's own features share this strength, so that long sentences are not louder than short ones.
_LOUDNESS = 6.0
# What stands before and after is heard more softly; its lists and shape are clearer than its words.
_NEIGHBOUR_WORD, _NEIGHBOUR_LIST = 0.25, 0.5
_STEPS_OF_SHARE = 4
# These lists are every second word.
_TOO_COMMON = ("function_words", "draft_words")
LISTS = tuple(name for name in Lexicon.model_fields if name not in _TOO_COMMON)


def sentence_features(case: Case) -> tuple[Features, ...]:
    """The features of every sentence, in order."""
    own = [tuple(_own(case, place)) for place in range(len(case.telling))]
    return tuple(_heard(case, own, place) for place in range(len(own)))


def _heard(case: Case, own: list[tuple[str, ...]], place: int) -> Features:
    """The sentence with what stands around it and what it repeats."""
    strength = _LOUDNESS / sqrt(len(own[place]) or 1)
    heard = dict.fromkeys(own[place], strength)
    for step in (-1, 1):
        if 0 <= place + step < len(own):
            heard.update(_neighbour(step, own[place + step]))
    heard.update(dict.fromkeys(_repeats(case, place), 1.0))
    return heard


def _neighbour(step: int, features: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    side = "after" if step > 0 else "before"
    for name in features:
        if name.startswith(("list:", "is:")):
            yield f"{side} {name}", _NEIGHBOUR_LIST
        elif not name.startswith("~") and name.count(" ") < _LONGEST_GROUP - 1:
            yield f"{side} {name}", _NEIGHBOUR_WORD


def _own(case: Case, place: int) -> Iterator[str]:
    """The names of the features that the sentence itself has, each once."""
    sentence = case.telling[place]
    own = case.reading.own[sentence.start : sentence.end]
    folded = _tokens(fold(own))
    yield from dict.fromkeys(_groups(["^", *folded, "$"]))
    if not case.reading.bare:
        yield from dict.fromkeys(_accented(_tokens(own)))
    yield from (f"list:{name}" for name in LISTS if case.hits_in(name, sentence))
    yield from _shape(case, place, folded)


def _tokens(text: str) -> list[str]:
    """The words; every number is `#`, every quotation `¤`."""
    return ["#" if word[0].isdigit() else word[0] if word[0] == "¤" else word for word in _TOKEN.findall(text)]


def _groups(tokens: list[str]) -> Iterator[str]:
    """One to three neighbours."""
    for size in range(1, _LONGEST_GROUP + 1):
        yield from (" ".join(tokens[at : at + size]) for at in range(len(tokens) - size + 1))


def _accented(tokens: list[str]) -> Iterator[str]:
    """Pairs as they were written: without diacritics "dang" is đang, đáng, đảng and dạng."""
    return (f"~{first} {second}" for first, second in pairwise(tokens))


def _shape(case: Case, place: int, tokens: list[str]) -> Iterator[str]:
    """Where the sentence stands and what it looks like."""
    last = len(case.telling) - 1
    yield f"long:{min(_LONGEST_STEP, len(tokens) // _STEP)}"
    shapes = {
        "first": place == 0,
        "last": place == last,
        "only": last == 0,
        "figure": "#" in tokens,
        "quote": "¤" in tokens,
        "asked": bool(case.reply.questions),
    }
    yield from (f"is:{name}" for name, holds in shapes.items() if holds)


def _repeats(case: Case, place: int) -> Iterator[str]:
    """How much of a question and of the draft's title the sentence repeats, in quarters."""
    said = frozenset(case.words_in(case.telling[place]))
    title = case.subject_words
    yield f"title:{_quarter(len(said & title), len(title))}"
    shares = []
    for question in case.reply.questions:
        asked = case.content(question)
        shares.append(_quarter(sum(word in said for word in asked), len(asked)))
    if shares:
        yield f"question:{max(shares)}"


def _quarter(part: int, whole: int) -> int:
    """0 to 3."""
    return min(_STEPS_OF_SHARE - 1, _STEPS_OF_SHARE * part // whole) if whole else 0
