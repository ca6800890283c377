"""The jobs of the compose file that can run here do run: the roles on PostgreSQL, the namespace on Temporal."""

import asyncio
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from adapters.database import connect, migrate
from adapters.embedded_temporal import dev_server, serving, tool
from adapters.tables import ledger
from bench.rig import free_port
from tests.adapters.registers import count, record, running, tell
from tests.deploy.plan import DEPLOY, make_secrets
from tests.servers.postgres import Cluster
from workflows.search_attributes import REGISTERED

NAMESPACE = DEPLOY / "temporal" / "namespace.sh"
KEYWORD = 2


def script(name: str, secrets: Path) -> str:
    """A first-start script with the secrets where this machine has them."""
    return (DEPLOY / "postgres" / name).read_text("utf-8").replace("/run/secrets", str(secrets))


def first_start(cluster: Cluster, text: str) -> subprocess.CompletedProcess[str]:
    """Run a script as PostgreSQL's image does at its first start."""
    target = ["-h", "127.0.0.1", "-p", str(cluster.port), "-U", "postgres", "-d", "postgres"]
    command = ["psql", "-v", "ON_ERROR_STOP=1", "--no-password", "--no-psqlrc", "-q", *target]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


@pytest.fixture
def made(postgres: Cluster, tmp_path: Path) -> Iterator[Path]:
    """The register's roles and database, from the script; the secrets' folder."""
    make_secrets(tmp_path)
    done = first_start(postgres, script("register.sql", tmp_path))
    assert done.returncode == 0, done.stderr
    yield tmp_path
    postgres.drop("ykien")
    for role in ("ykien_app", "ykien_owner"):
        postgres.execute(f"DROP ROLE {role}")


def address(cluster: Cluster, secrets: Path, name: str) -> str:
    """The address the secret file holds, on this machine's server."""
    return (secrets / name).read_text().replace("register-db:5432", f"127.0.0.1:{cluster.port}")


async def test_the_first_start_the_migration_and_the_application_fit_together(postgres: Cluster, made: Path) -> None:
    await migrate(address(postgres, made, "owner_database_url"), grant_to="ykien_app")
    db = connect(address(postgres, made, "app_database_url"))
    await record(db, running(), subject="Kế hoạch năm học")
    assert await count(db, ledger) > 0
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied for table ledger"):
        await tell(db, "DELETE FROM ledger")
    await db.close()


def test_the_two_roles_have_their_passwords_and_nobody_else_comes_in(postgres: Cluster, made: Path) -> None:
    kept = postgres.execute("SELECT count(*) FROM pg_authid WHERE rolname LIKE 'ykien%' AND rolpassword LIKE 'SCRAM%'")
    postgres.execute("CREATE ROLE somebody LOGIN")
    entry = postgres.execute("SELECT has_database_privilege('somebody', 'ykien', 'CONNECT')")
    postgres.execute("DROP ROLE somebody")

    assert (kept, entry) == ("2", "f")
    assert postgres.execute("SELECT bool_or(rolsuper OR rolcreatedb) FROM pg_roles WHERE rolname LIKE 'ykien%'") == "f"


@pytest.mark.parametrize("name", ["register.sql", "temporal.sql"])
def test_a_missing_password_stops_the_first_start_before_there_is_a_role(
    postgres: Cluster, tmp_path: Path, name: str
) -> None:
    done = first_start(postgres, script(name, tmp_path / "nowhere"))

    assert done.returncode != 0
    assert "division by zero" in done.stderr
    assert postgres.execute("SELECT count(*) FROM pg_roles WHERE rolname IN ('ykien_owner', 'temporal')") == "0"


def test_temporals_role_makes_its_own_databases_and_their_extension(postgres: Cluster, tmp_path: Path) -> None:
    make_secrets(tmp_path)
    done = first_start(postgres, script("temporal.sql", tmp_path))
    assert done.returncode == 0, done.stderr
    as_temporal = [
        "psql",
        "-Xq",
        "-h",
        "127.0.0.1",
        "-p",
        str(postgres.port),
        "-U",
        "temporal",
        "-v",
        "ON_ERROR_STOP=1",
    ]
    for database, statement in (
        ("postgres", "CREATE DATABASE temporal_visibility"),
        ("temporal_visibility", "CREATE EXTENSION btree_gin"),
    ):
        subprocess.run([*as_temporal, "-d", database, "-c", statement], check=True)
    postgres.drop("temporal_visibility")
    postgres.execute("DROP ROLE temporal")


# --- Temporal


@pytest.fixture
async def bare() -> AsyncIterator[str]:
    """A Temporal that knows neither our namespace nor our search attributes; its address."""
    address = f"127.0.0.1:{free_port()}"
    child = dev_server(address, "default")
    null = asyncio.subprocess.DEVNULL
    tie = ("setpriv", "--pdeathsig", "KILL", "--")
    process = await asyncio.create_subprocess_exec(*tie, *child.command, stdin=null, stdout=null, stderr=null)
    while not await serving(address, "default"):
        assert process.returncode is None
        await asyncio.sleep(0.05)
    yield address
    process.kill()
    await process.wait()


async def prepare(address: str, retention: str) -> None:
    """Run the job's script with the variables of the compose file."""
    env = {"TEMPORAL_ADDRESS": address, "NAMESPACE": "ykien", "RETENTION": retention, "HOME": "/nonexistent"}
    path = f"{Path(tool('temporal')).parent}:{os.environ['PATH']}"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        "sh", str(NAMESPACE), env={**env, "PATH": path}, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


async def test_the_namespace_job_makes_what_the_workflows_need_and_may_run_again(bare: str) -> None:
    await prepare(bare, "720h")
    await prepare(bare, "1440h")
    client = await Client.connect(bare, namespace="ykien")
    kept = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="ykien"), retry=True)
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace="ykien"), retry=True
    )

    assert kept.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=60)
    assert {name: known.custom_attributes[name] for name in REGISTERED} == dict.fromkeys(REGISTERED, KEYWORD)


def test_the_job_registers_exactly_the_search_attributes_of_the_workflows() -> None:
    asked = re.findall(r"^patiently attribute (\w+) (\w+)$", NAMESPACE.read_text("utf-8"), flags=re.M)

    assert dict(asked) == REGISTERED
    assert len(asked) == len(REGISTERED)


@pytest.mark.parametrize("file", sorted(DEPLOY.rglob("*.sh")), ids=lambda file: file.name)
def test_a_shell_can_read_every_script(file: Path) -> None:
    assert file.read_text("utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(file)], check=True)


def test_the_schema_job_brings_both_databases_of_the_servers_own_configuration() -> None:
    brought = re.findall(r"^bring (\w+) (\w+)$", (DEPLOY / "temporal" / "schema.sh").read_text("utf-8"), flags=re.M)
    configured = re.findall(r"databaseName: (\w+)", (DEPLOY / "temporal" / "config.yaml").read_text("utf-8"))

    assert brought == [("temporal", "temporal"), ("temporal_visibility", "visibility")]
    assert [database for database, _ in brought] == configured
