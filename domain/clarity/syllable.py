"""Whether a word could be a Vietnamese syllable, judged by its letters alone, tones and diacritics left aside.

Knows no dictionary: "thung" counts though nobody uses it, and so does an English "the".
"""

import re
from functools import lru_cache

from domain.text import fold

_ONSETS = "b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x"
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu
    i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oem oen oeo oet oi om on ong ooc oong op ot
    u ua uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu
    uy uya uych uyen uyet uynh uyt uyu y yem yen yeng yet yeu
"""
_SYLLABLE = re.compile(rf"(?:{_ONSETS})?(?:{'|'.join(_RHYMES.split())})")
_LONGEST = 7
_SPOKEN = re.compile(r"[aeiouy]|[^\W\d_a-z]")


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether the word is built like one syllable; `word` in any case, with or without diacritics."""
    return len(word) <= _LONGEST and _SYLLABLE.fullmatch(fold(word)) is not None


@lru_cache(maxsize=8192)
def is_speakable(word: str) -> bool:
    """Whether the word has a vowel, or a letter of another script; "UBND" and "QĐ" have none and are of no language."""
    return _SPOKEN.search(fold(word)) is not None
