"""Leaving the answer to somebody else: "theo ý kiến của…", "nếu các sở thống nhất", "đề nghị tự quyết định"."""

from domain.clarity.amendment import names_change
from domain.clarity.case import Case, Side
from domain.clarity.flaw import Flaw
from domain.clarity.model import Fault, Position
from domain.clarity.question import Answers
from domain.clarity.reading import Hit


def deferring(case: Case, answers: Answers) -> tuple[Flaw, ...]:
    """One flaw for the first passing-on that leaves something open which the agency was asked to settle.

    Referring a rest to the competent agency is no fault once the agency's own part is settled.
    """
    found = case.kept("deferring", "not_deferring")
    adopted = [hit for hit in found if any(hit.meets(yes) for yes in case.sides(Side.FOR))]
    adopted += case.hits("adopts")
    passed = adopted or [hit for hit in found if _leaves_open(case, answers, hit)]
    return (Flaw(Fault.DEFERRING, passed[0], "adopts" if adopted else "passes_on"),) if passed else ()


def _leaves_open(case: Case, answers: Answers, hit: Hit) -> bool:
    """Whether the agency's own part is missing where the matter is passed on."""
    sentence = case.reading.sentence_of(hit)
    if any(answer.place == sentence for answer in answers.open):
        return True
    position = case.reply.position
    if position is Position.AGREE:
        return not case.stances and not answers.settled
    if position is Position.AGREE_WITH_AMENDMENTS:
        return not (names_change(case) and case.sides(Side.FOR))
    return position is Position.DISAGREE and not case.sides(Side.AGAINST)
