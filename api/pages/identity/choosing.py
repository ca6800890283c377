"""In which agency and role somebody acts, where there is a choice. Choosing rotates the session.

Accounts are one person's where they share `person`; the new session ends when the old one would have.
"""

import secrets
from collections.abc import Sequence

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from adapters.register.accounts import Account
from api.callers import ROLES
from api.errors import Problem
from api.pages.page import Page, SignedInPage
from api.pages.signing import SIGN_IN, carrying
from api.passwords import fingerprint, new_token
from api.services import Services
from domain.base import Frozen
from domain.refusals import Code

log = structlog.get_logger()
router = APIRouter()


class Choice(Frozen):
    """One account, in one of its roles or (None) in all."""

    username: str
    agency: str | None
    leader: str | None
    roles: tuple[str, ...]
    role: str | None = None
    current: bool = False

    @property
    def value(self) -> str:
        """What the button sends; no name holds a bar."""
        return f"{self.username}|{self.role or ''}"


async def accounts_of(services: Services, account: Account) -> tuple[Account, ...]:
    """The person's accounts that are not disabled, this one first."""
    theirs = await services.accounts.of_person(account.person) if account.person else ()
    return (account, *(one for one in theirs if one.username != account.username))


def choices(accounts: Sequence[Account], username: str, role: str | None) -> tuple[Choice, ...]:
    """Every way in which the person may act; the one in use is marked. One way only is no choice: then none."""
    found: list[Choice] = []
    for account in accounts:
        roles = tuple(one for one in account.roles if one in ROLES)
        for one in (None, *(roles if len(roles) > 1 else ())):
            current = account.username == username and one == role
            base = account.model_dump(include={"username", "agency", "leader"})
            found.append(Choice(**base, roles=roles, role=one, current=current))
    return tuple(found) if len(found) > 1 else ()


@router.post("/tai-khoan/vai")
async def choose(request: Request, page: SignedInPage) -> Response:
    """Act in another role or agency from now on, under a new session."""
    chosen = (await page.form()).get("chon")
    own = await page.services.accounts.find(page.subject.account)
    accounts = await accounts_of(page.services, own) if own else ()
    offered = choices(accounts, page.subject.account, page.session.role)
    found = next((one for one in offered if one.value == chosen), None)
    if found is None:
        raise Problem(Code.FORBIDDEN)
    secret = await rotated(request, page, found)
    if secret is None:
        return RedirectResponse(SIGN_IN, status_code=303)
    log.info("session rotated", account=page.subject.account, to=found.username, role=found.role)
    return carrying(RedirectResponse("/", status_code=303), request, secret)


async def rotated(request: Request, page: Page, choice: Choice) -> str | None:
    """The secret of the session that follows this one; None where this one has just ended."""
    secret = new_token()
    begun = await page.services.sessions.hand_over(
        page.session,
        sha256=fingerprint(secret),
        id=f"p-{secrets.token_hex(8)}",
        username=choice.username,
        role=choice.role,
        source=request.client.host if request.client else "",
        browser=request.headers.get("user-agent", ""),
    )
    return secret if begun else None
