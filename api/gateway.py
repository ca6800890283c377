"""The only module that talks to Temporal: one consultation's workflow is started or told a command, and answers.

It decides nothing and stores nothing. Whatever keeps the engine from answering (server down, no worker, too slow) is
told as None: the receipt stays in the outbox and is delivered later.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.commands import Decided, Submission
from domain.refusals import Code, Refused
from domain.state import Consultation
from workflows.client import connect, workflow_id
from workflows.consultation import ConsultationWorkflow
from workflows.search_attributes import attributes

log = structlog.get_logger()

PATIENCE = timedelta(seconds=10)
# After a failure to connect nobody waits again for a while: the receipt is safe, the relay will deliver it.
BACK_OFF_SECONDS = 2.0
CODES = {str(code): code for code in Code}


class WorkflowEnded(Exception):  # noqa: N818 - a state of the world, not a fault
    """The consultation's workflow has ended or was never started; the register knows which."""


class EngineFault(Exception):  # noqa: N818 - what the engine answered, not a fault of ours
    """The engine is there and cannot handle this very submission: trying again changes nothing until somebody acts."""


class Gateway:
    """One client, connected when first needed. `connector` makes it; tests give their own."""

    def __init__(self, connector: Callable[[], Awaitable[Client]], task_queue: str, patience: timedelta = PATIENCE):
        self._connector = connector
        self._task_queue = task_queue
        self._patience = patience.total_seconds()
        self._client: Client | None = None
        self._connecting = asyncio.Lock()
        self._not_before = 0.0

    @classmethod
    def at(cls, address: str, namespace: str, task_queue: str, patience: timedelta = PATIENCE) -> "Gateway":
        """A gateway to the server at the address."""
        return cls(lambda: connect(address, namespace), task_queue, patience)

    async def submit(self, consultation: str, submission: Submission) -> Decided | None:
        """The engine's answer to a command, or None if it cannot answer now.

        Raises `Refused` with the engine's code, `WorkflowEnded` when no workflow runs for the consultation,
        `EngineFault` when the engine cannot handle the submission.
        """

        async def tell(client: Client) -> Decided:
            handle = client.get_workflow_handle_for(ConsultationWorkflow.run, workflow_id(consultation))
            return await handle.execute_update(ConsultationWorkflow.submit, submission, id=submission.command.receipt)

        return await self._ask(consultation, tell)

    async def launch(self, state: Consultation, submission: Submission) -> Decided | None:
        """Start the consultation's workflow with its initial state and give it its first command; as `submit`."""

        async def start(client: Client) -> Decided:
            operation = WithStartWorkflowOperation(
                ConsultationWorkflow.run,
                state,
                id=workflow_id(state.id),
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=attributes(state),
            )
            return await client.execute_update_with_start_workflow(
                ConsultationWorkflow.submit,
                submission,
                start_workflow_operation=operation,
                id=submission.command.receipt,
            )

        return await self._ask(state.id, start)

    async def ready(self) -> bool:
        """Whether the server answers."""
        try:
            async with asyncio.timeout(2):
                client = await self._connected()
                return client is not None and await client.service_client.check_health()
        except (TimeoutError, RPCError, RuntimeError):
            return False

    async def _ask(self, consultation: str, call: Callable[[Client], Awaitable[Decided]]) -> Decided | None:
        try:
            async with asyncio.timeout(self._patience):
                client = await self._connected()
                return await call(client) if client else None
        except WorkflowUpdateFailedError as failed:
            _refusal(consultation, failed.cause)
        except WorkflowAlreadyStartedError as ended:
            raise WorkflowEnded(consultation) from ended
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise WorkflowEnded(consultation) from error
            if error.status is RPCStatusCode.INVALID_ARGUMENT:
                raise EngineFault(f"{error.status.name}: {error}") from error
            self._not_before = _soon()
            log.warning("engine unreachable", consultation=consultation, status=error.status.name)
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            log.warning("engine too slow", consultation=consultation)
        return None

    async def _connected(self) -> Client | None:
        if self._client is None and time.monotonic() >= self._not_before:
            async with self._connecting:
                self._client = self._client or await self._connect()
        return self._client

    async def _connect(self) -> Client | None:
        try:
            return await self._connector()
        except (RuntimeError, RPCError) as error:
            self._not_before = _soon()
            log.warning("engine unreachable", error=str(error))
            return None


def _soon() -> float:
    return time.monotonic() + BACK_OFF_SECONDS


def _refusal(consultation: str, cause: BaseException | None) -> None:
    """Raise the engine's refusal; a fault that is no refusal is for an administrator."""
    if isinstance(cause, ApplicationError) and cause.type in CODES:
        raise Refused(CODES[cause.type], **_params(cause.details))
    if isinstance(cause, ApplicationError) and cause.type == "AcceptedUpdateCompletedWorkflow":
        raise WorkflowEnded(consultation)
    raise EngineFault(f"{type(cause).__name__}: {cause}")


def _params(details: Any) -> dict[str, str]:
    found = details[0] if details else None
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
