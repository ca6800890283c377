"""`ykien demo --asks N`: consultations over the last two years, until the register holds so many asks.

In the order of time, a few dozen a transaction: stopped at any point it has made whole consultations, and the next call
goes on.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from datetime import datetime

import sqlalchemy as sa

from adapters.database import Database
from adapters.demo_writing import Lived, Pasts
from adapters.settings import Settings
from adapters.tables import asks as asked
from adapters.tables import consultations
from commands.demo.crowd_plans import FEWEST, SIZES
from commands.demo.crowd_story import PREFIX
from commands.demo.crowd_tellers import Telling, chunks
from commands.demo.loading import Crowded
from commands.demo.world import services_of

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
    telling = Telling(settings, now or await services.now(), number + round((asks - have) / EACH))
    pasts = Pasts(database)
    async with aclosing(chunks(telling, number)) as told:
        async for chunk in told:
            wanted = list(_wanted(chunk, asks - have))
            made += await pasts.write(wanted)
            have += sum(len(one.batch.asks) for one in wanted)
            advance(min(have, asks), asks)
            if have >= asks:
                break
    return Crowded(consultations=made, asks=have)


def _wanted(chunk: Sequence[Lived], missing: int) -> Iterator[Lived]:
    """As many of the chunk as are missing."""
    for one in chunk:
        if missing <= 0:
            return
        yield one
        missing -= len(one.batch.asks)


async def _there(database: Database) -> tuple[int, int]:
    """How many asks there are, and how many of the crowd's consultations."""
    own = consultations.c.id.startswith(PREFIX, autoescape=True)
    async with database.read() as connection:
        have = await connection.scalar(sa.select(sa.func.count()).select_from(asked)) or 0
        last = await connection.scalar(sa.select(sa.func.max(consultations.c.id)).where(own))
    return have, int(last.removeprefix(PREFIX)) if last else 0
