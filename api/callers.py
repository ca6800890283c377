"""Who calls: the bearer token's account, as the policy's subject and as the register's viewer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from adapters.register.accounts import Account
from adapters.register.viewing import Viewer
from api.errors import Problem
from api.passwords import fingerprint
from api.policy import Role, Subject
from api.services import Services
from domain.clock import VIETNAM
from domain.refusals import Code

BEARER = HTTPBearer(auto_error=False, description="Mã truy cập nhận từ POST /api/v1/auth/token")
ROLES = {str(role): role for role in Role}


@dataclass(frozen=True)
class Caller:
    """The account with what the policy and the register's queries need of it."""

    account: Account
    subject: Subject
    viewer: Viewer


def services_of(request: Request) -> Services:
    """The application's services."""
    services: Services = request.app.state.services
    return services


async def caller_of(
    services: Annotated[Services, Depends(services_of)],
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
) -> Caller:
    """The caller. Refuses `unauthenticated` without a valid token."""
    account = await services.accounts.account_by_token(fingerprint(given.credentials)) if given else None
    if account is None:
        raise unauthenticated()
    return await caller(services, account)


async def caller(services: Services, account: Account) -> Caller:
    """The account as a caller; unknown roles count for nothing. Every request that acts for somebody comes by here."""
    await services.rules_in_force()
    roles = tuple(ROLES[role] for role in account.roles if role in ROLES)
    subject = Subject(account=account.username, agency=account.agency, roles=roles, leader=account.leader)
    fields = fields_held(services, account.leader, await services.now()) if account.leader else ()
    viewer = Viewer(
        roles=tuple(str(role) for role in roles), agency=account.agency, leader=account.leader, fields=fields
    )
    return Caller(account, subject, viewer)


def fields_held(services: Services, leader: str, now: datetime) -> tuple[str, ...]:
    """The fields the leader is in charge of at the instant, absences and stand-ins counted."""
    directory = services.rulebook.directory
    day = now.astimezone(VIETNAM).date()
    held = (f.code for f in directory.fields if directory.leader_table(f.code, day).in_charge(now).leader == leader)
    return tuple(held)


def unauthenticated() -> Problem:
    """The 401 problem."""
    return Problem(Code.UNAUTHENTICATED, headers={"WWW-Authenticate": "Bearer"})
