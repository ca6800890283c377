"""Is the agency pointed at the right one? (F13) Checked against the directory of the day and the words of the question.

It proposes; the lead rules on a pointer, and the leader where the two disagree.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from domain.base import Frozen
from domain.directory import Directory, Function
from domain.gate_match import Named
from domain.rulebook import Rulebook


class PointerGround(StrEnum):
    """Why a pointer is held right or wrong; the key of its sentence `pointers.<ground>`."""

    MOVED = "moved"
    HELD = "held"
    FIELD = "field"
    ITSELF = "itself"
    NOT_IN_FORCE = "not_in_force"
    NOT_HELD = "not_held"
    OWN_MATTER = "own_matter"


class PointerCheck(Frozen):
    """The directory's view of one pointer, with the pointed agency's function where one carries the matter."""

    competent: bool
    ground: PointerGround
    function: str | None = None


def check_pointer(
    rulebook: Rulebook,
    pointing: str,
    pointed: str,
    *,
    field: str,
    day: date,
    functions: Iterable[str] = (),
    texts: Iterable[str] = (),
) -> PointerCheck:
    """Whether `pointed` rather than `pointing` answers for the matter on the day.

    `functions`: those the pointing agency was asked under; `texts`: the question and the labels of its parts. A moved
    function decides by itself; else the agency whose functions come nearer to the words; the field where no word
    tells. Refuses `agency_unknown`, `function_unknown`, `field_unknown`.
    """
    directory = rulebook.directory
    if pointed == pointing:
        return PointerCheck(competent=False, ground=PointerGround.ITSELF)
    if not directory.in_force(pointed, day):
        return PointerCheck(competent=False, ground=PointerGround.NOT_IN_FORCE)
    moved = _moved_to(directory, pointed, functions, day)
    if moved:
        return PointerCheck(competent=True, ground=PointerGround.MOVED, function=moved.id)
    return _by_words(rulebook, pointing, pointed, field, day, tuple(texts))


def _moved_to(directory: Directory, pointed: str, functions: Iterable[str], day: date) -> Function | None:
    """The heir of one of the functions, if the pointed agency holds it on the day."""
    heirs = [(id, directory.current_holder(id, day)) for id in functions]
    return next((heir for id, heir in heirs if heir and heir.id != id and heir.agency == pointed), None)


def _by_words(
    rulebook: Rulebook, pointing: str, pointed: str, field: str, day: date, texts: tuple[str, ...]
) -> PointerCheck:
    directory = rulebook.directory
    named = Named.of(texts, directory.agency(pointing))
    theirs, ours = (max(_scored(rulebook, code, named, day), default=(0.0, "")) for code in (pointed, pointing))
    if theirs[0] >= named.required:
        nearer = theirs[0] > ours[0]
        ground = PointerGround.HELD if nearer else PointerGround.OWN_MATTER
        return PointerCheck(competent=nearer, ground=ground, function=theirs[1] if nearer else ours[1])
    if ours[0] >= named.required:
        return PointerCheck(competent=False, ground=PointerGround.OWN_MATTER, function=ours[1])
    if directory.competent(pointed, field, day) and not directory.competent(pointing, field, day):
        return PointerCheck(competent=True, ground=PointerGround.FIELD)
    return PointerCheck(competent=False, ground=PointerGround.NOT_HELD)


def _scored(rulebook: Rulebook, agency: str, named: Named, day: date) -> list[tuple[float, str]]:
    """The evidence of each of the agency's functions in force."""
    return [(rulebook.matching.evidence(f.id, named), f.id) for f in rulebook.directory.functions_of(agency, day)]
