"""The leader's desk: cases, the one page of each, and the decision."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from adapters.register.queries_escalations import EscalationRow, escalations_page
from adapters.register.queries_escalations import escalation as find_escalation
from api.bodies.ruling import DecisionBody
from api.errors import Problem
from api.front import Base, Front, FrontDesk, Key, hash_if
from api.policy import Action
from api.routes.common import ACT, READ, Cursor, DottedId, PageSize
from api.stored import words_of
from api.views import escalations as views
from api.views.acts import CaseAct
from api.views.base import View
from domain.commands import Decide
from domain.refusals import Code

router = APIRouter(prefix="/api/v1", tags=["Lãnh đạo"])


class Escalations(View):
    """A page of cases, newest first."""

    items: tuple[views.EscalationLine, ...]
    next: str | None = None


@router.get("/escalations", responses=READ, summary="Vụ việc chờ lãnh đạo")
async def escalations(
    front: FrontDesk,
    all: Annotated[bool, Query(description="Kể cả vụ việc đã có quyết định")] = False,
    consultation: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,80}$")] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> Escalations:
    """Vụ việc gửi hoặc sao gửi đến lãnh đạo, thuộc lĩnh vực đang phụ trách; mặc định chỉ gồm vụ chưa xong."""
    front.require(Action.LIST_ESCALATIONS)
    services = front.services
    page = await escalations_page(
        services.database,
        front.caller.viewer,
        consultation=consultation,
        open_only=not all,
        cursor=cursor,
        limit=limit,
    )
    return Escalations(items=tuple(views.line(services, row) for row in page.items), next=page.next)


@router.get("/escalations/{id}", responses=READ, summary="Trang báo cáo một vụ việc")
async def escalation(front: FrontDesk, id: DottedId) -> views.EscalationView:
    """Câu hỏi, các trả lời, cả hai lần trả lời chưa rõ, chậm bao nhiêu, sao gửi ai."""
    row = await _find(front, id, Action.READ_ESCALATION)
    state = await front.state(row.consultation)
    return await views.page(front.services, state, row.escalation, await front.services.now())


async def _find(front: Front, id: str, action: Action) -> EscalationRow:
    row = await find_escalation(front.services.database, id)
    if row is None:
        raise Problem(Code.NOT_FOUND)
    await front.find(row.consultation, action)
    return row


@router.post("/escalations/{id}/decision", response_model=CaseAct, responses=ACT, summary="Quyết định của lãnh đạo")
async def decision(front: FrontDesk, id: DottedId, body: DecisionBody, key: Key = None) -> JSONResponse:
    """Người đang phụ trách lĩnh vực vào lúc đó, hoặc Chủ tịch, quyết định; có lý do và được ghi tên."""
    row = await _find(front, id, Action.DECIDE)
    words = words_of("decide", body)
    leader = front.subject.leader or ""

    def decide(base: Base) -> Decide:
        return Decide(
            **base,
            escalation=id,
            leader=leader,
            action=body.action,
            measures=tuple(body.measures),
            agencies=tuple(body.agencies),
            until=body.until,
            content=hash_if(body.reason, words),
        )

    return await front.act(row.consultation, body, "decide", decide, key=key, words=words)
