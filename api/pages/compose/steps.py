"""The steps of writing a launch, what belongs to each, and how far each has come. It judges nothing itself."""

from collections.abc import Iterable
from enum import StrEnum

from api.errors import FieldProblem
from api.pages.compose.checking import Checked
from api.pages.compose.written import Written
from domain.base import Frozen
from domain.refusals import Code


class Step(StrEnum):
    """One page of the form; the value is the end of its address."""

    CONTENT = "noi-dung"
    POSITION = "chinh-kien"
    DRAFT = "du-thao"
    AGENCIES = "co-quan"
    DEADLINE = "thoi-han"
    REVIEW = "xem-lai"


class State(StrEnum):
    """How far a step has come."""

    DONE = "done"
    TODO = "todo"
    WRONG = "wrong"


class StepState(Frozen):
    """One line of the task list."""

    step: Step
    number: int
    state: State
    faults: int = 0
    current: bool = False


# What each step may change; the rest of the form stays as it is.
MEMBERS: dict[Step, tuple[str, ...]] = {
    Step.CONTENT: (
        *("subject", "summary", "number", "classification", "field", "draft_kind", "rule"),
        *("innovation", "parent_task"),
    ),
    Step.POSITION: ("own_position", "proposal", "legal_basis"),
    Step.DRAFT: ("draft", "whole", "parts"),
    Step.AGENCIES: ("asks",),
    Step.DEADLINE: ("due",),
    Step.REVIEW: ("override",),
}
_STEP_OF: dict[str, Step] = {
    **dict.fromkeys(
        (Code.FIELD_UNKNOWN, Code.DRAFT_KIND_UNKNOWN, Code.RULE_UNKNOWN, Code.RULE_SET_UNKNOWN, Code.CLASSIFIED),
        Step.CONTENT,
    ),
    Code.POSITION_MISSING: Step.POSITION,
    Code.DRAFT_MISSING: Step.DRAFT,
    **dict.fromkeys(
        (Code.DEADLINE_TOO_SHORT, Code.DEADLINE_BEFORE_DELIVERY, Code.CALENDAR_YEAR_MISSING), Step.DEADLINE
    ),
    **dict.fromkeys((Code.OWN_AUTHORITY, Code.CAUTION_IS_NO_REASON, Code.REASON_MISSING), Step.REVIEW),
}
# Not wrong, only not there yet.
_MISSING = (
    *(Code.POSITION_MISSING, Code.DRAFT_MISSING, Code.NOBODY_ASKED, Code.QUESTION_MISSING, Code.PART_MISSING),
    Code.MANDATORY_MISSING,
)
_OF_MEMBER = {member: step for step, members in MEMBERS.items() for member in members} | {"due_at": Step.DEADLINE}


def step_of(code: str) -> Step:
    """Where a finding of the gate is mended; what is about an agency belongs to the agencies."""
    return _STEP_OF.get(code, Step.AGENCIES)


def step_of_field(field: str) -> Step:
    """Where a wrong member of the body is mended."""
    return _OF_MEMBER.get(_member(field), Step.CONTENT)


def lacking(checked: Checked, step: Step) -> tuple[tuple[str, FieldProblem], ...]:
    """What of the step is no body yet, each with the member it belongs to (the key of its label)."""
    return tuple((_member(error.field), error) for error in checked.errors if step_of_field(error.field) is step)


def _member(field: str) -> str:
    return field.split(".")[0].split("[")[0]


def entered(written: Written) -> dict[Step, bool]:
    """Which steps hold everything they must, looked at without any rule."""
    content = (written.subject, written.field, written.draft_kind)
    position = (written.own_position, written.proposal, written.legal_basis)
    labelled = any(part.label.strip() for part in written.parts)
    return {
        Step.CONTENT: all(value.strip() for value in content),
        Step.POSITION: all(value.strip() for value in position),
        Step.DRAFT: bool(written.draft) and labelled,
        Step.AGENCIES: bool(written.asks),
        Step.DEADLINE: bool(written.draft_kind) and (written.due.mode != "day" or bool(written.due.day)),
    }


def states(written: Written, checked: Checked, current: Step | None = None) -> tuple[StepState, ...]:
    """The task list. The last step is done when nothing stands against sending."""
    full = entered(written) | {Step.REVIEW: checked.passes}
    return tuple(
        _state(step, number, full[step], checked, current is step) for number, step in enumerate(Step, start=1)
    )


def _state(step: Step, number: int, full: bool, checked: Checked, current: bool) -> StepState:
    codes = [finding.code for finding in checked.findings if step_of(finding.code) is step]
    fields = [error.field for error in checked.errors if step_of_field(error.field) is step]
    wrong = _count(codes, missing=False) + (len(fields) if full else 0)
    lacking = _count(codes, missing=True)
    state = State.WRONG if wrong else State.TODO if lacking or not full else State.DONE
    return StepState(step=step, number=number, state=state, faults=wrong + lacking, current=current)


def _count(codes: Iterable[str], *, missing: bool) -> int:
    return sum((code in _MISSING) is missing for code in codes)


def after(step: Step) -> Step:
    """The next step."""
    order = list(Step)
    return order[min(order.index(step) + 1, len(order) - 1)]
