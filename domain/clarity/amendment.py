"""Agreement with amendments must name a change: a place and what should stand there, in the form or in the text."""

from domain.clarity.case import Case
from domain.clarity.flaw import Flaw
from domain.clarity.model import Fault, Position
from domain.clarity.reading import Hit
from domain.text import words

# Words left after verb, place and empty phrases are taken away that make a wish a change.
_ENOUGH = 2
_SAYS_NOT_WHAT = ("change", "locator", "deferring", "evasive", "no_change", "hedged")


def no_amendment(case: Case) -> tuple[Flaw, ...]:
    """One flaw when no change is named anywhere; the last empty wish is quoted."""
    if case.reply.position is not Position.AGREE_WITH_AMENDMENTS or names_change(case):
        return ()
    wishes = (*case.hits("change"), *case.hits("no_change"))
    quote = case.reading.sentence_of(max(wishes)) if wishes else None
    return (Flaw(Fault.NO_AMENDMENT, quote, "empty_change" if wishes else "no_change_named"),)


def names_change(case: Case) -> bool:
    """Whether the form or the text names a change."""
    if any(words(amendment.where) and words(amendment.what) for amendment in case.reply.amendments):
        return True
    return bool(case.hits("elsewhere")) or any(says_change(case, sentence) for sentence in case.sentences)


def says_change(case: Case, sentence: Hit) -> bool:
    """Whether one sentence names a change."""
    return _deletes(case, sentence) or _changes(case, sentence)


def _deletes(case: Case, sentence: Hit) -> bool:
    """Something is taken out, and what it is stands beside it."""
    for hit in case.kept("deletion", "no_change"):
        if not sentence.start <= hit.start < sentence.end:
            continue
        rest = Hit(hit.end, sentence.end)
        if case.hits_in("locator", rest) or case.residue(rest):
            return True
    return False


def _changes(case: Case, sentence: Hit) -> bool:
    """Something is put, moved or replaced, and enough words say what."""
    if not any(sentence.start <= hit.start < sentence.end for hit in case.kept("change", "no_change")):
        return False
    aside = tuple(hit for name in _SAYS_NOT_WHAT for hit in case.hits(name)) + tuple(s.hit for s in case.stances)
    said = case.residue(sentence, but=aside)
    return len(said) >= _ENOUGH or "¤" in said or _has_figure(case, sentence)


def _has_figure(case: Case, sentence: Hit) -> bool:
    """A number that is no citation and no place."""
    figures = case.kept("figure", "not_figure", "locator")
    return any(sentence.start <= hit.start < sentence.end for hit in figures)
