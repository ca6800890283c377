"""A no must rest on something: a disagreement on a reason, "out of function" on a remit or the competent agency."""

from domain.clarity.case import Case, Side
from domain.clarity.flaw import Flaw
from domain.clarity.model import Fault, Position
from domain.clarity.reading import Hit
from domain.text import words

# Words left after stance, formula and empty phrases are taken away that make a sentence a reason: fewer where a
# "vì" says that it is one.
_ENOUGH = 3
_ENOUGH_BESIDE_CAUSE = 2


def no_reason(case: Case) -> tuple[Flaw, ...]:
    """One flaw when a no stands without ground."""
    if case.reply.position is Position.DISAGREE and not _has_reason(case):
        against = case.sides(Side.AGAINST)
        return (Flaw(Fault.NO_REASON, case.reading.sentence_of(against[-1]) if against else None, "disagreement"),)
    if case.reply.position is Position.OUT_OF_FUNCTION and not _has_ground(case):
        return (Flaw(Fault.NO_REASON, case.telling[-1] if case.telling else None, "out_of_function"),)
    return ()


def _has_reason(case: Case) -> bool:
    """A reason in the form, or a sentence that tells what is wrong with enough words."""
    if words(case.reply.reason) or case.hits("elsewhere"):
        return True
    return any(_tells_why(case, sentence) for sentence in case.telling)


def _tells_why(case: Case, sentence: Hit) -> bool:
    """An adverse word or, beside a stance, a cause; and enough besides the stance and the draft's own title."""
    stances = tuple(stance.hit for stance in case.stances)
    if any(_says(case, cause, stances) >= _ENOUGH_BESIDE_CAUSE for cause in _causes(case, sentence, stances)):
        return True
    return _says(case, sentence, stances) >= _ENOUGH and bool(_adverse(case, sentence, stances))


def _says(case: Case, stretch: Hit, stances: tuple[Hit, ...]) -> int:
    """How many telling words the stretch has."""
    return len(case.residue(stretch, case.subject_words, but=stances))


def _causes(case: Case, sentence: Hit, stances: tuple[Hit, ...]) -> list[Hit]:
    """In a sentence that has a stance: what follows each "vì" and the colon, and what precedes each "nên"."""
    beside = [stance for stance in stances if sentence.start <= stance.start < sentence.end]
    if not beside:
        return []
    after = [Hit(hit.end, sentence.end) for hit in case.hits_in("cause", sentence)]
    colon = case.reading.own.find(":", beside[0].end, sentence.end)
    if colon >= 0:
        after.append(Hit(colon, sentence.end))
    return after + [Hit(sentence.start, hit.start) for hit in case.hits_in("therefore", sentence)]


def _adverse(case: Case, sentence: Hit, stances: tuple[Hit, ...]) -> list[Hit]:
    """Adverse words that are part of neither the stance itself nor an empty phrase."""
    idle = (*stances, *case.hits("empty"), *case.hits("evasive"), *case.hits("no_stance"))
    return [hit for hit in case.hits_in("adverse", sentence) if not any(hit.meets(other) for other in idle)]


def _has_ground(case: Case) -> bool:
    """The competent agency in the form, or words on one's own remit, on somebody else's, or on the place."""
    return bool(words(case.reply.pointer) or case.kept("remit", "formula"))
