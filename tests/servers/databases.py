"""A database per test, SQLite and PostgreSQL alike: empty, or a copy of one that was prepared once per test process."""

import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.postgres import Cluster

KINDS = ("sqlite", "postgres")

Prepare = Callable[[str], Awaitable[None]]
DatabasesOf = Callable[[str], "Databases"]


class Databases:
    """Makes databases of one kind. Addresses are SQLAlchemy's, for the asynchronous drivers."""

    def __init__(self, kind: str, folder: Path, cluster: Cluster | None) -> None:
        self.kind = kind
        self._folder = folder
        self._cluster = cluster
        self._prepared: dict[str, str] = {}
        self._made = 0

    def empty(self) -> str:
        """The address of a fresh, empty database."""
        if self._cluster:
            return self._cluster.url(self._cluster.create())
        return _sqlite(self._next_file())

    async def copy(self, key: str, prepare: Prepare) -> str:
        """The address of a fresh copy of the database that `prepare(address)` filled, once per `key`.

        `prepare` must have closed its connections (disposed its engine) when it returns.
        """
        if key not in self._prepared:
            address = self.empty()
            await prepare(address)
            self._prepared[key] = address
        original = self._prepared[key]
        if self._cluster:
            return self._cluster.url(self._cluster.create(template=_name(original)))
        file = self._next_file()
        shutil.copyfile(_name(original), file)
        return _sqlite(file)

    def drop(self, address: str) -> None:
        """Remove a database, whoever is still connected."""
        if self._cluster:
            return self._cluster.drop(_name(address))
        for file in self._folder.glob(f"{Path(_name(address)).name}*"):
            file.unlink()

    def _next_file(self) -> Path:
        self._made += 1
        return self._folder / f"t{self._made}.db"


def _sqlite(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _name(address: str) -> str:
    """PostgreSQL: the database's name; SQLite: the file's path."""
    return address.partition(":///")[2] or address.rpartition("/")[2]


@pytest.fixture(scope="session")
def databases_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DatabasesOf:
    """Databases by kind; the PostgreSQL cluster starts when its kind is first asked for."""
    made: dict[str, Databases] = {}

    def of(kind: str) -> Databases:
        if kind not in made:
            cluster = request.getfixturevalue("postgres") if kind == "postgres" else None
            made[kind] = Databases(kind, tmp_path_factory.mktemp("sqlite"), cluster)
        return made[kind]

    return of


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest, databases_of: DatabasesOf) -> Databases:
    """Databases of each kind in turn: whoever asks for this runs once on SQLite and once on PostgreSQL."""
    return databases_of(request.param)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The address of an empty database of this test's own, on each kind in turn."""
    address = databases.empty()
    yield address
    databases.drop(address)
