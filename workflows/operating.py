"""What operators ask of the engine: which consultations run, how far one is, start one again, stop one.

Client-side only; no rules, and nothing here decides whether something should be done. Lists lag behind by a second or
so: whoever finds one missing in a list must ask for it by name.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.commands import Submission
from domain.facts import Beginning
from domain.state import Consultation
from workflows.client import workflow_id
from workflows.consultation import ConsultationWorkflow
from workflows.search_attributes import attributes

PATIENCE = timedelta(seconds=10)
# A workflow task that failed so often will not succeed by itself.
HOPELESS = 3
AWAY = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.PERMISSION_DENIED)


class Standing(StrEnum):
    """Whether a consultation's workflow runs. `finished`: it ended by itself; `stopped`: something else ended it."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class Found(NamedTuple):
    """A workflow's standing. `chain`: the first of the runs that followed one another; `stuck`: its task fails."""

    standing: Standing
    chain: str = ""
    stuck: bool = False


class EngineAway(Exception):  # noqa: N818 - a state of the world
    """The engine cannot be asked at all."""


class NotStarted(Exception):  # noqa: N818 - what the operator is told
    """The engine is there and will not start this one, for the reason given: trying again changes nothing."""


class NoAnswer(Exception):  # noqa: N818 - what the operator is told
    """This consultation's workflow gave no answer: no worker took the question, or its code fails."""


class Operator:
    """One client and the queue on which consultations are started. `patience`: how long one question may take."""

    def __init__(self, client: Client, task_queue: str, patience: timedelta | None = None) -> None:
        self._client = client
        self._task_queue = task_queue
        self._patience = patience or PATIENCE

    async def running(self) -> dict[str, None]:
        """The consultations whose workflow runs on our queue, as the lists have it. Raises `EngineAway`."""
        query = f"WorkflowType = 'Consultation' AND ExecutionStatus = 'Running' AND TaskQueue = '{self._task_queue}'"
        prefix = workflow_id("")
        try:
            ids = [one.id async for one in self._client.list_workflows(query, rpc_timeout=self._patience)]
        except RPCError as error:
            raise EngineAway(str(error)) from error
        return dict.fromkeys(id.removeprefix(prefix) for id in ids if id.startswith(prefix))

    async def find(self, consultation: str) -> Found:
        """How the consultation's workflow stands, from the engine itself, not its lists. Raises `EngineAway`."""
        try:
            described = await self._handle(consultation).describe(rpc_timeout=self._patience)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return Found(Standing.UNKNOWN)
            raise EngineAway(str(error)) from error
        raw = described.raw_description
        chain = raw.workflow_execution_info.first_run_id or described.run_id
        return Found(_standing(described.status), chain, raw.pending_workflow_task.attempt >= HOPELESS)

    async def seq(self, consultation: str) -> int:
        """The number of the last fact the workflow has decided. Raises `NoAnswer`, `EngineAway`."""
        return int(await self._ask(consultation, ConsultationWorkflow.seq))

    async def state(self, consultation: str) -> Consultation:
        """The workflow's whole state. Raises `NoAnswer`, `EngineAway`."""
        found: Consultation = await self._ask(consultation, ConsultationWorkflow.state)
        return found

    async def start(self, state: Consultation, *, even_finished: bool = False) -> bool:
        """Start the consultation's workflow from a state, as the gateway would; False where one runs already.

        A workflow that finished by itself has recorded its end: it is not started again unless `even_finished`.
        Raises `EngineAway`, `NotStarted`.
        """
        reuse = WorkflowIDReusePolicy
        try:
            await self._client.start_workflow(
                ConsultationWorkflow.run,
                Beginning.of(state),
                id=workflow_id(state.id),
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                id_reuse_policy=reuse.ALLOW_DUPLICATE if even_finished else reuse.ALLOW_DUPLICATE_FAILED_ONLY,
                search_attributes=attributes(state),
                rpc_timeout=self._patience,
            )
        except WorkflowAlreadyStartedError:
            return False
        except RPCError as error:
            if error.status is RPCStatusCode.INVALID_ARGUMENT:
                raise NotStarted(str(error)) from error
            raise EngineAway(str(error)) from error
        return True

    async def stop(self, consultation: str, chain: str, reason: str) -> bool:
        """End a workflow that is to be replaced; False where that very one no longer runs. Raises `EngineAway`."""
        handle = self._client.get_workflow_handle(workflow_id(consultation), first_execution_run_id=chain)
        try:
            await handle.terminate(reason=reason, rpc_timeout=self._patience)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise EngineAway(str(error)) from error
        return True

    async def tell(self, consultation: str, submission: Submission) -> str | None:
        """Give the workflow a submission once more; None when it is decided, now or before, else the refusal's code.

        Raises `NoAnswer`.
        """
        handle, receipt = self._handle(consultation), submission.command.receipt
        try:
            await handle.execute_update(ConsultationWorkflow.submit, submission, id=receipt, rpc_timeout=self._patience)
        except WorkflowUpdateFailedError as failed:
            return getattr(failed.cause, "type", None) or str(failed.cause)
        except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise NoAnswer(str(error)) from error
        return None

    def _handle(self, consultation: str) -> WorkflowHandle[ConsultationWorkflow, str]:
        return self._client.get_workflow_handle_for(ConsultationWorkflow.run, workflow_id(consultation))

    async def _ask(self, consultation: str, question: Any) -> Any:
        try:
            return await self._handle(consultation).query(question, rpc_timeout=self._patience)
        except WorkflowQueryFailedError as error:
            raise NoAnswer(str(error)) from error
        except RPCError as error:
            if error.status in AWAY:
                raise EngineAway(str(error)) from error
            raise NoAnswer(f"{error.status.name}: {error}") from error


def _standing(status: WorkflowExecutionStatus | None) -> Standing:
    if status is WorkflowExecutionStatus.RUNNING:
        return Standing.RUNNING
    return Standing.FINISHED if status is WorkflowExecutionStatus.COMPLETED else Standing.STOPPED
