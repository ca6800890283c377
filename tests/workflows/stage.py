"""A stage for workflow tests: the real worker on a time-skipping server, and a register that only remembers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.testing import WorkflowEnvironment

from domain.clarity.model import Position
from domain.clock import BusinessClock
from domain.commands import AnyCommand, Bundle, Decided, Handled, NewRemark, Prepare, SendReply, Submission
from domain.facts import Batch, Fact
from domain.ports import Pending
from domain.state import Answer, Consultation, Verdict
from tests.servers.clock import TestClock
from tests.worlds import consultation
from workflows.consultation import ConsultationWorkflow
from workflows.registry import build_worker
from workflows.search_attributes import attributes


class MemoryRegister:
    """Keeps batches; refuses holes in the sequence as the real one does."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.waiting: list[Submission] = []
        self.page = 1000
        # Closed by a test that wants facts to pile up.
        self.open = asyncio.Event()
        self.open.set()
        self._news = asyncio.Condition()

    async def record(self, batch: Batch) -> None:
        """Keep the batch unless it was kept before."""
        await self.open.wait()
        known = self.seq
        fresh = [f for f in batch.facts if f.seq > known]
        assert [f.seq for f in fresh] == list(range(known + 1, known + 1 + len(fresh)))
        if fresh:
            self.batches.append(batch.model_copy(update={"facts": tuple(fresh)}))
        async with self._news:
            self._news.notify_all()

    async def heard(self, kind: str) -> None:
        """Wait until a fact of the kind is recorded."""
        async with self._news:
            await self._news.wait_for(lambda: kind in self.kinds)

    async def undelivered(self, consultation: str, after: int = 0) -> Pending:
        """Whatever a test has put aside, as many at a time as it wants."""
        end = after + self.page
        return Pending(submissions=tuple(self.waiting[after:end]), next=end if end < len(self.waiting) else None)

    @property
    def facts(self) -> list[Fact]:
        """All facts in order."""
        return [f for b in self.batches for f in b.facts]

    @property
    def kinds(self) -> list[str]:
        """The kinds of all facts in order."""
        return [f.kind for f in self.facts]

    @property
    def seq(self) -> int:
        """The last fact's number."""
        return self.facts[-1].seq if self.batches else 0


class RealClock:
    """Real time at another speed, for what a time-skipping server cannot do: an outage, with nobody polling."""

    def __init__(self, start: datetime, rate: int) -> None:
        self.business = BusinessClock(real_anchor=datetime.now(UTC), business_anchor=start, rate=rate)

    def instant(self) -> datetime:
        """The business instant now."""
        return self.business.business(datetime.now(UTC))


class Play:
    """One consultation on the stage."""

    def __init__(self, client: Client, clock: TestClock | RealClock, register: MemoryRegister, queue: str) -> None:
        self.client, self.clock, self.register, self.queue = client, clock, register, queue
        self.state = consultation()
        self.handle: WorkflowHandle[ConsultationWorkflow, str]

    def command(self, kind: type[AnyCommand], agency: str = "SGDDT", **values: object) -> Submission:
        """A submission of the kind, received now."""
        base = {"receipt": uuid4().hex, "at": self.clock.instant(), "actor": f"người.{agency}", "agency": agency}
        return Submission(command=kind.model_validate(base | values))

    async def launch(self, state: Consultation) -> Decided:
        """Start the workflow and launch in one round trip, as the gateway does."""
        self.state = state.model_copy(update={"clock": self.clock.business, "id": f"c-{uuid4().hex[:8]}"})
        start = WithStartWorkflowOperation(
            ConsultationWorkflow.run,
            self.state,
            id=f"lyk:{self.state.id}",
            task_queue=self.queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=attributes(self.state),
        )
        submission = self.command(Prepare, approve=True)
        decided = await self.client.execute_update_with_start_workflow(
            ConsultationWorkflow.submit, submission, start_workflow_operation=start, id=submission.command.receipt
        )
        self.handle = await start.workflow_handle()
        return decided

    async def send(self, submission: Submission) -> Decided:
        """Send a submission as an update whose id is its receipt."""
        return await self.handle.execute_update(ConsultationWorkflow.submit, submission, id=submission.command.receipt)

    async def send_all(self, *submissions: Submission) -> tuple[Handled, ...]:
        """Send submissions as one bundle."""
        bundle = Bundle(submissions=submissions)
        return await self.handle.execute_update(ConsultationWorkflow.submit_all, bundle, id=uuid4().hex)

    async def do(self, kind: type[AnyCommand], agency: str = "SGDDT", **values: object) -> Decided:
        """Act now."""
        return await self.send(self.command(kind, agency, **values))

    def reply(self, agency: str, position: Position = Position.AGREE, **values: object) -> Submission:
        """A signed reply on the current draft, not sent yet."""
        remarks = (NewRemark(part="d1"),) if position is not Position.AGREE else ()
        base: dict[str, object] = {
            "draft_sha256": self.state.draft.sha256,
            "signer": f"giamdoc.{agency}",
            "authority": "head",
            "authorised": True,
            "answers": (Answer(question="q1", position=position),),
            "remarks": remarks,
            "verdict": Verdict(clear=True),
            "content": "sha",
        }
        return self.command(SendReply, agency, **(base | values))

    async def pass_to(self, instant: datetime) -> None:
        """Move the clock and let the workflow finish what was due."""
        assert isinstance(self.clock, TestClock)
        await self.clock.skip_to(instant, self.handle)

    async def now(self) -> Consultation:
        """The workflow's own state."""
        return await self.handle.query(ConsultationWorkflow.state)


@asynccontextmanager
async def stage(
    env: WorkflowEnvironment, start: datetime, register: MemoryRegister | None = None, cached: int = 1000
) -> AsyncIterator[Play]:
    """A worker with a memory register, and a clock that shows `start`. `cached`: workflows kept in memory."""
    clock = await TestClock.starting_at(env, start)
    register = register or MemoryRegister()
    queue = f"q-{uuid4().hex[:8]}"
    async with build_worker(env.client, register, queue, cached=cached):
        yield Play(env.client, clock, register, queue)
