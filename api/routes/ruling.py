"""What the lead rules on an ask and answers to remarks, and the dissent an agency may keep."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from adapters.register.queries_asks import ask as find_ask
from api.bodies.reply import DissentBody
from api.bodies.ruling import RemarkAnswerBody, RulingBody
from api.front import Base, Front, FrontDesk, Key, hash_if
from api.policy import Action
from api.rerouting import seed
from api.routes.common import ACT, AgencyCode, ConsultationId, DottedId
from api.stored import words_of
from api.views.acts import AskAct
from api.views.consultations import launch_words
from domain.clarity.model import Position
from domain.commands import AnswerRemark, KeepDissent, Rule
from domain.refusals import Refused
from domain.state import Ask

router = APIRouter(prefix="/api/v1/consultations/{id}", tags=["Cơ quan chủ trì"], responses=ACT)


@router.post("/asks/{agency}/ruling", response_model=AskAct, summary="Cơ quan chủ trì xử lý một phần")
async def ruling(
    front: FrontDesk, id: ConsultationId, agency: AgencyCode, body: RulingBody, key: Key = None
) -> JSONResponse:
    """Chấp nhận là rõ, cho là chưa rõ, chuyển hỏi cơ quan khác, cho hoặc không cho gia hạn, hồ sơ đủ hay thiếu."""
    found = await front.find(id, Action.RULE, agency)
    words = words_of("ruling", body)
    rerouted = await _reroute(front, id, agency, found.row.content, body)

    def rule(base: Base) -> Rule:
        if isinstance(rerouted, Refused):
            raise rerouted
        return Rule(
            **base,
            asked=agency,
            ruling=body.ruling,
            reroute=rerouted,
            position=Position(body.position) if body.position else None,
            part=body.part,
            content=hash_if(body.minutes if body.ruling == "minutes" else body.reason, words),
        )

    return await front.act(id, body, "ruling", rule, key=key, words=words)


async def _reroute(front: Front, id: str, agency: str, content: str, body: RulingBody) -> Ask | Refused | None:
    """The new ask of an accepted pointer, or why there can be none; an agency that has answered is asked anew only
    when the lead says so."""
    if body.ruling != "accept_pointer":
        return None
    ask = await find_ask(front.services.database, id, agency)
    if ask is None or not ask.pointers:
        return None
    if body.reroute is None and await find_ask(front.services.database, id, ask.pointers[0].agency):
        return None
    launch = await launch_words(front.services, content)
    try:
        return seed(front.services, launch, ask, body.reroute, await front.services.now())
    except Refused as refused:
        return refused


@router.post("/remarks/{remark}/answer", response_model=AskAct, summary="Tiếp thu, giải trình một ý kiến")
async def answer(
    front: FrontDesk, id: ConsultationId, remark: DottedId, body: RemarkAnswerBody, key: Key = None
) -> JSONResponse:
    """Không tiếp thu hoặc tiếp thu một phần phải nêu lý do; cơ quan có ý kiến được xem."""
    await front.find(id, Action.ANSWER_REMARK)
    words = words_of("answer", body)

    def give(base: Base) -> AnswerRemark:
        return AnswerRemark(**base, remark=remark, outcome=body.outcome, content=hash_if(body.text, words))

    return await front.act(id, body, "answer", give, key=key, words=words)


@router.post("/remarks/{remark}/dissent", response_model=AskAct, summary="Bảo lưu ý kiến")
async def dissent(
    front: FrontDesk, id: ConsultationId, remark: DottedId, body: DissentBody | None = None, key: Key = None
) -> JSONResponse:
    """Một lần, sau khi cơ quan chủ trì đã giải trình."""
    await front.find(id, Action.KEEP_DISSENT, remark.split(".")[0])
    words = words_of("dissent", body or DissentBody())
    reason = body.reason if body else ""

    def keep(base: Base) -> KeepDissent:
        return KeepDissent(**base, remark=remark, content=hash_if(reason, words))

    return await front.act(id, body, "dissent", keep, key=key, words=words)
