"""Launching a consultation and reading it: lists, the page, the way so far, the ledger, the synthesis."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from adapters.register import ledger
from adapters.register.contents import content_of
from adapters.register.queries_consultations import ConsultationRow, consultations_page
from api.bodies.launch import LaunchBody
from api.desk import new_id
from api.drafts import draft_file
from api.errors import Problem, ProblemDocument, document
from api.foresight import earlier_ones, histories
from api.front import Base, Front, FrontDesk, Key, refuse_secrets
from api.launching import draft_text, plan_of, state_of, stored
from api.policy import Action, Role, decide
from api.previewing import AskAhead, timeline
from api.routes.common import ACT, READ, CodeFilter, ConsultationId, Cursor, PageSize
from api.services import Services
from api.views.acts import WholeAct
from api.views.base import View
from api.views.consultations import ConsultationView, page_view
from api.views.relevance import EarlierView
from api.views.synthesis import SynthesisView, synthesis_view
from api.views.timeline import LedgerEntry, TimelineItem, items, ledger_entry
from domain.clock import VIETNAM
from domain.commands import Prepare
from domain.gate import Finding, LaunchPlan, check, gate
from domain.state import Phase

router = APIRouter(prefix="/api/v1", tags=["Lấy ý kiến"])

Status = Annotated[list[Phase], Query(description="Trạng thái; lặp lại tham số để chọn nhiều")]
Search = Annotated[str | None, Query(max_length=200, description="Tìm theo từ, có dấu hay không dấu")]


class ConsultationLine(ConsultationRow):
    """One consultation in a list."""

    lead_name: str


class Consultations(View):
    """A page of consultations, newest first."""

    items: tuple[ConsultationLine, ...]
    next: str | None = None


class Timeline(View):
    """The facts in sentences, oldest first."""

    items: tuple[TimelineItem, ...]
    next: str | None = None


class Ledger(View):
    """The raw entries, oldest first."""

    items: tuple[LedgerEntry, ...]
    next: str | None = None


class Preview(View):
    """What a launch would lead to. Nothing was recorded."""

    findings: tuple[ProblemDocument, ...]
    needs_exception: tuple[str, ...] = ()
    own_authority: bool = False
    timeline: tuple[AskAhead, ...] = ()
    earlier: tuple[EarlierView, ...] = ()


@router.post(
    "/consultations",
    status_code=201,
    response_model=WholeAct,
    responses={**ACT, 200: {"model": Preview, "description": "Kết quả xem trước (dry_run), chưa ghi gì"}},
    summary="Lập và phát hành lấy ý kiến",
)
async def launch(
    front: FrontDesk,
    body: LaunchBody,
    key: Key = None,
    dry_run: Annotated[bool, Query(description="Chỉ xem trước các mốc thời gian, không ghi gì")] = False,
) -> JSONResponse:
    """Thủ trưởng gửi thì phát hành ngay; chuyên viên gửi thì chờ Thủ trưởng phê duyệt. Cổng liên quan trực tiếp kiểm
    tra trước khi ghi nhận; bản nháp mang dấu mật bị từ chối và không được lưu."""
    front.require(Action.LAUNCH)
    services = front.services
    file = await draft_file(front, body.draft)
    plan = plan_of(body, front.subject.agency or "", file)
    now = await services.now()
    findings = check(plan, services.rulebook, services.settings.rule_set, now, draft_text(body))
    if dry_run:
        return await _preview(front, plan, findings, draft_text(body), now)
    words = content_of(stored(body, plan))
    sends = body.approve and Role.AGENCY_HEAD in front.subject.roles
    if not findings:
        refuse_secrets(body)
        found = gate(plan, services.rulebook, services.settings.rule_set, now, draft_text(body))
        sends = sends and not found.needs_exception

    def prepare(base: Base) -> Prepare:
        # Only a first sending gets here: a repeated one has its answer, whatever the gate would say today.
        if findings:
            raise refused(services, findings)
        return Prepare(**base, approve=sends)

    return await front.act(new_id("c"), None, "prepare", prepare, key=key, words=words)


def refused(services: Services, findings: Sequence[Finding]) -> Problem:
    """The gate's no: the gravest finding as the problem, and all of them beside it."""
    first = findings[0]
    members = {"findings": [_finding(services, finding) for finding in findings]}
    return Problem(first.code, params=first.params, members=members)


