"""`ykien demo --asks N`: consultations over the last two years, until the register holds so many asks.

In the order of time, a few dozen a transaction: stopped at any point it has made whole consultations, and the next call
goes on. Numbers tell everything, so that the same call makes the same past.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from random import Random

import sqlalchemy as sa

from adapters.database import Database
from adapters.demo_writing import Pasts
from adapters.settings import Settings
from adapters.tables import asks as asked
from adapters.tables import consultations
from commands.demo.crowd_lives import Crowd
from commands.demo.crowd_plans import FEWEST, SIZES, Plans, sayings
from commands.demo.life import Life
from commands.demo.loading import Crowded, lived
from commands.demo.world import World, services_of, world_of
from commands.options import rules_of
from domain.refusals import Refused

PREFIX = "c-minh-hoa-so-"
WORKING_DAYS = 480
AHEAD = 30
TOGETHER = 40
EACH = FEWEST + (SIZES - 1) / 2

Advance = Callable[[int, int], None]


async def top_up(
    settings: Settings, database: Database, asks: int, advance: Advance, now: datetime | None = None
) -> Crowded:
    """Make consultations until there are so many asks; fewer than ten more may come of it.

    `now`: the business instant, the register's own if not given.
    """
    have, number = await _there(database)
    made = 0
    if have >= asks:
        return Crowded(asks=have)
    services = services_of(settings, database)
    await services.keep_instrument()
    story = Story(world_of(services, now or await services.now()), number + round((asks - have) / EACH))
    pasts, lives = Pasts(database), story.lives(number)
    while have < asks:
        chunk = _chunk(lives, asks - have)
        made += await pasts.write([await lived(life) for life in chunk])
        have += sum(len(life.state.asks) for life in chunk)
        advance(min(have, asks), asks)
    return Crowded(consultations=made, asks=have)


def _chunk(lives: Iterator[Life], missing: int) -> list[Life]:
    chunk: list[Life] = []
    while missing > 0 and len(chunk) < TOGETHER:
        chunk.append(next(lives))
        missing -= len(chunk[-1].state.asks)
    return chunk


async def _there(database: Database) -> tuple[int, int]:
    """How many asks there are, and how many of the crowd's consultations."""
    own = consultations.c.id.startswith(PREFIX, autoescape=True)
    async with database.read() as connection:
        have = await connection.scalar(sa.select(sa.func.count()).select_from(asked)) or 0
        last = await connection.scalar(sa.select(sa.func.max(consultations.c.id)).where(own))
    return have, int(last.removeprefix(PREFIX)) if last else 0


class Story:
    """A crowd's past in the order of time. `expected`: how many consultations it is going to have."""

    def __init__(self, world: World, expected: int) -> None:
        self._plans = Plans(world)
        self._expected = max(1, expected)
        self._days: list[date] = [world.days.day(n) for n in range(-WORKING_DAYS, 1)]
        # Acts planned for days that have not come are never done; they only need a date.
        ahead = [world.days.day(n) for n in range(1, AHEAD)]
        self._crowd = Crowd(world, [*self._days, *ahead], sayings(rules_of(world.services.settings)))

    def lives(self, after: int) -> Iterator[Life]:
        """The consultations that come after so many, one after the other, without end."""
        number = after
        while True:
            number += 1
            life = self._life(number)
            if life:
                yield life

    def _life(self, number: int) -> Life | None:
        """None where the rules of that day allow no plan."""
        share = min(1.0, number / self._expected)
        place = round(share * (len(self._days) - 1))
        chance = Random(number)  # noqa: S311 - a story, no secret
        day = self._days[place]
        try:
            plan = self._plans.plan(number, day)
        except Refused:
            return None
        return self._crowd.life(f"{PREFIX}{number:07}", plan, place, chance)
