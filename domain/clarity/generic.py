"""Words that would fit any draft: no opinion, "theo quy định", praise, receipt acknowledged."""

from domain.clarity.amendment import names_change
from domain.clarity.case import Case, Side
from domain.clarity.flaw import Flaw
from domain.clarity.model import Fault, Position
from domain.clarity.question import Answers

EMPTY = ("no_opinion", "platitude")


def generic(case: Case, answers: Answers) -> tuple[Flaw, ...]:
    """One flaw when the text takes no side and settles nothing."""
    position = case.reply.position
    if any(case.reply.answers) and not any(case.hits(name) for name in EMPTY):
        # The form itself states the position; words are held against it only if they are empty ones.
        return ()
    if position is Position.AGREE and not (case.stances or case.hits("accept") or answers.settled):
        return (_flaw(case),)
    if position is Position.AGREE_WITH_AMENDMENTS and not (case.sides(Side.FOR) or names_change(case)):
        return (_flaw(case),)
    return ()


def _flaw(case: Case) -> Flaw:
    """The empty words quoted; else the last sentence, where a position was to be expected."""
    for name in EMPTY:
        if case.hits(name):
            return Flaw(Fault.GENERIC, case.hits(name)[0], name)
    return Flaw(Fault.GENERIC, case.telling[-1] if case.telling else None, "no_position")