def _finding(services: Services, finding: Finding) -> dict[str, Any]:
    nearest = [way.model_dump(mode="json") for way in finding.ways_out]
    members = {"agency": finding.agency, "nearest": nearest}
    return document(Problem(finding.code, params=finding.params, members=members), services)


async def _preview(
    front: Front, plan: LaunchPlan, findings: Sequence[Finding], text: str, now: datetime
) -> JSONResponse:
    services, day = front.services, now.astimezone(VIETNAM).date()
    earlier = await earlier_ones(front, plan.subject, plan.summary, day)
    if findings:
        refused_by = tuple(ProblemDocument(**_finding(services, f)) for f in findings)
        return JSONResponse(Preview(findings=refused_by, earlier=earlier).model_dump(mode="json"))
    found = gate(plan, services.rulebook, services.settings.rule_set, now, text)
    state = state_of(found, id="", officer="", content="", clock=services.business)
    records = await histories(services, list(state.asks), plan.field, plan.draft_kind, day)
    preview = Preview(
        findings=(),
        needs_exception=found.needs_exception,
        own_authority=found.own_authority,
        timeline=tuple(timeline(state, now, records)),
        earlier=earlier,
    )
    return JSONResponse(preview.model_dump(mode="json"))


@router.get("/consultations", responses=READ, summary="Danh sách cuộc lấy ý kiến được xem")
async def consultations(
    front: FrontDesk,
    status: Status = [],  # noqa: B006 - FastAPI copies it
    lead: CodeFilter = None,
    agency: CodeFilter = None,
    field: CodeFilter = None,
    q: Search = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> Consultations:
    """Mới nhất trước. Cơ quan được hỏi thấy cuộc đã gửi đến mình; lãnh đạo thấy lĩnh vực phụ trách."""
    front.require(Action.LIST_CONSULTATIONS)
    services = front.services
    page = await consultations_page(
        services.database,
        front.caller.viewer,
        status=[str(phase) for phase in status],
        lead=lead,
        agency=agency,
        field=field,
        text=q,
        cursor=cursor,
        limit=limit,
    )
    lines = tuple(ConsultationLine(**dict(row), lead_name=services.agency_name(row.lead)) for row in page.items)
    return Consultations(items=lines, next=page.next)


@router.get("/consultations/{id}", responses=READ, summary="Một cuộc lấy ý kiến")
async def consultation(front: FrontDesk, id: ConsultationId) -> ConsultationView:
    """Toàn bộ hồ sơ trong phạm vi người gọi được xem; ý kiến của cơ quan khác chỉ hiện khi được phép."""
    found = await front.find(id, Action.SEE)
    state = await front.state(id)
    return await page_view(front.services, state, front.subject, found.resource, await front.services.now())


@router.get("/consultations/{id}/timeline", responses=READ, summary="Diễn biến bằng lời")
async def timeline_of(front: FrontDesk, id: ConsultationId, cursor: Cursor = None, limit: PageSize = 100) -> Timeline:
    """Các việc đã xảy ra theo thứ tự. Cơ quan được hỏi chỉ thấy việc chung và việc của mình."""
    found = await front.find(id, Action.READ_TIMELINE)
    page = await ledger.timeline(front.services.database, id, cursor, limit)
    whole = decide(front.subject, Action.READ_OPINIONS, found.resource).allowed
    shown = [e for e in page.items if whole or e.agency in (None, front.subject.agency)]
    return Timeline(items=tuple(await items(front.services, shown)), next=page.next)


@router.get("/consultations/{id}/ledger", responses=READ, summary="Sổ cái của cuộc lấy ý kiến")
async def ledger_of(front: FrontDesk, id: ConsultationId, cursor: Cursor = None, limit: PageSize = 100) -> Ledger:
    """Từng mục của chuỗi băm, đúng như đã ghi."""
    await front.find(id, Action.READ_LEDGER)
    page = await ledger.timeline(front.services.database, id, cursor, limit)
    return Ledger(items=tuple(ledger_entry(entry) for entry in page.items), next=page.next)


@router.get("/consultations/{id}/synthesis", responses=READ, summary="Tổng hợp, tiếp thu, giải trình")
async def synthesis(front: FrontDesk, id: ConsultationId) -> SynthesisView:
    """Số liệu tính từ hồ sơ và bảng từng ý kiến với phần giải trình."""
    await front.find(id, Action.READ_OPINIONS)
    return await synthesis_view(front.services, await front.state(id), await front.services.now())
