"""What a consulted agency does with its own ask."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from adapters.register.accounts import Account
from adapters.register.contents import content_of
from adapters.register.queries_asks import AskRow, inbox
from api.answered import Reply, Signer
from api.bodies.reply import (
    AssignmentBody,
    ExtensionBody,
    IncompleteBody,
    InterimBody,
    ReasonBody,
    ReceiptBody,
    ReplyBody,
)
from api.front import Base, Front, FrontDesk, Key, hash_if
from api.policy import Action, Role
from api.routes.common import ACT, READ, AgencyCode, ConsultationId, Cursor, PageSize
from api.stored import words_of
from api.views.acts import AskAct
from api.views.base import View
from api.views.consultations import launch_words
from domain.commands import AskExtension, Assign, ClaimIncomplete, Contest, Deliver, Interim, SendReply
from domain.refusals import Code, Refused

router = APIRouter(prefix="/api/v1", tags=["Cơ quan được hỏi"])
PATH = "/consultations/{id}/asks/{agency}"


class Inbox(View):
    """What the caller's agency was asked, soonest due first."""

    items: tuple[AskRow, ...]
    next: str | None = None


@router.get("/asks", responses=READ, summary="Việc cơ quan tôi được hỏi")
async def asks(front: FrontDesk, cursor: Cursor = None, limit: PageSize = 50, all: bool = False) -> Inbox:
    """Hạn gần nhất trước; mặc định chỉ gồm phần chưa xong."""
    front.require(Action.LIST_CONSULTATIONS)
    agency = front.subject.agency
    works = any(role in front.subject.roles for role in (Role.LEAD_OFFICER, Role.AGENCY_HEAD, Role.CLERK, Role.HANDLER))
    if agency is None or not works:
        return Inbox(items=())
    page = await inbox(front.services.database, agency, open_only=not all, cursor=cursor, limit=limit)
    return Inbox(items=page.items, next=page.next)


@router.post(PATH + "/receipt", response_model=AskAct, responses=ACT, summary="Văn thư xác nhận đã nhận")
async def receipt(
    front: FrontDesk, id: ConsultationId, agency: AgencyCode, body: ReceiptBody | None = None, key: Key = None
) -> JSONResponse:
    """Với kênh giấy hoặc trục liên thông, thời hạn tính từ thời điểm đến đã xác nhận."""
    await front.find(id, Action.RECEIPT, agency)
    arrived_at = body.arrived_at if body else None

    def deliver(base: Base) -> Deliver:
        not_ahead(arrived_at, base["at"], "arrived_at")
        return Deliver(**base, arrived_at=arrived_at)

    return await front.act(id, body, "deliver", deliver, key=key)


def not_ahead(instant: datetime | None, now: datetime, field: str) -> None:
    """Nothing arrives in the future. Refuses `body_invalid`."""
    if instant is not None and instant > now:
        raise Refused(Code.BODY_INVALID, field=field)


@router.post(PATH + "/assignment", response_model=AskAct, responses=ACT, summary="Giao người chuẩn bị trả lời")
async def assignment(
    front: FrontDesk, id: ConsultationId, agency: AgencyCode, body: AssignmentBody, key: Key = None
) -> JSONResponse:
    """Người được giao phải có tài khoản của chính cơ quan."""
    await front.find(id, Action.ASSIGN, agency)
    if not await _works_for(front, body.handler, agency):
        raise Refused(Code.BODY_INVALID, field="handler")
    return await front.act(id, body, "assign", lambda base: Assign(**base, handler=body.handler), key=key)


async def _works_for(front: Front, username: str, agency: str) -> bool:
    account = await front.services.accounts.find(username)
    return account is not None and account.agency == agency and not account.disabled


