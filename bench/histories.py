"""What Temporal wrote down: events and bytes of workflows' histories. It reads, and waits until nothing is added."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus

AT_ONCE = 16
ANSWERED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED
PAUSE_SECONDS = 0.05
# The list of runs follows what happened by about this much.
LISTED_SECONDS = 1.0
# So many equal readings in a row mean that nothing is under way.
STILL = 6


class Size(NamedTuple):
    """Of one history or of several together."""

    events: int = 0
    bytes: int = 0
    runs: int = 0

    def plus(self, other: "Size") -> "Size":
        """Both together."""
        return Size(self.events + other.events, self.bytes + other.bytes, self.runs + other.runs)


async def size(client: Client, id: str, run: str | None = None) -> Size:
    """One run's history as it is now; without `run` that of the latest."""
    info = (await client.get_workflow_handle(id, run_id=run).describe()).raw_description.workflow_execution_info
    return Size(info.history_length, info.history_size_bytes, 1)


async def quiet(client: Client, id: str) -> Size:
    """The latest run's history once nothing has been added for a while."""
    last, same = await size(client, id), 0
    while same < STILL:
        await asyncio.sleep(PAUSE_SECONDS)
        now = await size(client, id)
        last, same = now, same + 1 if now == last else 0
    return last


async def all_ended(client: Client, ids: Sequence[str]) -> Size:
    """All histories together, each once its workflow has ended; workflows of one run each."""
    turn, total = asyncio.Semaphore(AT_ONCE), Size()

    async def one(id: str) -> Size:
        async with turn:
            return await _ended(client, id)

    for found in await asyncio.gather(*(one(id) for id in ids)):
        total = total.plus(found)
    return total


async def _ended(client: Client, id: str) -> Size:
    while True:
        if (await client.get_workflow_handle(id).describe()).status is not WorkflowExecutionStatus.RUNNING:
            return await size(client, id)
        await asyncio.sleep(PAUSE_SECONDS)


async def all_runs(client: Client, id: str) -> Size:
    """Every run of a workflow that continued as new, together; `quiet` before, so that the list of runs is whole."""
    await asyncio.sleep(LISTED_SECONDS)
    runs = [run.run_id async for run in client.list_workflows(f'WorkflowId = "{id}"')]
    total = Size()
    for run in runs:
        total = total.plus(await size(client, id, run))
    return total


async def of_replies(client: Client, ids: Sequence[str]) -> int:
    """Events of ended workflows from the launch's answer to the last reply's; the last update of all is the closing.

    What the launch's own record adds after its answer stands in for the last reply's, which comes after its.
    """
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(id: str) -> int:
        async with turn:
            history = await client.get_workflow_handle(id).fetch_history()
        answers = [event.event_id for event in history.events if event.event_type == ANSWERED]
        return answers[-2] - answers[0]

    return sum(await asyncio.gather(*(one(id) for id in ids)))
