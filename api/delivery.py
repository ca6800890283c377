"""Brings one stamped submission to the engine and keeps the answer: the same way for a caller who waits and the relay.

It may be repeated at any time: the engine knows the receipts it has decided, the register keeps the first answer.
"""

import asyncio
import time
from typing import Any, NamedTuple

import structlog

from adapters.failpoints import reach
from adapters.register.queries_consultations import reached
from adapters.register.queries_state import state as find_state
from adapters.register.receipts import Receipt
from api.errors import document, of_refused
from api.gateway import WorkflowEnded
from api.launching import state_of
from api.outcomes import outcome, status_of
from api.services import Services
from api.views.base import stamp
from domain.commands import Decided, Submission
from domain.gate import LaunchPlan, gate
from domain.refusals import Code, Refused
from domain.state import Consultation, Phase

log = structlog.get_logger()

# How long an answer waits for the register to show what was decided.
PATIENCE_SECONDS = 2.0
# Seldom enough that forty callers who wait do not keep the register from what they wait for.
FIRST_LOOK_SECONDS = 0.02
LATER = 1.6
ENDED = {
    Phase.CLOSED: Code.CONSULTATION_CLOSED,
    Phase.WITHDRAWN: Code.CONSULTATION_WITHDRAWN,
    Phase.DISCARDED: Code.CONSULTATION_DISCARDED,
}


class Answered(NamedTuple):
    """What the caller is told, now and every time the request is repeated."""

    status: int
    body: dict[str, Any]


async def deliver(services: Services, receipt: Receipt, submission: Submission) -> Answered | None:
    """The engine's answer to the submission, kept in the register; None if the engine cannot answer now."""
    reach("tell.begun")
    try:
        decided = await _tell(services, receipt, submission)
    except Refused as refused:
        return await _refuse(services, receipt, refused)
    reach("tell.done")
    if decided is None:
        return None
    if not await _recorded(services, receipt.consultation, decided.seq):
        # Answered means recorded: were Temporal lost now, only the outbox would still know of this.
        return None
    body = {
        **stamp(receipt),
        "decision": decided.model_dump(mode="json"),
        **await outcome(services, receipt.consultation, submission.command),
    }
    answered = Answered(status_of(submission.command.kind), body)
    await services.receipts.answer(receipt.id, answered.status, answered.body, "done")
    return answered


async def _refuse(services: Services, receipt: Receipt, refused: Refused) -> Answered:
    """A refusal by the engine: what was sent is kept under its receipt all the same."""
    body = document(of_refused(refused, recorded=True, **stamp(receipt)), services)
    answered = Answered(int(body["status"]), body)
    await services.receipts.answer(receipt.id, answered.status, answered.body, "refused")
    return answered


async def _tell(services: Services, receipt: Receipt, submission: Submission) -> Decided | None:
    try:
        if submission.command.kind == "prepare":
            return await services.gateway.launch(await initial(services, receipt), submission)
        return await services.gateway.submit(receipt.consultation, submission)
    except WorkflowEnded:
        return await _after_the_end(services, receipt)


async def _after_the_end(services: Services, receipt: Receipt) -> Decided | None:
    """No workflow runs: the register knows whether this very receipt was decided before the end, or came after it."""
    state = await find_state(services.database, receipt.consultation)
    if state and receipt.id in state.receipts:
        return Decided(seq=state.seq, phase=state.phase)
    if state and state.phase in ENDED:
        raise Refused(ENDED[state.phase], consultation=receipt.consultation)
    log.warning("no workflow for an open consultation", consultation=receipt.consultation)
    return None


async def initial(services: Services, receipt: Receipt) -> Consultation:
    """The state a launch starts with, made from the stored plan as of the instant it was received.

    Raises `Refused` where the gate, asked again under rules that were replaced meanwhile, no longer accepts the plan.
    """
    words = await services.words(receipt.body_sha256)
    plan = LaunchPlan.model_validate(words["plan"])
    rulebook = await services.rules_in_force()
    launch = gate(plan, rulebook, services.settings.rule_set, receipt.received_at, str(words.get("text") or ""))
    return state_of(
        launch, id=receipt.consultation, officer=receipt.actor, content=receipt.body_sha256, clock=services.business
    )


async def _recorded(services: Services, consultation: str, seq: int) -> bool:
    """Wait, not for long, until the register shows the fact of that number; whether it does."""
    limit, pause = time.monotonic() + PATIENCE_SECONDS, FIRST_LOOK_SECONDS
    while time.monotonic() < limit:
        await asyncio.sleep(pause)
        if await reached(services.database, consultation, seq):
            return True
        pause *= LATER
    return False
