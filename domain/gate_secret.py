"""Recognising a secrecy marking at the door (F38): MẬT, TỐI MẬT, TUYỆT MẬT as a stamp, not as a word of the language.

"bảo mật", "bí mật" and "mật độ" are words; a stamp stands alone, in capitals. It reads and keeps nothing.
"""

import re

from domain.text import fold, nfc

LEVELS = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")
# Where a stamp stands in the layout of Decree 30/2020: above the body. Lines further down are prose.
STAMP_LINES = 15
_LEVEL = r"(?P<level>TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)"
_FRAME = r"[\s*_\-–—.,:;|/\\\[\](){}<>«»\"“”#+]"
_ALONE = re.compile(rf"{_FRAME}*{_LEVEL}{_FRAME}*")
_LABELLED = re.compile(rf"{_FRAME}*(?i:độ|mức độ)\s+(?i:mật){_FRAME}*[:\-–]{_FRAME}*(?i:{_LEVEL})(?!\w)")
# Inside a line: bracketed, behind a dash or an underscore, or closing or opening the line with a break beside it.
_BRACKETED = re.compile(rf"[\[({{<«]\s*{_LEVEL}\s*[\])}}>»]")
_SET_OFF = re.compile(rf"(?:^|[_–—|/]\s*|\s-\s*|:\s+|-(?=\S)){_LEVEL}\s*(?=$|[_–—|:.]|\s-|-(?=\S))")
# Without diacritics MAT alone is also "mặt" (mặt bằng, tiền mặt): it counts in brackets only.
_FILE_MARK = re.compile(r"(?:^|[_\-\s(\[.])(?P<level>(?:TUYET|TOI)[_\-\s]*MAT)(?![A-Za-z])|[(\[](?P<bare>MAT)[)\]]")
_WORD_BROKEN_OFF = re.compile(r"(?<!\w)(?:BÍ|BẢO|CƠ)\s*$")


def marking(text: str) -> str | None:
    """The secrecy level stamped in one line of text (a subject, a number), in NFC or NFD; None if there is none."""
    line = _spaced(text)
    found = _ALONE.fullmatch(line) or _LABELLED.match(line) or _BRACKETED.search(line) or _SET_OFF.search(line)
    return _level(found.group("level")) if found else None


def marking_in_file_name(name: str) -> str | None:
    """The level in a file name, also without diacritics (`kh_MAT.docx`); words such as `GPMB-MAT-BANG` do not count."""
    stem = _spaced(name).rsplit(".", 1)[0]
    found = marking(stem.replace("_", " - "))
    if found:
        return found
    bare = _FILE_MARK.search(stem)
    return _level(bare.group("level") or bare.group("bare")) if bare else None


def marking_on_top(text: str) -> str | None:
    """The level stamped in the first lines of a document's text."""
    lines = [_spaced(line) for line in nfc(text[:20_000]).splitlines() if line.strip()][:STAMP_LINES]
    for before, line in zip(["", *lines], lines, strict=False):
        found = _ALONE.fullmatch(line) or _LABELLED.match(line)
        if found and not _WORD_BROKEN_OFF.search(before):
            return _level(found.group("level"))
    return None


def marking_declared(classification: str | None) -> str | None:
    """The level the lead itself declared, however it is spelled; urgency and "không mật" are not secrecy."""
    declared = fold(classification or "").split()
    if "mat" not in declared or "khong" in declared:
        return None
    return next(level for level in LEVELS if fold(level) in " ".join(declared))


def _spaced(text: str) -> str:
    return " ".join(nfc(text).split())


def _level(found: str) -> str:
    """The canonical spelling of a level, however it was spaced or cased."""
    bare = re.sub(r"[\W_]+", " ", fold(found)).strip()
    return next(level for level in LEVELS if fold(level) == bare)
