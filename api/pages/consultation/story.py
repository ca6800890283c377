"""What happened, in sentences; and the ledger's entries as they are kept. Both oldest first, page by page."""

import json

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.consultation.reading import BASE, read
from api.pages.page import SignedInPage
from api.policy import Action
from api.routes import consultations
from api.routes.common import ConsultationId, Cursor
from domain.clock import VIETNAM

router = APIRouter(prefix=BASE + "/{id}")


@router.get("/dien-bien")
async def story(page: SignedInPage, id: ConsultationId, cursor: Cursor = None) -> HTMLResponse:
    """The facts in sentences, by day."""
    reading = await read(page, id, Action.READ_TIMELINE)
    told = await consultations.timeline_of(page, id, cursor, 100)
    days: dict[object, list[object]] = {}
    for item in told.items:
        days.setdefault(item.at.astimezone(VIETNAM).date(), []).append(item)
    context = reading.context("story") | {"days": days, "next": told.next, "cursor": cursor}
    return await page.show("consultation/story.html", **context)


@router.get("/so-cai")
async def entries(page: SignedInPage, id: ConsultationId, cursor: Cursor = None) -> HTMLResponse:
    """The raw entries with their hashes."""
    reading = await read(page, id, Action.READ_LEDGER)
    found = await consultations.ledger_of(page, id, cursor, 50)
    shown = [(entry, json.dumps(entry.data, ensure_ascii=False, indent=1)) for entry in found.items]
    context = reading.context("ledger") | {"entries": shown, "next": found.next, "cursor": cursor}
    return await page.show("consultation/ledger.html", **context)
