"""Earlier consultations on a similar matter: "đã hỏi 4 tháng trước". Found by the words of subject and summary.

Pure comparing; which consultations there are and who may know of them is the register's and the policy's business.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from domain.base import Frozen
from domain.clock import VIETNAM
from domain.note import Note
from domain.relevance.terms import any_of, is_bare, joined, terms, written

MONTHS = 24
MOST = 3
# From which similarity a matter is shown, and what a word alone weighs beside a pair. Among the 80 labelled drafts two
# pairs reach it, each about one and the same place; rewordings of one subject do.
ALIKE = 0.4
# One pair in common is little ("năm học"): then nearly everything must be the same.
ALL_BUT_SAME = 0.8
WORD_WEIGHT = 0.25
MOST_SOUGHT = 24
NAMED = 4
# So much of a summary is read, in characters: what a matter is about stands at its beginning.
LONGEST_READ = 1000

# What stands on every official paper and relates no two of them.
_PAPER = (
    *("dự thảo", "kế hoạch", "đề án", "quyết định", "nghị quyết", "tờ trình", "chỉ thị", "báo cáo", "phương án"),
    *("quy định", "quy chế", "chương trình", "dự án", "ban hành", "thực hiện", "triển khai", "giai đoạn", "xây dựng"),
    *("tổ chức", "sửa đổi", "bổ sung", "một số", "số điều", "nhiệm vụ", "giải pháp", "phê duyệt", "ý kiến", "địa bàn"),
    *("nội dung", "chấp thuận", "chủ trương đầu tư", "chính sách", "hỗ trợ", "điều chỉnh", "đề xuất", "đề nghị"),
    *("hồ sơ", "tỷ đồng", "triệu đồng", "lấy ý kiến", "cơ quan", "đơn vị"),
)


class Candidate(Frozen):
    """A consultation that was sent. `closed`: it ran its whole way; `seen`: the reader may see it."""

    id: str
    subject: str
    lead: str
    sent_at: datetime
    closed: bool = False
    summary: str = ""
    seen: bool = True


class Earlier(Frozen):
    """A similar one. `similarity`: 0 to 1; `words`: what both speak of, strongest first; `when`: the sentence."""

    candidate: Candidate
    similarity: float
    words: tuple[str, ...]
    when: Note


def sought(subject: str, summary: str, common: Iterable[str]) -> tuple[str, ...]:
    """Folded phrases of which a similar subject holds at least one, those of the subject first; at most 24."""
    of_subject, of_all = _Text(subject, summary, tuple(common)).vectors(bare=True)
    found = [*of_subject, *of_all]
    return tuple(dict.fromkeys(term for term in found if " " in term))[:MOST_SOUGHT]


def similar(
    subject: str,
    summary: str,
    candidates: Sequence[Candidate],
    common: Iterable[str],
    day: date,
    most: int = MOST,
) -> tuple[Earlier, ...]:
    """The candidates that speak of the same matter, most similar first, the newer before the older; at most `most`.

    `common`: words that relate nothing. Those sent after the day are left out.
    """
    words = tuple(common)
    asked = _Text(subject, summary, words)
    found = (_compared(asked, one, words, day) for one in candidates if _sent_on(one) <= day)
    alike = sorted((e for e in found if e.similarity >= ALIKE), key=lambda e: (-e.similarity, _age(e, day)))
    return tuple(alike[:most])


def ago(sent: date, day: date) -> tuple[str, dict[str, str]]:
    """How long before the day that was: the unit's key (today, days, months, years, years_months) and its numbers.

    Whole calendar months and years: from 31/1 the 28/2 is one month on. ValueError when the day comes first.
    """
    if sent > day:
        raise ValueError("sent after the day")
    months = whole_months(sent, day)
    years, rest = divmod(months, 12)
    if years:
        return ("years_months", {"n": str(years), "m": str(rest)}) if rest else ("years", {"n": str(years)})
    if months:
        return "months", {"n": str(months)}
    days = (day - sent).days
    return ("days", {"n": str(days)}) if days else ("today", {})


def whole_months(start: date, end: date) -> int:
    """How many calendar months have gone by; a month is over on the same day, or on the last of a shorter month."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < min(start.day, _last_day(end)) else months


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, the last of the month where that has fewer days."""
    total = day.year * 12 + day.month - 1 - months
    first = date(total // 12, total % 12 + 1, 1)
    return first.replace(day=min(day.day, _last_day(first)))


def _last_day(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - day.replace(day=1)).days


class _Text:
    """A matter's subject and summary, its terms read once for either way of writing."""

    def __init__(self, subject: str, summary: str, common: tuple[str, ...]) -> None:
        self.texts = (subject, summary[:LONGEST_READ])
        self.bare = is_bare(". ".join(self.texts))
        self._common = common
        self._read: dict[bool, tuple[dict[str, float], dict[str, float]]] = {}

    def vectors(self, bare: bool) -> tuple[dict[str, float], dict[str, float]]:
        """The terms of the subject, and of everything."""
        if bare not in self._read:
            left_out = frozenset(written(word, bare) for word in self._common)
            subject, whole = (_vector(text, left_out, bare) for text in (self.texts[0], ". ".join(self.texts)))
            self._read[bare] = (subject, whole)
        return self._read[bare]


def _compared(asked: _Text, candidate: Candidate, common: tuple[str, ...], day: date) -> Earlier:
    """Subjects against subjects, and all against all; whichever says more."""
    known = _Text(candidate.subject, candidate.summary, common)
    bare = asked.bare or known.bare
    (ours, whole), (theirs, their_whole) = asked.vectors(bare), known.vectors(bare)
    both = [term for term in whole if term in their_whole]
    pairs = [term for term in both if " " in term]
    share = max(_share(ours, theirs), _share(whole, their_whole))
    share = share if len(pairs) > 1 or share >= ALL_BUT_SAME else 0.0
    key, numbers = ago(_sent_on(candidate), day)
    return Earlier(
        candidate=candidate,
        similarity=round(share, 3),
        words=joined(pairs or both)[:NAMED],
        when=Note(key=f"relevance.earlier.{key}", params=numbers),
    )


def _vector(text: str, left_out: frozenset[str], bare: bool) -> dict[str, float]:
    """The text's terms with weights, without the words of every paper; these part what stands around them."""
    telling = _paper(bare).sub(";", written(text, bare))
    return {term: 1.0 if " " in term else WORD_WEIGHT for term in terms(telling, left_out)}


@lru_cache(maxsize=2)
def _paper(bare: bool) -> re.Pattern[str]:
    return any_of(_PAPER, bare)


def _share(ours: dict[str, float], theirs: dict[str, float]) -> float:
    """What both have, against what each has (Dice)."""
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * sum(weight for term, weight in ours.items() if term in theirs) / total if total else 0.0


def _sent_on(candidate: Candidate) -> date:
    return candidate.sent_at.astimezone(VIETNAM).date()


def _age(earlier: Earlier, day: date) -> int:
    return (day - _sent_on(earlier.candidate)).days
