"""Bodies about who is directly concerned: one named agency, and what people do with a lesson."""

from pydantic import ConfigDict

from api.bodies.base import Body, Key, Note
from api.bodies.tools import RelevanceBody


class JudgementBody(RelevanceBody):
    """A matter, and the one agency of which it is asked whether the matter directly concerns it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "Kế hoạch bảo đảm an toàn thông tin hệ thống dùng chung",
                    "text": "An toàn thông tin mạng của các hệ thống dùng chung.",
                    "agency": "CAT",
                    "on": "2026-04-22",
                }
            ]
        }
    )

    agency: Key


class LessonBody(Body):
    """Why a lesson is reset, or taken back into use."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Cuộc lấy ý kiến này hỏi nhầm phần; chức năng vẫn của Sở."}]}
    )

    reason: Note = ""
