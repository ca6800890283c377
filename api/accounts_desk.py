"""The administrator's acts on accounts and sessions. Each is permitted, stamped with a receipt, done, logged.

Nothing is removed. No password is kept or logged: a generated one is in the answer of the request that made it and
nowhere else. There is no JSON route for these acts; the command line has its own.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

import structlog
from fastapi.responses import JSONResponse
from pydantic import Field

from adapters.register.account_changes import NOWHERE, VERB
from adapters.register.accounts import Account
from adapters.register.contents import content_of
from adapters.register.receipts import Receipt
from api.bodies.base import Account as Username
from api.bodies.base import Body, FilledLine, Key, Line
from api.desk import new_id
from api.errors import Problem, document
from api.front import Front
from api.new_passwords import faulty, generated
from api.policy import Action, Role
from api.services import Services
from domain.base import Frozen
from domain.clock import VIETNAM
from domain.directory import Agency, Directory
from domain.refusals import Code

log = structlog.get_logger()

# What these may do depends on the agency they do it for.
OF_AN_AGENCY = (Role.LEAD_OFFICER, Role.AGENCY_HEAD, Role.CLERK, Role.HANDLER)
FIELDS = ("full_name", "agency", "roles", "leader", "email", "person")
# Whoever gets other rights signs in anew.
RIGHTS = ("agency", "roles", "leader", "person")
Do = Callable[[], Awaitable[dict[str, Any]]]


class AccountBody(Body):
    """Everything about an account that may change. `person`: as the identity provider names its owner."""

    full_name: FilledLine
    agency: Key | None = None
    roles: Annotated[list[str], Field(max_length=len(Role))] = []
    leader: Key | None = None
    email: Annotated[str, Field(max_length=200, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    person: Line | None = None


class NewAccountBody(AccountBody):
    """A new account, under a name that never changes."""

    username: Username


class ReasonBody(Body):
    """Why."""

    reason: FilledLine


class Deed(Frozen):
    """One act on an account. `given`: what was sent, the same however often it is sent; `changes`: what it altered."""

    act: str
    account: str
    given: dict[str, Any] = {}
    changes: dict[str, tuple[Any, Any]] = {}
    reason: str = ""


async def create(front: Front, body: NewAccountBody, key: str | None) -> JSONResponse:
    """Create an account; the answer holds its `password`, once."""
    front.require(Action.MANAGE_ACCOUNTS)
    services = front.services
    if not await _known(front, key):
        wrong = await _wrong(services, body)
        if await services.accounts.find(body.username):
            wrong = [("username", "taken"), *wrong]
        if wrong:
            raise _faulty(services, wrong)
    password = generated()
    account = Account(**_values(body), username=body.username, password_hash=await services.passwords.hash(password))

    async def do() -> dict[str, Any]:
        if not await services.accounts.create_account(account):
            raise _faulty(services, [("username", "taken")])
        return {"password": password}

    changes = {name: (None, value) for name, value in _values(body).items() if value}
    deed = Deed(act="created", account=body.username, given=body.model_dump(mode="json"), changes=changes)
    return await _do(front, deed, do, key)


async def change(front: Front, username: str, body: AccountBody, key: str | None) -> JSONResponse:
    """Change name, agency, roles, leader, address or person; with other rights its owner signs in anew."""
    before = await account_of(front, username)
    if not await _known(front, key):
        wrong = await _wrong(front.services, body, before)
        if username == front.subject.account and Role.ADMIN not in body.roles:
            wrong = [*wrong, ("roles", "own_admin")]
        if wrong:
            raise _faulty(front.services, wrong)
    after = before.model_copy(update=_values(body))
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in FIELDS}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    async def do() -> dict[str, Any]:
        await front.services.accounts.change(after, sign_out=any(name in changes for name in RIGHTS))
        return {}

    deed = Deed(act="changed", account=username, given=body.model_dump(mode="json"), changes=changes)
    return await _do(front, deed, do, key)


async def disable(front: Front, username: str, body: ReasonBody, key: str | None) -> JSONResponse:
    """Bar the account, with a reason; its sign-ins end at once. Nobody bars themselves."""
    await account_of(front, username)
    if username == front.subject.account:
        raise _faulty(front.services, [("reason", "own_account")])

    async def do() -> dict[str, Any]:
        await front.services.accounts.disable(username)
        return {}

    return await _do(front, Deed(act="disabled", account=username, reason=body.reason), do, key)


async def enable(front: Front, username: str, body: ReasonBody, key: str | None) -> JSONResponse:
    """Let the account sign in again; sign-ins from before stay ended."""
    await account_of(front, username)

    async def do() -> dict[str, Any]:
        await front.services.accounts.enable(username)
        return {}

    return await _do(front, Deed(act="enabled", account=username, reason=body.reason), do, key)


async def reset_password(front: Front, username: str, key: str | None) -> JSONResponse:
    """A generated password in place of the known one; the answer holds it, once. All sign-ins end."""
    await account_of(front, username)

    async def do() -> dict[str, Any]:
        password = generated()
        await front.services.accounts.set_password(username, await front.services.passwords.hash(password))
        return {"password": password}

    return await _do(front, Deed(act="password_reset", account=username), do, key)


async def end_sessions(front: Front, username: str, session: str | None, key: str | None) -> JSONResponse:
    """End one session of the account, by its shown id, or all of them."""
    await account_of(front, username)
    sessions = front.services.sessions

    async def do() -> dict[str, Any]:
        ended = await sessions.end_by_id(session, username) if session else await sessions.end_all(username)
        return {"ended": int(ended)}

    deed = Deed(act="signed_out", account=username, given={"session": session} if session else {})
    return await _do(front, deed, do, key)


async def account_of(front: Front, username: str) -> Account:
    """The account, for an administrator only. Refuses `forbidden`, `not_found`."""
    front.require(Action.MANAGE_ACCOUNTS)
    found = await front.services.accounts.find(username)
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


async def _do(front: Front, deed: Deed, do: Do, key: str | None) -> JSONResponse:
    """Stamp, do, log, answer. What `do` gives is told once and kept nowhere."""
    words = content_of({"kind": VERB, **deed.model_dump(mode="json", exclude={"changes"})})
    receipt = await front.stamp_once("account", key or new_id("k"), words, NOWHERE)
    assert receipt is not None  # noqa: S101 - there is always a key
    if receipt.answer is not None:
        return JSONResponse(receipt.answer, status_code=receipt.status or 200)
    try:
        told = await do()
    except Problem as problem:
        problem.members |= {"recorded": True, "receipt": receipt.id}
        await front.services.receipts.answer(receipt.id, problem.status, document(problem, front.services), "refused")
        raise
    who = {"by": front.subject.account, "account": deed.account, "act": deed.act}
    log.info("account_changed", **who, changed=sorted(deed.changes), reason=deed.reason)
    kept = _view(receipt, deed)
    await front.services.receipts.answer(receipt.id, 200, kept, "done")
    return JSONResponse({**kept, **told})


def _view(receipt: Receipt, deed: Deed) -> dict[str, Any]:
    about = deed.model_dump(mode="json", exclude={"given"})
    return {"receipt": receipt.id, "received_at": receipt.received_at.isoformat(), **about}


async def _known(front: Front, key: str | None) -> bool:
    """Whether the caller has used the key before: then nothing is refused that was accepted the first time."""
    return key is not None and await front.services.receipts.of_key(front.subject.account, key) is not None


def _values(body: AccountBody) -> dict[str, Any]:
    return {**body.model_dump(include=set(FIELDS)), "roles": tuple(dict.fromkeys(body.roles))}


async def _wrong(services: Services, body: AccountBody, before: Account | None = None) -> list[tuple[str, str]]:
    """The fields that cannot be, each with the key of its sentence under `identity.wrong`.

    An agency or leader that is over by now may stay where it was.
    """
    old_agency, old_leader = (before.agency, before.leader) if before else (None, None)
    directory, now = services.rulebook.directory, await services.now()
    agency = directory.find(body.agency) if body.agency else None
    checks = (
        ("roles", "no_role", not body.roles),
        ("roles", "unknown_role", any(role not in list(Role) for role in body.roles)),
        ("agency", "unknown_agency", body.agency not in (None, old_agency) and not _in_force(agency, now)),
        ("agency", "agency_missing", not body.agency and any(role in OF_AN_AGENCY for role in body.roles)),
        ("leader", "unknown_leader", body.leader not in (None, old_leader) and not _leads(directory, body, now)),
        ("leader", "leader_missing", not body.leader and Role.LEADER in body.roles),
        ("leader", "no_leader", bool(body.leader) and Role.LEADER not in body.roles),
    )
    return [(field, key) for field, key, holds in checks if holds]


def _in_force(agency: Agency | None, now: datetime) -> bool:
    return agency is not None and agency.in_force(now.astimezone(VIETNAM).date())


def _leads(directory: Directory, body: AccountBody, now: datetime) -> bool:
    return directory.leader(body.leader or "", now.astimezone(VIETNAM).date()) is not None


def _faulty(services: Services, wrong: Sequence[tuple[str, str]]) -> Problem:
    say = services.messages.text
    return faulty(services, *((field, say(f"identity.wrong.{key}")) for field, key in wrong))
