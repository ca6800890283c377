"""Puts the demonstration's consultations into the register: once, all of them together or none.

In a drill a day lasts twenty seconds: whatever waits for a date would be overdue before a trainee has signed in. Only
those consultations are told there in which nothing is due. Workflows are started by `commands.demo.running`.
"""

from datetime import datetime, timedelta

from adapters.database import Database
from adapters.demo_writing import Lived, Pasts, there
from adapters.drill import MarkedRegister
from adapters.settings import Settings
from commands.demo.life import Life
from commands.demo.scripts import scripts
from commands.demo.telling import LeftOut, told
from commands.demo.world import World, services_of, world_of
from commands.options import rules_of
from domain.base import Frozen
from domain.facts import Batch
from domain.ports import Pending

# What people were told longer ago they have read by now.
READ_AFTER = timedelta(days=3)
OFFICE = "vpub"


class Crowded(Frozen):
    """What a crowd's load did: new consultations, and how many asks there are now."""

    consultations: int = 0
    asks: int = 0


class Furnished(Frozen):
    """What a load did: consultations that are new, that were there, and that today's rules left out.

    `asks`: how many a crowd has, if one was wanted. `not_running`: open ones that could not be started; None where no
    engine is there.
    """

    consultations: int = 0
    there: int = 0
    left_out: tuple[LeftOut, ...] = ()
    asks: int = 0
    not_running: int | None = None

    def with_crowd(self, crowd: "Crowded") -> "Furnished":
        """The same with a crowd besides."""
        return self.model_copy(update={"consultations": self.consultations + crowd.consultations, "asks": crowd.asks})

    def started(self, not_running: int | None) -> "Furnished":
        """The same with what became of the open ones."""
        return self.model_copy(update={"not_running": not_running})


async def furnish(settings: Settings, database: Database, now: datetime | None = None) -> Furnished:
    """Tell every consultation that is not there yet. `now`: the business instant, the register's own if not given."""
    wanted = [one for one in scripts(rules_of(settings)) if one.drill or not settings.drill]
    known = await there(database, [one.id for one in wanted])
    missing = [one for one in wanted if one.id not in known]
    if not missing:
        return Furnished(there=len(known))
    services = services_of(settings, database)
    world = world_of(services, now or await services.now())
    lives, left_out = told(world, missing)
    if lives:
        # A verdict names the instrument that gave it.
        await services.keep_instrument()
        await Pasts(database).write([await lived(life) for life in lives])
    return Furnished(consultations=len(lives), there=len(known), left_out=tuple(left_out))


async def lived(life: Life) -> Lived:
    """The life as the register keeps it; a drill's bears the drill's mark, put there by the drill's own register."""
    caught = Caught()
    mark = life.world.mark
    await (MarkedRegister(caught, mark) if mark else caught).record(life.batch())
    return Lived(caught.batches[0], life.stamps, life.uploads, readers(life.world), life.world.now - READ_AFTER)


def readers(world: World) -> dict[str, str]:
    """Who reads what is addressed to whom: an agency's head, the leader, somebody of the office."""
    heads = {p.agency: p.username for p in world.people.values() if p.agency and "agency_head" in p.roles}
    leaders = {p.leader: p.username for p in world.people.values() if p.leader}
    return {**heads, **leaders, "office": OFFICE}


class Caught:
    """A register that only holds what it is handed."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []

    async def record(self, batch: Batch) -> None:
        """Hold the batch."""
        self.batches.append(batch)

    async def undelivered(self, consultation: str, after: int = 0) -> Pending:
        """Nothing is on its way."""
        return Pending()
