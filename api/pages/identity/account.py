"""Tài khoản: who I am here, in which role I act, my password, and where I am signed in."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.new_passwords import SHORTEST, PasswordBody, change_own
from api.pages.forms import fields_of, tree
from api.pages.identity.choosing import accounts_of, choices
from api.pages.identity.telling import browser_words
from api.pages.page import Page, SignedInPage

log = structlog.get_logger()
router = APIRouter()

ACCOUNT = "/tai-khoan"
SessionId = Annotated[str, Path(max_length=60)]
# What has just been done, as the address says.
DONE = ("mat-khau", "phien", "phien-khac")


@router.get("/tai-khoan")
async def account(page: SignedInPage, da: str = "") -> HTMLResponse:
    """My account."""
    return await show(page, done=da if da in DONE else "")


async def show(page: Page, status: int = 200, **context: Any) -> HTMLResponse:
    """The page, with a problem of the password's form if there is one."""
    services, own = page.services, page.caller.account
    # The session's own account may be narrowed to one role; here all of them are told.
    whole = await services.accounts.find(own.username) or own
    ways = choices(await accounts_of(services, whole), own.username, page.session.role)
    found: dict[str, Any] = {
        "account": whole,
        "fields": page.caller.viewer.fields,
        "choices": ways,
        "sessions": await services.sessions.live(own.username),
        "browser": lambda said: browser_words(said, services.messages),
        "least": SHORTEST,
        "problem": None,
        "done": "",
    }
    shown = found | context
    # `done` is the frame's word for a receipt.
    return await page.show("identity/account.html", status, said=shown.pop("done"), **shown)


@router.post("/tai-khoan/mat-khau")
async def password(request: Request, page: SignedInPage) -> Response:
    """Change my password; every other sign-in of mine ends."""
    form = await page.form()
    source = request.client.host if request.client else ""

    async def act() -> JSONResponse:
        body = PasswordBody(**tree(fields_of(form), blanks=True))
        await change_own(page.services, page.caller.account, body, source, page.session.sha256)
        return JSONResponse({})

    outcome = await page.carry_out(act())
    if outcome.refused:
        return await show(page, outcome.status, problem=outcome.body)
    log.info("account_changed", by=page.subject.account, account=page.subject.account, act="own_password")
    return RedirectResponse(f"{ACCOUNT}?da=mat-khau", status_code=303)


@router.post("/tai-khoan/phien/{id}/ket-thuc")
async def end_one(page: SignedInPage, id: SessionId) -> Response:
    """End one of my sign-ins; an unknown or foreign one changes nothing."""
    await page.form()
    ended = await page.services.sessions.end_by_id(id, page.subject.account)
    log.info("session ended", account=page.subject.account, session=id, ended=ended)
    return RedirectResponse(f"{ACCOUNT}?da=phien", status_code=303)


@router.post("/tai-khoan/phien-khac/ket-thuc")
async def end_others(page: SignedInPage) -> Response:
    """End all my sign-ins but this one."""
    await page.form()
    ended = await page.services.sessions.end_all(page.subject.account, page.session.sha256)
    log.info("sessions ended", account=page.subject.account, ended=ended)
    return RedirectResponse(f"{ACCOUNT}?da=phien-khac", status_code=303)
