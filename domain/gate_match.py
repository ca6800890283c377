"""Does a function touch what the lead named? Deterministic word evidence, for the gate and for pointers.

Money, land, fire safety and the like cut across fields, so a field alone cannot decide; the words can. It weighs the
words and neighbouring pairs (in Vietnamese the pair is the term: "ngân sách") that a function shares with the named
parts and questions, rare ones more, those of the title twice. It suggests nothing and learns nothing.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from math import log
from typing import NamedTuple

from domain.directory import Agency, Directory, Function
from domain.text import content_words, fold, nfc, place_tones

# What the evidence must reach: BASE for a few words, rising with the distinct words named, because a long text shares
# something with every function. Measured on the labelled drafts (tests/data): with the whole text as the part 95 % of
# the truly related functions pass, field matches included; unrelated functions fail on 96 % of single sentences.
BASE = 4.0
RISE = 1.3
LONG = 80
TITLE_WEIGHT = 2.0
COVER_WEIGHT = 20.0
TITLE_COVER_WEIGHT = 10.0

# Pairs of administrative prose that say nothing about whose matter it is, folded; rare among the functions' own words,
# they would weigh most of all.
_COMMON = """
    du_thao quy_dinh thong_nhat kha_nang bo_tri yeu_cau bo_sung bao_dam ket_qua thoi_gian thoi_han
    dieu_kien xac_dinh xac_nhan doi_tuong giai_quyet bao_cao phuc_vu tham_gia ke_hoach phuong_an to_chuc
    ho_tro xu_ly quan_ly cong_trinh thong_tin du_an tham_quyen uu_tien khao_sat mo_rong doi_chieu
    cam_ket kho_khan ubnd_tinh danh_gia kiem_tra he_thong chuong_trinh thuc_hien trung_tam trung_uong
    tiep_nhan quy_trinh ty_le khu_vuc co_so hoat_dong tham_dinh nha_nuoc dia_ban tham_muu
"""
COMMONPLACES = frozenset(pair.replace("_", " ") for pair in _COMMON.split())

_WORD = re.compile(r"[^\W_]+")
_BREAK = re.compile(r"[.,;:()\n/–—\"“”]+")
_ASIDE = re.compile(r"\([^)]*\)")
_PHRASE = re.compile(r"\w+(?: \w+)+")


class Named(NamedTuple):
    """What the lead named for one agency, ready to be compared: distinct words, pairs, and the text for place names.

    `bare`: typed without diacritics, to be compared with wordings that have lost theirs too.
    """

    words: dict[str, None]
    pairs: dict[str, None]
    plain: str
    bare: bool

    @classmethod
    def of(cls, texts: Iterable[str], agency: Agency | None = None) -> "Named":
        """The texts without the agency's own name: "Sở Y tế có ý kiến gì" says nothing about health."""
        text = _compared("\n".join(texts))
        for name in _names(agency.name if agency else ""):
            text = text.replace(name, "\n")
        return _read(text)

    @property
    def required(self) -> float:
        """The evidence a function must reach on this much text."""
        return BASE + RISE * min(len(self.words), LONG) / LONG


class _Wording(NamedTuple):
    """One function's words and pairs, each with its weight, and those of its title."""

    words: dict[str, float]
    title_words: dict[str, float]
    pairs: dict[str, float]


