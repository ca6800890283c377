"""What the caller's agency was asked: the list, and one request on one page with everything that can be done to it."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from adapters.register.queries_asks import inbox
from api.pages.forms import key_of
from api.pages.page import SignedInPage
from api.policy import Action
from api.routes import asks, consultations
from api.routes.common import ConsultationId, Cursor

router = APIRouter(prefix="/duoc-hoi")


@router.get("")
async def asked(page: SignedInPage, cursor: Cursor = None, tat_ca: bool = False) -> HTMLResponse:
    """The agency's requests, soonest due first."""
    page.require(Action.LIST_CONSULTATIONS)
    agency = page.subject.agency or ""
    found = await inbox(page.services.database, agency, open_only=not tat_ca, cursor=cursor)
    return await page.show("asked/list.html", rows=found.items, next=found.next, everything=tat_ca)


@router.get("/{id}")
async def request(page: SignedInPage, id: ConsultationId) -> HTMLResponse:
    """One request: what is asked of us and why us, the draft, the due instant, what to do next."""
    return await _request(page, id)


async def _request(page: SignedInPage, id: str, problem: dict[str, Any] | None = None) -> HTMLResponse:
    found = await page.find(id, Action.READ_ASK, page.subject.agency)
    view = await consultations.consultation(page, id)
    ask = next(one for one in view.asks if one.agency == found.own_ask.agency)
    status = problem["status"] if problem else 200
    return await page.show("asked/request.html", status, it=view, ask=ask, problem=problem)


@router.post("/{id}/tiep-nhan")
async def acknowledge(page: SignedInPage, id: ConsultationId) -> Response:
    """The clerk confirms that the request arrived."""
    form = await page.form()
    outcome = await page.carry_out(asks.receipt(page, id, page.subject.agency or "", None, key_of(form)))
    if outcome.refused:
        return await _request(page, id, outcome.body)
    return page.after(outcome, f"/duoc-hoi/{id}")
