"""Texts nobody can judge: no words, a legacy font or a wrong encoding, another language, "xem file đính kèm".

Looks at letters and at whether a position stands in the body, before any rule does. It weighs no opinion, and
diacritics left out, typing errors, capitals and tables never make a text unreadable.
"""

import re
import unicodedata
from typing import NamedTuple

from domain.clarity.case import Case
from domain.clarity.flaw import Flaw
from domain.clarity.model import Fault, Position, Reply
from domain.clarity.phrases import compiled
from domain.clarity.reading import Hit, Reading
from domain.clarity.syllable import is_speakable, is_syllable
from domain.text import fold, nfc, place_tones

_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"\S+")
# Letters of Unicode that only Vietnamese uses; no legacy font and no wrong encoding yields them.
_VIETNAMESE = re.compile(r"[đơưạ-ỹ]")
# What a legacy font shows inside a word: Latin letters Vietnamese does not have, signs that never touch a letter, and
# two vowels of which the second only stood for a mark.
_STRANGE = r"ñöäåøûüëïîæçþðß¸µ¶¹¨¾¼½©ª¬®¤¥¦¢£¡÷×ÿ"
_PAIRS = r"a[àáâãèéùõ]|e[àáâãùõ]|o[âùõ]|[uôyi]õ|ô[ùõ]"
_BROKEN = re.compile(rf"[^\W\d_][{_STRANGE}]|[{_STRANGE}][^\W\d_]|[^\W\d_][«»·§][^\W\d_]|§[^\W\d_]|{_PAIRS}")
# UTF-8 read as if every byte were a letter: a lead byte and what is left of the bytes after it. Or the letters were
# thrown away, and question marks stand for them.
_BYTES = r"\x80-\xbf‘’‚“”„†-•…‰‹›€™ƒˆ˜œšžŸ"
_MISREAD = re.compile(rf"á[º»]|[äåæì][{_BYTES}]|ã[\x80-\x9f¡-¿]|\ufffd")
_LOST = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")
_LOST_SURELY = re.compile(r"\?[^\W\d_]")
_VNI = re.compile(rf"ñ|ö|[aeo][äåûøï]|{_PAIRS}")
_TCVN = re.compile(r"[®¸µ¶¹¨¾¼½©ª¬þ÷×§]")
# All that may belong to a broken word; a text with few of them needs no closer look.
_SUSPECT = re.compile(rf"[{_STRANGE}{_BYTES}§\ufffd?]|{_PAIRS}")
# Typed while the Vietnamese keyboard was off: Telex writes tones as last letters and marks by doubling, VNI both as
# figures.
_VNI_KEYS = re.compile(r"(?<!\w)[^\W\d_]+[1-9]+[^\W\d_]+[1-9]*(?!\w)")
_TELEX_TONE = re.compile(r"[sfrxj]$")
_TELEX_MARK = re.compile(r"([aeod])\1|w")
# Overrides turn the order in which letters are shown: the eye reads another text than the one that was sent.
_OVERRIDES = ("\u202d", "\u202e")
_SIGNS = ("So", "Sk", "Sm", "Sc", "Co", "Cn", "Cs", "Cc")

# Shares of all words from which a text counts as broken, and below which it is not Vietnamese.
_BROKEN_SHARE = 0.25
_OWN_SHARE = 0.04
_VIETNAMESE_SHARE = 0.6
# One word in a wrong script is a slip; so is one unknown word beside known ones.
_FEWEST_BROKEN = 2
_TELEX_SHARE = 0.8
# Words beside the pointer, empty ones left out, from which the letter says more than where to look.
_SAYS_MORE = 4

