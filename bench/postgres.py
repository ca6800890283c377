"""A PostgreSQL cluster of its own, from the system's programs: safe for measurements, fast for tests.

PostgreSQL refuses to run as root, so as root it runs as the packages' user `postgres`; it is tied to this process, so
that a killed run leaves no server behind. Thrown away afterwards: nobody keeps data here.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.processes import family_times
from bench.rig import free_port

OWNER = "postgres"
PROGRAMS = Path("/usr/lib/postgresql")
# As a province would run it: an acknowledged commit is on disk.
SAFE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


TRIES = 5


class PostgresMissing(Exception):  # noqa: N818 - an answer to whoever runs it, not a fault
    """PostgreSQL's server programs are not installed here."""


def binaries() -> Path | None:
    """The newest installed server's folder of programs, or None."""
    servers = PROGRAMS.glob("*/bin/postgres")  # a client's package leaves a folder without it
    found = sorted((server.parent for server in servers), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


class Cluster:
    """A running cluster in a folder the owner may enter."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = SAFE) -> None:
        programs = binaries()
        if programs is None:
            raise PostgresMissing
        self._folder, self._bin, self._settings = folder, programs, dict(settings)
        self._made = 0
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def program(self, name: str) -> str:
        """The path of one of PostgreSQL's programs."""
        return str(self._bin / name)

    def begin(self) -> None:
        """Make the cluster's files and start it; a port somebody else took meanwhile is chosen again."""
        form = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.run(as_owner(self.program("initdb"), "-D", "data", "-U", OWNER, *form))
        for left in reversed(range(TRIES)):
            self.port = free_port()
            try:
                return self.start()
            except RuntimeError:
                if not left:
                    raise

    def start(self) -> None:
        """Start the server and wait until it serves; also after `stop`. RuntimeError when it does not."""
        settings = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        command = as_owner(self.program("postgres"), "-D", "data", "-p", str(self.port), *settings)
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log)  # noqa: S603
        ready = [self.program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        limit = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < limit:
            if subprocess.run(ready, check=False).returncode == 0:  # noqa: S603
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()[-2000:]}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT fast, SIGQUIT immediate (as a crash: recovery at the next start), SIGTERM smart."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait()

    def url(self, database: str) -> str:
        """The address of a database of this cluster."""
        return f"postgresql+asyncpg://{OWNER}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """A fresh database's name; a copy of `template`, to which nobody may be connected."""
        self._made += 1
        name = f"b{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the owner; what it returned, unaligned."""
        target = ["-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-d", database]
        return self.run([self.program("psql"), "-XqtA", "-v", "ON_ERROR_STOP=1", *target, "-c", statement])

    def cpu(self) -> float:
        """Processor seconds of the server and all its processes, those that have ended included."""
        return family_times(self._process.pid) if self._process else 0.0

    def run(self, command: list[str]) -> str:
        """Run a program in the cluster's folder; what it printed. RuntimeError when it fails."""
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")
        return done.stdout.strip()


@contextmanager
def cluster(settings: Mapping[str, str] = SAFE) -> Iterator[Cluster]:
    """A cluster that serves, and afterwards nothing. Raises `PostgresMissing`."""
    folder = Path(tempfile.mkdtemp(prefix="ykien-pg-"))
    try:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(OWNER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        made = Cluster(folder, settings)
        made.begin()
        try:
            yield made
        finally:
            made.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_owner(*command: str) -> list[str]:
    """The command as a user PostgreSQL accepts, dying with this process."""
    owner = ["--reuid", OWNER, "--regid", OWNER, "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *owner, "--pdeathsig", "KILL", "--", *command]
