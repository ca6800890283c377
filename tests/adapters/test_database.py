"""What SQLite and PostgreSQL must do alike: instants, transactions, and saying that they cannot serve."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

import adapters.database
from adapters.clock import DatabaseClock
from adapters.database import Database, RegisterUnavailable, UtcDateTime, connect
from adapters.tables import METADATA, login_attempts
from domain.clock import BusinessClock
from tests.adapters.registers import counted, tell
from tests.servers.postgres import Cluster
from tests.worlds import at

INSTANT = at("2026-02-16 23:59").replace(second=59, microsecond=999_999)


async def test_an_instant_comes_back_aware_and_in_utc_to_the_microsecond(db: Database) -> None:
    row = {"username": "a", "source": "b", "at": INSTANT, "succeeded": True}
    await tell(db, sa.insert(login_attempts).values(row))
    async with db.read() as connection:
        found = await connection.scalar(sa.select(login_attempts.c.at))
    assert found is not None
    assert (found, found.tzinfo) == (INSTANT, UTC)


async def test_an_instant_without_a_zone_is_refused(db: Database) -> None:
    row = {"username": "a", "source": "b", "at": INSTANT.replace(tzinfo=None), "succeeded": True}
    with pytest.raises(sa.exc.StatementError, match="needs its zone"):
        await tell(db, sa.insert(login_attempts).values(row))


def test_every_column_of_time_is_an_instant_and_every_list_of_codes_is_checked() -> None:
    columns = [column for table in METADATA.tables.values() for column in table.c]
    assert not [c for c in columns if isinstance(c.type, sa.DateTime) and not isinstance(c.type, UtcDateTime)]
    assert all(isinstance(c.type, UtcDateTime) for c in columns if c.name.endswith(("_at", "_until")))


async def test_instants_order_alike_whatever_zone_they_were_written_in(db: Database) -> None:
    for n, instant in enumerate((INSTANT, INSTANT.astimezone(UTC) + timedelta(microseconds=1), INSTANT - timedelta(1))):
        row = {"username": str(n), "source": "b", "at": instant, "succeeded": True}
        await tell(db, sa.insert(login_attempts).values(row))
    async with db.read() as connection:
        names = await connection.scalars(sa.select(login_attempts.c.username).order_by(login_attempts.c.at))
        assert list(names) == ["2", "0", "1"]
        within = sa.select(login_attempts.c.username).where(login_attempts.c.at == INSTANT)
        assert (await connection.scalars(within)).all() == ["0"]


async def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    row = {"username": "a", "source": "b", "at": INSTANT, "succeeded": True}

    async def fail() -> None:
        async with db.begin() as connection:
            await connection.execute(sa.insert(login_attempts).values(row))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await fail()
    async with db.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(login_attempts)) == 0


async def test_a_reader_sees_one_instant_and_cannot_write(db: Database) -> None:
    row = {"username": "a", "source": "b", "at": INSTANT, "succeeded": True}
    total = sa.select(sa.func.count()).select_from(login_attempts)
    async with db.read() as connection:
        before = await connection.scalar(total)
        await tell(db, sa.insert(login_attempts).values(row))
        assert await connection.scalar(total) == before == 0
    with pytest.raises((OperationalError, ProgrammingError, RegisterUnavailable, sa.exc.DBAPIError)):
        async with db.read() as connection:
            await connection.execute(sa.insert(login_attempts).values(row))


async def test_the_clock_is_the_databases_and_shows_business_time(db: Database) -> None:
    drill = BusinessClock(real_anchor=datetime.now(UTC), business_anchor=at("2030-01-01 08:00"), rate=4320)
    async with db.begin() as connection:
        real = await DatabaseClock().now(connection)
        business = await DatabaseClock(drill).now(connection)
    assert abs(real - datetime.now(UTC)) < timedelta(minutes=1)
    assert at("2029-12-31 00:00") < business < at("2030-04-01 08:00")


async def test_an_error_does_not_show_what_somebody_wrote(db: Database) -> None:
    row = {"username": "a", "source": "rất riêng tư", "at": INSTANT, "succeeded": None}
    with pytest.raises(IntegrityError) as caught:
        await tell(db, sa.insert(login_attempts).values(row))
    assert "[SQL parameters hidden" in str(caught.value)


async def test_a_missing_table_is_not_mistaken_for_a_missing_database(db: Database) -> None:
    with pytest.raises((OperationalError, ProgrammingError)):
        await tell(db, "SELECT 1 FROM khong_co")


async def test_sqlite_that_cannot_be_opened_is_one_exception(tmp_path: Path) -> None:
    database = connect(f"sqlite+aiosqlite:///{tmp_path}/khong/co.db")
    with pytest.raises(RegisterUnavailable):
        async with database.begin():
            pass
    await database.close()


async def test_sqlite_held_by_another_program_is_one_exception(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters.database, "BUSY_MS", 20)
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    database = connect(f"sqlite+aiosqlite:///{tmp_path}/x.db")
    with pytest.raises(RegisterUnavailable):
        async with database.begin():
            pass
    await database.close()
    other.close()


async def test_sqlite_writes_in_full_and_enforces_keys(tmp_path: Path) -> None:
    database = connect(f"sqlite+aiosqlite:///{tmp_path}/x.db")
    async with database.begin() as connection:
        found = [
            await connection.scalar(sa.text(f"PRAGMA {p}")) for p in ("journal_mode", "synchronous", "foreign_keys")
        ]
    await database.close()
    assert found == ["wal", 2, 1]


@pytest.mark.parametrize("address", ["postgres@127.0.0.1:1/x", "postgres@127.0.0.1:{port}/khong_co"])
async def test_postgresql_that_cannot_be_reached_is_one_exception(postgres: Cluster, address: str) -> None:
    database = connect("postgresql+asyncpg://" + address.format(port=postgres.port))
    with pytest.raises(RegisterUnavailable):
        async with database.begin() as connection:
            await connection.execute(sa.text("SELECT 1"))
    await database.close()


async def test_a_postgresql_connection_cut_in_the_middle_is_one_exception_and_the_next_call_works(
    postgres: Cluster, pg_database: str
) -> None:
    database = connect(pg_database)

    async def be_cut() -> None:
        async with database.begin() as connection:
            pid = await connection.scalar(sa.text("SELECT pg_backend_pid()"))
            postgres.execute(f"SELECT pg_terminate_backend({pid}, 5000)")
            await connection.execute(sa.text("SELECT 1"))

    with pytest.raises(RegisterUnavailable):
        await be_cut()
    async with database.read() as connection:
        assert await connection.scalar(sa.text("SELECT 1")) == 1
    await database.close()


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "sqlite:///x", "mysql://h/x"])
def test_an_address_the_register_cannot_live_at_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="the register needs"):
        connect(url)


async def test_statements_are_counted_on_both_doors(db: Database) -> None:
    with counted(db) as sent:
        await tell(db, "SELECT 1")
        async with db.read() as connection:
            await connection.execute(sa.text("SELECT 2"))
    assert sent == ["SELECT 1", "SELECT 2"]
