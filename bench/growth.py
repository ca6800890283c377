"""What one more agency costs: one consultation from launch to closure with ever more of them.

A size that does not come to its end is a finding with its reason, not an end of the measurement.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from temporalio.client import Client
from temporalio.service import RPCError

from bench.cases import EngineCase
from bench.crowd import Tell, crowd, silent
from bench.figures import Growth, percentile, spent
from bench.histories import Size, all_runs, quiet
from bench.ledgers import until
from bench.stand import Stand
from bench.world import consultation
from workflows.client import workflow_id

# Fewer than the ten updates a workflow takes at once, so that nobody is made to wait by that limit alone.
AT_ONCE = 8
# As long as 3,321 agencies may take together, with much room.
PATIENCE_SECONDS = 1500.0
Act = Callable[[int], Awaitable[None]]


async def growth(stand: Stand, asks: int, tell: Tell) -> Growth:
    """Prepared, approved, acknowledged by all, answered by all, closed; until the register shows it closed."""
    id = f"growth-{asks}"
    life = Life(EngineCase(stand.gateway, consultation(id, asks)), asks, tell)
    before, begun = stand.cpu(), time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await life.live()
            await until(stand.database, "closed", id, 1)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"[:200]
        return Growth(database=stand.kind, asks=asks, seconds=round(time.perf_counter() - begun, 2), failed=why)
    seconds, cpu = time.perf_counter() - begun, spent(before, stand.cpu(), asks / 1000)
    return _summary(stand.kind, life, seconds, cpu, await _written(stand.client, id))


class Life:
    """The acts of one consultation's people, phase by phase; how long each phase and each reply took."""

    def __init__(self, case: EngineCase, asks: int, tell: Tell) -> None:
        self._case, self.asks, self._tell = case, asks, tell
        self._done = 0
        self.phases: dict[str, float] = {}
        self.replies: list[float] = []

    async def live(self) -> None:
        """From launch to closure."""
        case = self._case
        await self._phase("launch", lambda _: case.launch(approve=False))
        await self._phase("approval", lambda _: case.approve())
        await self._phase("delivery", case.deliver, range(self.asks))
        await self._phase("reply", self._reply, range(self.asks))
        await self._phase("closing", lambda _: case.close())

    async def _phase(self, name: str, act: Act, places: Sequence[int] = (0,)) -> None:
        begun = time.perf_counter()

        async def one(place: int) -> None:
            await act(place)
            self._done += 1
            self._tell(self._done, 2 * self.asks + 3)

        await crowd(one, places, AT_ONCE, silent)
        self.phases[name] = time.perf_counter() - begun

    async def _reply(self, place: int) -> None:
        begun = time.perf_counter()
        await self._case.reply(place)
        self.replies.append((time.perf_counter() - begun) * 1000)


async def _given_up(client: Client, id: str) -> None:
    """What did not come to its end must not go on beside the next size."""
    with suppress(RPCError):
        await client.get_workflow_handle(workflow_id(id)).terminate("measured no longer")


async def _written(client: Client, id: str) -> Size:
    """Events and bytes of all runs, once the last has ended."""
    await quiet(client, workflow_id(id))
    return await all_runs(client, workflow_id(id))


def _summary(kind: str, life: Life, seconds: float, cpu: dict[str, float], written: Size) -> Growth:
    return Growth(
        database=kind,
        asks=life.asks,
        seconds=round(seconds, 2),
        per_ask_ms=round(seconds * 1000 / life.asks, 2),
        reply_p50_ms=round(percentile(life.replies, 0.5), 1),
        reply_p99_ms=round(percentile(life.replies, 0.99), 1),
        cpu_per_ask_ms=cpu,
        phases_ms={name: round(took * 1000 / life.asks, 2) for name, took in life.phases.items()},
        events=written.events,
        events_per_ask=round(written.events / life.asks, 1),
        history_bytes=written.bytes,
        runs=written.runs,
    )
