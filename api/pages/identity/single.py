"""Đăng nhập một lần: to the province's identity provider and back. Which account it is, the register says.

What has to be compared on the return travels in a sealed cookie of ten minutes: it belongs to one browser, must
survive nothing, and so needs no row that anybody's click could add and somebody would have to clear away.
"""

import hmac
from datetime import timedelta
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from adapters.register.accounts import Account
from adapters.settings import secret_key
from api.callers import services_of
from api.errors import Problem
from api.identity_provider import Errand, NotProved, Provider, Unreachable
from api.pages.page import show_anybody
from api.pages.signing import begin, carrying, leave, onward
from api.sealing import Seal
from api.services import Services
from domain.refusals import Code

log = structlog.get_logger()
router = APIRouter()
ServicesOf = Annotated[Services, Depends(services_of)]

SINGLE = "/dang-nhap/mot-lan"
COOKIE = "ykien_mot_lan"
LIFETIME = timedelta(minutes=10)
Param = Annotated[str, Query(max_length=4000)]


class SignOn:
    """The provider, and the seals of the two things a browser carries: an errand, and a person who has to choose."""

    def __init__(self, services: Services) -> None:
        key = secret_key(services.settings)
        self.provider = Provider(services.settings)
        self.errand = Seal(key, "single sign-on: errand")
        self.person = Seal(key, "single sign-on: person")


def sign_on_of(request: Request, services: ServicesOf) -> SignOn:
    """The single sign-on the settings name, made once. Refuses `not_found` where there is none."""
    if not services.settings.oidc_issuer:
        raise Problem(Code.NOT_FOUND)
    if not hasattr(request.app.state, "sign_on"):
        request.app.state.sign_on = SignOn(services)
    found: SignOn = request.app.state.sign_on
    return found


SignOnOf = Annotated[SignOn, Depends(sign_on_of)]


@router.get(SINGLE)
async def go(request: Request, services: ServicesOf, desk: SignOnOf, tiep: Param = "/") -> Response:
    """To the provider."""
    try:
        errand = await desk.provider.errand(way_back(request, services))
    except Unreachable as error:
        return await _refuse(request, services, "unreachable", 503, error)
    carried = {**errand.model_dump(exclude={"url"}), "onward": onward(tiep)}
    return _put(RedirectResponse(errand.url, status_code=303), request, desk.errand.seal(carried))


@router.get(SINGLE + "/ve")
async def back(
    request: Request, services: ServicesOf, desk: SignOnOf, code: Param = "", state: Param = "", error: Param = ""
) -> Response:
    """Back from the provider: an account's session begins, or its owner chooses, or is told why not."""
    carried = desk.errand.opened(request.cookies.get(COOKIE, ""), LIFETIME)
    if carried is None:
        return await _refuse(request, services, "expired", 400)
    if not hmac.compare_digest(carried["state"].encode(), state.encode()):
        # Somebody else's link must not spoil the errand under way: the cookie stays.
        return await _refuse(request, services, "mismatch", 400)
    if error or not code:
        reason = "declined" if error == "access_denied" else "not_proved"
        return _used(await _refuse(request, services, reason, 403, error))
    try:
        person = await desk.provider.person(Errand(url="", **{k: carried[k] for k in KEPT}), code)
    except Unreachable as fault:
        return _used(await _refuse(request, services, "unreachable", 503, fault))
    except NotProved as fault:
        return _used(await _refuse(request, services, "not_proved", 403, fault))
    return await _welcome(request, services, desk, person, carried["onward"])


KEPT = ("state", "nonce", "verifier", "redirect")


async def _welcome(request: Request, services: Services, desk: SignOn, person: str, to: str) -> Response:
    accounts = await services.accounts.of_person(person)
    if not accounts:
        return _used(await _refuse(request, services, "no_account", 403, person=person))
    if len(accounts) == 1:
        return await _enter(request, services, accounts[0], to)
    sealed = desk.person.seal({"person": person, "onward": to})
    return _put(RedirectResponse(SINGLE + "/chon", status_code=303), request, sealed)


@router.get(SINGLE + "/chon")
async def choice(request: Request, services: ServicesOf, desk: SignOnOf) -> Response:
    """As which of their accounts the person goes in; no session has begun yet."""
    accounts, _ = await _proved(request, services, desk)
    if not accounts:
        return await _refuse(request, services, "expired", 400)
    return await show_anybody(request, services, None, "identity/choice.html", accounts=accounts)


@router.post(SINGLE + "/chon")
async def chosen(
    request: Request, services: ServicesOf, desk: SignOnOf, username: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Begin the session of the chosen account."""
    accounts, to = await _proved(request, services, desk)
    found = next((account for account in accounts if account.username == username), None)
    if found is None:
        return await _refuse(request, services, "expired", 400)
    return await _enter(request, services, found, to)


async def _proved(request: Request, services: Services, desk: SignOn) -> tuple[tuple[Account, ...], str]:
    """The accounts of the person the provider named within the last ten minutes, and where they wanted to go."""
    carried = desk.person.opened(request.cookies.get(COOKIE, ""), LIFETIME)
    if carried is None:
        return (), "/"
    return await services.accounts.of_person(carried["person"]), carried["onward"]


async def _enter(request: Request, services: Services, account: Account, to: str) -> Response:
    source = request.client.host if request.client else ""
    await services.accounts.note_attempt(account.username, source, succeeded=True)
    await leave(request, services)
    secret = await begin(request, services, account)
    log.info("signed in by the provider", account=account.username)
    return _used(carrying(RedirectResponse(onward(to), status_code=303), request, secret))


async def _refuse(
    request: Request, services: Services, reason: str, status: int, fault: Any = "", **told: str
) -> Response:
    """Why it came to nothing and what to do; never what exactly the provider or our check found."""
    log.warning("single sign-on failed", reason=reason, fault=str(fault))
    shown = {"reason": reason, "person": told.get("person", "")}
    return await show_anybody(request, services, None, "identity/refused.html", status, **shown)


def way_back(request: Request, services: Services) -> str:
    """The address the provider sends people back to; it must be registered there letter by letter."""
    base = services.settings.public_url or str(request.base_url).rstrip("/")
    return f"{base}{SINGLE}/ve"


def _put(answer: Response, request: Request, sealed: str) -> Response:
    """The answer with the sealed cookie; it comes back from the provider's page, hence `lax`."""
    secure = request.url.scheme == "https"
    age = int(LIFETIME.total_seconds())
    answer.set_cookie(COOKIE, sealed, max_age=age, path=SINGLE, httponly=True, samesite="lax", secure=secure)
    return answer


def _used(answer: Response) -> Response:
    answer.delete_cookie(COOKIE, path=SINGLE)
    return answer
