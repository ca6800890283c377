"""Quản trị, tài khoản: the list, one account, and every act on it. The acts are the accounts desk's."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import FormData

from adapters.register.account_changes import changes_of
from adapters.register.accounts import Account
from api import accounts_desk as desk
from api.pages.forms import fields_of, key_of, tree
from api.pages.identity.telling import browser_words
from api.pages.page import Outcome, Page, SignedInPage
from api.policy import Action, Role
from domain.clock import VIETNAM
from domain.text import words

router = APIRouter()

LIST, NEW = "/quan-tri/tai-khoan", "/quan-tri/tai-khoan-moi"
SHOWN = 50
STANDINGS = {"": False, "khoa": True, "tat-ca": None}
Username = Annotated[str, Path(max_length=100)]
Asked = Annotated[str, Query(max_length=200)]
Form = dict[str, Any]


@router.get("/quan-tri/tai-khoan")
async def listing(
    page: SignedInPage, q: Asked = "", co_quan: Asked = "", vai: Asked = "", tinh_trang: Asked = "", cursor: Asked = ""
) -> HTMLResponse:
    """Accounts by name; found without diacritics."""
    page.require(Action.MANAGE_ACCOUNTS)
    standing = STANDINGS.get(tinh_trang, False)
    accounts = await page.services.accounts.listed(co_quan or None, standing)
    found = [one for one in accounts if fits(one, q, vai)]
    after = [one for one in found if one.username > cursor]
    given = {"q": q, "co_quan": co_quan, "vai": vai, "tinh_trang": tinh_trang}
    return await page.show(
        "identity/accounts.html",
        rows=after[:SHOWN],
        next=after[SHOWN - 1].username if len(after) > SHOWN else None,
        count=len(found),
        given=given,
        query=urlencode({name: value for name, value in given.items() if value}),
        **await options(page),
    )


def fits(account: Account, q: str, role: str) -> bool:
    """Whether every word typed begins a word of the names or the address, and the role is held."""
    said = words(f"{account.username} {account.full_name} {account.email or ''}")
    typed = all(any(word.startswith(part) for word in said) for part in words(q))
    return typed and (not role or role in account.roles)


async def options(page: Page, kept: str | None = None) -> Form:
    """Agencies in force today (and the one that is kept), leaders, roles: codes with names, for selects."""
    services, day = page.services, (await page.services.now()).astimezone(VIETNAM).date()
    directory = services.rulebook.directory
    agencies = [(one.code, one.name) for one in directory.agencies if one.in_force(day) or one.code == kept]
    leaders = {one.code: f"{one.title} {one.name}" for one in directory.leaders if one.in_force(day)}
    roles = [(str(role), services.messages.text(f"roles.{role}")) for role in Role]
    by_name = sorted(agencies, key=lambda pair: words(pair[1]))
    return {"agencies": by_name, "leaders": list(leaders.items()), "all_roles": roles}


@router.get("/quan-tri/tai-khoan-moi")
async def blank(page: SignedInPage) -> HTMLResponse:
    """A form for a new account."""
    page.require(Action.MANAGE_ACCOUNTS)
    return await show_new(page, {})


async def show_new(page: Page, typed: Form, status: int = 200, problem: Form | None = None) -> HTMLResponse:
    """The form, with what was typed."""
    context = {"typed": typed, "problem": problem, **await options(page)}
    return await page.show("identity/account_new.html", status, **context)


@router.post("/quan-tri/tai-khoan-moi")
async def create(page: SignedInPage) -> Response:
    """Create it, and show its password once."""
    form = await page.form()
    typed = typed_in(form)
    outcome = await page.carry_out(_sent(lambda: desk.create(page, desk.NewAccountBody(**typed), key_of(form))))
    if outcome.refused:
        return await show_new(page, tree(fields_of(form), blanks=True), outcome.status, outcome.body)
    return await show_password(page, outcome)


async def show_password(page: Page, outcome: Outcome) -> HTMLResponse:
    """The generated password. A reload of the page sends the same key again, and then it is not shown any more."""
    context = {"username": outcome.body["account"], "password": outcome.body.get("password")}
    return await page.show("identity/password_once.html", **context)


@router.get("/quan-tri/tai-khoan/{username}")
async def one(page: SignedInPage, username: Username) -> HTMLResponse:
    """One account: what it is, where it is signed in, what was done to it."""
    return await show_one(page, username)


async def show_one(
    page: Page, username: str, status: int = 200, typed: Form | None = None, problem: Form | None = None
) -> HTMLResponse:
    """The page, with what was typed where something was refused."""
    account, services = await desk.account_of(page, username), page.services
    return await page.show(
        "identity/account_one.html",
        status,
        account=account,
        typed=account.model_dump() if typed is None else typed,
        problem=problem,
        sessions=await services.sessions.live(username),
        changes=await changes_of(services.database, username),
        browser=lambda said: browser_words(said, services.messages),
        own=username == page.subject.account,
        **await options(page, account.agency),
    )


@router.post("/quan-tri/tai-khoan/{username}")
async def change(page: SignedInPage, username: Username) -> Response:
    """Change what the form holds."""
    form = await page.form()
    typed = typed_in(form)
    act = _sent(lambda: desk.change(page, username, desk.AccountBody(**typed), key_of(form)))
    return await _told(page, username, form, await page.carry_out(act))


@router.post("/quan-tri/tai-khoan/{username}/khoa")
async def disable(page: SignedInPage, username: Username) -> Response:
    """Bar it."""
    form = await page.form()
    act = _sent(lambda: desk.disable(page, username, desk.ReasonBody(**typed_in(form)), key_of(form)))
    return await _told(page, username, form, await page.carry_out(act))


@router.post("/quan-tri/tai-khoan/{username}/mo-lai")
async def enable(page: SignedInPage, username: Username) -> Response:
    """Let it sign in again."""
    form = await page.form()
    act = _sent(lambda: desk.enable(page, username, desk.ReasonBody(**typed_in(form)), key_of(form)))
    return await _told(page, username, form, await page.carry_out(act))


@router.post("/quan-tri/tai-khoan/{username}/mat-khau")
async def reset(page: SignedInPage, username: Username) -> Response:
    """A generated password in place of the forgotten one."""
    form = await page.form()
    outcome = await page.carry_out(desk.reset_password(page, username, key_of(form)))
    return await (_told(page, username, form, outcome) if outcome.refused else show_password(page, outcome))


@router.post("/quan-tri/tai-khoan/{username}/phien")
async def sign_out(page: SignedInPage, username: Username) -> Response:
    """End all its sign-ins."""
    form = await page.form()
    outcome = await page.carry_out(desk.end_sessions(page, username, None, key_of(form)))
    return await _told(page, username, form, outcome)


async def _told(page: Page, username: str, form: FormData, outcome: Outcome) -> Response:
    if not outcome.refused:
        return page.after(outcome, f"{LIST}/{username}")
    typed = tree(fields_of(form), blanks=True)
    # The other forms of the page have no name among their fields: the account's own form shows what is kept.
    return await show_one(page, username, outcome.status, typed if "full_name" in typed else None, outcome.body)


def typed_in(form: FormData) -> Form:
    """The form's fields without blank ones."""
    return {name: value.strip() if isinstance(value, str) else value for name, value in tree(fields_of(form)).items()}


async def _sent(act: Callable[[], Awaitable[JSONResponse]]) -> JSONResponse:
    """The act, begun only where its refusals are caught: making its body may refuse too."""
    return await act()
