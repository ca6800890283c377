"""Those who wait for the one writer share a commit, and nothing else."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.database import Database, RegisterUnavailable, connect

T = sa.Table("t", sa.MetaData(), sa.Column("n", sa.Integer, primary_key=True))


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'r.db'}")
    async with database.begin() as connection:
        await connection.run_sync(T.metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def commits(db: Database) -> list[int]:
    """Grows with every commit."""
    seen: list[int] = []
    sa.event.listen(db.engine.sync_engine, "commit", lambda _: seen.append(1))
    return seen


async def write(db: Database, n: int) -> None:
    async with db.begin() as connection:
        await connection.execute(sa.insert(T).values(n=n))


async def kept(db: Database) -> list[int]:
    async with db.read() as connection:
        return list(await connection.scalars(sa.select(T.c.n).order_by(T.c.n)))


async def test_twenty_at_once_are_all_kept_by_few_commits(db: Database, commits: list[int]) -> None:
    await asyncio.gather(*(write(db, n) for n in range(20)))

    assert await kept(db) == list(range(20))
    assert len(commits) <= 4


async def test_one_alone_commits_at_once(db: Database, commits: list[int]) -> None:
    await write(db, 1)
    await write(db, 2)

    assert len(commits) == 2


async def test_one_that_fails_among_others_leaves_nothing_and_harms_nobody(db: Database) -> None:
    told = await asyncio.gather(*(write(db, n) for n in (1, 2, 1, 3)), return_exceptions=True)

    assert [type(one) for one in told] == [type(None), type(None), IntegrityError, type(None)]
    assert await kept(db) == [1, 2, 3]


async def test_the_first_may_fail_too(db: Database) -> None:
    async def fail() -> None:
        async with db.begin() as connection:
            await connection.execute(sa.insert(T).values(n=7))
            await asyncio.sleep(0.01)
            raise ValueError

    told = await asyncio.gather(fail(), write(db, 1), write(db, 2), return_exceptions=True)

    assert isinstance(told[0], ValueError)
    assert await kept(db) == [1, 2]


async def test_nobody_goes_on_before_the_commit(db: Database, tmp_path: Path) -> None:
    """Whoever returns finds its row through another connection."""
    other = sqlite3.connect(tmp_path / "r.db")

    async def write_and_look(n: int) -> bool:
        await write(db, n)
        return other.execute("SELECT n FROM t WHERE n = ?", (n,)).fetchone() == (n,)

    assert all(await asyncio.gather(*(write_and_look(n) for n in range(20))))
    other.close()


async def test_one_who_is_cancelled_takes_only_its_own_part_along(db: Database) -> None:
    async def slow(n: int) -> None:
        async with db.begin() as connection:
            await connection.execute(sa.insert(T).values(n=n))
            await asyncio.sleep(30)

    first = asyncio.create_task(write(db, 1))
    stuck = asyncio.create_task(slow(2))
    later = asyncio.create_task(write(db, 3))
    await asyncio.sleep(0.1)
    stuck.cancel()
    await asyncio.gather(first, later)

    assert stuck.cancelled() or await asyncio.gather(stuck, return_exceptions=True)
    assert await kept(db) == [1, 3]


async def test_one_who_gives_up_its_turn_keeps_nobody_waiting(db: Database) -> None:
    """The first left the transaction open for somebody who then did not come."""

    async def first() -> None:
        async with db.begin() as connection:
            await connection.execute(sa.insert(T).values(n=1))
            await asyncio.sleep(0.01)
            waiting.cancel()

    done = asyncio.create_task(first())
    await asyncio.sleep(0)
    waiting = asyncio.create_task(write(db, 2))
    await asyncio.wait_for(done, 5)

    assert waiting.cancelled() or waiting.cancelling()
    assert await kept(db) == [1]
    await write(db, 3)
    assert await kept(db) == [1, 3]


@pytest.mark.parametrize("moment", range(8))
async def test_whoever_is_cancelled_at_whatever_moment_nobody_is_told_otherwise_than_it_is(
    db: Database, moment: int
) -> None:
    """In its own statement, at its savepoint or in the common commit: the others know, and the database goes on."""

    async def last() -> None:
        async with db.begin() as connection:
            await connection.execute(sa.insert(T).values(n=2))

    others = asyncio.create_task(write(db, 1))
    cancelled = asyncio.create_task(last())
    for _ in range(moment):
        await asyncio.sleep(0.0005)
    cancelled.cancel()
    told = await asyncio.gather(others, cancelled, return_exceptions=True)

    assert told[0] is None or isinstance(told[0], RegisterUnavailable)
    if told[0] is None:
        assert 1 in await kept(db)
    else:
        assert await kept(db) == []
    await write(db, 3)
    assert 3 in await kept(db)


async def test_when_the_whole_transaction_is_lost_all_who_share_it_are_told(db: Database) -> None:
    """A full disk undoes what others wrote before: none of them may believe it was kept."""

    async def meet_a_full_disk() -> None:
        async with db.begin() as connection:
            pages = await connection.scalar(sa.text("PRAGMA page_count"))
            await connection.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
            await connection.execute(sa.text("CREATE TABLE big (x)"))
            await connection.execute(sa.text("INSERT INTO big VALUES (zeroblob(1000000))"))

    told = await asyncio.gather(write(db, 1), meet_a_full_disk(), write(db, 2), return_exceptions=True)

    assert isinstance(told[1], RegisterUnavailable)
    lost = [n for n, one in zip((1, 2), (told[0], told[2]), strict=True) if isinstance(one, RegisterUnavailable)]
    assert await kept(db) == [n for n in (1, 2) if n not in lost]
