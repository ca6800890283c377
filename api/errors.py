"""Refusals as RFC 9457 problem documents: one table of statuses, one shape, Vietnamese sentences from the messages.

It decides nothing; whoever refuses raises `Refused` or `Problem`, the handlers here only say it.
"""

from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.services import Services
from domain.deadline import Limit
from domain.refusals import Code, Refused

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:ykien:refusal:{code}"

# One status per code. 422: what was sent cannot be; 409: not now; 403: not by you; 404: there is no such thing.
STATUS: dict[Code, int] = {
    **dict.fromkeys(
        (
            Code.NOT_DIRECTLY_RELATED,
            Code.AGENCY_SUCCEEDED,
            Code.AGENCY_UNKNOWN,
            Code.FUNCTION_UNKNOWN,
            Code.FUNCTION_OF_ANOTHER_AGENCY,
            Code.FUNCTION_NOT_IN_FORCE,
            Code.FIELD_UNKNOWN,
            Code.PART_UNKNOWN,
            Code.PART_MISSING,
            Code.DRAFT_KIND_UNKNOWN,
            Code.OWN_AUTHORITY,
            Code.POSITION_MISSING,
            Code.QUESTION_MISSING,
            Code.QUESTION_UNKNOWN,
            Code.DRAFT_MISSING,
            Code.CLASSIFIED,
            Code.DEADLINE_TOO_SHORT,
            Code.DEADLINE_BEFORE_DELIVERY,
            Code.SELF_ASK,
            Code.DUPLICATE_ASK,
            Code.NOBODY_ASKED,
            Code.MANDATORY_MISSING,
            Code.CAUTION_IS_NO_REASON,
            Code.RULE_SET_UNKNOWN,
            Code.RULE_UNKNOWN,
            Code.DATES_REVERSED,
            Code.LEADER_UNKNOWN,
            Code.STAND_IN_UNFIT,
            Code.OFFICER_UNKNOWN,
            Code.CALENDAR_YEAR_MISSING,
            Code.LIMIT_INVALID,
            Code.REASON_MISSING,
            Code.DELIVERED_BEFORE_SENT,
            Code.POINTER_MISSING,
            Code.EXTENSION_NOT_LATER,
            Code.ITEMS_MISSING,
            Code.POINTER_LOOP,
            Code.DRAFT_UNCHANGED,
            Code.BODY_INVALID,
            Code.KEY_REUSED,
        ),
        422,
    ),
    **dict.fromkeys(
        (
            Code.NOT_A_DRAFT,
            Code.NOT_OPEN,
            Code.CONSULTATION_CLOSED,
            Code.CONSULTATION_WITHDRAWN,
            Code.CONSULTATION_DISCARDED,
            Code.NOT_DELIVERED,
            Code.ALREADY_DELIVERED,
            Code.WRONG_DRAFT_VERSION,
            Code.ALREADY_SETTLED,
            Code.EXTENSION_AFTER_DUE,
            Code.EXTENSION_PENDING,
            Code.NO_EXTENSION_PENDING,
            Code.INCOMPLETE_TOO_LATE,
            Code.INCOMPLETE_ALREADY_USED,
            Code.NO_PAUSE_OPEN,
            Code.NO_REPLY_TO_RULE_ON,
            Code.NO_POINTER_TO_RULE_ON,
            Code.RULING_NOT_APPLICABLE,
            Code.URGED_TODAY,
            Code.ESCALATION_DECIDED,
            Code.DECISION_NOT_APPLICABLE,
            Code.NO_CONFLICT,
            Code.REMARK_NOT_ANSWERED,
            Code.DISSENT_ALREADY_KEPT,
            Code.ASKS_UNSETTLED,
            Code.REMARKS_UNANSWERED,
            Code.ESCALATIONS_UNDECIDED,
            Code.CONFIRMATION_NEEDED,
            Code.AMENDMENT_REVOKED,
            Code.KEY_IN_PROGRESS,
        ),
        409,
    ),
    **dict.fromkeys((Code.FORBIDDEN, Code.NO_SIGNING_AUTHORITY, Code.NOT_THE_LEADER), 403),
    **dict.fromkeys((Code.NOT_FOUND, Code.NOT_ASKED, Code.ESCALATION_UNKNOWN, Code.REMARK_UNKNOWN), 404),
    Code.UNAUTHENTICATED: 401,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.TOO_LARGE: 413,
    Code.FILE_NOT_ACCEPTED: 415,
    Code.TOO_MANY_REQUESTS: 429,
    Code.INTERNAL_ERROR: 500,
    Code.UNAVAILABLE: 503,
}


class FieldProblem(BaseModel):
    """One member of the body that cannot be: where (`asks[0].agency`) and why."""

    field: str
    message: str


class ProblemDocument(BaseModel):
    """An RFC 9457 problem document. `recorded`: whether what was sent is kept all the same, under `receipt`."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:ykien:refusal:wrong_draft_version"])
    title: str = Field(examples=["Sai phiên bản dự thảo"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["Văn bản trả lời gắn với bản dự thảo cũ; bản đang lấy ý kiến là bản 2."])
    way_out: str | None = Field(default=None, examples=["Đọc bản dự thảo mới và gửi lại ý kiến theo bản đó."])
    recorded: bool = False
    receipt: str | None = None
    errors: list[FieldProblem] | None = None


class Problem(Exception):  # noqa: N818 - an answer, not a fault
    """A refusal with members of its own, or with another status than the table's."""

    def __init__(
        self,
        code: Code,
        *,
        params: dict[str, str] | None = None,
        status: int | None = None,
        members: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(str(code))
        self.code = code
        self.params = params or {}
        self.status = status or STATUS[code]
        self.members = members or {}
        self.headers = headers or {}


def document(problem: Problem, services: Services) -> dict[str, Any]:
    """The problem document, ready for JSON. `recorded` may be given among the members."""
    recorded = bool(problem.members.get("recorded"))
    said = services.messages.refusal(problem.code, recorded, **named(problem.params, services))
    return {
        "type": TYPE.format(code=problem.code),
        "title": said.title,
        "status": problem.status,
        "detail": said.detail,
        "way_out": said.way_out,
        "recorded": recorded,
        **problem.members,
    }


def named(params: dict[str, str], services: Services) -> dict[str, str]:
    """The params with the names that belong to the codes among them."""
    directory = services.rulebook.directory
    names = {f"{key}_name": services.agency_name(params[key]) for key in ("agency", "to", "lead") if key in params}
    for key in ("leader", "in_charge", "stand_in"):
        found = next((x for x in directory.leaders if x.code == params.get(key)), None)
        names |= {f"{key}_name": f"{found.title} {found.name}"} if found else {}
    limits = {key: _limit(params[key], services) for key in ("minimum",) if key in params}
    return {**names, **params, **limits}


def _limit(text: str, services: Services) -> str:
    """A limit as people say it: "3 ngày làm việc"; the code itself where it is none."""
    try:
        limit = Limit.parse(text)
    except Refused:
        return text
    return services.messages.text("units.said", n=limit.n, unit=services.messages.text(f"units.{limit.unit}"))


def answer(problem: Problem, services: Services) -> JSONResponse:
    """The response that carries the problem."""
    body = document(problem, services)
    return JSONResponse(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=problem.headers)


def of_refused(refused: Refused, **members: Any) -> Problem:
    """The problem of a refusal."""
    return Problem(refused.code, params=refused.params, members=members)
