"""Open consultations that wait for people: what they cost while nothing happens."""

import asyncio

from bench.cases import EngineCase
from bench.crowd import Tell, crowd
from bench.figures import Idle
from bench.histories import quiet
from bench.ledgers import until
from bench.stand import Stand
from bench.world import consultation
from workflows.client import workflow_id

AT_ONCE = 32
# Whatever was started for the launches (visibility, caches) ends meanwhile.
REST_SECONDS = 5.0


async def idle(stand: Stand, count: int, seconds: float, tell: Tell) -> Idle:
    """Launch so many, let everything come to rest, and watch for so long."""

    async def launch(number: int) -> None:
        await EngineCase(stand.gateway, consultation(f"idle-{number:05}")).launch()

    await crowd(launch, range(count), AT_ONCE, tell)
    await until(stand.database, "launched", "idle-", count)
    await quiet(stand.client, workflow_id(f"idle-{count - 1:05}"))
    await asyncio.sleep(min(REST_SECONDS, seconds))
    return await _watched(stand, count, seconds)


async def _watched(stand: Stand, count: int, seconds: float) -> Idle:
    before = stand.cpu()
    await asyncio.sleep(seconds)
    after = stand.cpu()
    share = {name: round((after[name] - before[name]) / seconds, 4) for name in stand.parts}
    return Idle(database=stand.kind, consultations=count, seconds=seconds, memory=stand.memory(), cpu_share=share)
