"""PostgreSQL ends at once, as in a crash, again and again, and comes back; API and worker live through all of it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL, SIGQUIT

import pytest
import sqlalchemy as sa

from adapters.database import connect
from bench.faults_checks import postgres_damage
from bench.faults_stand import Stand
from bench.postgres import Cluster, cluster
from tests.faults.conftest import Proved


@pytest.fixture
def safe() -> Iterator[Cluster]:
    """A cluster that writes what it acknowledges."""
    with cluster() as made:
        yield made


async def test_whoever_comes_after_postgresql_was_away_meets_no_dead_connection(safe: Cluster) -> None:
    database, everybody = connect(safe.url(safe.create())), asyncio.Barrier(8)

    async def look() -> int:
        async with database.read() as connection:
            await everybody.wait()
            return int(await connection.scalar(sa.text("SELECT 1")) or 0)

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*(look() for _ in range(everybody.parties)))

    assert sum(await all_at_once()) == everybody.parties
    await asyncio.to_thread(safe.stop, SIGQUIT)
    await asyncio.to_thread(safe.start)
    assert sum(await all_at_once()) == everybody.parties
    await database.close()


async def test_postgresql_that_stops_at_once_and_returns_costs_no_reply_and_no_restart(
    safe: Cluster, tmp_path: Path, proved: Proved
) -> None:
    name = safe.create()
    async with Stand(tmp_path, safe.url(name)) as stand:
        await stand.launch(3, 12)
        pids = [stand.rig.pid(name) for name in stand.rig.names]
        for how in (SIGQUIT, SIGKILL):
            stand.load(12, rate=8)
            await asyncio.to_thread(safe.stop, how)
            await stand.send(2, rate=8)
            await asyncio.to_thread(safe.start)
        proved(await stand.settle())
        assert pids == [stand.rig.pid(name) for name in stand.rig.names]
    assert await postgres_damage(safe, name) == []
