"""The lead's statement: what is consulted on, who is asked what, and by when."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.bodies.base import Body, FilledLine, FilledNote, Hash, Instant, Key, Line, Note, Text

SHA_EXAMPLE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class PartBody(Body):
    """A part of the draft: its id, its label, and its text or the hash of its text."""

    id: Key
    label: FilledLine
    text: Text | None = None
    sha256: Hash | None = None


class QuestionBody(Body):
    """One question. Without an id it is numbered; `closed`: it can be answered by a position or one of `options`."""

    id: Key | None = None
    text: FilledNote
    closed: bool = True
    part: Key | None = None
    options: Annotated[list[FilledLine], Field(max_length=20)] = []


class AskBody(Body):
    """One agency that is asked: by which of its functions, about which parts, with which questions."""

    agency: Key
    functions: Annotated[list[Key], Field(max_length=40)] = []
    parts: Annotated[list[Key], Field(max_length=200)] = []
    questions: Annotated[list[QuestionBody], Field(max_length=50)] = []
    request_exception: bool = False


class OverrideBody(Body):
    """Why the head consults although the matter is the lead's own to decide."""

    reason_code: Key
    reason: FilledNote


class ParentTaskBody(Body):
    """The task from above that this consultation serves."""

    name: FilledLine
    due_at: Instant | None = None


class LaunchBody(Body):
    """A launch. `approve`: whether a head who prepares it also sends it at once (default: yes)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "Đề án sắp xếp mạng lưới trường, lớp giai đoạn 2026-2030",
                    "summary": "Sáp nhập các điểm trường lẻ, kèm phương án biên chế và kinh phí.",
                    "field": "PHO_THONG",
                    "draft_kind": "KE_HOACH",
                    "own_position": "Sở Giáo dục và Đào tạo thống nhất sáp nhập 12 điểm trường lẻ.",
                    "proposal": "Trình UBND tỉnh phê duyệt Đề án trong quý II năm 2026.",
                    "legal_basis": "Kế hoạch công tác năm 2026 của UBND tỉnh.",
                    "draft": "d-01",
                    "parts": [{"id": "muc-3", "label": "Mục III: Kinh phí", "text": "Tổng kinh phí 12,5 tỷ đồng."}],
                    "asks": [
                        {
                            "agency": "STC",
                            "functions": ["STC-01"],
                            "parts": ["muc-3"],
                            "questions": [
                                {
                                    "id": "q1",
                                    "text": "Ngân sách tỉnh có cân đối được 12,5 tỷ đồng năm 2026 không?",
                                    "closed": True,
                                    "part": "muc-3",
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    )

    subject: FilledLine
    summary: Note = ""
    field: Key
    draft_kind: Key
    rule: Key | None = None
    own_position: Note = ""
    proposal: Note = ""
    legal_basis: Note = ""
    number: Line = ""
    classification: Line | None = None
    draft: Key | None = None
    parts: Annotated[list[PartBody], Field(max_length=500)] = []
    asks: Annotated[list[AskBody], Field(max_length=4000)] = []
    due_at: Instant | None = None
    override: OverrideBody | None = None
    parent_task: ParentTaskBody | None = None
    innovation: bool = False
    approve: bool = True


class RedraftBody(Body):
    """A new version of the draft with all its parts; only agencies whose parts changed are asked again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "draft": "d-02",
                    "parts": [{"id": "muc-3", "label": "Mục III: Kinh phí", "text": "Tổng kinh phí 7,2 tỷ đồng."}],
                    "summary": "Giảm tổng kinh phí theo ý kiến của Sở Tài chính.",
                }
            ]
        }
    )

    draft: Key
    parts: Annotated[list[PartBody], Field(min_length=1, max_length=500)]
    summary: Note = ""


class TermsBody(Body):
    """Which of today's tables a person confirms for a running consultation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"confirm": ["calendar"], "reason": "Thông báo chính thức về ngày nghỉ 24/11/2026."}]
        }
    )

    confirm: Annotated[list[Literal["calendar", "leaders"]], Field(min_length=1, max_length=2)]
    reason: FilledNote
