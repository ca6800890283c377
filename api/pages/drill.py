"""Diễn tập: a newcomer goes through one whole consultation, playing every part in turn.

Only in the demonstration and the drill, where acting as somebody needs no password; elsewhere the page says how to
start a training copy. In the drill a day lasts twenty seconds, so silence reaches the leader within a minute.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.demo_lesson import Lesson, lesson_of
from adapters.register.compositions import Composition
from adapters.register.queries_state import state as find_state
from api.drafts import checked
from api.errors import Problem
from api.pages.cast import RULES, people
from api.pages.compose.written import FileWritten, Written
from api.pages.drill_steps import Progress, steps
from api.pages.page import AnyPage, show_anybody
from api.pages.signing import ServicesOf, begin, carrying, leave
from api.services import Services
from domain.refusals import Code
from domain.state import Consultation

router = APIRouter(prefix="/dien-tap")
So = Annotated[str | None, Query(pattern=r"^s-[0-9a-f]{1,60}$")]


def _lesson(services: Services) -> Lesson:
    return lesson_of(services.settings.rules_dir or RULES)


@router.get("")
async def drill(request: Request, services: ServicesOf, page: AnyPage, so: So = None) -> HTMLResponse:
    """The steps, with how far this walk has come."""
    cast = people(services)
    composition = await services.compositions.find(so) if so and cast else None
    state = await _state(services, composition)
    leaders = {p.leader: p.username for group in cast.values() for p in group if p.leader}
    listed = steps(_lesson(services), composition.id if composition else None, state, leaders) if cast else ()
    names = {person.username: person for group in cast.values() for person in group}
    return await show_anybody(
        request,
        services,
        page,
        "tools/drill.html",
        steps=listed,
        so=composition.id if composition else None,
        consultation=state.id if state else None,
        lesson=_lesson(services),
        names=names,
        over=bool(listed) and all(step.progress is Progress.DONE for step in listed),
    )


async def _state(services: Services, composition: Composition | None) -> Consultation | None:
    """The consultation that came of the composition, once it was sent."""
    receipt = await services.receipts.get(composition.receipt) if composition and composition.receipt else None
    return await find_state(services.database, receipt.consultation) if receipt else None


@router.post("/bat-dau")
async def start(request: Request, services: ServicesOf) -> Response:
    """Write the lesson's launch for the officer, and sit down in the officer's place."""
    lesson = _lesson(services)
    officer = await services.accounts.find(lesson.people.officer) if people(services) else None
    if officer is None or officer.agency is None:
        raise Problem(Code.FORBIDDEN)
    data = await _written(services, lesson, officer.username)
    made = await services.compositions.start_launch(officer.agency, officer.username, data.model_dump(mode="json"))
    await leave(request, services)
    secret = await begin(request, services, officer)
    return carrying(RedirectResponse(f"/dien-tap?so={made.id}", status_code=303), request, secret)


async def _written(services: Services, lesson: Lesson, username: str) -> Written:
    """The lesson as a form somebody has filled in, its draft uploaded."""
    form = Written.model_validate(lesson.form)
    text = "\n\n".join(f"{part.label}\n{part.text}" for part in form.parts).encode()
    row = await services.files.save(lesson.file, checked(lesson.file, text), text, username, None)
    file = FileWritten(id=row.id, name=row.name, version=row.version, size=row.size, sha256=row.sha256)
    return form.model_copy(update={"files": (file,), "draft": row.id})
