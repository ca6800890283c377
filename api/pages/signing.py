"""Signing in and out of the pages: sessions begin, change hands and end here. Passwords are checked elsewhere."""

import json
import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.register.accounts import Account
from api.callers import services_of
from api.errors import Problem, document
from api.pages.cast import people, starts
from api.pages.page import AnyPage, SignedInPage, show_anybody
from api.pages.protection import COOKIE, form_token
from api.passwords import fingerprint, new_token
from api.services import Services
from api.signing_in import sign_in
from domain.refusals import Code

router = APIRouter()
ServicesOf = Annotated[Services, Depends(services_of)]
SIGN_IN = "/dang-nhap"
# A form somebody was filling in when the session ended travels through the sign-in page, no longer than this.
MOST_CARRIED = 2_000_000


def onward(path: str | None) -> str:
    """A path of ours to go on to; the first page for anything else."""
    return path if path and path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


@router.get(SIGN_IN)
async def sign_in_page(request: Request, services: ServicesOf, page: AnyPage, tiep: str = "/") -> Response:
    """The sign-in form; whoever is signed in already goes on."""
    if page is not None:
        return RedirectResponse(onward(tiep), status_code=303)
    return await ask_to_sign_in(request, services, tiep)


async def ask_to_sign_in(
    request: Request,
    services: Services,
    onward_to: str,
    *,
    carried: Mapping[str, Any] | None = None,
    problem: dict[str, Any] | None = None,
    username: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The sign-in form. `carried`: where a form was sent to, and its fields, so that nothing typed is lost."""
    packed = json.dumps(carried, ensure_ascii=False) if carried and carried.get("fields") else ""
    context = {
        "onward": onward(onward_to),
        "carried": packed if len(packed) <= MOST_CARRIED else "",
        "problem": problem,
        "username": username,
        "cast": people(services),
        "starts": starts(services),
        "oidc": getattr(services.settings, "oidc_issuer", None),
    }
    return await show_anybody(request, services, None, "sign_in.html", status, **context)


@router.post(SIGN_IN)
async def signed_in(
    request: Request,
    services: ServicesOf,
    username: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=256)] = "",
    tiep: Annotated[str, Form(max_length=2000)] = "/",
    carried: Annotated[str, Form(max_length=MOST_CARRIED)] = "",
) -> Response:
    """Begin a session; what was typed before is shown again to be sent on."""
    kept = unpacked(carried)
    try:
        account = await sign_in(services, username.strip(), password, _source(request))
    except Problem as problem:
        told = document(problem, services)
        status = problem.status
        return await ask_to_sign_in(
            request, services, tiep, carried=kept, problem=told, username=username, status=status
        )
    await leave(request, services)
    secret = await begin(request, services, account)
    answer: Response = RedirectResponse(onward(tiep), status_code=303)
    if kept:
        token = form_token(secret)
        answer = await show_anybody(
            request, services, None, "sign_in_onward.html", carried=kept, onward=onward(tiep), carried_token=token
        )
    return carrying(answer, request, secret)


def unpacked(carried: str) -> dict[str, Any] | None:
    """What the sign-in page carried: a path of ours and fields of text; None for anything else."""
    try:
        found = json.loads(carried) if carried else None
        fields = [(str(name), str(value)) for name, value in found["fields"]] if found else []
        return {"path": onward(found["path"]), "fields": fields} if found and fields else None
    except (ValueError, TypeError, KeyError):
        return None


@router.post(SIGN_IN + "/gui-tiep")
async def send_on(
    request: Request,
    services: ServicesOf,
    page: AnyPage,
    tiep: Annotated[str, Form(max_length=2000)] = "/",
    carried: Annotated[str, Form(max_length=MOST_CARRIED)] = "",
) -> Response:
    """What was typed before, for whoever has signed in elsewhere meanwhile; it is shown before it is sent on."""
    kept = unpacked(carried)
    if page is None or kept is None:
        return await ask_to_sign_in(request, services, tiep, carried=kept)
    token = form_token(request.cookies[COOKIE])
    context: dict[str, Any] = {"carried": kept, "onward": onward(tiep), "carried_token": token}
    return await show_anybody(request, services, page, "sign_in_onward.html", **context)


@router.post(SIGN_IN + "/thu-vai")
async def try_role(
    request: Request, services: ServicesOf, username: Annotated[str, Form(max_length=100)], tiep: str = "/"
) -> Response:
    """In the demonstration and the drill only: act as one of the invented people, without a password."""
    if all(person.username != username for group in people(services).values() for person in group):
        raise Problem(Code.FORBIDDEN)
    account = await services.accounts.find(username)
    if account is None or account.disabled:
        raise Problem(Code.FORBIDDEN)
    await leave(request, services)
    secret = await begin(request, services, account)
    return carrying(RedirectResponse(onward(tiep), status_code=303), request, secret)


@router.post("/dang-xuat")
async def sign_out(request: Request, page: SignedInPage) -> Response:
    """End this session."""
    await page.form()
    await leave(request, page.services)
    answer = RedirectResponse(SIGN_IN, status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    # Whoever uses this computer next finds nothing in its store.
    answer.headers["clear-site-data"] = '"storage"'
    return answer


async def leave(request: Request, services: Services) -> None:
    """End the session the request came with, if any."""
    secret = request.cookies.get(COOKIE)
    if secret:
        await services.sessions.end(fingerprint(secret))


async def begin(request: Request, services: Services, account: Account, role: str | None = None) -> str:
    """A new session; its secret, which goes into a cookie and is kept nowhere else."""
    secret = new_token()
    await services.sessions.start(
        sha256=fingerprint(secret),
        id=f"p-{secrets.token_hex(8)}",
        username=account.username,
        role=role,
        source=_source(request),
        browser=request.headers.get("user-agent", ""),
    )
    return secret


def carrying(answer: Response, request: Request, secret: str) -> Response:
    """The answer with the session's cookie, which no script can read."""
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, secret, httponly=True, samesite="lax", secure=secure, path="/")
    return answer


def _source(request: Request) -> str:
    return request.client.host if request.client else ""
