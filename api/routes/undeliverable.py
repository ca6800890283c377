"""For the administrator: what did not get to where it belongs, and to have it tried again. Never anybody's words."""

from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from adapters.register.contents import content_of
from adapters.register.queries_undeliverable import Kind, standing, undeliverable
from api.desk import new_id
from api.errors import Problem
from api.front import FrontDesk, Key
from api.policy import Action
from api.routes.common import READ, Cursor, PageSize, PlainId, problems
from api.services import Services
from api.views.base import View
from domain.refusals import Code

log = structlog.get_logger()

router = APIRouter(prefix="/api/v1/undeliverable", tags=["Vận hành"])

KindInPath = Annotated[Kind, Path(description="receipt: nội dung đã ghi nhận; mail: thư thông báo")]


class UndeliverableView(View):
    """One thing that did not arrive. `what`: verb or kind of notice; `since`: when it was received or owed."""

    kind: Kind
    id: str
    consultation: str
    what: str
    since: datetime
    tries: int
    last_error: str | None
    detail: str


class UndeliverablesView(View):
    """A page of them, oldest first."""

    items: tuple[UndeliverableView, ...]
    next: str | None = None


class RetriedView(View):
    """What a retry did, under the receipt that proves who asked for it. `state`: how the thing stands now."""

    receipt: str
    received_at: datetime
    kind: Kind
    id: str
    consultation: str
    retried: bool
    state: str
    detail: str


@router.get("", responses=READ, summary="Việc chưa chuyển được")
async def list_them(front: FrontDesk, cursor: Cursor = None, limit: PageSize = 50) -> UndeliverablesView:
    """Biên nhận được để riêng và thư không gửi được, cũ nhất trước; không có nội dung ý kiến."""
    front.require(Action.READ_UNDELIVERABLE)
    page = await undeliverable(front.services.database, cursor, limit)
    said = front.services.messages.text
    items = (UndeliverableView(**row.model_dump(), detail=said(f"api.undeliverable.{row.kind}")) for row in page.items)
    return UndeliverablesView(items=tuple(items), next=page.next)


@router.post(
    "/{kind}/{id}/retry",
    response_model=RetriedView,
    responses=problems(401, 403, 404, 409, 422, 503),
    summary="Cho thử lại",
)
async def retry(front: FrontDesk, kind: KindInPath, id: PlainId, key: Key = None) -> JSONResponse:
    """Ghi lại ai cho thử lại; việc đã đi tiếp thì không đổi gì."""
    front.require(Action.RETRY_UNDELIVERABLE)
    services, account = front.services, front.subject.account
    found = await standing(services.database, kind, id)
    if found is None:
        raise Problem(Code.NOT_FOUND)
    words = content_of({"kind": "retry", "of": kind, "id": id})
    stamped = await front.stamp_once("retry", key or new_id("k"), words, found.consultation)
    assert stamped is not None  # noqa: S101 - there is always a key
    if stamped.answer is not None:
        return JSONResponse(stamped.answer)
    retried = await _retry(services, kind, id)
    log.info("tried again by an administrator", account=account, kind=kind, id=id, retried=retried)
    now = await standing(services.database, kind, id)
    view = RetriedView(
        receipt=stamped.id,
        received_at=stamped.received_at,
        kind=kind,
        id=id,
        consultation=found.consultation,
        retried=retried,
        state=now.state if now else found.state,
        detail=services.messages.text(f"api.undeliverable.{'retried' if retried else 'nothing'}"),
    ).model_dump(mode="json")
    await services.receipts.answer(stamped.id, 200, view, "done")
    return JSONResponse(view)


async def _retry(services: Services, kind: Kind, id: str) -> bool:
    """Back among what waits, from the beginning; False where there was nothing to retry."""
    return await (services.receipts.retry(id) if kind == "receipt" else services.notices.retry(int(id)))
