"""What the launch gate reads and answers: the lead's plan, the findings against it, and the launch that passed.

Values only; the checks are in `domain/gate.py` and its sibling modules.
"""

from pydantic import AwareDatetime

from domain.base import Frozen
from domain.refusals import Code
from domain.state import Ask, DraftVersion
from domain.terms import Terms


class Question(Frozen):
    """One question put to one agency; `closed` where it can be answered by a position or one of `options`."""

    id: str
    text: str
    closed: bool = True
    part: str | None = None
    options: tuple[str, ...] = ()


class ExceptionGrant(Frozen):
    """The leader in charge allowed an agency that is not directly related to be asked; named, with the reason."""

    leader: str
    reason: str


class AskPlan(Frozen):
    """One agency the lead means to ask: under which functions, about which parts, with which questions."""

    agency: str
    functions: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    exception: ExceptionGrant | None = None
    request_exception: bool = False


class DraftPart(Frozen):
    """A part of the draft (Điều, mục, phụ lục) that an agency can be asked about. `sha256`: hash of its text."""

    id: str
    label: str
    text_excerpt: str = ""
    sha256: str


class DraftFile(Frozen):
    """The stored file of the draft. `name` as uploaded; a marking in it is read by the gate."""

    file: str
    sha256: str
    version: int = 1
    name: str = ""


class Override(Frozen):
    """The head's decision to consult although the matter is the lead's own (Kon Tum 1)."""

    reason_code: str
    reason: str


class ParentTask(Frozen):
    """The task from above that this consultation serves, and when it is due (F17)."""

    name: str
    due_at: AwareDatetime | None = None


class LaunchPlan(Frozen):
    """Everything the lead states before a consultation may start.

    `number` is the letter's register number, `classification` its secrecy box; both are looked at, never stored here.
    """

    lead: str
    draft_kind: str
    rule_code: str | None = None
    field: str
    subject: str
    summary: str = ""
    own_position: str = ""
    proposal: str = ""
    legal_basis: str = ""
    number: str = ""
    classification: str | None = None
    draft: DraftFile | None = None
    parts: tuple[DraftPart, ...] = ()
    asks: tuple[AskPlan, ...] = ()
    chosen_due_at: AwareDatetime | None = None
    override: Override | None = None
    parent_task: ParentTask | None = None
    innovation: bool = False


class WayOut(Frozen):
    """One agency that would pass, with the function it holds on the day where the finding is about functions."""

    agency: str
    agency_name: str
    function: str | None = None
    title: str | None = None


class Finding(Frozen):
    """One thing the gate does not accept. `params` fill the sentence `refusals.<code>`; `ways_out` are for buttons."""

    code: Code
    agency: str | None = None
    params: dict[str, str]
    ways_out: tuple[WayOut, ...] = ()


class Launch(Frozen):
    """A plan that passed: what the engine needs to start.

    `own_authority`: the head overrode the test; silence of those asked is then not scored. `needs_exception`: agencies
    that may be asked only after the leader in charge has allowed it. `due_at`: when an ask delivered now is due.
    """

    plan: LaunchPlan
    asks: tuple[Ask, ...]
    draft: DraftVersion
    terms: Terms
    own_authority: bool = False
    needs_exception: tuple[str, ...] = ()
    due_at: AwareDatetime
