"""Temporal with nothing of ours: the same updates without rules and without a register, and a herd of bare timers.

Run as `python -m bench.bare ADDRESS NAMESPACE QUEUE` it is the worker, a process of its own like the product's.
"""

import asyncio
import signal
import sys
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

QUEUE = "khong-nghiep-vu"


@workflow.defn(name="BareConsultation")
class BareConsultation:
    """Ends after so many updates; each adds a small answer."""

    @workflow.init
    def __init__(self, updates: int) -> None:
        self._updates = updates
        self._answers: list[str] = []

    @workflow.run
    async def run(self, updates: int) -> int:
        """Wait for the updates; how many there were."""
        await workflow.wait_condition(lambda: len(self._answers) >= self._updates)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return len(self._answers)

    @workflow.update
    async def submit(self, answer: str) -> int:
        """Keep the answer; its number."""
        self._answers.append(answer)
        return len(self._answers)

    @submit.validator
    def _not_empty(self, answer: str) -> None:
        if not answer:
            raise ValueError("an answer says something")


@workflow.defn(name="BareAlarm")
class BareAlarm:
    """One timer."""

    @workflow.run
    async def run(self, due_at: str) -> str:
        """Sleep until the instant (ISO 8601); the instant of waking."""
        left = datetime.fromisoformat(due_at) - workflow.now()
        await workflow.sleep(max(left, timedelta()))
        return workflow.now().isoformat()

    @workflow.update
    async def armed(self) -> None:
        """Answered by the turn in which the timer was set: who asks knows that it stands."""


async def work(address: str, namespace: str, queue: str) -> None:
    """Run the worker until SIGTERM."""
    client = await Client.connect(address, namespace=namespace)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    worker = Worker(
        client,
        task_queue=queue,
        workflows=[BareConsultation, BareAlarm],
        # As the product's worker, or the comparison would flatter it.
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=1000,
    )
    async with worker:
        await stop.wait()
    # The SDK's own threads need a moment to leave the interpreter.
    await asyncio.sleep(0.3)


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:4]))
