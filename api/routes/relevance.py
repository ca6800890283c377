"""Who is directly concerned by a matter: suggestions, the judgement of one agency, and the lessons behind both.

Computing records nothing. Taking a lesson out of use, or back into it, is a named person's act under a receipt.
"""

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from adapters.register.contents import content_of
from adapters.register.queries_lessons import RESET, RESTORE, lesson_of, lessons_page
from api.bodies.relevance import JudgementBody, LessonBody
from api.bodies.tools import RelevanceBody
from api.desk import new_id
from api.errors import Problem
from api.foresight import earlier_ones, histories
from api.front import Front, FrontDesk, Key, refuse_secrets
from api.policy import Action
from api.routes.common import COMPUTE, READ, Cursor, DottedId, PageSize, problems
from api.views.relevance import (
    JudgementView,
    LessonAct,
    LessonsView,
    RelevanceView,
    judgement_view,
    lesson_view,
    suggestion_view,
)
from domain.refusals import Code, Refused
from domain.relevance import suggest
from domain.relevance.judgement import About, judge

log = structlog.get_logger()

router = APIRouter(prefix="/api/v1/relevance", tags=["Liên quan trực tiếp"])

PATH = "/lessons/{id}"
LESSON_ACT = problems(400, 401, 403, 404, 409, 413, 422, 503)


@router.post("", responses=COMPUTE, summary="Gợi ý cơ quan liên quan trực tiếp")
async def relevance(front: FrontDesk, body: RelevanceBody) -> RelevanceView:
    """Cơ quan mà nội dung chạm đến chức năng vào ngày đó, kèm số lần từng không có ý kiến và các cuộc lấy ý kiến tương
    tự. Chỉ là gợi ý; cơ quan chủ trì quyết định."""
    front.require(Action.COMPUTE)
    refuse_secrets(body)
    services = front.services
    day = body.on or await services.today()
    found = suggest(
        body.subject,
        body.text,
        body.field,
        day,
        services.rulebook.directory,
        services.suggester,
        exclude_lead=body.lead or front.subject.agency,
        draft_kind=body.draft_kind,
        lessons=await services.lessons.examples(),
    )
    records = await histories(services, [one.agency for one in found], body.field, body.draft_kind, day)
    return RelevanceView(
        on=day,
        version=services.suggester.version,
        suggestions=tuple(suggestion_view(services, one, records.get(one.agency)) for one in found),
        earlier=await earlier_ones(front, body.subject, body.text, day),
    )


@router.post("/judgement", responses=COMPUTE, summary="Một cơ quan có liên quan trực tiếp không")
async def judgement(front: FrontDesk, body: JudgementBody) -> JudgementView:
    """Liên quan, không liên quan hay bắt buộc theo quy tắc; chức năng gần nhất; đã chuyển thì nêu nơi nhận."""
    front.require(Action.COMPUTE)
    refuse_secrets(body)
    services = front.services
    if body.agency == body.lead:
        raise Refused(Code.SELF_ASK, agency=body.agency)
    day = body.on or await services.today()
    about = About(
        subject=body.subject,
        text=body.text,
        field=body.field,
        draft_kind=body.draft_kind,
        directory=services.rulebook.directory,
        suggester=services.suggester,
        lessons=await services.lessons.examples(),
    )
    return judgement_view(services, judge(body.agency, about, day), day)


@router.get("/lessons", responses=READ, summary="Bài học từ các cuộc lấy ý kiến")
async def lessons(front: FrontDesk, cursor: Cursor = None, limit: PageSize = 50) -> LessonsView:
    """Mới nhất trước; chỉ có câu chữ của cơ quan chủ trì, không có nội dung ý kiến. Trang có thể ít mục hơn `limit`."""
    front.require(Action.READ_LESSONS)
    services = front.services
    page = await lessons_page(services.database, services.rulebook.directory, cursor, limit)
    return LessonsView(items=tuple(lesson_view(services, one) for one in page.items), next=page.next)


@router.post(PATH + "/reset", response_model=LessonAct, responses=LESSON_ACT, summary="Bỏ một bài học")
async def reset(front: FrontDesk, id: DottedId, body: LessonBody, key: Key = None) -> JSONResponse:
    """Bài học không còn ảnh hưởng gợi ý; ghi lại ai bỏ, khi nào, vì sao, và có thể dùng lại."""
    return await _act(front, RESET, id, body, key)


@router.post(PATH + "/restore", response_model=LessonAct, responses=LESSON_ACT, summary="Dùng lại một bài học")
async def restore(front: FrontDesk, id: DottedId, body: LessonBody, key: Key = None) -> JSONResponse:
    """Bài học đã bỏ được dùng lại; lần bỏ trước vẫn được lưu."""
    return await _act(front, RESTORE, id, body, key)


async def _act(front: Front, verb: str, id: str, body: LessonBody, key: str | None) -> JSONResponse:
    """Stamp the act: the receipt with its words is the whole record of it. Refuses `not_found`, `reason_missing`."""
    front.require(Action.RESET_LESSON)
    refuse_secrets(body)
    services = front.services
    known = await lesson_of(services.database, services.rulebook.directory, id)
    if known is None:
        raise Problem(Code.NOT_FOUND)
    if not body.reason.strip():
        raise Refused(Code.REASON_MISSING)
    words = content_of({"kind": verb, "lesson": id, "reason": body.reason})
    stamped = await front.stamp_once(verb, key or new_id("k"), words, known.lesson.consultation)
    assert stamped is not None  # noqa: S101 - there is always a key
    if stamped.answer is not None:
        return JSONResponse(stamped.answer)
    services.lessons.forget()
    log.info("lesson changed", account=front.subject.account, lesson=id, verb=verb)
    changed = await lesson_of(services.database, services.rulebook.directory, id)
    view = LessonAct(
        receipt=stamped.id,
        received_at=stamped.received_at,
        detail=services.messages.text(f"api.lessons.{verb}"),
        lesson=lesson_view(services, changed or known),
    ).model_dump(mode="json")
    await services.receipts.answer(stamped.id, 200, view, "done")
    return JSONResponse(view)
