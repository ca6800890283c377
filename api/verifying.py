"""Walking through the ledger when somebody asks on a page: in a thread of its own, one at a time in each process.

What it finds is the register's to say; here it is only started, watched and written down.
"""

import asyncio
from typing import Any

import structlog

from adapters.database import connect
from adapters.faults import told
from adapters.register.verifications import Verifications
from adapters.register.verifying import Verification, verify
from api.services import Services

log = structlog.get_logger()
WRITTEN_SECONDS = 1


class Verifier:
    """The process's walk, if one is under way."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._kept = Verifications(services.database, services.clock)
        self._done, self._all = 0, 0
        self._task: asyncio.Task[None] | None = None
        self.number: int | None = None

    @property
    def running(self) -> bool:
        """Whether this process is walking."""
        return self._task is not None and not self._task.done()

    async def start(self, asked_by: str) -> None:
        """Begin a walk, unless one is under way."""
        if self.running:
            return
        self._done, self._all = 0, 0
        # Taken before anything is awaited: two who ask in the same moment start one walk.
        self._task = asyncio.create_task(self._walk(asked_by))
        await asyncio.sleep(0)

    async def finished(self) -> None:
        """Wait until the walk under way is over."""
        if self._task is not None:
            await self._task

    async def _walk(self, asked_by: str) -> None:
        self.number = await self._kept.start(asked_by)
        log.info("verification started", number=self.number, account=asked_by)
        try:
            walk = asyncio.create_task(asyncio.to_thread(self._in_thread))
            while not (await asyncio.wait([walk], timeout=WRITTEN_SECONDS))[0]:
                await self._kept.progress(self.number, self._done, self._all)
            found = walk.result()
        except Exception as error:
            # An unfinished row says so; the next walk begins anew.
            log.exception("verification broke off", number=self.number, error=told(error))
            return
        await self._kept.finish(self.number, max(self._done, found.entries), _problems(found))
        log.info("verification finished", number=self.number, ok=found.ok, entries=found.entries)

    def _in_thread(self) -> Verification:
        """The walk hashes without pause: beside the loop that serves requests, over connections of its own."""
        return asyncio.run(self._verified())

    async def _verified(self) -> Verification:
        database = connect(self._services.settings.database_url.get_secret_value())
        try:
            return await verify(database, self._note)
        finally:
            await database.close()

    def _note(self, done: int, total: int) -> None:
        self._done, self._all = done, total


def _problems(found: Verification) -> list[Any]:
    if found.ok:
        return []
    names = ("why", "first_bad", "bad_content", "expected", "found")
    return [{name: value for name in names if (value := getattr(found, name)) is not None}]