_PAPER = "phụ lục|phiếu|bảng|biểu|bản|file|tệp|tập tin|văn bản|công văn|ảnh|ý kiến|link|đường dẫn|đường link|bản scan"
_SENT = "kèm theo|kèm đây|đính kèm|gửi kèm|gửi riêng|gửi qua|kèm"
# Where the position is said to stand instead of here.
_POINTERS = (
    f"({_PAPER}) ... ({_SENT})",
    f"({_SENT}|gửi) [theo] [là|các|một|trong|tại|ở|theo] ({_PAPER})",
    f"(xem|mở|đọc|tải) [chi tiết|thêm|kỹ] [ở|tại|trong|theo|các] ({_PAPER}|đính kèm)",
    f"(ý kiến|góp ý|nội dung|chi tiết|cụ thể|nêu|trả lời|ghi) ... (tại|trong|theo|ở|như|là) [các] ({_PAPER})",
    "(đã|xin) gửi (qua|vào) (email|thư điện tử|zalo|hòm thư|trục|hệ thống)",
)
# What a letter says around such a pointer.
_AROUND = (
    f"({_PAPER}|{_SENT}|theo|nêu|ghi|số|đường|link|dẫn|email|zalo|pdf|docx|doc|xlsx|trang|quý)",
    "(góp ý|nội dung|chi tiết|cụ thể|tham gia|trả lời|phúc đáp|gửi|xin|đề nghị|kính đề nghị|kính|xem|mở|đọc|tải|nhé|ạ)",
    "(tham khảo|nghiên cứu|tổng hợp|biết|đối với|đầy đủ|trân trọng|cảm ơn|liên quan|lấy|về việc|này|trên|thông tin)",
)
# Yes and no in plain words, which the lists of stances leave to the second opinion.
_PLAIN_SIDES = ("(ưng|thuận|chịu|gật|bằng lòng|ok|oke|được|duyệt|chê|chối|khước từ|không làm|không ký|xong)",)
_SIDES = ("agree", "disagree", "accept", "no_opinion", "refusal", "deletion")
# No letter that only points elsewhere is longer.
_LONGEST_POINTER = 1_500


def _both_ways(phrases: tuple[str, ...]) -> dict[bool, re.Pattern[str]]:
    """The phrases for texts with diacritics (False) and without (True)."""
    return {False: compiled(place_tones(nfc(p)) for p in phrases), True: compiled(fold(p) for p in phrases)}


_POINTER, _IDLE, _SIDE = _both_ways(_POINTERS), _both_ways(_AROUND), _both_ways(_PLAIN_SIDES)


class _Words(NamedTuple):
    """How many words of a text are built how."""

    all: int
    broken: int
    vietnamese: int


def unreadable(case: Case) -> tuple[Flaw, ...]:
    """At most one flaw, of fault `generic`: why nobody can tell from this text what the agency thinks."""
    if not _is_plainly_vietnamese(case.reading):
        variant = _letters(case)
        if variant:
            return (_flaw(case, variant),)
    pointer = None if _form_says(case.reply) else _only_pointer(case)
    return (Flaw(Fault.GENERIC, pointer, "attachment"),) if pointer else ()


def _is_plainly_vietnamese(reading: Reading) -> bool:
    """A quick look that spares ordinary letters the closer ones: enough letters of its own, hardly a suspect sign."""
    text = reading.text
    if not text or any(mark in reading.typed for mark in _OVERRIDES):
        return False
    own = len(_VIETNAMESE.findall(text))
    suspect = len(_SUSPECT.findall(text))
    return own >= _OWN_SHARE * len(text) and (suspect < _FEWEST_BROKEN or suspect < _BROKEN_SHARE * len(text.split()))


def _letters(case: Case) -> str:
    """What is wrong with the letters as such; empty when nothing is, or when the form says what they do not."""
    text = case.reading.text
    counted = _counted(text)
    if not counted.all:
        return "" if _form_says(case.reply) else _wordless(text)
    if counted.broken >= _FEWEST_BROKEN and counted.broken >= _BROKEN_SHARE * len(_TOKEN.findall(text)):
        return _legacy_or_misread(text)
    if sum(1 for char in text if _is_sign(char)) > sum(map(str.isalnum, text)):
        return "signs"
    if _is_typed_raw(text):
        return "keystrokes"
    if counted.vietnamese >= _VIETNAMESE_SHARE * counted.all or _takes_position(case):
        return ""
    return "reordered" if any(mark in case.reading.typed for mark in _OVERRIDES) else "foreign"


