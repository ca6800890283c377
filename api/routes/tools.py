"""Computing for whoever asks: due instants, clarity of a reply. Nothing is recorded."""

from datetime import date, datetime

from fastapi import APIRouter

from api.bodies.tools import AssessmentBody, DeadlineBody
from api.front import FrontDesk, refuse_secrets
from api.policy import Action
from api.routes.common import COMPUTE
from api.services import Services
from api.views.asks import FindingView, findings_of
from api.views.base import View
from domain.clarity.assess import assess
from domain.clarity.model import Amendment, Position, Reply
from domain.clock import VIETNAM
from domain.deadline import DayExplained, Limit, Unit, day_in_vietnam, due
from domain.rulebook import RuleLine

router = APIRouter(prefix="/api/v1", tags=["Công cụ"], responses=COMPUTE)


class DayView(View):
    """One day of the count. `reason` is the sentence, `code` its stable name; `source` only where it may be cited."""

    date: date
    counted: bool
    reason: str
    code: str
    source: str
    provisional: bool


class DeadlineView(View):
    """When the answer is due. `due_at` is the first instant that is late; `due_on` the last day."""

    due_at: datetime
    due_on: date
    provisional: bool
    due_at_if_worked: datetime | None
    due_on_if_worked: date | None
    days: tuple[DayView, ...]


class AssessmentView(View):
    """The verdict, with the version of the instrument that gave it."""

    clear: bool
    findings: tuple[FindingView, ...]
    version: str


@router.post("/deadlines", summary="Tính hạn trả lời")
async def deadlines(front: FrontDesk, body: DeadlineBody) -> DeadlineView:
    """Hạn trả lời, kèm lý do của từng ngày. Năm chưa có lịch chính thức thì từ chối, không đoán."""
    front.require(Action.COMPUTE)
    return deadline_of(front.services, body)


def deadline_of(services: Services, body: DeadlineBody) -> DeadlineView:
    """The due instant and its reasons. Refuses `rule_unknown`, `calendar_year_missing`."""
    rulebook = services.rulebook
    line = _named_line(services, body.rule, body.received_at) if body.rule else None
    given = Limit(n=body.limit.n, unit=Unit(body.limit.unit)) if body.limit else None
    limit = given or (line.limit if line else None)
    assert limit is not None  # noqa: S101 - the body has exactly one of both
    closes_at = body.closes_at or (line.closes_at if line else None)
    found = due(body.received_at, limit, rulebook.calendar, closes_at=closes_at)
    return DeadlineView(
        due_at=found.instant.astimezone(VIETNAM),
        due_on=found.day,
        provisional=found.provisional,
        due_at_if_worked=found.due_at_if_worked.astimezone(VIETNAM) if found.due_at_if_worked else None,
        due_on_if_worked=found.due_on_if_worked,
        days=tuple(_day(services, day) for day in found.days),
    )


def _named_line(services: Services, code: str, received_at: datetime) -> RuleLine:
    return services.rulebook.named_line(services.settings.rule_set, code, day_in_vietnam(received_at))


def _day(services: Services, day: DayExplained) -> DayView:
    return DayView(
        date=day.date,
        counted=day.counted,
        reason=services.messages.text(day.message, date=day.date, name=day.name, source=day.source),
        code=day.reason,
        source=day.source,
        provisional=day.provisional,
    )


@router.post("/assessments", summary="Kiểm tra chính kiến của một trả lời trước khi gửi")
async def assessments(front: FrontDesk, body: AssessmentBody) -> AssessmentView:
    """Câu nào chưa rõ, vì sao, sửa thế nào. Chỉ là đề xuất, không phải xử lý."""
    front.require(Action.COMPUTE)
    refuse_secrets(body)
    return assessment_of(front.services, body)


def assessment_of(services: Services, body: AssessmentBody) -> AssessmentView:
    """The verdict of the clarity check in use."""
    judged = Reply(
        **{name: getattr(body, name) for name in ("subject", "agency", "text", "reason", "basis", "pointer")},
        position=Position(body.position),
        questions=tuple(body.questions),
        answers=tuple(Position(a) if a else None for a in body.answers),
        amendments=tuple(Amendment(where=a.where, what=a.what, why=a.why) for a in body.amendments),
    )
    found = assess(judged, services.instrument)
    return AssessmentView(clear=found.clear, findings=findings_of(services, found.findings), version=found.version)