@router.post(PATH + "/reply", response_model=AskAct, responses=ACT, summary="Gửi ý kiến trả lời")
async def reply(
    front: FrontDesk, id: ConsultationId, agency: AgencyCode, body: ReplyBody, key: Key = None
) -> JSONResponse:
    """Trả lời gắn với đúng phiên bản dự thảo; chưa rõ chính kiến thì được trả lại một lần để làm rõ. Văn bản giấy do
    văn thư vào sổ; văn bản mật chỉ ghi số, ngày, không đưa nội dung lên hệ thống."""
    action = Action.REGISTER_PAPER if body.paper else Action.REPLY
    found = await front.find(id, action, agency)
    launch = await launch_words(front.services, found.row.content)
    form = Reply(front.services, body, found.own_ask, launch, found.row.field)
    words = content_of(form.words())
    await front.services.keep_instrument()
    signer = await _signer(front, body, agency)

    def send(base: Base) -> SendReply:
        form.check_at_the_door()
        return form.command(
            at=base["at"], receipt=base["receipt"], actor=base["actor"], content=words.sha256, signer=signer
        )

    return await front.act(id, body, "reply", send, key=key, words=words)


async def _signer(front: Front, body: ReplyBody, agency: str) -> Signer:
    """In the application everybody signs for themselves; under paper stands who signed it, else the agency's head."""
    if body.paper is None:
        account = front.caller.account
        return Signer(account.username, head=_heads(account, agency), known=body.signer in (None, account.username))
    heads = await front.services.accounts.of_agency(agency, Role.AGENCY_HEAD)
    if body.signer is None:
        return Signer(heads[0].username if heads else agency, head=True, known=True)
    return Signer(body.signer, head=any(h.username == body.signer for h in heads), known=True)


def _heads(account: Account, agency: str) -> bool:
    return account.agency == agency and Role.AGENCY_HEAD in account.roles


@router.post(PATH + "/interim", response_model=AskAct, responses=ACT, summary="Báo đang xử lý")
async def interim(
    front: FrontDesk, id: ConsultationId, agency: AgencyCode, body: InterimBody, key: Key = None
) -> JSONResponse:
    """Được ghi lại, nhưng không phải trả lời và không dừng thời hạn."""
    await front.find(id, Action.INTERIM, agency)
    words = words_of("interim", body)
    return await front.act(
        id, body, "interim", lambda base: Interim(**base, content=words.sha256), key=key, words=words
    )


@router.post(PATH + "/extension", response_model=AskAct, responses=ACT, summary="Xin gia hạn")
async def extension(
    front: FrontDesk, id: ConsultationId, agency: AgencyCode, body: ExtensionBody, key: Key = None
) -> JSONResponse:
    """Phải xin trước khi hết hạn; trước khi có quyết định, hạn cũ giữ nguyên."""
    await front.find(id, Action.ASK_EXTENSION, agency)
    words = words_of("extension", body)

    def ask(base: Base) -> AskExtension:
        return AskExtension(**base, until=body.until, content=hash_if(body.reason, words))

    return await front.act(id, body, "extension", ask, key=key, words=words)


@router.post(PATH + "/incomplete", response_model=AskAct, responses=ACT, summary="Đề nghị bổ sung hồ sơ")
async def incomplete(
    front: FrontDesk, id: ConsultationId, agency: AgencyCode, body: IncompleteBody, key: Key = None
) -> JSONResponse:
    """Một lần, sớm, nêu từng mục thiếu; thời hạn tạm dừng cho đến khi cơ quan chủ trì xử lý."""
    await front.find(id, Action.CLAIM_INCOMPLETE, agency)
    words = words_of("incomplete", body)

    def claim(base: Base) -> ClaimIncomplete:
        return ClaimIncomplete(**base, items=len(body.items), content=words.sha256)

    return await front.act(id, body, "incomplete", claim, key=key, words=words)


@router.post(PATH + "/contest", response_model=AskAct, responses=ACT, summary="Khiếu nại kết quả kiểm tra chính kiến")
async def contest(
    front: FrontDesk, id: ConsultationId, agency: AgencyCode, body: ReasonBody, key: Key = None
) -> JSONResponse:
    """Lãnh đạo phụ trách lĩnh vực quyết định."""
    await front.find(id, Action.CONTEST, agency)
    words = words_of("contest", body)
    return await front.act(
        id, body, "contest", lambda base: Contest(**base, content=hash_if(body.reason, words)), key=key, words=words
    )
