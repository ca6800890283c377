"""A crowd of invented consultations: as many asks as wanted, clean, continued where it was stopped."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from adapters.database import Database
from adapters.tables import asks, consultations
from commands.demo.crowd import top_up
from commands.demo.crowd_story import PREFIX
from tests.operating.test_demo import NOON, differences, settings


class Stopped(Exception):  # noqa: N818 - what Ctrl-C does
    """Somebody has had enough."""


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


def stop(done: int, total: int) -> None:
    """Somebody watches, and has had enough."""
    raise Stopped


async def phases(db: Database) -> dict[str, int]:
    """How many consultations stand how."""
    query = sa.select(consultations.c.phase, sa.func.count()).group_by(consultations.c.phase)
    async with db.read() as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}


async def count(db: Database) -> int:
    """How many asks there are."""
    async with db.read() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(asks)) or 0


async def test_a_crowd_has_as_many_asks_as_wanted_and_is_clean(db: Database) -> None:
    made = await top_up(settings(), db, 300, quiet, NOON)
    assert 300 <= made.asks < 310
    assert made.asks == await count(db)
    assert await differences(db) == []
    found = await phases(db)
    assert found["closed"] > sum(found.values()) / 2
    assert sum(found.values()) == made.consultations


async def test_a_crowd_that_was_stopped_is_continued_with_whole_consultations(db: Database) -> None:
    with pytest.raises(Stopped):
        await top_up(settings(), db, 900, stop, NOON)
    before = await count(db)
    assert 0 < before < 900
    again = await top_up(settings(), db, 420, quiet, NOON + timedelta(minutes=5))
    assert 420 <= again.asks < 430
    assert (await top_up(settings(), db, 420, quiet, NOON)).consultations == 0
    async with db.read() as connection:
        ids = list(await connection.scalars(sa.select(consultations.c.id).order_by(consultations.c.id)))
    assert ids == [f"{PREFIX}{number:07}" for number in range(1, len(ids) + 1)]
    assert await differences(db) == []
