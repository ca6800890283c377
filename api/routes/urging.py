"""Urging by hand (đôn đốc), and the list of what is overdue, from which it is done."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from adapters.register.queries_overdue import DueCounts, OverdueRow, due_counts, overdue_page
from api.bodies.urging import UrgingBody, UrgingsBody
from api.front import FrontDesk, Key
from api.policy import Action
from api.routes.common import ACT, READ, AgencyCode, CodeFilter, ConsultationId, Cursor, PageSize, problems
from api.urging import UrgingOutcomes, urge, urge_all
from api.views.acts import AskAct
from api.views.base import View
from domain.deadline import closing, day_in_vietnam

router = APIRouter(prefix="/api/v1", tags=["Đôn đốc"])


class OverdueLine(OverdueRow):
    """One agency's part past its due instant. `last_urged_at`: by either side."""

    lead_name: str
    agency_name: str
    last_urged_at: datetime | None = None


class Overdue(View):
    """A page of them, most overdue first, and the counts over all of them."""

    counts: DueCounts
    items: tuple[OverdueLine, ...]
    next: str | None = None


@router.get("/overdue", responses=READ, summary="Phần quá hạn được theo dõi")
async def overdue(
    front: FrontDesk,
    lead: CodeFilter = None,
    agency: CodeFilter = None,
    field: CodeFilter = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> Overdue:
    """Quá hạn lâu nhất trước. Văn phòng và cơ quan kiểm tra thấy tất cả; cơ quan chủ trì thấy các cuộc của mình;
    lãnh đạo thấy lĩnh vực phụ trách; cơ quan được hỏi chỉ thấy phần của mình."""
    front.require(Action.LIST_CONSULTATIONS)
    services, viewer = front.services, front.caller.viewer
    now = await services.now()
    wanted = {"lead": lead, "agency": agency, "field": field}
    page = await overdue_page(services.database, viewer, now=now, cursor=cursor, limit=limit, **wanted)
    today_ends = closing(day_in_vietnam(now), None)
    counts = await due_counts(services.database, viewer, now=now, today_ends=today_ends, **wanted)
    lines = tuple(
        OverdueLine(
            **dict(row),
            lead_name=services.agency_name(row.lead),
            agency_name=services.agency_name(row.agency),
            last_urged_at=row.urged_at,
        )
        for row in page.items
    )
    return Overdue(counts=counts, items=lines, next=page.next)


@router.post(
    "/consultations/{id}/asks/{agency}/urging", response_model=AskAct, responses=ACT, summary="Đôn đốc một cơ quan"
)
async def urging(
    front: FrontDesk, id: ConsultationId, agency: AgencyCode, body: UrgingBody | None = None, key: Key = None
) -> JSONResponse:
    """Cơ quan chủ trì hoặc Văn phòng đôn đốc cơ quan còn phải trả lời; mỗi bên một lần trong một ngày làm việc."""
    return await urge(front, id, agency, body or UrgingBody(), key)


@router.post(
    "/urgings", responses=problems(400, 401, 403, 413, 422, 503), summary="Đôn đốc nhiều cơ quan theo danh sách"
)
async def urgings(front: FrontDesk, body: UrgingsBody, key: Key = None) -> UrgingOutcomes:
    """Mỗi mục là một việc riêng, có kết quả riêng; gửi lại cùng khóa thì nhận lại đúng kết quả cũ."""
    return await urge_all(front, body, key)
