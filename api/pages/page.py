"""One page request: who is signed in, what was typed, and how an answer is shown. Every page route goes through it."""

import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from adapters.register.receipts import Receipt
from adapters.register.sessions import SignedIn
from api.callers import Caller, caller, services_of
from api.errors import Problem, document
from api.front import Front
from api.handlers import invalid_body, refusal
from api.pages.cast import people
from api.pages.looks import Looks
from api.pages.navigation import menu
from api.pages.protection import COOKIE, HEADERS, TOKEN_FIELD, TOKEN_HEADER, form_token, right_token
from api.pages.words import Words
from api.passwords import fingerprint
from api.services import Services
from domain.refusals import Code, Refused

# The address of a page that has just carried something out names its receipt.
DONE = "bien-nhan"


class SignInNeeded(Exception):  # noqa: N818 - an answer
    """Nobody is signed in, or no longer. `carried`: what was typed, so that nothing is lost."""

    def __init__(self, carried: Mapping[str, Any] | None = None) -> None:
        super().__init__("sign in")
        self.carried = dict(carried or {})


@dataclass(frozen=True)
class Outcome:
    """What became of an act. `body`: the accepted act, or the problem document of a refusal."""

    status: int
    body: dict[str, Any]

    @property
    def refused(self) -> bool:
        """Whether nothing came of it."""
        return self.status >= 400

    @property
    def receipt(self) -> str | None:
        """The act's receipt, if it was stamped."""
        return self.body.get("receipt")


class Page(Front):
    """A signed-in person's request."""

    def __init__(self, request: Request, services: Services, caller: Caller, signed_in: SignedIn, secret: str) -> None:
        super().__init__(request, services, caller)
        self.http = request
        self.session = signed_in.session
        self._secret = secret
        self._looks: Looks = request.app.state.looks

    async def form(self) -> FormData:
        """What was typed. Refuses `forbidden` without the session's token: another site's page cannot know it."""
        given = await self.http.form(max_files=20, max_fields=20_000)
        # Uploaded files end with the request, whatever becomes of it.
        self.http.scope["fastapi_inner_astack"].push_async_callback(given.close)
        token = self.http.headers.get(TOKEN_HEADER) or given.get(TOKEN_FIELD)
        if not isinstance(token, str) or not right_token(self._secret, token):
            raise Problem(Code.FORBIDDEN)
        return given

    async def words(self) -> Words:
        """Sentences, days and names as of now."""
        return Words(self.services, await self.services.now(), await self.services.people.names())

    async def show(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """The page made from the template."""
        base = {
            "me": self.caller.account,
            "roles": self.subject.roles,
            "session": self.session,
            "menu": menu(self.subject.roles, self.http.url.path),
            "form_token": form_token(self._secret),
            "done": await self._done(),
            "people": people(self.services),
        }
        return await shown(self._looks, self.http, self.services, template, status, base | context)

    async def carry_out(self, act: Awaitable[JSONResponse]) -> Outcome:
        """Hand the act to its route; a refusal comes back as its problem document."""
        return await carried_out(self.services, act)

    def after(self, outcome: Outcome, to: str) -> RedirectResponse:
        """Onward to a page that says what was recorded; reloading it repeats nothing."""
        mark = "&" if "?" in to else "?"
        return RedirectResponse(f"{to}{mark}{DONE}={outcome.receipt}" if outcome.receipt else to, status_code=303)

    async def _done(self) -> Receipt | None:
        """The receipt of what this person has just done, for the banner."""
        named = self.http.query_params.get(DONE)
        found = await self.services.receipts.get(named) if named and self.http.method == "GET" else None
        return found if found and found.actor == self.subject.account else None


async def page_of(request: Request, services: Annotated[Services, Depends(services_of)]) -> Page:
    """The signed-in person's page. Raises `SignInNeeded`, with what was typed, for anybody else."""
    secret = request.cookies.get(COOKIE, "")
    there = "x-poll" not in request.headers
    signed_in = await services.sessions.find(fingerprint(secret), seen=there) if secret else None
    if signed_in is None:
        raise SignInNeeded(await _typed(request))
    account = signed_in.account
    if signed_in.session.role in account.roles:
        account = account.model_copy(update={"roles": (signed_in.session.role,)})
    return Page(request, services, await caller(services, account), signed_in, secret)


async def visitor_of(request: Request, services: Annotated[Services, Depends(services_of)]) -> Page | None:
    """The signed-in person's page, or None: for pages that are open to anybody."""
    try:
        return await page_of(request, services)
    except SignInNeeded:
        return None


SignedInPage = Annotated[Page, Depends(page_of)]
AnyPage = Annotated[Page | None, Depends(visitor_of)]


async def shown(
    looks: Looks, request: Request, services: Services, template: str, status: int, context: Mapping[str, Any]
) -> HTMLResponse:
    """A page, for whoever it may be."""
    words = Words(services, await services.now(), await services.people.names())
    given = {"request": request, "settings": services.settings, "w": words, "t": words.text, "now": words.now}
    return HTMLResponse(looks.render(template, {**given, **context}), status_code=status, headers=HEADERS)


async def show_anybody(
    request: Request, services: Services, page: Page | None, template: str, status: int = 200, **context: Any
) -> HTMLResponse:
    """A page that needs no sign-in, with the person's own frame where somebody is signed in."""
    if page is not None:
        return await page.show(template, status, **context)
    nobody: dict[str, Any] = {"me": None, "roles": (), "form_token": "", "done": None, "people": {}}
    base = {**nobody, "menu": menu((), request.url.path)}
    return await shown(request.app.state.looks, request, services, template, status, base | context)


async def carried_out(services: Services, act: Awaitable[JSONResponse]) -> Outcome:
    """Await a JSON route's answer; what it raises becomes a problem document."""
    try:
        response = await act
    except Refused as refused:
        return _outcome(services, refusal(refused, services.messages))
    except Problem as problem:
        return _outcome(services, problem)
    except ValidationError as error:
        return _outcome(services, invalid_body(error.errors(), services.messages))
    return Outcome(response.status_code, json.loads(bytes(response.body)))


def _outcome(services: Services, problem: Problem) -> Outcome:
    return Outcome(problem.status, document(problem, services))


async def _typed(request: Request) -> dict[str, Any]:
    """The text fields of a form that came without a session; files cannot be carried on."""
    if request.method != "POST":
        return {}
    form = await request.form(max_files=20, max_fields=20_000)
    return {"fields": [(name, value) for name, value in form.multi_items() if isinstance(value, str)]}
