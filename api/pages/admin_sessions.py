"""Quản trị, phiên đăng nhập: who is signed in now, and ending any of it."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from adapters.register.sessions import SignedIn
from api import accounts_desk as desk
from api.pages.forms import key_of
from api.pages.identity.telling import browser_words
from api.pages.page import Page, SignedInPage
from api.policy import Action
from domain.text import words

router = APIRouter()

MOST = 500


@router.get("/quan-tri/phien")
async def sessions(page: SignedInPage, q: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    """Everybody's live sign-ins, last seen first."""
    page.require(Action.MANAGE_ACCOUNTS)
    everybody = await page.services.sessions.everybody(MOST)
    return await page.show(
        "identity/sessions.html",
        rows=[one for one in everybody if fits(page, one, q)],
        q=q,
        more=len(everybody) == MOST,
        browser=lambda said: browser_words(said, page.services.messages),
    )


def fits(page: Page, one: SignedIn, q: str) -> bool:
    """Whether every word typed begins a word of the person's names or agency, without diacritics."""
    account = one.account
    agency = page.services.agency_name(account.agency)
    said = words(f"{account.username} {account.full_name} {agency}")
    return all(any(word.startswith(part) for word in said) for part in words(q))


@router.post("/quan-tri/phien/{username}/{id}/ket-thuc")
async def end(page: SignedInPage, username: str, id: str) -> Response:
    """End one."""
    form = await page.form()
    outcome = await page.carry_out(desk.end_sessions(page, username, id[:60], key_of(form)))
    if outcome.refused:
        return await page.show("problem.html", outcome.status, problem=outcome.body)
    return page.after(outcome, "/quan-tri/phien")
