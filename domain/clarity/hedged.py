"""Half a position: "một phần", "chưa hẳn", reservations that are announced but not named."""

from domain.clarity.amendment import says_change
from domain.clarity.case import Case, Side
from domain.clarity.flaw import Flaw
from domain.clarity.model import Fault, Position
from domain.clarity.reading import Hit


def hedged(case: Case) -> tuple[Flaw, ...]:
    """One flaw for the first reservation without content."""
    found = case.kept("hedged", "not_hedged")
    found = found or _unnamed(case, case.kept("announced", "not_hedged")) or _unnamed_turns(case)
    if found:
        return (Flaw(Fault.HEDGED, found[0], "reservation"),)
    return _empty_wish_after_principle(case)


def _unnamed_turns(case: Case) -> tuple[Hit, ...]:
    """A "tuy nhiên" after agreement that leads to something kept unnamed: no figure, place or quotation says what."""
    favour = case.sides(Side.FOR)
    if not favour or case.reply.position is Position.OUT_OF_FUNCTION:
        return ()
    turns = tuple(turn for turn in case.hits("adversative") if turn > favour[0])
    return _unnamed(case, tuple(turn for turn in turns if case.hits_in("vague", _clause(case, turn))))


def _unnamed(case: Case, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Those that nothing fills: neither figure, place or quotation beside them, nor a change named after them."""
    return tuple(
        _clause(case, hit)
        for hit in hits
        if not _named(case, _clause(case, hit))
        and not any(says_change(case, sentence) for sentence in case.sentences if sentence.start > hit.start)
    )


def _clause(case: Case, hit: Hit) -> Hit:
    """From the hit to the end of its sentence."""
    return Hit(hit.start, case.reading.sentence_of(hit).end)


def _named(case: Case, rest: Hit) -> bool:
    """Whether figures, places or quotations fill the words after the turn."""
    filled = (*case.hits_in("locator", rest), *case.kept("figure", "not_figure"))
    return "¤" in case.reading.own[rest.start : rest.end] or any(rest.start <= hit.start < rest.end for hit in filled)


def _empty_wish_after_principle(case: Case) -> tuple[Flaw, ...]:
    """Plain agreement "về nguyên tắc" that is followed by a wish without content."""
    if case.reply.position is not Position.AGREE or not case.hits("qualified"):
        return ()
    wishes = [hit for hit in case.hits("platitude") if hit > case.hits("qualified")[0]]
    return (Flaw(Fault.HEDGED, wishes[0], "principle_only"),) if wishes else ()
