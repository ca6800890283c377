"""How often an asked agency had nothing to say on such drafts (F04, F05): what over-consultation looks like afterwards.

It counts; it blames nobody. In doubt something was said: a reply counts as empty only where nothing but agreement and
courtesy is left. Which drafts are alike and who was obliged to be asked is decided by whoever reads the register.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from domain.base import Frozen
from domain.relevance.terms import any_of, is_bare, written
from domain.text import sentences

# How far back "such drafts" are looked for.
MONTHS = 24
# Whoever writes more says more.
LONGEST_PLAIN = 600

_AGREEING = ("thống nhất", "nhất trí", "đồng ý", "đồng thuận", "tán thành")
# What an agreement that says no more goes on with; anything else is its content ("thống nhất cân đối từ nguồn …").
_GOES_ON = (
    *("với", "về", "như", "nội dung", "toàn bộ", "toàn văn", "các nội dung", "dự thảo", "hồ sơ", "cao", "và không"),
    *("hoàn toàn", "chủ trương", "theo dự thảo", "theo đề nghị", "ban hành", "trình"),
)
_SILENT = (
    *("không có ý kiến", "không có nội dung tham gia", "không có nội dung góp ý", "không tham gia ý kiến"),
    *("không có góp ý", "không bổ sung gì", "không có ý kiến gì thêm", "không ý kiến"),
)
_COURTESY = (
    *("kính gửi", "trân trọng", "xin cảm ơn", "cảm ơn", "trên đây là ý kiến", "phúc đáp", "sau khi nghiên cứu"),
    *("thực hiện văn bản", "căn cứ", "nhận được", "có ý kiến như sau"),
)
# Words with which a reply says something of its own, wherever they stand.
_OWN = (
    *("đề nghị", "kiến nghị", "tuy nhiên", "nhưng", "song", "lưu ý", "bổ sung", "chỉnh sửa", "sửa đổi", "điều chỉnh"),
    *("cập nhật", "rà soát", "cân nhắc", "làm rõ", "thay thế", "bãi bỏ", "ngoại trừ", "trừ", "riêng", "với điều kiện"),
    *("cần", "nếu", "bảo đảm", "đảm bảo", "cân đối", "bố trí", "không thuộc", "vì", "do đó", "đối với", "trong đó"),
    *("không thống nhất", "không nhất trí", "không đồng ý", "chưa"),
)
# Whoever closes with "đề nghị cơ quan chủ trì tổng hợp" asks for nothing of its own.
_FORMULA = re.compile(r"(?:đề|de) (?:nghị|nghi) [^.;,\n]{0,100}(?:tổng hợp|tong hop)[^.;\n]{0,80}")
_NUMBERS = re.compile(r"\d+\s*/\s*[\w-]*[^\W\d_][\w/-]*|\d{1,2}/\d{1,2}/\d{4}|\b(?:19|20)\d{2}\b")


class History(Frozen):
    """Of `asked` times in the last 24 months the agency had nothing to say `nothing_to_say` times."""

    asked: int = 0
    nothing_to_say: int = 0


class Asked(NamedTuple):
    """So many asks of one agency that ended alike.

    `out_of_function`: accepted as such. `text`: what a plain agreement said; None where there is none or nobody knows.
    """

    agency: str
    times: int
    out_of_function: bool = False
    text: str | None = None


def histories(asked: Iterable[Asked]) -> dict[str, History]:
    """The record of every agency that was asked at all."""
    found: dict[str, History] = {}
    for one in asked:
        known = found.get(one.agency, History())
        empty = one.times if one.out_of_function or (one.text is not None and says_no_more(one.text)) else 0
        found[one.agency] = History(asked=known.asked + one.times, nothing_to_say=known.nothing_to_say + empty)
    return found


def says_no_more(text: str) -> bool:
    """Whether an agreement's text is agreement and courtesy only. An empty text says no more either."""
    if len(text) > LONGEST_PLAIN:
        return False
    bare = is_bare(text)
    said = _NUMBERS.sub(" ", _FORMULA.sub(" ", written(text, bare)))
    if any(char.isdigit() for char in said) or any_of(_OWN, bare).search(_without(said, _SILENT, bare)):
        return False
    return all(_is_plain(sentence.text, bare) for sentence in sentences(said))


def _is_plain(sentence: str, bare: bool) -> bool:
    """One sentence: no opinion, an agreement that ends there or goes on with the draft, or a polite formula."""
    if any_of(_SILENT, bare).search(sentence) or not any(char.isalpha() for char in sentence):
        return True
    agreed = list(any_of(_AGREEING, bare).finditer(sentence))
    if not agreed:
        return any_of(_COURTESY, bare).search(sentence) is not None
    rest = sentence[agreed[-1].end() :].strip(" .,;:!")
    return not rest or any(_begins(rest, written(word, bare)) for word in _GOES_ON)


def _begins(text: str, word: str) -> bool:
    """As a whole word. Single syllables count here without diacritics too: what follows "thong nhat" is "voi"."""
    return text == word or text.startswith(f"{word} ")


def _without(text: str, phrases: tuple[str, ...], bare: bool) -> str:
    return any_of(phrases, bare).sub(" ", text)
