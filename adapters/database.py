"""The register's database: SQLite for one machine, PostgreSQL for a province, one way to use both.

Knows connections and their failures, not tables. Everything that differs between the two in how a transaction begins
is here, so that no other module asks which database it talks to.
"""

import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.group_commit import GroupCommit
from adapters.migrations.grants import grant_over
from adapters.migrations.running import DatabaseNewer, migrate_over
from adapters.tables_types import UtcDateTime

__all__ = ["Database", "DatabaseNewer", "RegisterUnavailable", "UtcDateTime", "connect", "migrate"]

BUSY_MS = 10_000
READERS = 4
# The whole worker needs few: one record at a time waits for the ledger's lock, the rest are short reads.
POOL = {"pool_size": 10, "max_overflow": 5, "pool_timeout": 10, "pool_recycle": 1800}
SESSION = {
    "application_name": "ykien",
    "timezone": "UTC",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
}
SQLITE_DOWN = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
)
# Connection, credentials, no such database, transaction rollback, resources, lock not available, shutdown, system.
POSTGRES_DOWN = ("08", "28", "3D", "40", "53", "55", "57", "58")
POSTGRES_READ_ONLY = "25006"


Begin = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class RegisterUnavailable(Exception):  # noqa: N818 - a state of the world, not a fault of the caller
    """The database cannot serve now; nothing was recorded by the failed call, and trying again later is right."""


class Database:
    """One writer's door and one reader's door. Both raise `RegisterUnavailable` when the database cannot serve."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, begin: Begin | None = None) -> None:
        self.engine = writer
        self.reader = reader
        self._begin = begin or writer.begin

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: committed when the block ends, rolled back when it raises."""
        with _down_in_one_word():
            async with self._begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A read transaction: all statements of the block see the database at one instant, and nothing is written."""
        with _down_in_one_word():
            async with self.reader.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Give all connections back; the object may not be used afterwards."""
        await self.engine.dispose()
        await self.reader.dispose()


def connect(url: str) -> Database:
    """A database by its address, `sqlite+aiosqlite:///FILE` or `postgresql+asyncpg://…`; connects when first used.

    ValueError for any other address, and for SQLite in memory, which the two doors could not share.
    """
    parsed = sa.make_url(url)
    if parsed.drivername == "postgresql+asyncpg":
        return _postgres(parsed)
    if parsed.drivername == "sqlite+aiosqlite" and parsed.database not in (None, "", ":memory:"):
        return _sqlite(parsed)
    raise ValueError("the register needs sqlite+aiosqlite:///FILE or postgresql+asyncpg://…")


async def migrate(url: str, revision: str = "head", grant_to: str | None = None) -> None:
    """Bring the database up or down to the revision, at once. Raises `DatabaseNewer`, `RegisterUnavailable`.

    `grant_to`: the role the application signs in as, which then gets its rights in the same transaction; raises
    `CannotGrant`, and nothing has changed.
    """
    database = connect(url)
    try:
        async with database.begin() as connection:
            await connection.run_sync(migrate_over, revision)
            if grant_to is not None:
                await connection.run_sync(grant_over, grant_to)
    finally:
        await database.close()


def _engine(url: sa.URL, **options: Any) -> AsyncEngine:
    # Parameters hold opinions and names; an error message or a log line must not.
    return create_async_engine(url, hide_parameters=True, json_serializer=_compact, **options)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _postgres(url: sa.URL) -> Database:
    writer = _engine(url, connect_args={"timeout": 5, "command_timeout": 60, "server_settings": SESSION}, **POOL)
    sa.event.listen(writer.sync_engine, "checkout", _require_alive)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(writer, reader)


def _require_alive(connection: Any, _record: object, _proxy: object) -> None:
    """A connection the server closed while nobody used it is not handed out: the pool makes a fresh one.

    The driver has seen the end of the line by then, so that this asks nobody. The others are as old, and go too.
    """
    if connection.driver_connection.is_closed():
        raise sa.exc.InvalidatePoolError("the server ended the connection")


def _sqlite(url: sa.URL) -> Database:
    """SQLite has one writer at a time: callers queue for its one connection instead of polling the file's lock.

    Each commit waits for the disk, so that those who queue share one.
    """
    writer = _engine(url, pool_size=1, max_overflow=0, pool_timeout=BUSY_MS / 1000)
    reader = _engine(url, pool_size=READERS, max_overflow=0, pool_timeout=BUSY_MS / 1000)
    _prepare_sqlite(writer, "BEGIN IMMEDIATE", "journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON")
    _prepare_sqlite(reader, "BEGIN", "query_only=ON", "cache_size=-16000")
    return Database(writer, reader, GroupCommit(writer, _lost, BUSY_MS / 1000).begin)


def _lost(error: BaseException) -> bool:
    """Whether SQLite has undone the whole transaction, or must."""
    return isinstance(error, DBAPIError) and is_down(error)


def _prepare_sqlite(engine: AsyncEngine, begin: str, *pragmas: str) -> None:
    """Take the transactions out of the driver's hands: its own begin comes too late for a read-then-write."""

    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "temp_store=MEMORY", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    sa.event.listen(engine.sync_engine, "connect", connected)
    sa.event.listen(engine.sync_engine, "begin", begun)


@contextmanager
def _down_in_one_word() -> Iterator[None]:
    """Every way in which a database says "not now" becomes `RegisterUnavailable`; all else passes."""
    try:
        yield
    except DBAPIError as error:
        if not is_down(error):
            raise
        raise RegisterUnavailable(f"the register's database cannot serve: {error.orig}") from error
    except (OSError, PoolTimeout) as error:
        raise RegisterUnavailable(f"the register's database cannot be reached: {error}") from error


def is_down(error: DBAPIError) -> bool:
    """Whether the error is the database's state rather than the statement's fault."""
    if error.connection_invalidated:
        return True
    lite = getattr(error.orig, "sqlite_errorcode", None)
    if lite is not None:
        return lite & 0xFF in SQLITE_DOWN
    state = getattr(error.orig, "sqlstate", None) or ""
    return state[:2] in POSTGRES_DOWN or state == POSTGRES_READ_ONLY
