"""Sổ cái: every entry of the hash chain, newest first, readable and raw; and its verification on the page."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.register.chain import Entry
from adapters.register.queries_ledger import entries
from adapters.register.verifications import Verifications
from adapters.tables_types import canonical_json
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes.common import Cursor
from api.verifying import Verifier
from api.views.timeline import sentence
from domain.base import Frozen
from domain.clock import VIETNAM

router = APIRouter(prefix="/so-cai")
Typed = Annotated[str, Query(max_length=140)]
PREFIX = "ledger."


class Line(Frozen):
    """One entry: the sentence, and everything as it is kept."""

    entry: Entry
    title: str
    sentence: str
    raw: str


@router.get("")
async def book(
    page: SignedInPage, cuoc: Typed = "", loai: Typed = "", nguoi: Typed = "", ngay: Typed = "", cursor: Cursor = None
) -> HTMLResponse:
    """The entries under the filters; the state of the verification on top."""
    page.require(Action.READ_LEDGER)
    wanted = {"cuoc": cuoc.strip(), "loai": loai.strip(), "nguoi": nguoi.strip(), "ngay": ngay.strip()}
    since = _day(wanted["ngay"])
    found = await entries(
        page.services.database,
        consultation=wanted["cuoc"] or None,
        kind=wanted["loai"] or None,
        actor=wanted["nguoi"] or None,
        since=since,
        until=since + timedelta(days=1) if since else None,
        cursor=cursor,
    )
    return await page.show(
        "ledger/book.html",
        lines=[_line(page, entry) for entry in found.items],
        next=found.next,
        wanted=wanted,
        query=urlencode([(name, value) for name, value in wanted.items() if value]),
        kinds=_kinds(page),
        **await _verification(page),
    )


@router.get("/kiem-chung")
async def verification(page: SignedInPage) -> HTMLResponse:
    """The part of the page that says how the verification stands."""
    page.require(Action.VERIFY_LEDGER)
    return await page.show("ledger/verification.html", **await _verification(page))


@router.post("/kiem-chung")
async def verify(page: SignedInPage) -> Response:
    """Begin a walk; it is no act on a consultation and leaves no receipt, but it says who asked."""
    page.require(Action.VERIFY_LEDGER)
    await page.form()
    await _verifier(page).start(page.subject.account)
    return RedirectResponse("/so-cai#kiem-chung", status_code=303)


def _verifier(page: Page) -> Verifier:
    """The process's own, made when first asked for."""
    state = page.http.app.state
    if not hasattr(state, "verifier"):
        state.verifier = Verifier(page.services)
    found: Verifier = state.verifier
    return found


async def _verification(page: Page) -> dict[str, Any]:
    verifier = _verifier(page)
    kept = await Verifications(page.services.database).latest()
    return {"walks": kept, "running": verifier.number if verifier.running else None, "busy": verifier.running}


def _line(page: Page, entry: Entry) -> Line:
    messages = page.services.messages
    key = f"{PREFIX}{entry.kind}"
    title = messages.text(key) if messages.has(key) else entry.kind
    return Line(entry=entry, title=title, sentence=sentence(page.services, entry, {}), raw=canonical_json(entry.data))


def _kinds(page: Page) -> list[tuple[str, str]]:
    """Every kind of entry there is a name for, by name."""
    known = page.services.messages.entries
    found = [(key.removeprefix(PREFIX), text) for key, text in known.items() if key.startswith(PREFIX)]
    return sorted(found, key=lambda one: one[1])


def _day(typed: str) -> datetime | None:
    """The beginning of the day in Vietnam; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(typed), time(), VIETNAM)
    except ValueError:
        return None