def _counted(text: str) -> _Words:
    """The words of a prepared text. Short forms without a vowel are of no language and not counted."""
    found = [word for word in _WORD.findall(text) if is_speakable(word)]
    lost = bool(_LOST_SURELY.search(text))
    broken = sum(1 for token in _TOKEN.findall(text) if _is_broken(token, lost))
    return _Words(len(found), broken, sum(map(is_syllable, found)))


def _is_broken(token: str, lost: bool) -> bool:
    """Whether the token shows the traces of a wrong font or encoding. `lost`: question marks stand inside words."""
    return bool(_BROKEN.search(token) or _MISREAD.search(token) or (lost and _LOST.search(token)))


def _wordless(text: str) -> str:
    """Without any word: figures and strokes, or signs and pictures."""
    return "signs" if any(map(_is_sign, text)) else "no_words"


def _is_sign(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) in _SIGNS


def _legacy_or_misread(text: str) -> str:
    """Two causes, two remedies: convert the font, or paste the text anew."""
    misread = len(_MISREAD.findall(text)) + len(_LOST_SURELY.findall(text))
    legacy = len(_VNI.findall(text)) + len(_TCVN.findall(text))
    return "misread" if misread * 2 > legacy else "legacy_font"


def _is_typed_raw(text: str) -> bool:
    """Whether nearly all words become syllables once the keys for tones and marks are taken away, but not before."""
    words = [word for word in _WORD.findall(text) if is_speakable(word)]
    plain = [_TELEX_MARK.sub(r"\1", _TELEX_TONE.sub("", word)) for word in words]
    if sum(map(is_syllable, words)) < _VIETNAMESE_SHARE * len(words):
        return sum(map(is_syllable, plain)) >= _TELEX_SHARE * len(words)
    figures = len(_VNI_KEYS.findall(text))
    return figures >= _FEWEST_BROKEN and figures >= _BROKEN_SHARE * len(_TOKEN.findall(text))


def _flaw(case: Case, variant: str) -> Flaw:
    """The whole text is what is wrong; the quote shows its beginning."""
    return Flaw(Fault.GENERIC, case.sentences[0] if case.sentences else None, variant)


def _form_says(reply: Reply) -> bool:
    """Whether the form itself states what the text does not."""
    parts = [part for amendment in reply.amendments for part in (amendment.where, amendment.what)]
    return any(reply.answers) or any(_WORD.search(part) for part in (*parts, reply.reason, reply.basis, reply.pointer))


def _only_pointer(case: Case) -> Hit | None:
    """The first pointer to another paper, when the body takes no position and says little else."""
    if len(case.reading.text) > _LONGEST_POINTER:
        return None
    pointers = case.reading.find(_POINTER[case.reading.bare])
    if not pointers or _takes_position(case):
        return None
    idle = (*pointers, *case.reading.find(_IDLE[case.reading.bare]))
    said = [word for part in case.telling for word in case.residue(part, case.subject_words, idle) if word.isalpha()]
    return pointers[0] if len(said) < _SAYS_MORE else None


def _takes_position(case: Case) -> bool:
    """Whether the body itself says yes, no, what to change, or whose matter it is."""
    if case.reply.position is Position.OUT_OF_FUNCTION and case.hits("remit"):
        return True
    if any(case.hits(name) for name in _SIDES) or case.reading.find(_SIDE[case.reading.bare]):
        return True
    return any(
        case.hits_in("figure", s) or case.hits_in("locator", s)
        for s in map(case.reading.sentence_of, case.hits("change"))
    )
