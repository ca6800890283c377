"""The words of the clarity check: what is judged, what may be wrong with it, and how a finding is put.

Shapes only. Every finding is a proposal to a person, never a sanction.
"""

from enum import StrEnum

from domain.base import Frozen
from domain.note import Note


class Position(StrEnum):
    """What an agency may tick (PRODUCT.md, Reply)."""

    AGREE = "agree"
    AGREE_WITH_AMENDMENTS = "agree_with_amendments"
    DISAGREE = "disagree"
    OUT_OF_FUNCTION = "out_of_function"


class Fault(StrEnum):
    """Why a reply is not a clear position."""

    GENERIC = "generic"
    DEFERRING = "deferring"
    HEDGED = "hedged"
    CONTRADICTORY = "contradictory"
    NO_REASON = "no_reason"
    NO_AMENDMENT = "no_amendment"
    UNANSWERED = "unanswered"


class Question(Frozen):
    """One question put to the agency; `id` is unique within the consultation."""

    id: str
    text: str


class Amendment(Frozen):
    """One requested change: `where` in the draft, `what` instead, `why` (may stay empty)."""

    where: str = ""
    what: str = ""
    why: str = ""


class Reply(Frozen):
    """What is judged. `text` as typed; `agency` is the replying agency's name, empty when unknown.

    The optional parts come from the reply form: `answers` holds one position per question (None: not ticked), in the
    order of `questions`; `reason` and `basis` belong to a disagreement; `pointer` names the competent agency.
    """

    position: Position
    subject: str = ""
    agency: str = ""
    questions: tuple[str, ...] = ()
    text: str = ""
    answers: tuple[Position | None, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    reason: str = ""
    basis: str = ""
    pointer: str = ""


class Finding(Frozen):
    """One fault with the words that show it: `text[start:end] == quote`; all three are empty when something lacks.

    `weight`: how sure the check is, 0 to 1; 1 where a rule alone decides.
    """

    fault: Fault
    quote: str
    start: int
    end: int
    explanation: Note
    suggestion: Note
    weight: float = 1.0


class Assessment(Frozen):
    """The verdict. `version` identifies lexicon and weights, so that a verdict can be repeated later."""

    clear: bool
    findings: tuple[Finding, ...]
    version: str