class FunctionIndex:
    """The words of every function of a directory, weighed by rarity among the functions. Built once, then only read."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @cached_property
    def _wordings(self) -> dict[str, _Wording]:
        return self._weighed(lambda text: _written(text).casefold())

    @cached_property
    def _bare_wordings(self) -> dict[str, _Wording]:
        return self._weighed(fold)

    @cached_property
    def _places(self) -> dict[str, tuple[str, ...]]:
        """The place names each commune's functions govern; no other agency is found by place."""
        communes = [f for f in self._directory.functions if self._directory.agency(f.agency).kind == "commune"]
        return {f.id: tuple(dict.fromkeys(_proper_names(_written(f"{f.title}. {f.text}")))) for f in communes}

    def _weighed(self, form: Callable[[str], str]) -> dict[str, _Wording]:
        functions = self._directory.functions
        titles = {f.id: _vocabulary(form(_ASIDE.sub(" ", f.title))) for f in functions}
        bodies = {f.id: _vocabulary(form(f.text)) for f in functions}
        words = {id: {**titles[id][0], **bodies[id][0]} for id in titles}
        pairs = {id: _telling_pairs({**titles[id][1], **bodies[id][1]}) for id in titles}
        rare, rare_pairs = _rarity(words.values()), _rarity(pairs.values())
        return {
            id: _Wording(
                words={word: rare[word] for word in words[id]},
                title_words={word: rare[word] for word in titles[id][0]},
                pairs={p: rare_pairs[p] * (TITLE_WEIGHT if p in titles[id][1] else 1.0) for p in pairs[id]},
            )
            for id in titles
        }

    def evidence(self, function: str, named: Named) -> float:
        """How much the function's wording and what was named have in common, in the units of `Named.required`."""
        if function in self._places:
            return named.required if _mentions(named, self._places[function]) else 0.0
        wording = (self._bare_wordings if named.bare else self._wordings)[function]
        pairs = sum(weight for pair, weight in wording.pairs.items() if pair in named.pairs)
        cover = COVER_WEIGHT * _cover(wording.words, named)
        return pairs + cover + TITLE_COVER_WEIGHT * _cover(wording.title_words, named)

    def touches(self, function: str, named: Named) -> bool:
        """Whether the evidence reaches what the text requires."""
        return self.evidence(function, named) >= named.required

    def nearest(self, named: Named, day: date, lead: str, count: int = 3) -> tuple[Function, ...]:
        """The functions in force that come nearest to what was named, best first, the lead's own left out."""
        others = [f for f in self._directory.functions_on(day) if f.agency != lead]
        scored = sorted(((self.evidence(f.id, named), f) for f in others), key=lambda pair: (-pair[0], pair[1].id))
        return tuple(f for score, f in scored[:count] if score > 0)


def _written(text: str) -> str:
    return place_tones(nfc(text))


# Thousands of communes are asked about the same part: what was read once is not read again.
@lru_cache(maxsize=256)
def _compared(text: str) -> str:
    return _written(text).casefold()


@lru_cache(maxsize=256)
def _read(text: str) -> Named:
    return Named(*_vocabulary(text), text, fold(text) == text)


def _proper_names(text: str) -> Iterable[str]:
    """Runs of two or more capitalised words, in lower case: "Lũy Đất", "Mẫu Trung"."""
    for phrase in _PHRASE.findall(text):
        runs = groupby(phrase.split(" "), key=lambda word: word[0].isupper())
        names = [list(run) for capital, run in runs if capital]
        yield from (" ".join(name).casefold() for name in names if len(name) > 1)


@lru_cache(maxsize=8192)
def _names(name: str) -> tuple[str, ...]:
    """The ways an agency's name is written in a letter, in the form the texts are compared in."""
    written = _written(name).casefold()
    forms = [written, written.replace("ủy ban nhân dân", "ubnd")] if written else []
    return tuple(dict.fromkeys([*forms, *(fold(form) for form in forms)]))


@lru_cache(maxsize=4096)
def _vocabulary(text: str) -> tuple[dict[str, None], dict[str, None]]:
    """The distinct content words, and the pairs of neighbours that no punctuation parts; callers never change them."""
    words: dict[str, None] = {}
    pairs: dict[str, None] = {}
    for stretch in _BREAK.split(text):
        found = [word for word in _WORD.findall(stretch) if _telling(word)]
        words.update(dict.fromkeys(found))
        pairs.update(dict.fromkeys(f"{a} {b}" for a, b in pairwise(found)))
    return words, pairs


@lru_cache(maxsize=16384)
def _telling(word: str) -> bool:
    """Whether the word is one that decides relevance: not a function word, not a single character."""
    return bool(content_words(word))


def _telling_pairs(pairs: dict[str, None]) -> dict[str, None]:
    return {pair: None for pair in pairs if fold(pair) not in COMMONPLACES}


def _rarity(vocabularies: Iterable[dict[str, None]]) -> dict[str, float]:
    """The weight of each term: the logarithm of how many functions there are for one that uses it."""
    seen = 0
    counts: dict[str, int] = {}
    for vocabulary in vocabularies:
        seen += 1
        for term in vocabulary:
            counts[term] = counts.get(term, 0) + 1
    return {term: log(seen / count) for term, count in counts.items()}


def _cover(weights: dict[str, float], named: Named) -> float:
    """The share, by weight, of the wording's words that were named."""
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in named.words) / total if total else 0.0


def _mentions(named: Named, places: tuple[str, ...]) -> bool:
    """Whether a place is named; text typed without diacritics is compared without them."""
    return any((fold(place) if named.bare else place) in named.plain for place in places)
