"""The only module that talks to Temporal: one consultation's workflow is started or told commands, and answers.

It decides nothing and stores nothing. Whatever keeps the engine from answering (server down, no worker, too slow) is
told as None: the receipt stays in the outbox and is delivered later.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import structlog
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError

from adapters.codec import read_keys
from adapters.register.outbox import LARGEST
from api.breaker import Breaker
from api.bundling import Answer, Bundling
from api.engine_answers import AWAY, EngineFault, WorkflowEnded, is_answer, meaning, refusal
from api.engine_queue import KINDS, QueueSight, question, sight
from domain.commands import Bundle, Decided, Handled, Submission
from domain.facts import Beginning
from domain.state import Consultation
from workflows.client import connect, workflow_id
from workflows.consultation import ConsultationWorkflow
from workflows.search_attributes import attributes

__all__ = ["EngineFault", "Gateway", "WorkflowEnded"]

log = structlog.get_logger()

PATIENCE = timedelta(seconds=10)
# After a failure nobody waits again for a while: the receipt is safe, the relay will deliver it.
BACK_OFF_SECONDS = 2.0

Handle = WorkflowHandle[ConsultationWorkflow, str]


class Gateway:
    """One client, connected when first needed. `connector` makes it; tests give their own."""

    def __init__(self, connector: Callable[[], Awaitable[Client]], task_queue: str, patience: timedelta = PATIENCE):
        self._connector = connector
        self._task_queue = task_queue
        self._patience = patience.total_seconds()
        self._client: Client | None = None
        self._connecting = asyncio.Lock()
        self._breaker = Breaker(BACK_OFF_SECONDS)
        self._bundles = Bundling(self._carry)

    @classmethod
    def at(
        cls, address: str, namespace: str, task_queue: str, patience: timedelta = PATIENCE, keys: Path | None = None
    ) -> "Gateway":
        """A gateway to the server at the address. `keys`: the folder of payload keys, if payloads are sealed.

        Raises `KeysUnusable` at once: no receipt may be held to account for a folder without good keys.
        """
        if keys is not None:
            read_keys(keys)
        return cls(lambda: connect(address, namespace, keys), task_queue, patience)

    async def submit(self, consultation: str, submission: Submission) -> Decided | None:
        """The engine's answer to a command, or None if it cannot answer now.

        Raises `Refused` with the engine's code, `WorkflowEnded` when no workflow runs for the consultation,
        `EngineFault` when the engine cannot handle the submission.
        """
        weight = len(submission.model_dump_json())
        if weight > LARGEST:
            raise EngineFault("too large for the engine")
        return await self._ask(consultation, lambda: self._bundles.give(consultation, submission, weight))

    async def launch(self, state: Consultation, submission: Submission) -> Decided | None:
        """Start the consultation's workflow with its initial state and give it its first command; as `submit`."""
        return await self._ask(state.id, lambda: self._start(state, submission))

    async def ready(self) -> bool:
        """Whether the server answers."""
        try:
            async with asyncio.timeout(2):
                return await (await self._connected()).service_client.check_health()
        except (TimeoutError, RPCError, RuntimeError):
            return False

    async def queue(self) -> QueueSight | None:
        """How much work waits for the workers, and when one was last heard of; None where the server cannot say."""
        try:
            async with asyncio.timeout(2):
                client = await self._connected()
                asked = [question(client.namespace, self._task_queue, kind) for kind in KINDS]
                ask = client.workflow_service.describe_task_queue
                return sight([await ask(one, retry=True) for one in asked])
        except (TimeoutError, RPCError, RuntimeError):
            return None

    async def _ask(self, consultation: str, call: Callable[[], Awaitable[Decided]]) -> Decided | None:
        if not self._breaker.admits():
            return None
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self._patience):
                decided = await call()
        except Exception as error:
            if isinstance(error, AWAY) and not is_answer(error):
                self._breaker.bad(begun)
                log.warning("engine cannot answer", consultation=consultation, error=f"{type(error).__name__}: {error}")
                return None
            self._breaker.good()
            raise meaning(consultation, error) from error
        self._breaker.good()
        return decided

    async def _carry(self, consultation: str, submissions: Sequence[Submission]) -> Sequence[Answer]:
        """One message to the consultation's workflow."""
        async with asyncio.timeout(self._patience):
            handle = (await self._connected()).get_workflow_handle_for(
                ConsultationWorkflow.run, workflow_id(consultation)
            )
            if len(submissions) > 1:
                try:
                    bundle = Bundle(submissions=tuple(submissions))
                    handled = await handle.execute_update(ConsultationWorkflow.submit_all, bundle, id=_id(submissions))
                    return [_answer(one) for one in handled]
                except Exception as error:
                    if not is_answer(error):
                        raise
            # One that cannot be sent must not keep the others from being decided: each goes by itself.
            return [await self._carry_one(handle, submission) for submission in submissions]

    async def _carry_one(self, handle: Handle, submission: Submission) -> Answer:
        try:
            return await handle.execute_update(ConsultationWorkflow.submit, submission, id=submission.command.receipt)
        except Exception as error:
            return error

    async def _start(self, state: Consultation, submission: Submission) -> Decided:
        operation = WithStartWorkflowOperation(
            ConsultationWorkflow.run,
            Beginning.of(state),
            id=workflow_id(state.id),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            search_attributes=attributes(state),
        )
        return await (await self._connected()).execute_update_with_start_workflow(
            ConsultationWorkflow.submit,
            submission,
            start_workflow_operation=operation,
            id=submission.command.receipt,
        )

    async def _connected(self) -> Client:
        """The client. Raises `RuntimeError` when the server cannot be reached."""
        if self._client is None:
            async with self._connecting:
                self._client = self._client or await self._connector()
        return self._client


def _id(submissions: Sequence[Submission]) -> str:
    """The same bundle has the same id, and no other bundle has it."""
    receipts = "/".join(submission.command.receipt for submission in submissions)
    return f"b-{hashlib.sha256(receipts.encode()).hexdigest()[:32]}"


def _answer(handled: Handled) -> Answer:
    return handled.decided or refusal(handled.code, handled.params)
