"""Migrations: up, down and up again without losing a row, and never over a database that newer code made."""

import asyncio
from enum import StrEnum

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from adapters.database import Database, DatabaseNewer, connect, migrate
from adapters.migrations.running import FOLDER
from adapters.register.queries_state import state
from adapters.register.verifying import verify
from adapters.tables import METADATA, asks, consultations, ledger
from domain.state import Outcome, Phase, Stage
from tests.adapters.registers import count, record, running, silence, tell

STEPS = tuple(sorted(file.stem for file in (FOLDER / "versions").glob("r*.py")))


async def tables(url: str) -> list[str]:
    """The tables of the database."""
    database = connect(url)
    async with database.read() as connection:
        names = await connection.run_sync(lambda c: sa.inspect(c).get_table_names())
    await database.close()
    return sorted(names)


async def test_the_migrations_make_exactly_the_tables_of_the_code(db: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))

    async with db.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize(
    ("table", "column", "codes"),
    [(consultations, "phase", Phase), (asks, "stage", Stage), (asks, "outcome", Outcome)],
)
async def test_the_database_takes_every_code_the_engine_knows_and_no_other(
    db: Database, table: sa.Table, column: str, codes: type[StrEnum]
) -> None:
    await record(db, running())
    for code in codes:
        await tell(db, sa.update(table).values({column: code}))
    with pytest.raises(sa.exc.IntegrityError):
        await tell(db, sa.update(table).values({column: "khac"}))


async def test_an_empty_register_goes_down_to_nothing_and_up_again(database_url: str) -> None:
    await migrate(database_url)
    full = await tables(database_url)
    for step in (*reversed(STEPS[:-1]), "base"):
        await migrate(database_url, step)
    assert await tables(database_url) == ["alembic_version"]
    for step in STEPS:
        await migrate(database_url, step)
    assert await tables(database_url) == full


@pytest.mark.parametrize("step", ["r0003_reading", "r0002_ledger", "r0001_receipts", "base"])
async def test_going_down_and_up_again_keeps_every_row_and_every_guard(database_url: str, step: str) -> None:
    await migrate(database_url)
    db = connect(database_url)
    desk = running()
    silence(desk)
    await record(db, desk, subject="Kế hoạch năm học")
    before = [await count(db, table) for table in METADATA.sorted_tables]
    await db.close()
    await migrate(database_url, step)
    await migrate(database_url, "head")
    db = connect(database_url)
    assert [await count(db, table) for table in METADATA.sorted_tables] == before
    assert (await verify(db)).ok
    assert await state(db, "c1") == desk.state
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        await tell(db, sa.delete(ledger))
    silence(desk, 1)
    desk.reply("STC")
    await record(db, desk)
    assert await state(db, "c1") == desk.state
    await db.close()


async def test_migrating_twice_changes_nothing_and_two_at_once_do_not_collide(database_url: str) -> None:
    await asyncio.gather(*(migrate(database_url) for _ in range(3)))
    await migrate(database_url)
    assert "ledger" in await tables(database_url)


async def test_a_database_made_by_newer_code_is_left_alone_in_a_clear_sentence(register_url: str, db: Database) -> None:
    await tell(db, "UPDATE alembic_version SET version_num = 'r0999_mai_sau'")
    for revision in ("head", "base", STEPS[0]):
        with pytest.raises(DatabaseNewer, match=rf"r0999_mai_sau.*{STEPS[-1]}.*install the version that made it"):
            await migrate(register_url, revision)
    assert "ledger" in await tables(register_url)


async def test_a_step_that_fails_leaves_the_database_as_it_was(register_url: str, db: Database) -> None:
    desk = running()
    await record(db, desk)
    await tell(db, "CREATE TABLE kept_ledger (x INTEGER)")
    before = await tables(register_url)
    with pytest.raises(sa.exc.DBAPIError, match="kept_ledger"):
        await migrate(register_url, "base")
    assert await tables(register_url) == before
    assert await state(db, "c1") == desk.state
