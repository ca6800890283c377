"""A PostgreSQL cluster of our own, from Debian's binaries: fast and unsafe settings, thrown away after the run.

PostgreSQL refuses to run as root, so as root it runs as the packages' user `postgres`, tied to this process by
`setpriv` so that a killed test run leaves no server behind.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.ports import free_port

OWNER = "postgres"
UNSAFE_AND_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


def binaries() -> Path:
    """The newest installed PostgreSQL's folder of programs."""
    servers = Path("/usr/lib/postgresql").glob("*/bin/postgres")  # a client's package leaves a folder without it
    found = sorted((server.parent for server in servers), key=lambda path: int(path.parent.name))
    if not found:
        pytest.fail("PostgreSQL's server programs are missing: run `make setup-dev`", pytrace=False)
    return found[-1]


def _as_owner(*command: str) -> list[str]:
    """The command as a user PostgreSQL accepts, dying with this process."""
    owner = ["--reuid", OWNER, "--regid", OWNER, "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *owner, "--pdeathsig", "KILL", "--", *command]


class Cluster:
    """A running cluster. Databases in it are made and dropped by name; addresses are for asyncpg."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bin = binaries()
        self._made = 0
        self.port = 0

    def start(self) -> None:
        """Make the cluster and start it; a port lost to someone else between choice and use is chosen again."""
        initdb = ["initdb", "-D", "data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._check(_as_owner(str(self._bin / initdb[0]), *initdb[1:]))
        for _ in range(5):
            self.port = free_port()
            settings = [word for name, value in UNSAFE_AND_FAST.items() for word in ("-c", f"{name}={value}")]
            command = _as_owner(str(self._bin / "postgres"), "-D", "data", "-p", str(self.port), *settings)
            with (self._folder / "log").open("ab") as log:
                self._process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log)
            if self._wait():
                return
        pytest.fail(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()}", pytrace=False)

    def _wait(self) -> bool:
        ready = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        limit = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < limit:
            if subprocess.run(ready, check=False).returncode == 0:
                return self._process.poll() is None
            time.sleep(0.02)
        return False

    def stop(self) -> None:
        """End the server; its data is not worth an orderly farewell."""
        self._process.kill()
        self._process.wait()

    def url(self, database: str) -> str:
        """The address of a database of this cluster."""
        return f"postgresql+asyncpg://{OWNER}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """A fresh database's name; a copy of `template`, to which nobody may be connected."""
        self._made += 1
        name = f"t{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the owner; what it returned, unaligned."""
        target = ["-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-d", database]
        return self._check([str(self._bin / "psql"), "-XqtA", "-v", "ON_ERROR_STOP=1", *target, "-c", statement])

    def _check(self, command: list[str]) -> str:
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}", pytrace=False)
        return done.stdout.strip()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """This test process's own cluster."""
    # Not pytest's tmp_path: its folders are closed to every user but ours, the cluster's owner included.
    folder = Path(tempfile.mkdtemp(prefix="ykien-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam(OWNER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    cluster = Cluster(folder)
    try:
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> str:
    """The address of the cluster's maintenance database."""
    return postgres.url("postgres")


@pytest.fixture
def pg_database(postgres: Cluster) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)
