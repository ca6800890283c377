"""Amendments of the rules while the system runs: entered, taken back, foreseen, confirmed; each by a named person."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from adapters.register.amendments import ENTERED, REVOKED
from adapters.register.contents import content_of
from adapters.register.paging import decode, encode
from adapters.register.receipts import Receipt
from api.amending import confirm_all, foreseen, require
from api.bodies.amendments import AnyChangeBody, ConfirmationBody, RevocationBody
from api.desk import new_id
from api.errors import MEDIA_TYPE, Problem, document, of_refused
from api.front import Front, FrontDesk, Key, refuse_secrets
from api.policy import Action
from api.routes.common import COMPUTE, READ, Cursor, PageSize, problems
from api.views.amendments import (
    CONFIRMS,
    AmendmentAct,
    AmendmentsView,
    ConfirmedAllView,
    PreviewView,
    amendment_view,
)
from domain.amendments import Amendment, standing
from domain.refusals import Code, Refused

log = structlog.get_logger()

router = APIRouter(prefix="/api/v1/amendments", tags=["Bổ sung, điều chỉnh dữ liệu quy tắc"])

ENTER = problems(400, 401, 403, 404, 409, 413, 422, 503)
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Số của mục bổ sung, điều chỉnh")]


@router.get("", responses=READ, summary="Các mục bổ sung, điều chỉnh")
async def amendments(front: FrontDesk, cursor: Cursor = None, limit: PageSize = 50) -> AmendmentsView:
    """Ngày nghỉ, ngày làm bù, lãnh đạo vắng, sổ ủy quyền do quản trị nhập; kể cả mục đã thu hồi, mới nhất trước."""
    front.require(Action.READ_AMENDMENTS)
    rows = await front.services.amendments.all()
    before = decode(cursor, int)[0] if cursor else None
    shown = [row for row in reversed(rows) if before is None or row.number < before]
    items = tuple(amendment_view(front.services, row, rows) for row in shown[:limit])
    return AmendmentsView(items=items, next=encode(items[-1].number) if len(shown) > limit else None)


@router.post("", response_model=AmendmentAct, responses=ENTER, summary="Nhập mục bổ sung, điều chỉnh")
async def enter(front: FrontDesk, body: AnyChangeBody, key: Key = None) -> JSONResponse:
    """Thay thông báo cũ của ngày đó, lần vắng cùng lãnh đạo cùng ngày đầu, dòng ủy quyền cùng người, cùng hình thức,
    cùng ngày đầu. Cuộc lấy ý kiến đang chạy không đổi cho đến khi được xác nhận."""
    front.require(Action.AMEND)
    services, change = front.services, body.change
    refuse_secrets(body)
    if not await _known(front, key):
        _require_reason(body.reason)
        await require(services, change)
    data = change.model_dump(mode="json")
    receipt = await _stamp(front, ENTERED, key, {"change": body.kind, "data": data, "reason": body.reason})
    if receipt.answer is not None:
        return _again(receipt)
    row = await services.amendments.append(receipt, body.kind, change, body.reason)
    return await _done(front, receipt, row, "recorded")


@router.post("/preview", responses=COMPUTE, summary="Xem trước ảnh hưởng đến các cuộc đang chạy")
async def preview(front: FrontDesk, body: AnyChangeBody) -> PreviewView:
    """Hạn nào sẽ kéo dài, hạn nào giữ nguyên, ai sẽ phụ trách nếu mục này được nhập và xác nhận; không ghi gì."""
    front.require(Action.AMEND)
    refuse_secrets(body)
    services, change = front.services, body.change
    await require(services, change)
    rows = await services.amendments.all()
    number = max((row.number for row in rows), default=0) + 1
    now = await services.now()
    new = Amendment(number=number, kind=body.kind, change=change, reason="", actor="", at=now, receipt="")
    rulebook = services.amended_rules.base.amended((*rows, new))
    return await foreseen(services, body.kind, change, rulebook)


@router.get("/{number}/preview", responses=READ, summary="Cuộc đang chạy còn chờ xác nhận")
async def pending(front: FrontDesk, number: Number) -> PreviewView:
    """Những cuộc mà lịch hoặc phân công hiện hành sẽ làm thay đổi nếu được xác nhận, sau mục hoặc lần thu hồi này."""
    front.require(Action.AMEND)
    row, rows = await _find(front, number)
    origin = row if row.revokes is None else next(one for one in rows if one.number == row.revokes)
    assert origin.change is not None  # noqa: S101 - only what has a change can be revoked
    return await foreseen(front.services, row.kind, origin.change, await front.services.rules_in_force())


@router.post("/{number}/revocation", response_model=AmendmentAct, responses=ENTER, summary="Thu hồi một mục")
async def revoke(front: FrontDesk, number: Number, body: RevocationBody, key: Key = None) -> JSONResponse:
    """Mục không còn hiệu lực từ nay; mục cũ, lý do và người thu hồi đều được lưu."""
    front.require(Action.AMEND)
    refuse_secrets(body)
    row, rows = await _find(front, number)
    if row.revokes is not None:
        raise Problem(Code.NOT_FOUND)
    if not await _known(front, key):
        _require_reason(body.reason)
        if row not in standing(rows):
            raise Refused(Code.AMENDMENT_REVOKED, number=str(number))
    receipt = await _stamp(front, REVOKED, key, {"number": number, "reason": body.reason})
    if receipt.answer is not None:
        return _again(receipt)
    done = await front.services.amendments.revoke(receipt, row, body.reason)
    return await (_done(front, receipt, done, "revoked") if done else _too_late(front, receipt, number))


@router.post("/{number}/confirmation", responses=ENTER, summary="Xác nhận cho các cuộc đang chạy")
async def confirmation(front: FrontDesk, number: Number, body: ConfirmationBody, key: Key = None) -> ConfirmedAllView:
    """Mỗi cuộc là một việc riêng, có biên nhận riêng; hạn chỉ có thể kéo dài. Gửi lại cùng khóa thì không làm lại."""
    front.require(Action.CHANGE_TERMS)
    refuse_secrets(body)
    _require_reason(body.reason)
    row, _ = await _find(front, number)
    if not CONFIRMS[row.kind]:
        raise Refused(Code.BODY_INVALID, field="number")
    return ConfirmedAllView(items=await confirm_all(front, row, body, key))


async def _find(front: Front, number: int) -> tuple[Amendment, tuple[Amendment, ...]]:
    """The row of that number, and all rows. Refuses `not_found`."""
    rows = await front.services.amendments.all()
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found, rows


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(Code.REASON_MISSING)


async def _known(front: Front, key: str | None) -> bool:
    """Whether the caller has used the key before: then nothing is refused that was accepted the first time."""
    return key is not None and await front.services.receipts.of_key(front.subject.account, key) is not None


async def _stamp(front: Front, verb: str, key: str | None, words: dict[str, Any]) -> Receipt:
    stamped = await front.stamp_once(verb, key or new_id("k"), content_of({"kind": verb, **words}), "")
    assert stamped is not None  # noqa: S101 - there is always a key
    return stamped


def _again(receipt: Receipt) -> JSONResponse:
    """The first answer once more."""
    refused = receipt.status is not None and receipt.status >= 400
    return JSONResponse(
        receipt.answer, status_code=receipt.status or 200, media_type=MEDIA_TYPE if refused else "application/json"
    )


async def _done(front: Front, receipt: Receipt, row: Amendment, said: str) -> JSONResponse:
    """The amendment counts here from now on."""
    services = front.services
    services.amended_rules.forget()
    await services.rules_in_force()
    log.info("rules amended", account=front.subject.account, number=row.number, kind=row.kind, revokes=row.revokes)
    view = AmendmentAct(
        receipt=receipt.id,
        received_at=receipt.received_at,
        detail=services.messages.text(f"api.amendments.{said}"),
        amendment=amendment_view(services, row, await services.amendments.all()),
    ).model_dump(mode="json")
    await services.receipts.answer(receipt.id, 200, view, "done")
    return JSONResponse(view)


async def _too_late(front: Front, receipt: Receipt, number: int) -> JSONResponse:
    """Somebody else revoked it in the same moment: the receipt keeps the refusal."""
    refused = of_refused(Refused(Code.AMENDMENT_REVOKED, number=str(number)), recorded=True, receipt=receipt.id)
    body = document(refused, front.services)
    await front.services.receipts.answer(receipt.id, refused.status, body, "refused")
    return JSONResponse(body, status_code=refused.status, media_type=MEDIA_TYPE)
