"""Bodies of the computing endpoints: deadlines, relevance, clarity. Nothing sent to them is recorded."""

import re
from datetime import time
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictInt, model_validator

from api.bodies.base import Body, Day, FilledLine, FilledNote, Instant, Key, Line, Text
from api.bodies.reply import AmendmentBody, PositionName

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _clock(value: Any) -> Any:
    if isinstance(value, str) and CLOCK.fullmatch(value):
        return value
    raise ValueError("clock")


def _local(value: time) -> time:
    return value.replace(tzinfo=None)


Clock = Annotated[
    time,
    Field(strict=False, json_schema_extra={"format": None, "pattern": f"^{CLOCK.pattern}$"}),
    BeforeValidator(_clock),
    AfterValidator(_local),
]


class LimitBody(Body):
    """A time limit: how many of which unit."""

    n: Annotated[StrictInt, Field(ge=1, le=1000)]
    unit: Literal["working_day", "calendar_day", "hour"]


class DeadlineBody(Body):
    """When an answer is due: by the limit given, or by the rule set's line for a kind of draft."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"received_at": "2026-04-22T09:00:00+07:00", "limit": {"n": 5, "unit": "working_day"}},
                {"received_at": "2026-11-17T09:00:00+07:00", "rule": "KE_HOACH"},
            ]
        }
    )

    received_at: Instant
    limit: LimitBody | None = None
    rule: Key | None = None
    closes_at: Clock | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.limit is None) == (self.rule is None):
            raise ValueError("limit_or_rule")
        return self


class RelevanceBody(Body):
    """A matter, for which directly related agencies are suggested."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "Đề án sắp xếp mạng lưới trường, lớp",
                    "text": "Sáp nhập 12 điểm trường lẻ, điều chỉnh biên chế, kinh phí 12,5 tỷ đồng.",
                    "field": "PHO_THONG",
                    "on": "2026-04-22",
                }
            ]
        }
    )

    subject: FilledLine
    text: Text = ""
    field: Key | None = None
    draft_kind: Key | None = None
    lead: Key | None = None
    on: Day | None = None


class AssessmentBody(Body):
    """A reply before it is sent, for the clarity check. `answers`: one position per question, null if not ticked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "position": "agree",
                    "subject": "Đề án sắp xếp mạng lưới trường, lớp",
                    "questions": ["Ngân sách tỉnh có cân đối được 12,5 tỷ đồng năm 2026 không?"],
                    "text": "Đề nghị cân đối phù hợp khả năng ngân sách, thực hiện theo phân cấp hiện hành.",
                }
            ]
        }
    )

    position: PositionName
    subject: Line = ""
    agency: Line = ""
    questions: Annotated[list[FilledNote], Field(max_length=50)] = []
    text: Text = ""
    answers: Annotated[list[PositionName | None], Field(max_length=50)] = []
    amendments: Annotated[list[AmendmentBody], Field(max_length=200)] = []
    reason: Text = ""
    basis: Text = ""
    pointer: Line = ""
