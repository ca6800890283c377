"""What the caller is owed: notices, and the receipts of what the caller's agency sent."""

from datetime import datetime
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from adapters.faults import told
from adapters.register.notices import NoticeRow
from adapters.register.receipts import State
from api.bodies.base import Body
from api.errors import Problem
from api.front import FrontDesk
from api.noticing import Context, Said, addresses, say
from api.policy import Action, Resource
from api.routes.common import READ, Cursor, PageSize, PlainId, problems
from api.services import Services
from api.views.base import View
from domain.refusals import Code

log = structlog.get_logger()
router = APIRouter(prefix="/api/v1", tags=["Thông báo và biên nhận"])


class NoticeView(View):
    """One notice in words."""

    number: int
    consultation: str
    kind: str
    subject: str
    body: str
    agency: str | None
    at: datetime
    read_at: datetime | None


class NoticesView(View):
    """A page of notices, newest first."""

    items: tuple[NoticeView, ...]
    next: str | None = None


class ReadBody(Body):
    """Which notices were read."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"numbers": [12, 13]}]})

    numbers: Annotated[list[Annotated[int, Field(ge=1, le=2**53)]], Field(min_length=1, max_length=500)]


class Marked(View):
    """How many had not been read before."""

    read: int


class ReceiptView(View):
    """A receipt and what became of it, also in a sentence; `answer` is the stored answer, with its HTTP status."""

    id: str
    consultation: str
    verb: str
    actor: str
    agency: str | None
    content_sha256: str
    received_at: datetime
    state: State
    detail: str = Field(examples=["Đã ghi nhận, đang xử lý."])
    status: int | None
    answer: dict[str, Any] | None


@router.get("/notices", responses=READ, summary="Thông báo của tôi")
async def notices(
    front: FrontDesk,
    unread: Annotated[bool, Query(description="Chỉ thông báo chưa đọc")] = False,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> NoticesView:
    """Mới nhất trước."""
    front.require(Action.READ_NOTICES)
    services = front.services
    page = await services.notices.page(addresses(front.subject), unread_only=unread, cursor=cursor, limit=limit)
    shown = []
    for row in page.items:
        said = _said(services, row)
        same = ("number", "consultation", "kind", "agency", "at", "read_at")
        shown.append(NoticeView(**{n: getattr(row, n) for n in same}, subject=said.subject, body=said.body))
    return NoticesView(items=tuple(shown), next=page.next)


def _said(services: Services, row: NoticeRow) -> Said:
    """The notice in words; one that stumbles must not hide the others from the reader."""
    try:
        return say(services, row, Context())
    except Exception as error:
        log.error("notice cannot be put into words", notice=row.number, why=told(error))
        return Said(services.messages.text("api.notice_unsaid"), services.messages.text("api.notice_unsaid"))


@router.post("/notices/read", responses=problems(400, 401, 403, 413, 422, 503), summary="Đánh dấu đã đọc")
async def mark_read(front: FrontDesk, body: ReadBody) -> Marked:
    """Ghi lại ai đã đọc và lúc nào; đọc lại không đổi gì."""
    front.require(Action.READ_NOTICES)
    to = addresses(front.subject)
    return Marked(read=await front.services.notices.mark_read(body.numbers, to, front.subject.account))


@router.get("/receipts/{id}", responses=READ, summary="Biên nhận")
async def receipt(front: FrontDesk, id: PlainId) -> ReceiptView:
    """Nội dung đã được ghi nhận lúc nào và kết quả xử lý."""
    found = await front.services.receipts.get(id)
    if found is None:
        raise Problem(Code.NOT_FOUND)
    mine = found.actor == front.subject.account
    if not mine:
        front.require(Action.READ_RECEIPT, Resource(owner=found.agency, hides=True))
    same = ("id", "consultation", "verb", "actor", "agency", "received_at", "state", "status", "answer")
    said = front.services.messages.text(f"api.receipts.{found.state}")
    return ReceiptView(**{n: getattr(found, n) for n in same}, content_sha256=found.body_sha256, detail=said)
