"""The front desk of one request: who calls, what may be done, and how an act is handed on. Every route goes through it.

It asks the policy and the register; the rules of the field are elsewhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypedDict

import structlog
from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from adapters.register.contents import Content, content_of
from adapters.register.queries_consultations import ConsultationHead, concerning
from adapters.register.queries_consultations import consultation as find_consultation
from adapters.register.queries_state import state as find_state
from adapters.register.receipts import Receipt
from adapters.register.viewing import UNSENT, Viewer
from api.answered import secret_in
from api.callers import Caller, caller_of, services_of
from api.desk import Act, Desk, new_id
from api.errors import Problem
from api.policy import GENERAL, Action, Deny, Reason, Resource, decide
from api.services import Services
from api.stored import words_of
from domain.commands import AnyCommand
from domain.refusals import Code, Refused
from domain.state import Ask, Consultation, Phase

log = structlog.get_logger()

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="Khóa chống gửi trùng: cùng khóa, cùng nội dung thì nhận lại đúng câu trả lời cũ.",
    ),
]


class Base(TypedDict):
    """The members every command begins with."""

    receipt: str
    at: datetime
    actor: str
    agency: str


@dataclass(frozen=True)
class Found:
    """A consultation the caller may at least know of; `own`: the ask of the caller's agency."""

    row: ConsultationHead
    resource: Resource
    own: Ask | None = None

    @property
    def own_ask(self) -> Ask:
        """The ask of the caller's agency. Refuses `not_found` where it was not asked."""
        if self.own is None:
            raise Problem(Code.NOT_FOUND)
        return self.own


class Front:
    """One request's caller and services."""

    def __init__(
        self,
        request: Request,
        services: Annotated[Services, Depends(services_of)],
        caller: Annotated[Caller, Depends(caller_of)],
    ) -> None:
        self.services = services
        self.caller = caller
        self.subject = caller.subject
        self.request = f"{request.method} {request.url.path}"
        self._desk: Desk = request.app.state.desk

    def require(self, action: Action, resource: Resource = GENERAL) -> None:
        """Go on only if the policy allows it; denials are logged."""
        decision = decide(self.subject, action, resource)
        if isinstance(decision, Deny):
            log.info("denied", account=self.subject.account, action=str(action), reason=str(decision.reason))
            raise Problem(Code.NOT_FOUND if decision.reason is Reason.HIDDEN else Code.FORBIDDEN)

    async def find(self, id: str, action: Action, ask: str | None = None) -> Found:
        """The consultation, if the caller may do this to it. Refuses `not_found`, `forbidden`."""
        found = await concerning(self.services.database, id, self.subject.agency)
        if found is None:
            raise Problem(Code.NOT_FOUND)
        row = found[0]
        own = found[1] if row.phase not in UNSENT else None
        resource = Resource(
            lead=row.lead,
            asked=(own.agency,) if own else (),
            ask=ask,
            leaders=await self._leaders(id),
            closed=row.phase is Phase.CLOSED,
            hides=True,
        )
        self.require(action, resource)
        return Found(row, resource, own)

    async def may(self, id: str, action: Action) -> bool:
        """Whether `find` would succeed."""
        try:
            return await self.find(id, action) is not None
        except Problem:
            return False

    async def stamp_once(self, verb: str, key: str | None, words: Content, consultation: str) -> Receipt | None:
        """The receipt, new or known, of an act the engine need not decide; None without a key. Refuses `key_reused`."""
        if key is None:
            return None
        stamped = await self.services.receipts.stamp(
            id=new_id("r"),
            consultation=consultation,
            verb=verb,
            actor=self.subject.account,
            agency=self.subject.agency,
            key=key,
            request=self.request,
            body_sha256=words.sha256,
            contents=[words],
        )
        return stamped.receipt

    async def _leaders(self, id: str) -> tuple[str, ...]:
        """The caller's own leader code, where the case, the field or the chair makes the consultation theirs."""
        viewer, leader = self.caller.viewer, self.subject.leader
        if leader is None:
            return ()
        theirs = Viewer(roles=("leader",), leader=leader, fields=viewer.fields)
        return (leader,) if await find_consultation(self.services.database, id, theirs) else ()

    async def state(self, id: str) -> Consultation:
        """The whole consultation."""
        found = await find_state(self.services.database, id)
        if found is None:
            raise Problem(Code.NOT_FOUND)
        return found

    async def act(
        self,
        consultation: str,
        body: BaseModel | None,
        verb: str,
        command: Callable[[Base], AnyCommand],
        *,
        key: str | None,
        words: Content | None = None,
    ) -> JSONResponse:
        """Hand the act on, with its words or the body's. A secret text is refused before anything is stored."""
        if body is not None:
            refuse_secrets(body)
        kept = words or (words_of(verb, body) if body is not None else content_of({"kind": verb}))
        account, agency = self.subject.account, self.subject.agency or ""
        act = Act(
            consultation=consultation,
            verb=verb,
            actor=account,
            agency=self.subject.agency,
            request=self.request,
            words=kept,
            command=lambda at, receipt: command({"receipt": receipt, "at": at, "actor": account, "agency": agency}),
            key=key,
        )
        return await self._desk.take(act)


FrontDesk = Annotated[Front, Depends()]


def refuse_secrets(body: BaseModel) -> None:
    """Refuse `classified` when any text of the body bears a secrecy stamp."""
    level = secret_in(list(_texts(body.model_dump())))
    if level:
        raise Refused(Code.CLASSIFIED, level=level)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def hash_if(text: str, words: Content) -> str | None:
    """The stored words' hash where the person wrote something, so that the engine knows whether a reason was given."""
    return words.sha256 if text.strip() else None
