"""The way of every POST that changes something: stamp first, then the engine, then an answer that can be repeated.

Who may do it and what it says was settled before; the rules are the engine's.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from fastapi.responses import JSONResponse

from adapters.database import RegisterUnavailable
from adapters.faults import told
from adapters.register.contents import Content
from adapters.register.receipts import Receipt, Stamped
from api.delivery import Answered, deliver
from api.errors import MEDIA_TYPE, Problem
from api.gateway import EngineFault
from api.services import Services
from api.views.base import Queued, stamp
from domain.commands import AnyCommand, Submission
from domain.refusals import Code

log = structlog.get_logger()

# A little more than the engine and the register together may take: whoever waits behind others gets 202 by then.
TURN_SECONDS = 13.0
# So many wait for the engine in this process; whoever comes then has the receipt at once, and the decision later.
MOST_AT_WORK = 100
# Names the command's place in time: the receipt's instant and id.
MakeCommand = Callable[[datetime, str], AnyCommand]


@dataclass(frozen=True)
class Act:
    """One request to change something. `words`: what is stored; `key`: the caller's idempotency key, if given."""

    consultation: str
    verb: str
    actor: str
    agency: str | None
    request: str
    words: Content
    command: MakeCommand
    key: str | None = None


class Desk:
    """Takes acts in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def take(self, act: Act) -> JSONResponse:
        """Stamp the act and answer it: decided, refused, or recorded with the decision to follow."""
        id = new_id("r")

        def submission(at: datetime) -> Submission:
            return Submission(command=act.command(at, id))

        self._services.at_work[id] = None
        try:
            stamped = await self._services.receipts.stamp(
                id=id,
                consultation=act.consultation,
                verb=act.verb,
                actor=act.actor,
                agency=act.agency,
                key=act.key or id,
                request=act.request,
                body_sha256=act.words.sha256,
                contents=[act.words],
                command=submission,
            )
            if stamped.replayed or stamped.submission is None:
                return self._again(stamped.receipt)
            answered = await self._answered(stamped, stamped.submission)
            self._count(act.verb, answered)
            return reply(answered) if answered else self.queued(stamped.receipt)
        finally:
            del self._services.at_work[id]

    async def _answered(self, stamped: Stamped, submission: Submission) -> Answered | None:
        """The decision, or None: whatever goes wrong from here on, the act is recorded, the relay goes on."""
        if len(self._services.at_work) > MOST_AT_WORK:
            return None
        try:
            async with asyncio.timeout(TURN_SECONDS):
                return await self._in_turn(stamped, submission)
        except (RegisterUnavailable, TimeoutError) as error:
            log.warning("answer not kept", receipt=stamped.receipt.id, error=str(error))
        except Exception as error:
            why = told(error, EngineFault)
            log.exception("delivery failed", receipt=stamped.receipt.id)
            with suppress(RegisterUnavailable):
                await self._services.receipts.mark_try(stamped.receipt.id, why)
        return None

    async def _in_turn(self, stamped: Stamped, submission: Submission) -> Answered | None:
        """Deliver, after whatever must be decided before and is stuck: an older reply stays older."""
        if any(id not in self._services.at_work for id in stamped.earlier):
            pending = await self._services.register.undelivered(stamped.receipt.consultation)
            for older in pending.submissions:
                if older.command.receipt == stamped.receipt.id:
                    break
                if not await self._caught_up(older):
                    return None
        return await deliver(self._services, stamped.receipt, submission)

    async def _caught_up(self, older: Submission) -> bool:
        """Whether nothing stands in the way any more; what another request here is answering does not."""
        if older.command.receipt in self._services.at_work:
            return True
        receipt = await self._services.receipts.get(older.command.receipt)
        return receipt is None or await deliver(self._services, receipt, older) is not None

    def _again(self, receipt: Receipt) -> JSONResponse:
        """The same request once more: the same answer once more."""
        if receipt.status is not None and receipt.answer is not None:
            return reply(Answered(receipt.status, dict(receipt.answer)))
        if receipt.id in self._services.at_work:
            raise Problem(Code.KEY_IN_PROGRESS, headers={"Retry-After": "1"})
        return self.queued(receipt)

    def queued(self, receipt: Receipt) -> JSONResponse:
        """202: nothing can lose it any more, the decision follows."""
        said = self._services.messages.text(f"api.receipts.{receipt.state}")
        body = Queued(**stamp(receipt), detail=said, state=receipt.state)
        return JSONResponse(body.model_dump(mode="json"), status_code=202)

    def _count(self, verb: str, answered: Answered | None) -> None:
        result = "queued" if answered is None else "done" if answered.status < 400 else "refused"
        self._services.metrics.count("ykien_receipts_total", verb=verb, result=result)


def reply(answered: Answered) -> JSONResponse:
    """The answer as HTTP."""
    media_type = MEDIA_TYPE if answered.status >= 400 else "application/json"
    headers = {"Location": _location(answered.body)} if answered.status == 201 else None
    return JSONResponse(answered.body, status_code=answered.status, media_type=media_type, headers=headers)


def _location(body: dict[str, Any]) -> str:
    return f"/api/v1/consultations/{body['id']}"


def new_id(prefix: str) -> str:
    """An opaque id nobody can guess."""
    return f"{prefix}-{secrets.token_hex(10)}"
