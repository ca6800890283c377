"""What every route declares alike: identifiers in paths, paging, and the problems it may answer with."""

from typing import Annotated, Any

from fastapi import Path, Query

from api.bodies.base import Day
from api.errors import MEDIA_TYPE
from api.views.base import Queued

SENTENCES = {
    400: "Nội dung gửi lên không đọc được",
    401: "Chưa đăng nhập hoặc phiên đã hết hạn",
    403: "Không có quyền",
    404: "Không tìm thấy, hoặc không được biết là có",
    409: "Trái với trạng thái hiện tại",
    413: "Nội dung quá lớn",
    415: "Loại tệp không được nhận",
    422: "Nội dung không hợp lệ hoặc bị từ chối theo quy tắc",
    429: "Gửi quá nhiều yêu cầu",
    503: "Sổ đăng ký tạm thời không phục vụ được",
}
Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Responses:
    """The problem documents a route may answer with, for the OpenAPI description."""
    schema = {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
    return {status: {"description": SENTENCES[status], "content": {MEDIA_TYPE: schema}} for status in statuses}


READ = problems(401, 403, 404, 422, 503)
COMPUTE = problems(400, 401, 403, 413, 422, 503)
QUEUED: Responses = {202: {"model": Queued, "description": "Đã ghi nhận theo biên nhận, quyết định sẽ có sau"}}
ACT: Responses = {**QUEUED, **problems(400, 401, 403, 404, 409, 413, 422, 503)}

ConsultationId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,80}$", description="Mã cuộc lấy ý kiến")]
AgencyCode = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,60}$", description="Mã cơ quan", examples=["STC"])]
DottedId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,140}$")]
PlainId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
Cursor = Annotated[str | None, Query(max_length=400, description="Con trỏ của trang sau, lấy từ `next`")]
PageSize = Annotated[int, Query(ge=1, le=200, description="Số mục mỗi trang")]
On = Annotated[Day | None, Query(description="Ngày tra cứu; mặc định là hôm nay")]
CodeFilter = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
