"""One consultation as a load drives it: launch, replies, closing. Against bare Temporal, or through the gateway."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from api.gateway import Gateway
from bench.bare import QUEUE, BareConsultation
from bench.shapes import REPLIES
from bench.world import People
from domain.commands import Decided, Submission
from domain.state import Consultation
from workflows.client import workflow_id

# As long as the relay lets a receipt lie before it tries again.
AGAIN_SECONDS = 1.0
TRIES = 6


class Unanswered(Exception):  # noqa: N818 - a finding
    """The engine gave no answer, however often it was asked."""


class Case(Protocol):
    """What a load needs. `workflow`: the workflow's id; `answered`: when each reply's answer came, by receipt."""

    workflow: str
    unanswered: int
    answered: dict[str, datetime]

    async def launch(self) -> None:
        """Begin."""

    async def reply(self, place: int) -> None:
        """The reply of the agency at that place, answered."""

    async def close(self) -> None:
        """End."""


class BareCase:
    """The same updates, with nothing behind them: one with the start, the replies, one to close."""

    def __init__(self, client: Client, id: str) -> None:
        self._client = client
        self.workflow = id
        self.unanswered = 0
        self.answered: dict[str, datetime] = {}

    async def launch(self) -> None:
        """Start and tell in one round trip, as the gateway does."""
        start = WithStartWorkflowOperation(
            BareConsultation.run,
            REPLIES + 2,
            id=self.workflow,
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        await self._client.execute_update_with_start_workflow(
            BareConsultation.submit, "launched", start_workflow_operation=start, id=f"{self.workflow}-0"
        )

    async def reply(self, place: int) -> None:
        """One update."""
        await self._tell("replied", f"{self.workflow}-{place + 1}")

    async def close(self) -> None:
        """The last update; the workflow ends."""
        await self._tell("closed", f"{self.workflow}-last")

    async def _tell(self, word: str, id: str) -> None:
        handle = self._client.get_workflow_handle_for(BareConsultation.run, self.workflow)
        await handle.execute_update(BareConsultation.submit, word, id=id)


class EngineCase:
    """A real consultation through the product's gateway. An answer that does not come is asked for again."""

    def __init__(self, gateway: Gateway, state: Consultation, people: People | None = None) -> None:
        self._gateway = gateway
        self.state = state
        self.people = people or People(state.id)
        self.workflow = workflow_id(state.id)
        self.unanswered = 0
        self.answered: dict[str, datetime] = {}
        self._agencies = tuple(state.asks)

    async def launch(self, approve: bool = True) -> None:
        """Prepare, and with `approve` send to everybody at once."""
        submission = self.people.prepare(approve)
        await self._until_answered(submission, launching=True)

    async def approve(self) -> None:
        """The head approves what was prepared."""
        await self._until_answered(self.people.approve())

    async def deliver(self, place: int) -> None:
        """The agency's clerk acknowledges."""
        await self._until_answered(self.people.deliver(self._agencies[place]))

    async def reply(self, place: int) -> None:
        """A clear reply."""
        submission = self.people.reply(self._agencies[place])
        await self._until_answered(submission)
        self.answered[submission.command.receipt] = datetime.now(UTC)

    async def close(self) -> None:
        """The head signs."""
        await self._until_answered(self.people.close())

    async def _until_answered(self, submission: Submission, launching: bool = False) -> Decided:
        for _ in range(TRIES):
            if launching:
                decided = await self._gateway.launch(self.state, submission)
            else:
                decided = await self._gateway.submit(self.state.id, submission)
            if decided:
                return decided
            self.unanswered += 1
            await asyncio.sleep(AGAIN_SECONDS)
        raise Unanswered(f"{submission.command.kind}: no answer from the engine")
