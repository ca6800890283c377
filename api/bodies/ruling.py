"""What the lead and the leader decide: rulings, answers to remarks, decisions, exceptions, withdrawals."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.bodies.base import Body, Instant, Key, Note, QuestionId, Text
from api.bodies.reply import PositionName
from domain.commands import ActionName, AnswerName, MeasureName, RulingName

FaultName = Literal["generic", "deferring", "hedged", "contradictory", "no_reason", "no_amendment", "unanswered"]


class RerouteBody(Body):
    """Who is asked instead, under which functions; without `questions` (ids) those pointed away are passed on."""

    agency: Key
    functions: Annotated[list[Key], Field(max_length=40)] = []
    parts: Annotated[list[Key], Field(max_length=200)] = []
    questions: Annotated[list[QuestionId], Field(max_length=50)] = []


class RulingBody(Body):
    """The lead's ruling on one ask. `faults`: what the lead finds wrong with a reply it flags as unclear."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"ruling": "accept_pointer", "reroute": {"agency": "CA", "functions": ["CA-01"]}},
                {"ruling": "grant_extension"},
                {
                    "ruling": "flag_unclear",
                    "faults": ["hedged"],
                    "reason": "Chỉ thống nhất về chủ trương, chưa nêu số kinh phí cân đối được.",
                },
            ]
        }
    )

    ruling: RulingName
    reason: Note = ""
    reroute: RerouteBody | None = None
    position: PositionName | None = None
    minutes: Text = ""
    part: Key | None = None
    faults: Annotated[list[FaultName], Field(max_length=7)] = []


class RemarkAnswerBody(Body):
    """The lead's answer to one remark (tiếp thu, giải trình)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"outcome": "accepted", "text": "Tiếp thu, giảm tổng kinh phí còn 7,2 tỷ đồng."}]
        }
    )

    outcome: AnswerName
    text: Note = ""


class DecisionBody(Body):
    """The leader's decision on an escalation; without `agencies` for all that are still undecided."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "action": "order_reply",
                    "measures": ["remind"],
                    "agencies": ["STC"],
                    "until": "2026-05-11T17:00:00+07:00",
                    "reason": "Yêu cầu Sở Tài chính trả lời rõ khả năng cân đối kinh phí.",
                }
            ]
        }
    )

    action: ActionName
    measures: Annotated[list[MeasureName], Field(max_length=3)] = []
    agencies: Annotated[list[Key], Field(max_length=4000)] = []
    until: Instant | None = None
    reason: Note = ""


class ExceptionBody(Body):
    """The leader in charge allows an agency that is not directly related to be asked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"agency": "SYT", "reason": "Đề án liên quan đến y tế học đường tại các điểm trường sáp nhập."}
            ]
        }
    )

    agency: Key
    reason: Note = ""


class WithdrawalBody(Body):
    """Why the consultation is withdrawn."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "UBND tỉnh chỉ đạo dừng xây dựng Đề án."}]})

    reason: Note = ""


class EmptyBody(Body):
    """An act that needs no words."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})
