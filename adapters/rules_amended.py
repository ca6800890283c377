"""The rules in force in this process: the rule files with the amendments of the register, seldom more than seconds old.

The register is asked at most once in ten seconds, with one small question; an amendment made in this process counts at
once. The rules are never changed, only replaced by others.
"""

import asyncio
import time
from datetime import date

import structlog

from adapters.database import Database, RegisterUnavailable
from adapters.register.amendments import Amendments
from domain.rulebook import Rulebook
from domain.terms import LeaderTable

SECONDS = 10.0

log = structlog.get_logger()


class AmendedRules:
    """`seconds`: how long the register is not asked again. `base`: the rules of the files."""

    def __init__(self, database: Database, base: Rulebook, seconds: float = SECONDS) -> None:
        self._amendments = Amendments(database)
        self.base = base
        self._seconds = seconds
        self._rulebook = base
        self._revision: int | None = None
        self._asked_at: float | None = None
        self._forgotten = False
        self._turn = asyncio.Lock()

    async def rulebook(self) -> Rulebook:
        """The rules in force; the very same value until an amendment changes them.

        While the register cannot answer, those last known stay. Raises `RegisterUnavailable` where none are known yet:
        the files alone might be wrong.
        """
        if not self._fresh:
            async with self._turn:
                if not self._fresh:
                    await self._ask()
                # Forgotten meanwhile: what was read may be older than the change.
                while self._forgotten:
                    await self._ask()
        return self._rulebook

    async def leader_table(self, field: str, day: date) -> LeaderTable:
        """Who leads the field from the day on, by the rules in force."""
        return (await self.rulebook()).directory.leader_table(field, day)

    def forget(self) -> None:
        """Ask anew next time, also where the register is being asked right now."""
        self._asked_at, self._forgotten = None, True

    @property
    def _fresh(self) -> bool:
        return self._asked_at is not None and time.monotonic() - self._asked_at < self._seconds

    async def _ask(self) -> None:
        """Whoever comes meanwhile waits for the answer: until it is there, the rules count as old."""
        began, self._forgotten = time.monotonic(), False
        try:
            await self._read()
        except RegisterUnavailable as error:
            if self._revision is None:
                raise
            log.warning("amendments not read, the rules last known stay", error=str(error))
        self._asked_at = None if self._forgotten else began

    async def _read(self) -> None:
        revision = await self._amendments.revision()
        if revision == self._revision:
            return
        rows = await self._amendments.all()
        # In a thread: the index of the functions may have to be built.
        self._rulebook = await asyncio.to_thread(self.base.amended, rows, self._rulebook)
        self._revision = len(rows)
        if rows:
            log.info("amendments read", number=len(rows), calendar=self._rulebook.calendar.version)
