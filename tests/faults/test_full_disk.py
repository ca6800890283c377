"""A disk that fills up under load: said in words, nothing accepted that is not kept, and it heals without a restart.

A tmpfs stands for each disk, so the tests must be allowed to mount one (root, as in the build).
"""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.accounting import Counts
from bench.faults_checks import sqlite_damage
from bench.faults_stand import Stand
from bench.load import Target, client_of, reply_body
from tests.faults.conftest import Proved

CHUNK = 1024 * 1024
PAGE = 4096


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of that size, mounted on the folder."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.fail(f"a tmpfs cannot be mounted here, run the tests as root: {mounted.stderr}", pytrace=False)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """No byte is free on the disk while the block runs."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (CHUNK, PAGE, 1):
            try:
                while True:
                    os.write(file.fileno(), b"\0" * size)
            except OSError:
                continue
    try:
        yield
    finally:
        ballast.unlink()


def empty_log(file: Path) -> None:
    """Bring SQLite's write-ahead log to length nothing: with room left in it, a full disk would go unnoticed."""
    with closing(sqlite3.connect(file, timeout=10)) as database:
        assert database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


async def ask(target: Target, method: str, path: str, body: Any = None) -> httpx.Response:
    """One request of the target's account, outside the journal."""
    async with client_of(target.url) as http:
        headers = {"Authorization": f"Bearer {target.token}"}
        return await http.request(method, path, headers=headers, json=body)


async def test_a_full_disk_costs_nothing_that_was_accepted_and_heals_by_itself(tmp_path: Path, proved: Proved) -> None:
    """First every disk of the copy is full, later Temporal's alone; no process is started anew."""
    with small_disk(tmp_path / "register", "64m") as register, small_disk(tmp_path / "temporal", "64m") as temporal:
        url = f"sqlite+aiosqlite:///{register / 'ykien.db'}"
        # The journal is the client's: on neither disk.
        async with Stand(temporal / "var", url, journal=tmp_path / "journal.jsonl") as stand:
            await stand.launch(3, 12)
            pids = [stand.rig.pid(name) for name in stand.rig.names]
            (spare,) = stand.take(1)
            await stand.send(3, rate=10)
            empty_log(register / "ykien.db")
            with full(register), full(temporal):
                await stand.send(10, rate=10)
                await said_in_words(spare)
            await stand.send(5, rate=10)
            assert stand.statuses == {200, 503}

            proved(await recorded_and_decided_later(stand, temporal))
            assert pids == [stand.rig.pid(name) for name in stand.rig.names]
        for folder in (register, temporal / "var"):
            assert await sqlite_damage(folder) == []


async def said_in_words(spare: Target) -> None:
    """503 in Vietnamese for who writes; reading, health and counters go on."""
    refused = await ask(spare, "POST", spare.path, reply_body(spare))
    problem = refused.json()
    assert (refused.status_code, problem["recorded"]) == (503, False)
    assert problem["type"].endswith("unavailable")
    assert "chưa" in problem["title"]
    assert refused.headers["retry-after"]
    for path in ("/healthz", "/metrics", f"/api/v1/consultations/{spare.consultation}"):
        assert (await ask(spare, "GET", path)).status_code == 200, path


async def recorded_and_decided_later(stand: Stand, disk: Path) -> Counts:
    """With Temporal's disk full every reply gets its receipt, and 202; the accounting once all are decided."""
    stand.statuses.clear()
    empty_log(disk / "var" / "temporal.db")
    with full(disk):
        await stand.send(10, rate=10)
    assert stand.statuses == {202}
    return await stand.settle()
