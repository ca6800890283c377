"""What the lead, the leader and the administrator do to the whole consultation."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.bodies.launch import RedraftBody, TermsBody
from api.bodies.ruling import EmptyBody, ExceptionBody, WithdrawalBody
from api.confirming import confirm
from api.drafts import draft_file
from api.errors import Problem
from api.front import Base, Front, FrontDesk, Key, hash_if
from api.launching import parts_of
from api.policy import Action
from api.routes.common import ACT, ConsultationId
from api.routes.consultations import refused
from api.stored import words_of
from api.views.acts import BareAct, WholeAct
from api.views.consultations import launch_words
from domain.commands import Approve, Close, Discard, GrantException, Redraft, Withdraw
from domain.gate import LaunchPlan, check
from domain.gate_secret import marking_in_file_name
from domain.refusals import Code, Refused
from domain.state import Consultation, DraftVersion, Part

router = APIRouter(prefix="/api/v1/consultations/{id}", tags=["Vòng đời"], responses=ACT)


@router.post("/approval", response_model=WholeAct, summary="Thủ trưởng phê duyệt, phát hành")
async def approval(
    front: FrontDesk, id: ConsultationId, body: EmptyBody | None = None, key: Key = None
) -> JSONResponse:
    """Cổng kiểm tra lại vào ngày phê duyệt; cơ quan cần ngoại lệ phải được lãnh đạo cho phép trước."""
    await front.find(id, Action.APPROVE)
    state = await front.state(id)
    problem = await gate_again(front, state, await front.services.now())

    def approve(base: Base) -> Approve:
        if problem:
            raise problem
        return Approve(**base)

    return await front.act(id, body, "approve", approve, key=key)


async def gate_again(front: Front, state: Consultation, now: datetime) -> Problem | None:
    """What the gate says of the plan today; exceptions asked for or granted are the engine's to check."""
    services = front.services
    words = (await launch_words(services, state.content)).words
    plan = LaunchPlan.model_validate(words["plan"])
    excused = tuple(ask.model_copy(update={"request_exception": _excused(state, ask.agency)}) for ask in plan.asks)
    plan = plan.model_copy(update={"asks": excused})
    findings = check(plan, services.rulebook, services.settings.rule_set, now, str(words.get("text") or ""))
    return refused(services, findings) if findings else None


def _excused(state: Consultation, agency: str) -> bool:
    ask = state.asks.get(agency)
    return ask is not None and ask.needs_exception


@router.post("/discard", response_model=WholeAct, summary="Bỏ bản chuẩn bị")
async def discard(front: FrontDesk, id: ConsultationId, body: EmptyBody | None = None, key: Key = None) -> JSONResponse:
    """Bản chuẩn bị được xếp lại, không xóa."""
    await front.find(id, Action.DISCARD)
    return await front.act(id, body, "discard", lambda base: Discard(**base), key=key)


@router.post("/exception", response_model=WholeAct, summary="Lãnh đạo cho phép hỏi cơ quan không liên quan trực tiếp")
async def exception(front: FrontDesk, id: ConsultationId, body: ExceptionBody, key: Key = None) -> JSONResponse:
    """Chỉ lãnh đạo phụ trách lĩnh vực vào ngày đó, kèm lý do."""
    await front.find(id, Action.GRANT_EXCEPTION)
    words = words_of("grant_exception", body)
    leader = front.subject.leader or ""

    def grant(base: Base) -> GrantException:
        return GrantException(**base, asked=body.agency, leader=leader, content=hash_if(body.reason, words))

    return await front.act(id, body, "grant_exception", grant, key=key, words=words)


@router.post("/withdrawal", response_model=WholeAct, summary="Rút cuộc lấy ý kiến")
async def withdrawal(front: FrontDesk, id: ConsultationId, body: WithdrawalBody, key: Key = None) -> JSONResponse:
    """Nêu lý do; mọi cơ quan được hỏi đều được báo, không xóa gì."""
    await front.find(id, Action.WITHDRAW)
    words = words_of("withdraw", body)
    return await front.act(
        id,
        body,
        "withdraw",
        lambda base: Withdraw(**base, content=hash_if(body.reason, words)),
        key=key,
        words=words,
    )


@router.post("/redraft", response_model=WholeAct, summary="Phát hành phiên bản dự thảo mới")
async def redraft(front: FrontDesk, id: ConsultationId, body: RedraftBody, key: Key = None) -> JSONResponse:
    """Chỉ cơ quan có phần được hỏi thay đổi mới phải trả lời lại, với thời hạn mới."""
    await front.find(id, Action.REDRAFT)
    file = await draft_file(front, body.draft)
    if file is None:
        raise Refused(Code.DRAFT_MISSING)
    level = marking_in_file_name(file.name)
    if level:
        raise Refused(Code.CLASSIFIED, level=level)
    parts = tuple(Part(id=part.id, sha256=part.sha256) for part in parts_of(body.parts, file.sha256))
    draft = DraftVersion(version=1, file=file.file, sha256=file.sha256, parts=parts)
    return await front.act(id, body, "redraft", lambda base: Redraft(**base, draft=draft), key=key)


@router.post("/closure", response_model=WholeAct, summary="Ký tổng hợp, kết thúc")
async def closure(front: FrontDesk, id: ConsultationId, body: EmptyBody | None = None, key: Key = None) -> JSONResponse:
    """Khi mọi cơ quan đã xong và mọi ý kiến đã được giải trình."""
    await front.find(id, Action.CLOSE)
    return await front.act(id, body, "close", lambda base: Close(**base), key=key)


@router.post("/terms", response_model=BareAct, summary="Xác nhận lịch hoặc phân công mới")
async def terms(front: FrontDesk, id: ConsultationId, body: TermsBody, key: Key = None) -> JSONResponse:
    """Quản trị xác nhận lịch làm việc hoặc phân công lãnh đạo hiện hành cho cuộc đang chạy; hạn chỉ có thể kéo dài."""
    front.require(Action.CHANGE_TERMS)
    return await confirm(front, id, body.confirm, body, key=key)
