"""A running copy under load with its client's journal: strike, heal, account. It decides nothing about the product.

Shared by the small fault tests and the long programme, so that both strike in the same way.
"""

import asyncio
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from adapters.embedded_problems import CannotRun
from adapters.embedded_temporal import tool
from bench.accounting import PATIENCE_SECONDS, Counts, settle
from bench.journal import Journal
from bench.load import Results, Target, prepare, send
from bench.rig import Rig

WAVES = 15
WAVE_SECONDS = 5.0


class Stand:
    """One rig, its journal, and the asks nobody has answered yet."""

    def __init__(
        self, folder: Path, database_url: str | None = None, journal: Path | None = None, **given: Any
    ) -> None:
        self.rig = Rig(folder, database_url, **given)
        self.journal = Journal(journal or folder / "journal.jsonl")
        # What was answered at first, before anything was asked again.
        self.statuses: set[int | None] = set()
        self._targets: list[Target] = []
        self._sending: list[asyncio.Task[Results]] = []

    async def __aenter__(self) -> Self:
        """Everything runs."""
        await self.rig.prepare()
        await self.rig.start()
        return self

    async def __aexit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Nothing runs, whatever happened."""
        for sending in self._sending:
            sending.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        await self.rig.stop()
        self.journal.close()

    async def launch(self, consultations: int, asks_each: int, **changes: Any) -> None:
        """More asks to answer, at the end of the list."""
        self._targets += await prepare(self.rig, consultations, asks_each, **changes)

    def take(self, number: int) -> list[Target]:
        """The next asks to answer, each given out once."""
        assert number <= len(self._targets), f"only {len(self._targets)} asks are left"  # noqa: S101 - a caller's mistake
        taken, self._targets = self._targets[:number], self._targets[number:]
        return taken

    @property
    def left(self) -> int:
        """How many asks are left."""
        return len(self._targets)

    async def send(self, replies: int, rate: float) -> Results:
        """Send so many replies, `rate` a second, and wait until each is answered or given up."""
        results = await send(self.take(replies), rate, self.journal)
        self.statuses |= {one.status for one in results.sent}
        return results

    def load(self, replies: int, rate: float) -> asyncio.Task[Results]:
        """Begin to send; `settle` waits for the answers."""
        sending = asyncio.create_task(self.send(replies, rate))
        self._sending.append(sending)
        return sending

    async def die(self, name: str, at: str, victim: str | None = None, replies: int = 4, rate: float = 20) -> None:
        """Start `name` (it may run already) so that it dies at its passage of `at` (`point:n`), and let it be reached.

        `victim`: the process that dies instead. Returns when it is dead; nobody is started again here.
        The replies that lead there are still on their way then.
        """
        fail = f"{at}:{self.rig.pid_file(victim)}" if victim else at
        if self.rig.alive(name):
            await self.rig.stop(name)
        try:
            await self.rig.start(name, fail=fail)
        except CannotRun:
            if self.rig.alive(name):
                raise
        await self._lead_to_death(victim or name, replies, rate)

    async def _lead_to_death(self, name: str, replies: int, rate: float) -> None:
        """Send replies until the process is dead: several may be recorded as one, so that a few need not be enough."""
        death = asyncio.create_task(self.rig.gone(name))
        for _ in range(WAVES):
            self.load(min(replies, self.left), rate)
            if (await asyncio.wait([death], timeout=WAVE_SECONDS))[0]:
                return
        death.cancel()
        raise TimeoutError(f"{name} is still alive")

    async def revive(self, *names: str) -> list[str]:
        """Start whichever of these is dead; which that were."""
        dead = [name for name in names if not self.rig.alive(name)]
        for name in dead:
            await self.rig.start(name)
        return dead

    async def rest(self) -> None:
        """Wait until everything that was sent is answered or given up."""
        await asyncio.gather(*self._sending)
        self._sending.clear()

    async def settle(self, patience: float = PATIENCE_SECONDS) -> Counts:
        """Start whoever is dead, wait for what was sent, ask again, drain, count; `ykien doctor` has the last word."""
        await self.revive(*self.rig.names)
        await self.rest()
        counts = await settle(self.rig, self.journal, patience)
        found = await self._doctor(counts.line)
        return counts.model_copy(update={"faults": (*counts.faults, *found)})

    async def _doctor(self, line: str) -> list[str]:
        """What the product's own accounting says against this copy, by its command as a process; nothing if clean.

        Both count the journal, each in its own way, and must come to the same `line`.
        """
        process = await asyncio.create_subprocess_exec(
            *(tool("ykien"), "doctor", "--journal", str(self.journal.file)),
            env={**os.environ, **self.rig.settings.environment()},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate()
        said = out.decode()
        return (
            [] if process.returncode == 0 and line in said else [f"doctor ({process.returncode}), not {line}: {said}"]
        )
