"""Keeping a reply that is being written: saved while typing or by a button, never over a colleague's words.

What is kept here is the agency's own paper: it proves nothing and is sent to nobody. Secret texts are not kept.
"""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from adapters.register.compositions import Composition, Overtaken
from api.answered import secret_in
from api.pages.asked.fields import clean, plain, texts, typed
from api.pages.asked.ours import Ours, ours
from api.pages.forms import Tree
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes.common import ConsultationId
from domain.clock import VIETNAM
from domain.refusals import Code, Refused

router = APIRouter()
VERSION_FIELD = "_phien_ban"
# Beside the fields: who handed the form to the head, and when.
HANDED = "handed"


class Gone(Exception):  # noqa: N818 - an answer
    """The form was sent or set aside meanwhile; nothing was written."""


def mark_of(kept: Composition | None) -> str:
    """Which save a form shows: the form's id and version; empty for a form nobody saved yet."""
    return f"{kept.id}.{kept.version}" if kept else ""


def seen(form: FormData) -> str:
    """The save the writer has seen."""
    given = form.get(VERSION_FIELD)
    return given if isinstance(given, str) else ""


async def live(page: Page, id: str) -> Composition | None:
    """The agency's reply in the making, if there is one."""
    return await page.services.compositions.live_reply(id, page.subject.agency or "")


async def keep(page: Page, id: str, said: Tree, mark: str, *, hand: bool = False) -> Composition:
    """Save over what the writer has seen; `hand`: and hand it to the head. What is saved in these words stays as it is.

    Raises `Overtaken` where a colleague saved meanwhile, `Gone` where the form was sent; refuses `classified`.
    """
    level = secret_in(texts(said))
    if level:
        raise Refused(Code.CLASSIFIED, level=level)
    store, by, agency = page.services.compositions, page.subject.account, page.subject.agency or ""
    now = await live(page, id)
    if now is None and mark:
        raise Gone
    data = {**said, HANDED: await _handed(page, by) if hand else (now.data.get(HANDED) if now else None)}
    if now is None:
        now = await store.reply(id, agency, by, data)
        if clean(now.data) == said:
            return now
        raise Overtaken(now)
    if clean(now.data) == said and not hand:
        return now
    if mark_of(now) != mark:
        raise Overtaken(now)
    return await store.save(now.id, now.version, data, by)


async def _handed(page: Page, by: str) -> dict[str, str]:
    at = await page.services.now()
    return {"by": by, "at": at.astimezone(VIETNAM).isoformat(timespec="seconds")}


def handed_of(kept: Composition | None) -> tuple[str, datetime] | None:
    """Who handed the form to the head, and when; None while it is only being written."""
    given = kept.data.get(HANDED) if kept else None
    try:
        return (str(given["by"]), datetime.fromisoformat(given["at"])) if given else None
    except (KeyError, TypeError, ValueError):
        return None


async def overtaken_by(mine: Ours, theirs: Composition | None) -> dict[str, Any]:
    """What the writer is told: who saved when, and their words as plain text."""
    words = await mine.page.words()
    if theirs is None:
        return {"version": "", "who": words.text("asked.reply.gone"), "theirs": ""}
    who = words.text("asked.reply.overtaken", who=mine.name(theirs.saved_by), at=words.second(theirs.saved_at))
    said = plain(clean(theirs.data), mine.it, words.text, words.agency)
    return {"version": mark_of(theirs), "who": who, "theirs": said}


@router.post("/{id}/tra-loi/luu")
async def autosave(page: SignedInPage, id: ConsultationId) -> JSONResponse:
    """Save while typing: 200 with the new version, 409 with the colleague's words."""
    form = await page.form()
    await page.find(id, Action.REPLY, page.subject.agency)
    try:
        kept = await keep(page, id, typed(form), seen(form))
    except (Overtaken, Gone) as other:
        current = other.current if isinstance(other, Overtaken) else None
        return JSONResponse(await overtaken_by(await ours(page, id), current), status_code=409)
    words = await page.words()
    said = words.text("asked.reply.saved", at=words.second(kept.saved_at))
    return JSONResponse({"version": mark_of(kept), "saved": said})
