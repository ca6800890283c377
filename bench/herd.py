"""The herd: many instants due in the same second, for the engine and for bare timers on the same server.

Every ask must be found overdue once, at exactly its due instant. Lateness is never decided by when a worker woke up;
how much later the verdict stands is what is measured.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from adapters.tables import ledger
from bench.bare import QUEUE, BareAlarm
from bench.cases import EngineCase
from bench.crowd import Tell, crowd, silent
from bench.figures import Cpu, Herd, spent, spread
from bench.ledgers import until
from bench.stand import Stand
from bench.world import consultation

AT_ONCE = 32
TRIAL = 40
# How much longer than the trial promises the launching may take.
LEEWAY = 1.5
# A verdict that has not come for so long does not come.
PATIENCE_SECONDS = 300.0
Launch = Callable[[int, datetime], Awaitable[None]]


class Verdict(NamedTuple):
    """Who was found overdue, as of which instant, when the workflow had its turn, and when the verdict stood."""

    who: str
    at: datetime
    woken: datetime
    done: datetime


class TooLate(Exception):  # noqa: N818 - a finding
    """Launching took so long that the instant had passed before the last one stood."""


async def engine_herd(stand: Stand, count: int, quiet_s: float, tell: Tell) -> Herd:
    """One ask a consultation, all due at one instant, `quiet_s` seconds or a little more after the last launch."""
    prefix = f"herd{count}-"

    async def launch(number: int, due_at: datetime) -> None:
        trial = f"trial{count}-" if number < 0 else prefix
        id = f"{trial}{abs(number):05}"
        await EngineCase(stand.gateway, consultation(id, 1, due_at)).launch()

    due_at = await _launched(launch, count, quiet_s, tell)
    before = stand.cpu()
    await until(stand.database, "overdue", prefix, count, PATIENCE_SECONDS)
    cpu = spent(before, stand.cpu())
    return _summary(stand.kind, count, due_at, await _verdicts(stand, prefix), cpu)


async def bare_herd(stand: Stand, count: int, quiet_s: float, tell: Tell) -> Herd:
    """The same number of workflows with one timer each, and nothing else to do."""

    async def launch(number: int, due_at: datetime) -> None:
        start = WithStartWorkflowOperation(
            BareAlarm.run,
            due_at.isoformat(),
            id=f"{'trial' if number < 0 else 'alarm'}{count}-{abs(number):05}",
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        await stand.client.execute_update_with_start_workflow(BareAlarm.armed, start_workflow_operation=start)

    due_at = await _launched(launch, count, quiet_s, tell)
    ids, before = [f"alarm{count}-{number:05}" for number in range(count)], stand.cpu()
    await _completed(stand, ids)
    cpu = spent(before, stand.cpu())
    return _summary("bare", count, due_at, await _alarms(stand, ids, due_at), cpu)


async def _launched(launch: Launch, count: int, quiet_s: float, tell: Tell) -> datetime:
    """Launch some for the rate, then all; return right before the instant at which they are due, and that instant."""
    far = datetime.now(UTC) + timedelta(days=1)
    trial, begun = min(TRIAL, count), time.monotonic()
    await crowd(lambda number: launch(-number, far), range(1, trial + 1), AT_ONCE, silent)
    expected = timedelta(seconds=(time.monotonic() - begun) / trial * count * LEEWAY)
    due_at = (datetime.now(UTC) + expected + timedelta(seconds=quiet_s)).replace(microsecond=0)
    await crowd(lambda number: launch(number, due_at), range(count), AT_ONCE, tell)
    left = (due_at - datetime.now(UTC)).total_seconds()
    if left < 0:
        raise TooLate(f"{count} launched {-left:.1f} s after they were due")
    await asyncio.sleep(left)
    return due_at


async def _verdicts(stand: Stand, prefix: str) -> list[Verdict]:
    """All verdicts of those consultations, doubled ones included."""
    mine = ledger.c.consultation.startswith(prefix, autoescape=True)
    columns = (ledger.c.consultation, ledger.c.at, ledger.c.done_at, ledger.c.recorded_at)
    query = sa.select(*columns).where(ledger.c.kind == "overdue", mine)
    async with stand.database.read() as connection:
        return [Verdict(*row) for row in await connection.execute(query)]


async def _alarms(stand: Stand, ids: Sequence[str], due_at: datetime) -> list[Verdict]:
    """When each timer was heard and its workflow completed, once all have."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(id: str) -> Verdict:
        async with turn:
            handle: Any = stand.client.get_workflow_handle_for(BareAlarm.run, id)
            woken, closed = await handle.result(), (await handle.describe()).close_time
            return Verdict(id, due_at, datetime.fromisoformat(woken), closed)

    return list(await asyncio.gather(*(one(id) for id in ids)))


async def _completed(stand: Stand, ids: Sequence[str]) -> None:
    """Wait for one after the other: when the last of the list has been seen, all have."""
    for id in ids:
        await asyncio.wait_for(stand.client.get_workflow_handle(id).result(), PATIENCE_SECONDS)


def _summary(kind: str, count: int, due_at: datetime, verdicts: Sequence[Verdict], cpu: Cpu) -> Herd:
    found = dict.fromkeys(verdict.who for verdict in verdicts)
    missing, doubled = count - len(found), len(verdicts) - len(found)
    return Herd(
        kind=kind,
        count=count,
        verdicts=len(verdicts),
        wrong=missing + doubled + sum(verdict.at != due_at for verdict in verdicts),
        woken=spread([(verdict.woken - due_at).total_seconds() for verdict in verdicts]),
        done=spread([(verdict.done - due_at).total_seconds() for verdict in verdicts]),
        cpu=cpu,
    )
