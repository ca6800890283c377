"""A crowd's past in the order of time: which plan each number follows on which day, and how it went.

Numbers tell everything: whoever tells the consultation of a number tells the same one.
"""

from datetime import date
from random import Random

from adapters.demo_writing import Lived
from commands.demo.crowd_lives import Crowd
from commands.demo.crowd_plans import Plans, sayings
from commands.demo.life import Life
from commands.demo.loading import lived
from commands.demo.world import World
from commands.options import rules_of
from domain.refusals import Refused

PREFIX = "c-minh-hoa-so-"
WORKING_DAYS = 480
AHEAD = 30


class Story:
    """`expected`: how many consultations the crowd is going to have."""

    def __init__(self, world: World, expected: int) -> None:
        self._plans = Plans(world)
        self._expected = max(1, expected)
        self._days: list[date] = [world.days.day(n) for n in range(-WORKING_DAYS, 1)]
        # Acts planned for days that have not come are never done; they only need a date.
        ahead = [world.days.day(n) for n in range(1, AHEAD)]
        self._crowd = Crowd(world, [*self._days, *ahead], sayings(rules_of(world.services.settings)))

    async def tell(self, first: int, many: int) -> list[Lived]:
        """So many numbers from the first; a number for which that day's rules allow no plan is left out."""
        lives = [self._life(number) for number in range(first, first + many)]
        return [await lived(life) for life in lives if life]

    def _life(self, number: int) -> Life | None:
        share = min(1.0, number / self._expected)
        place = round(share * (len(self._days) - 1))
        chance = Random(number)  # noqa: S311 - a story, no secret
        try:
            plan = self._plans.plan(number, self._days[place])
        except Refused:
            return None
        return self._crowd.life(f"{PREFIX}{number:07}", plan, place, chance)
