"""What a consulted agency sends: its reply, and the requests that are not replies."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api.bodies.base import Account, Body, Day, FilledLine, FilledNote, Hash, Instant, Key, Line, Note, QuestionId, Text
from api.bodies.launch import SHA_EXAMPLE

PositionName = Literal["agree", "agree_with_amendments", "disagree", "out_of_function"]


class AnswerBody(Body):
    """The position on one question."""

    question: QuestionId
    position: PositionName


class AmendmentBody(Body):
    """One requested change: where in the draft, what instead, why."""

    question: QuestionId | None = None
    part: Key | None = None
    where: FilledLine
    what: FilledNote
    why: Note = ""


class PointerBody(Body):
    """Which agency is competent; without `question` for every question answered "không thuộc chức năng"."""

    agency: Key
    question: QuestionId | None = None
    basis: Note = ""


class PaperBody(Body):
    """A reply that came on paper. `secret`: only this line of the register is kept, never the words."""

    number: FilledLine
    date: Day
    arrived_at: Instant
    secret: bool = False


class ReplyBody(Body):
    """A reply, bound to one version of the draft by its hash; the overall position follows from the answers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "draft_sha256": SHA_EXAMPLE,
                    "answers": [{"question": "q1", "position": "disagree"}],
                    "text": "Sở Tài chính không thống nhất mức 12,5 tỷ đồng trong năm 2026.",
                    "reason": "Dự phòng ngân sách tỉnh năm 2026 chỉ còn 7,2 tỷ đồng.",
                    "basis": "Nghị quyết giao dự toán ngân sách tỉnh năm 2026.",
                    "alternative": "Bố trí trong hai năm 2026 và 2027.",
                    "authority": "head",
                }
            ]
        }
    )

    draft_sha256: Hash
    position: PositionName | None = None
    answers: Annotated[list[AnswerBody], Field(max_length=200)] = []
    text: Text = ""
    amendments: Annotated[list[AmendmentBody], Field(max_length=200)] = []
    reason: Note = ""
    basis: Note = ""
    alternative: Note = ""
    pointer: PointerBody | None = None
    signer: Account | None = None
    authority: Literal["head", "KT", "TL", "TUQ"] = "head"
    handler: Account | None = None
    paper: PaperBody | None = None
    confirm: bool = False

    @model_validator(mode="after")
    def _one_position_a_question(self) -> Self:
        asked = [answer.question for answer in self.answers]
        if len(asked) != len(list(dict.fromkeys(asked))):
            raise ValueError("answered_twice")
        return self


class ReceiptBody(Body):
    """The clerk confirms that the request arrived. `arrived_at`: when, if not now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"arrived_at": "2026-11-18T08:10:00+07:00"}]})

    arrived_at: Instant | None = None


class AssignmentBody(Body):
    """Who drafts the reply."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"handler": "cv.stc"}]})

    handler: Account


class InterimBody(Body):
    """An interim answer; it never stops the clock."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Sở Tài chính đang rà soát số liệu, sẽ có ý kiến chính thức sau."}]}
    )

    text: FilledNote


class ExtensionBody(Body):
    """A request for more time, before the due instant."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"until": "2026-05-08T17:00:00+07:00", "reason": "Cần đối chiếu dự toán của 12 xã."}]
        }
    )

    until: Instant
    reason: Note = ""


class IncompleteBody(Body):
    """What is missing from the dossier, item by item."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": ["Bản vẽ mặt bằng tổng thể tỷ lệ 1/500", "Thuyết minh tính tải"]}]}
    )

    items: Annotated[list[FilledLine], Field(max_length=100)]
    note: Line = ""


class ReasonBody(Body):
    """A reason given by a named person."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Sở Tài chính đã nêu rõ số liệu tại đoạn 2 của văn bản."}]}
    )

    reason: Note = ""


class DissentBody(Body):
    """Why the agency keeps its opinion (bảo lưu)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Giải trình chưa nêu nguồn bố trí phần kinh phí còn thiếu."}]}
    )

    reason: Note = ""
