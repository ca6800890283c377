"""What the databases' own checkers say of their files after a fault. It mends nothing."""

import asyncio
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from bench.postgres import OWNER, Cluster


async def sqlite_damage(folder: Path) -> list[str]:
    """What `PRAGMA integrity_check` finds in every database of the folder; nobody may have them open."""
    return await asyncio.to_thread(_all_integrity, folder)


def _all_integrity(folder: Path) -> list[str]:
    return [f"{file.name}: {said}" for file in sorted(folder.glob("*.db")) for said in _integrity(file)]


def _integrity(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        said = [str(row[0]) for row in database.execute("PRAGMA integrity_check")]
    return [] if said == ["ok"] else said


async def postgres_damage(server: Cluster, database: str) -> list[str]:
    """What `pg_amcheck` finds in every heap and index of the database."""
    return await asyncio.to_thread(_amcheck, server, database)


def _amcheck(server: Cluster, database: str) -> list[str]:
    target = ["-h", "127.0.0.1", "-p", str(server.port), "-U", OWNER]
    extension = "CREATE EXTENSION IF NOT EXISTS amcheck"
    commands = (
        [server.program("psql"), "-Xq", *target, "-d", database, "-c", extension],
        [server.program("pg_amcheck"), *target, "--heapallindexed", database],
    )
    found: list[str] = []
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode or done.stdout or done.stderr:
            found.append(f"{command[0]} ({done.returncode}): {done.stdout}{done.stderr}")
    return found
