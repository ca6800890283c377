"""A6 and A11 between register and engine: what is open runs, and has recorded whatever it decided.

On a live copy both move while they are read, and the engine's lists lag: whatever does not fit is asked for by itself,
register before and after engine, a few times, before it is a difference.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple, TypeVar

from adapters.database import Database
from adapters.register.accounting_findings import Found
from adapters.register.accounting_outbox import open_ones, phase_and_number
from domain.state import Phase
from workflows.operating import NoAnswer, Operator, Standing

T = TypeVar("T")

# Questions to the engine at once: a worker answers them one by one anyway.
AT_ONCE = 32
# So many that do not answer, and none that does: there is no worker.
PROBES = 8
LOOKS = 6

Advance = Callable[[int, int], None]


class Doubt(NamedTuple):
    """What does not fit, and the two numbers of the last fact where there are any."""

    check: str
    what: str
    register: int | None = None
    engine: int | None = None


class NoWorker(Exception):  # noqa: N818 - a state of the world
    """No workflow answers: the engine is there, its workers are not."""


class Engine:
    """Compares the register with the engine behind an operator. `pause`: seconds between two looks at one of them."""

    def __init__(self, db: Database, operator: Operator, pause: float) -> None:
        self._db = db
        self._operator = operator
        self._pause = pause

    async def compare(self, advance: Advance) -> tuple[Found, Found, str | None]:
        """A6's and A11's findings, and why A6 could not be made, if so. Raises `EngineAway`."""
        behind, runs = Found("A6"), Found("A11")
        async with self._db.read() as connection:
            recorded = await open_ones(connection)
        running = await self._operator.running()
        runs.looked = len(dict.fromkeys((*recorded, *running)))
        await self._weigh((id for id in (*recorded, *running) if (id in recorded) != (id in running)), behind, runs)
        both = {id: number for id, number in recorded.items() if id in running}
        behind.looked = len(both)
        try:
            await self._weigh(await self._moved(both, advance), behind, runs)
        except NoWorker:
            return behind, runs, "no_worker"
        return behind, runs, None

    async def _moved(self, recorded: dict[str, int], advance: Advance) -> list[str]:
        """Those whose workflow is not exactly as far as the register was."""
        ids = list(recorded)
        first = await bounded(ids[:PROBES], self._seq)
        if ids and all(number is None for number in first) and not await self._any_stuck(ids[:PROBES]):
            raise NoWorker
        done = len(first)

        async def one(id: str) -> int | None:
            nonlocal done
            number = await self._seq(id)
            done += 1
            advance(done, len(ids))
            return number

        numbers = first + await bounded(ids[PROBES:], one)
        return [id for id, number in zip(ids, numbers, strict=True) if number != recorded[id]]

    async def _seq(self, id: str) -> int | None:
        try:
            return await self._operator.seq(id)
        except NoAnswer:
            return None

    async def _any_stuck(self, ids: Iterable[str]) -> bool:
        """Whether a worker tries, in vain, to run one of them."""
        return any([(await self._operator.find(id)).stuck for id in ids])

    async def _weigh(self, ids: Iterable[str], *found: Found) -> None:
        """Look at the doubtful ones one by one, and write down what remains."""
        doubtful = list(ids)
        by_check = {one.check: one for one in found}
        for id, doubt in zip(doubtful, await bounded(doubtful, self._doubt), strict=True):
            if doubt:
                told = {"register": doubt.register or 0, "engine": doubt.engine or 0}
                by_check[doubt.check].add(doubt.what, id, **told)

    async def _doubt(self, id: str) -> Doubt | None:
        """What still does not fit after several looks; None as soon as it does."""
        doubt: Doubt | None = None
        for look in range(LOOKS):
            if look:
                await asyncio.sleep(self._pause)
            doubt = await self._look(id)
            if doubt is None or (doubt.what == "no_answer" and look):
                return doubt
        return doubt

    async def _look(self, id: str) -> Doubt | None:
        before = await self._recorded(id)
        found = await self._operator.find(id)
        is_open = before is not None and not before[0].ended
        if found.standing is not Standing.RUNNING:
            what = "workflow_finished" if found.standing is Standing.FINISHED else "workflow_missing"
            return Doubt("A11", what, before[1]) if is_open and before else None
        if before is None or not is_open:
            return Doubt("A11", "workflow_lingers" if before else "workflow_extra")
        return await self._numbers(id, before[1])

    async def _numbers(self, id: str, before: int) -> Doubt | None:
        """The workflow's number lies between the register's before and after the question."""
        try:
            number = await self._operator.seq(id)
        except NoAnswer:
            return Doubt("A6", "no_answer", before)
        recorded = await self._recorded(id)
        after = recorded[1] if recorded else before
        if before <= number <= after:
            return None
        return Doubt("A6", "workflow_ahead" if number > after else "workflow_behind", after, number)

    async def _recorded(self, id: str) -> tuple[Phase, int] | None:
        async with self._db.read() as connection:
            return await phase_and_number(connection, id)


async def bounded(items: Iterable[str], work: Callable[[str], Awaitable[T]]) -> list[T]:
    """The work's outcome for each item, in order, so many at once."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(item: str) -> T:
        async with turn:
            return await work(item)

    return list(await asyncio.gather(*(one(item) for item in items)))
