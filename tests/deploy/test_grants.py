"""The application's own database role: the whole path works under it, and no record can be changed through it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from temporalio.client import Client
from typer.testing import CliRunner

from adapters.database import Database, connect, migrate
from adapters.migrations.grants import APPEND_ONLY, CannotGrant
from adapters.register.recording import SqlRegister
from adapters.register.verifying import verify
from adapters.tables import METADATA, ledger
from api.relay import Relay
from api.services import Services
from cli import app
from tests.adapters.registers import count, record, running, tell
from tests.api.conftest import gateway_to, http_to
from tests.api.world import World
from tests.deploy.conftest import Roles
from tests.servers.databases import Databases
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

GIVEN = """
SELECT coalesce(string_agg(one, ',' ORDER BY one), '') FROM (
    SELECT table_name || ' ' || privilege_type FROM information_schema.role_table_grants WHERE grantee = '{role}'
) AS given (one)
"""
SHAPING = (
    "CREATE TABLE x (y INTEGER)",
    "CREATE TEMPORARY TABLE x (y INTEGER)",
    "CREATE SCHEMA x",
    "ALTER TABLE notices ADD COLUMN x TEXT",
    "CREATE OR REPLACE FUNCTION ykien_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER x BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ykien_append_only()",
    "UPDATE alembic_version SET version_num = 'r0999'",
    "CREATE ROLE x",
    "SET session_replication_role = replica",
)


async def denied(db: Database, statement: str, words: str = "permission denied|must be owner") -> None:
    """The database refuses the statement for want of a right."""
    with pytest.raises(sa.exc.ProgrammingError, match=words):
        await tell(db, statement)


async def test_a_consultation_runs_its_whole_way_under_the_applications_role(
    app_db: Database, roles: Roles, client: Client, parts: Callable[..., Services]
) -> None:
    queue = f"grants-{uuid4().hex[:8]}"
    services = parts(roles.url, gateway_to(client, queue))
    register = SqlRegister(services.database, services.clock)
    await make_current(client)
    async with build_worker(client, register, queue, deployment=versioned()), http_to(services) as http:
        world = World(services, http)
        await world.populate()
        id = await world.closed()
        notices = (await world.get("gd.stc", "/notices"))["items"]
        assert (await world.get("gd.sgddt", f"/consultations/{id}"))["phase"] == "closed"
        assert notices
        assert await Relay(services).deliver_once(timedelta(0)) == 0
    assert await services.notices.claim(5)
    await services.database.close()
    assert (await verify(app_db)).ok
    assert await count(app_db, ledger) > 3


async def test_the_database_refuses_to_change_a_record_even_without_its_triggers(
    roles: Roles, app_db: Database
) -> None:
    await record(app_db, running(), subject="Kế hoạch năm học")
    for table in APPEND_ONLY:
        roles.owner_says(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        column = next(iter(METADATA.tables[table].columns)).name
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            await denied(app_db, statement, f"permission denied for table {table}")
        await denied(app_db, f"ALTER TABLE {table} ENABLE TRIGGER USER", f"must be owner of table {table}")
    assert await count(app_db, ledger) > 0


async def test_nothing_is_deleted_or_emptied_anywhere(app_db: Database) -> None:
    for table in METADATA.tables:
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"DROP TABLE {table}"):
            await denied(app_db, statement)


async def test_the_role_shapes_nothing(app_db: Database) -> None:
    for statement in SHAPING:
        await denied(app_db, statement)


async def test_the_tables_without_update_are_those_the_triggers_guard(roles: Roles) -> None:
    guarded = "SELECT DISTINCT tgrelid::regclass FROM pg_trigger WHERE tgname LIKE '%_not_changed' ORDER BY 1"

    assert sorted(roles.owner_says(guarded).split()) == sorted(APPEND_ONLY)


async def test_giving_rights_again_changes_nothing_and_takes_back_what_was_too_much(roles: Roles) -> None:
    given = roles.owner_says(GIVEN.format(role=roles.app))
    await migrate(roles.owner_url, grant_to=roles.app)
    assert roles.owner_says(GIVEN.format(role=roles.app)) == given
    roles.owner_says(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {roles.app}")
    await migrate(roles.owner_url, grant_to=roles.app)
    assert roles.owner_says(GIVEN.format(role=roles.app)) == given
    assert "ledger INSERT,ledger SELECT,ledger_head" in given
    assert "DELETE" not in given


async def test_after_steps_down_and_up_the_rights_are_those_of_the_tables_there_are(roles: Roles) -> None:
    given = roles.owner_says(GIVEN.format(role=roles.app))
    await migrate(roles.owner_url, "r0001_receipts", roles.app)
    assert "ledger" not in roles.owner_says(GIVEN.format(role=roles.app))
    await migrate(roles.owner_url, "head", roles.app)
    assert roles.owner_says(GIVEN.format(role=roles.app)) == given


@pytest.mark.parametrize(
    ("gift", "excess"),
    [
        ("ALTER ROLE {role} SUPERUSER", "SUPERUSER"),
        ("ALTER ROLE {role} CREATEROLE", "CREATEROLE"),
        ("GRANT postgres TO {role}", "OWNER"),
        ("ALTER TABLE ledger OWNER TO {role}", "OWNER"),
        ("GRANT DELETE ON notices TO PUBLIC", "DELETE notices"),
        ("GRANT pg_write_all_data TO {role}", "UPDATE ledger"),
    ],
)
async def test_a_role_that_can_do_more_by_other_ways_is_refused_and_nothing_changes(
    roles: Roles, gift: str, excess: str
) -> None:
    roles.owner_says(gift.format(role=roles.app))
    with pytest.raises(CannotGrant, match=excess):
        await migrate(roles.owner_url, "r0003_reading", roles.app)
    assert roles.owner_says("SELECT count(*) FROM accounts") == "0"


async def test_the_owner_is_no_role_for_the_application(roles: Roles) -> None:
    with pytest.raises(CannotGrant, match="SUPERUSER"):
        await migrate(roles.owner_url, grant_to="postgres")


def test_the_command_says_whom_it_gave_the_rights(roles: Roles) -> None:
    env = {"YKIEN_DATABASE_URL": roles.owner_url}
    done = CliRunner().invoke(app, ["migrate", "--grant-to", roles.app], env=env)
    missing = CliRunner().invoke(app, ["migrate", "--grant-to", "khong-co"], env=env)

    assert (done.exit_code, missing.exit_code) == (0, 1), done.output + missing.output
    assert f"Vai trò {roles.app} có đúng các quyền" in done.stdout
    assert "PostgreSQL không có vai trò khong-co" in missing.stderr


async def test_sqlite_has_no_roles(databases_of: Callable[[str], Databases]) -> None:
    url = databases_of("sqlite").empty()
    with pytest.raises(CannotGrant, match="not_postgres"):
        await migrate(url, grant_to="x")
    database = connect(url)
    async with database.read() as connection:
        assert await connection.run_sync(lambda c: sa.inspect(c).get_table_names()) == []
    await database.close()
