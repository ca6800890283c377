"""Whole consultations under load, the same for bare Temporal, the engine and HTTP: rates, times, events, processor.

It does not know what a reply is; a `Case` does. Launching and closing are part of the flow, not of a reply.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bench.cases import Case
from bench.crowd import Tell, crowd
from bench.figures import Cpu, Flow, percentile, spent
from bench.histories import all_ended, of_replies, quiet
from bench.shapes import REPLIES, Shape
from bench.stand import Stand

MakeCase = Callable[[str], Case]
# After the last answer: wait until all is recorded; then each receipt's instant in the ledger, if there is one.
Settle = Callable[[int], Awaitable[Mapping[str, datetime]]]
# So many histories are read event by event; all of them are counted.
SAMPLE = 64


async def quiet_reply(stand: Stand, case: Case) -> int:
    """Events of one reply that nothing else accompanies; the consultation is then brought to its end."""
    await case.launch()
    launched = (await quiet(stand.client, case.workflow)).events
    await case.reply(0)
    replied = (await quiet(stand.client, case.workflow)).events
    for place in range(1, REPLIES):
        await case.reply(place)
    await case.close()
    return replied - launched


class Run:
    """One load in one shape."""

    def __init__(self, make: MakeCase, shape: Shape, prefix: str, tell: Tell) -> None:
        self._make, self._shape, self._prefix, self._tell = make, shape, prefix, tell
        self.cases: list[Case] = []
        self.times: list[float] = []
        self.seconds = 0.0

    async def go(self) -> None:
        """All consultations of the shape, so many at once, each begun when a place is free."""
        begun = time.perf_counter()
        await crowd(self._whole, range(1, self._shape.consultations + 1), self._shape.at_once, self._tell)
        self.seconds = time.perf_counter() - begun

    async def _whole(self, number: int) -> None:
        case = self._make(f"{self._prefix}-{number:05}")
        self.cases.append(case)
        await case.launch()
        if self._shape.together:
            await asyncio.gather(*(self._reply(case, place) for place in range(REPLIES)))
        else:
            for place in range(REPLIES):
                await self._reply(case, place)
        await case.close()

    async def _reply(self, case: Case, place: int) -> None:
        begun = time.perf_counter()
        await case.reply(place)
        self.times.append((time.perf_counter() - begun) * 1000)


async def measure(
    stand: Stand, make: MakeCase, shape: Shape, prefix: str, alone: int, settle: Settle, tell: Tell
) -> Flow:
    """Run one shape to its end and sum it up."""
    run = Run(make, shape, prefix, tell)
    before = stand.cpu()
    await run.go()
    recorded = await settle(len(run.cases))
    cpu = spent(before, stand.cpu(), len(run.times) / 1000)
    ids = [case.workflow for case in run.cases]
    whole, looked_at = await all_ended(stand.client, ids), ids[:SAMPLE]
    own = await of_replies(stand.client, looked_at) / len(looked_at) / REPLIES
    counts = {"events_per_reply": round(own, 2), "events_quiet": alone}
    flow = summary(stand.kind, run, shape, recorded, cpu)
    return flow.model_copy(update={**counts, "events_per_reply_total": round(whole.events / flow.replies, 2)})


def summary(kind: str, run: Run, shape: Shape, recorded: Mapping[str, datetime], cpu: Cpu) -> Flow:
    """The figures of a run that has ended, all but the events."""
    replies, whole = len(run.times), len(run.cases)
    lags = lag_seconds(run.cases, recorded)
    return Flow(
        database=kind,
        shape=shape.name,
        consultations=whole,
        replies=replies,
        at_once=shape.replies_at_once,
        seconds=round(run.seconds, 3),
        consultations_per_s=round(whole / run.seconds, 2),
        replies_per_s=round(replies / run.seconds, 1),
        p50_ms=round(percentile(run.times, 0.5), 1),
        p99_ms=round(percentile(run.times, 0.99), 1),
        worst_ms=round(max(run.times), 1),
        register_lag_p50_s=round(percentile(lags, 0.5), 3) if lags else None,
        register_lag_p99_s=round(percentile(lags, 0.99), 3) if lags else None,
        unanswered=sum(case.unanswered for case in run.cases),
        cpu_per_1000=cpu,
    )


def lag_seconds(cases: list[Case], recorded: Mapping[str, datetime]) -> list[float]:
    """From each answer to its entry in the ledger; 0 where the entry was there first. KeyError for a missing entry."""
    if not recorded:
        return []
    pairs = [(recorded[receipt], answered) for case in cases for receipt, answered in case.answered.items()]
    return [max(0.0, (entry - answered).total_seconds()) for entry, answered in pairs]
