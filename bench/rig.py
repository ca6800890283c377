"""One copy of the product as separate processes in a folder of its own: started, killed and measured one by one.

The processes are those of `ykien up`; nobody restarts them here. It measures nothing itself and knows no load.
"""

import os
import signal
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.database import connect, migrate
from adapters.demo import demo_accounts, load_demo
from adapters.drill import wind
from adapters.embedded import base_url, children
from adapters.failpoints import VARIABLE
from adapters.processes import Running
from adapters.register.accounts import Accounts
from adapters.rules import load_rulebook
from adapters.settings import Settings, load_settings
from api.passwords import Passwords
from workflows.search_attributes import REGISTERED

RULES = Path(__file__).parent.parent / "rules"
TICKS = os.sysconf("SC_CLK_TCK")


class Rig:
    """`temporal`, `worker` and `api` over one data folder. `settings` has every address."""

    def __init__(self, folder: Path, database_url: str | None = None, **given: Any) -> None:
        ports = {"temporal_address": f"127.0.0.1:{free_port()}", "api_port": free_port()}
        self.settings: Settings = load_settings(data_dir=folder, database_url=database_url, **ports, **given)
        self.folder = folder
        self._children = {child.name: child for child in children(self.settings, REGISTERED)}
        self._running: dict[str, Running] = {}
        self._spent: dict[str, float] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The processes of a copy, in the order in which they are started."""
        return tuple(self._children)

    @property
    def url(self) -> str:
        """Where the API answers."""
        return base_url(self.settings)

    async def prepare(self) -> None:
        """A register with all its tables and the demonstration accounts; for a drill its clock, too."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.settings.drill:
            wind(self.settings, load_rulebook(RULES).calendar, datetime.now(UTC))
        url, known = self.settings.database_url.get_secret_value(), demo_accounts(RULES)
        await migrate(url)
        database = connect(url)
        try:
            await load_demo(Accounts(database), known, await Passwords().hash(known.password))
        finally:
            await database.close()

    async def start(self, *names: str, env: Mapping[str, str] | None = None, fail: str | None = None) -> None:
        """Start the named processes in order, each when the one before serves; all of them without a name.

        Those that need not wait for the others are started first, so that they come up meanwhile.
        `fail`: where they are to die, as `adapters.failpoints` reads it. Raises `CannotRun`.
        """
        extra = {**(env or {}), **({VARIABLE: fail} if fail else {})}
        logs = self.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        wanted = [self._children[name] for name in names or tuple(self._children)]
        for child in sorted(wanted, key=lambda child: child.waits):
            self._running[child.name] = await Running.start(replace(child, env={**child.env, **extra}), logs)
            self.pid_file(child.name).write_text(str(self.pid(child.name)))
            if child.waits:
                await self._running[child.name].serve()
        for child in wanted:
            await self._running[child.name].serve()

    async def kill(self, *names: str) -> None:
        """SIGKILL, as a power cut would, and wait until they are gone."""
        for name in names:
            self._note_cpu(name)
            self._running[name].kill()
        for name in names:
            await self._running.pop(name).process.wait()

    async def stop(self, *names: str) -> None:
        """SIGTERM and the usual grace; everything that runs, in reverse order, without a name."""
        for name in names or tuple(reversed(self._running)):
            self._note_cpu(name)
            await self._running.pop(name).stop()

    async def gone(self, name: str) -> int:
        """Wait until the process has died by itself (a failpoint); its exit code, negative for a signal."""
        code = await self._running.pop(name).process.wait()
        return code

    def alive(self, name: str) -> bool:
        """Whether the process runs."""
        return name in self._running and self._running[name].process.returncode is None

    def freeze(self, name: str) -> None:
        """SIGSTOP: alive, holding its connections, answering nobody."""
        os.kill(self.pid(name), signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """SIGCONT after `freeze`."""
        os.kill(self.pid(name), signal.SIGCONT)

    def pid(self, name: str) -> int:
        """The running process's number."""
        return self._running[name].process.pid

    def pid_file(self, name: str) -> Path:
        """A file with the number of the process of that name, for failpoints that strike another process."""
        return self.folder / f"{name}.pid"

    def cpu(self, name: str) -> float:
        """Processor seconds the process of that name has used in all its lives here."""
        running = self._running.get(name)
        return self._spent.get(name, 0.0) + (_cpu(running.process.pid) if running else 0.0)

    def memory(self, name: str) -> int:
        """Resident memory in bytes."""
        pages = int(Path(f"/proc/{self.pid(name)}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def _note_cpu(self, name: str) -> None:
        self._spent[name] = self.cpu(name)


def _cpu(pid: int) -> float:
    """User and system time of a process, all its threads included; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
