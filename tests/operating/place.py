"""A register with an engine beside it: the real development server, a queue of its own, a worker that can go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from temporalio.client import Client

from adapters.database import Database
from adapters.register.recording import SqlRegister
from commands.accounting import Accounting, Report
from commands.rebuilding import Rebuilder, Restored
from domain.clock import BusinessClock
from domain.facts import Batch
from tests.operating.lived import START, Life, running
from tests.worlds import at
from workflows.deployment import make_current, versioned
from workflows.operating import Operator
from workflows.registry import build_worker

SHORT = timedelta(seconds=2)


class Heard(SqlRegister):
    """A register that remembers the key of every notice it was handed, also of those that change nothing."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.keys: list[str] = []
        self._news = asyncio.Condition()

    async def record(self, batch: Batch) -> None:
        """As the register's."""
        await super().record(batch)
        self.keys += [notice.key for notice in batch.notices]
        async with self._news:
            self._news.notify_all()

    async def news(self, count: int) -> None:
        """Wait until there are so many keys."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.keys) >= count)


class Place:
    """One copy: its register, and the engine on a queue of its own."""

    def __init__(self, db: Database, client: Client, patience: timedelta = timedelta(seconds=10)) -> None:
        self.db, self.client, self.queue = db, client, f"op-{uuid4().hex[:8]}"
        # An hour after the consultations' beginning, going on as time does.
        begun = (at(START) + timedelta(hours=1)).astimezone(UTC)
        self.clock = BusinessClock(real_anchor=datetime.now(UTC), business_anchor=begun)
        self.register = Heard(db)
        self.operator = Operator(client, self.queue, patience)

    def launched(self, number: int = 1) -> Life:
        """A running consultation by this copy's clock, with an id no other test gives on this server."""
        return running(f"{self.queue}-{number:02}", clock=self.clock)

    async def heard(self, count: int) -> None:
        """Wait until the register was handed so many notices."""
        async with asyncio.timeout(90):
            await self.register.news(count)

    async def listed(self, id: str) -> None:
        """Wait until the engine's lists show the consultation."""
        async with asyncio.timeout(30):
            found: dict[str, None] = {}
            while id not in found:
                await asyncio.sleep(0.1)
                found = await self.operator.running()

    async def stuck(self, id: str) -> None:
        """Wait until the engine has seen a worker fail at the consultation's workflow."""
        async with asyncio.timeout(60):
            seen = False
            while not seen:
                await asyncio.sleep(0.1)
                seen = (await self.operator.find(id)).stuck

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """A worker is there."""
        await make_current(self.client)
        async with build_worker(self.client, self.register, self.queue, deployment=versioned(), cached=2000):
            yield

    async def rebuild(self, *ids: str, replace: bool = False) -> dict[str, str]:
        """What became of each consultation: the outcome, and the reason where there is one."""
        rebuilder = Rebuilder(self.db, self.operator, replace=replace, pause=0.2)
        told = await (rebuilder.these(ids, quiet) if ids else rebuilder.everything(quiet))
        return {one.id: _words(one) for one in told}

    async def doctor(self) -> Report:
        """The whole accounting."""
        return await Accounting(self.db, self.operator, clock=self.clock, pause=0.2).examine(quiet)

    async def named(self) -> list[str]:
        """Every difference, as `A11 workflow_missing c1`."""
        return [" ".join(d.identity) for one in (await self.doctor()).checks for d in one.differences]


def _words(restored: Restored) -> str:
    return " ".join(part for part in (restored.outcome, restored.why) if part)


def quiet(done: int, total: int) -> None:
    """Nobody watches."""
