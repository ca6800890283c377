"""The supervisor of `ykien up`: start processes in order, keep them alive, stop them in reverse order, leave nobody.

It knows nothing of Temporal, HTTP or settings: a `Child` says what to run and how to see that it is ready. Every
child leads a process group of its own, so that Ctrl-C reaches the supervisor alone and the order of stopping is
ours; a child is tied to this process, so that even SIGKILL here leaves no orphan.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from adapters.embedded_problems import CannotRun, Problem

log = structlog.stdlib.get_logger(__name__)

TETHER = Path(__file__).with_name("embedded_tether.py")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LARGEST_LOG = 20_000_000  # bytes; a larger one is set aside at start
TAIL_LINES = 20


@dataclass(frozen=True)
class Child:
    """One process to keep running. Times in seconds.

    `command[0]` is an absolute path. `ready` answers whether the process serves; without it, running is enough.
    `grace`: how long it may take to end by itself after SIGTERM. `waits`: whether it needs those before it to be ready.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], Awaitable[bool]] | None = None
    ready_within: float = 30.0
    grace: float = 10.0
    waits: bool = True


@dataclass(frozen=True)
class Patience:
    """How restarts slow down: pauses double from `first` to `longest`; `tries` short lives in a row end the attempt."""

    first: float = 0.5
    longest: float = 15.0
    tries: int = 8
    short_life: float = 30.0

    def pauses(self) -> Iterator[float]:
        """The pause before each restart of one unlucky row."""
        pause = self.first
        for _ in range(self.tries - 1):
            yield pause
            pause = min(pause * 2, self.longest)


class Running:
    """One life of a child: the process and where its words go."""

    def __init__(self, child: Child, process: asyncio.subprocess.Process, log_file: Path, log_start: int) -> None:
        self.child = child
        self.process = process
        self.log_file = log_file
        self._log_start = log_start
        self.born = time.monotonic()

    @classmethod
    async def start(cls, child: Child, logs: Path) -> "Running":
        """Start the child, its output appended to `logs/NAME.log`."""
        log_file = logs / f"{child.name}.log"
        with log_file.open("ab") as out:
            log_start = out.tell()
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *child.command),
                env={**os.environ, **child.env},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        return cls(child, process, log_file, log_start)

    @property
    def status(self) -> str:
        """How it ended, for people: an exit code or a signal's name."""
        code = self.process.returncode or 0
        return signal.Signals(-code).name if code < 0 else str(code)

    def tail(self) -> str:
        """The last lines this life wrote."""
        with self.log_file.open("rb") as file:
            file.seek(max(self._log_start, self.log_file.stat().st_size - 16_384))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-TAIL_LINES:])

    async def serve(self) -> None:
        """Return when the child is ready; CannotRun when it ends before that or takes too long."""
        limit = time.monotonic() + self.child.ready_within
        while True:
            if self.process.returncode is not None:
                raise CannotRun(Problem.DIED_AT_START, name=self.child.name, status=self.status, **self._words())
            if self.child.ready is None or await self.child.ready():
                return
            if time.monotonic() > limit:
                seconds = f"{self.child.ready_within:g}"
                raise CannotRun(Problem.NOT_READY, name=self.child.name, seconds=seconds, **self._words())
            await asyncio.sleep(0.2)

    def _words(self) -> dict[str, object]:
        return {"log": self.log_file, "tail": self.tail()}

    async def stop(self) -> None:
        """SIGTERM, the child's grace, then SIGKILL for it and whatever it left in its group."""
        self._signal_group(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), self.child.grace)
        except TimeoutError:
            log.warning("child killed after its grace", child=self.child.name, grace=self.child.grace)
        self.kill()
        await self.process.wait()

    def kill(self) -> None:
        """SIGKILL for the child and its group, without waiting."""
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return  # nobody is left in the group


class Supervisor:
    """Children started in order, each when those before are ready unless it need not wait; stopped in reverse order."""

    def __init__(self, children: Sequence[Child], logs: Path, patience: Patience | None = None) -> None:
        self._children = children
        self._logs = logs
        self._patience = patience or Patience()
        self._running: dict[str, Running] = {}

    async def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Start all, call `on_ready`, keep all alive until SIGINT, SIGTERM or SIGHUP, then stop all.

        Raises CannotRun when a child cannot be started or keeps dying; the others are stopped first.
        A second signal while stopping kills at once.
        """
        asked = asyncio.Event()
        with _stop_signals(lambda: self._kill_all() if asked.is_set() else asked.set()):
            try:
                await _first(self._live(on_ready), asked.wait())
            finally:
                await self._stop_all()

    async def _live(self, on_ready: Callable[[], None]) -> None:
        self._logs.mkdir(parents=True, exist_ok=True)
        for child in self._children:
            _set_aside(self._logs / f"{child.name}.log")
            if not child.waits:
                await self._start(child)
        for child in self._children:
            await (await self._start(child) if child.waits else self._running[child.name]).serve()
            log.info("child ready", child=child.name)
        on_ready()
        async with asyncio.TaskGroup() as group:
            for child in self._children:
                group.create_task(self._keep(child))

    async def _start(self, child: Child) -> Running:
        self._running[child.name] = running = await Running.start(child, self._logs)
        return running

    async def _keep(self, child: Child) -> None:
        """Start the child again whenever it ends; a life longer than `short_life` clears its record."""
        pauses = self._patience.pauses()
        while True:
            running = self._running[child.name]
            await running.process.wait()
            log.warning("child ended", child=child.name, status=running.status)
            if time.monotonic() - running.born > self._patience.short_life:
                pauses = self._patience.pauses()
            pause = next(pauses, None)
            if pause is None:
                raise self._keeps_dying(running)
            await asyncio.sleep(pause)
            await self._start(child)

    def _keeps_dying(self, running: Running) -> CannotRun:
        times, words = self._patience.tries, {"log": running.log_file, "tail": running.tail()}
        return CannotRun(Problem.KEEPS_DYING, name=running.child.name, times=times, status=running.status, **words)

    async def _stop_all(self) -> None:
        for child in reversed(self._children):
            if child.name in self._running:
                await self._running[child.name].stop()
                log.info("child stopped", child=child.name)

    def _kill_all(self) -> None:
        for running in self._running.values():
            running.kill()


async def _first(work: Awaitable[None], stop: Awaitable[object]) -> None:
    """Run `work` until it ends, raises, or `stop` comes; whatever is left is cancelled and awaited."""
    tasks = [asyncio.ensure_future(work), asyncio.ensure_future(stop)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseExceptionGroup):
            raise result.exceptions[0]
        if isinstance(result, Exception):
            raise result


@contextmanager
def _stop_signals(handle: Callable[[], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, handle)
    try:
        yield
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)


def _set_aside(log_file: Path) -> None:
    """Keep one older log beside a large one, so that a copy that runs for years does not fill the disk."""
    if log_file.exists() and log_file.stat().st_size > LARGEST_LOG:
        log_file.replace(log_file.with_suffix(".log.1"))
