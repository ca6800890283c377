"""Writing one step: the page, saving with or without script, and the buttons that change the form.

What was typed is saved with every button, or shown again where it cannot be.
"""

import secrets
from datetime import datetime
from typing import Any, cast

from fastapi import APIRouter, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters.register.compositions import Composition, Overtaken
from api.draft_text import text_of
from api.drafts import clean_name
from api.errors import answer
from api.handlers import invalid_body
from api.middleware import FILE_LIMIT
from api.pages.compose.acts import ACT_FIELD, ONWARD, SEEK, change_of, landing
from api.pages.compose.listing import CompositionId, gone
from api.pages.compose.parting import parted
from api.pages.compose.saving import mine, save, seen_version, written_in
from api.pages.compose.showing import lenient, step_page
from api.pages.compose.steps import Step, after
from api.pages.compose.telling import conflict_of
from api.pages.compose.written import FileWritten, Written
from api.pages.forms import key_of
from api.pages.page import Outcome, Page, SignedInPage
from api.routes import drafts
from api.routes.common import PlainId
from domain.clock import VIETNAM

router = APIRouter(prefix="/soan")


@router.get("/{id}/{step}")
async def step_shown(page: SignedInPage, id: CompositionId, step: Step) -> Response:
    """One step of the form."""
    composition = await mine(page, id)
    if composition.ended_at:
        return await gone(page, composition)
    return await step_page(page, composition, step)


@router.get("/{id}/tep/{file}")
async def file_shown(page: SignedInPage, id: CompositionId, file: PlainId) -> Response:
    """An uploaded version of the draft."""
    await mine(page, id)
    return await drafts.download(page, file)


@router.post("/{id}/{step}/luu-tam")
async def autosaved(page: SignedInPage, id: CompositionId, step: Step) -> Response:
    """Saved while typing: JSON for the page's script. 409 with the colleague's words where one was faster."""
    form = await page.form()
    try:
        kept = await save(page, await mine(page, id), step, form, keep=True)
    except Overtaken as overtaken:
        told = conflict_of(await page.words(), overtaken.current, step)
        return JSONResponse({"version": overtaken.current.version, **told}, status_code=409)
    except ValidationError as error:
        return answer(invalid_body(error.errors(), page.services.messages), page.services)
    return JSONResponse({"version": kept.version, "saved": saved_at(page, kept.saved_at)})


def saved_at(page: Page, at: datetime) -> str:
    """Đã lưu lúc 09:15:03."""
    return page.services.messages.text("compose.save.saved", at=f"{at.astimezone(VIETNAM):%H:%M:%S}")


@router.post("/{id}/{step}")
async def saved(page: SignedInPage, id: CompositionId, step: Step) -> Response:
    """Saved by a button, which may also change the form."""
    form = await page.form()
    return await _saved(page, await mine(page, id), step, form)


async def _saved(page: Page, composition: Composition, step: Step, form: FormData) -> Response:
    act = str(form.get(ACT_FIELD) or "")
    if act == SEEK:
        typed, seen = lenient(composition, step, form), seen_version(form)
        query = str(form.get("_tim") or "")[:200]
        return await step_page(page, composition, step, written=typed, seen=seen, query=query, focus="_tim")
    kept: list[Composition] = []

    async def carried() -> JSONResponse:
        change = await _uploaded(page, form) or change_of(page, act)
        kept.append(await save(page, composition, step, form, change))
        return JSONResponse({})

    try:
        outcome = await page.carry_out(carried())
    except Overtaken as overtaken:
        return await _overtaken(page, overtaken.current, step, form)
    if outcome.refused:
        return await _refused(page, composition, step, form, outcome)
    onward = after(step) if act == ONWARD else step
    to = landing(act, written_in(kept[0]))
    return RedirectResponse(f"/soan/{composition.id}/{onward}{to}", status_code=303)


async def _refused(page: Page, composition: Composition, step: Step, form: FormData, outcome: Outcome) -> Response:
    """The same page with the reason; everything typed stands in its fields."""
    problem: dict[str, Any] = outcome.body
    typed = lenient(composition, step, form)
    seen, status = seen_version(form), outcome.status
    return await step_page(page, composition, step, written=typed, status=status, seen=seen, problem=problem)


async def _overtaken(page: Page, current: Composition, step: Step, form: FormData) -> Response:
    """Both texts: the own one still in the form, saved over the colleague's if sent once more."""
    if current.ended_at:
        return await gone(page, current)
    conflict = conflict_of(await page.words(), current, step)
    return await step_page(page, current, step, written=lenient(current, step, form), status=409, conflict=conflict)


async def _uploaded(page: Page, form: FormData) -> Any:
    """The change that puts the chosen file into the form; None without a file. Refuses as the drafts route does."""
    file = form.get("file")
    if file is None or isinstance(file, str) or not file.filename:
        return None
    name = clean_name(file.filename)
    text = text_of(name, await file.read(FILE_LIMIT + 1))
    await file.seek(0)
    key = key_of(form) or secrets.token_urlsafe(18)
    stored = await drafts.upload(page, cast(UploadFile, file), None, key)
    row = FileWritten.model_validate_json(bytes(stored.body))

    def change(written: Written) -> Written:
        files = (*(one for one in written.files if one.id != row.id), row)
        new = written.model_copy(update={"files": files, "draft": row.id})
        return new if any(part.label.strip() for part in new.parts) else parted(new, text)

    return change
