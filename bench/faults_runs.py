"""The experiments of the fault programme: steady load, strikes by a seeded schedule, healing, accounting.

Sizes are those of a whole run; `Plan.scale` changes them. What an experiment finds is returned, not judged.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from signal import SIGQUIT

from bench.accounting import Counts, Undrained
from bench.faults_checks import postgres_damage
from bench.faults_doubled import deliver_badly
from bench.faults_stand import Stand
from bench.postgres import Cluster, cluster
from domain.base import Frozen

ASKS_EACH = 33
FEW = 8
API_POINTS = ("stamp.written", "stamp.committed", "tell.begun", "tell.done", "answer.committed")
WORKER_POINTS = ("record.begun", "record.written", "record.committed")
TEMPORALS_POINTS = (
    *(("api", point) for point in ("tell.begun", "tell.done")),
    *(("worker", point) for point in ("record.begun", "record.committed")),
)


class Row(Frozen):
    """What one experiment came to. `settled_s`: from the last repair until nothing was on its way any more.

    `fallen`: processes that ended although nobody struck them; they were started again, as `ykien up` does.
    """

    name: str
    fault: str
    database: str
    seed: int
    strikes: int
    seconds: float
    settled_s: float
    line: str
    clean: bool
    faults: tuple[str, ...] = ()
    fallen: tuple[str, ...] = ()

    def damaged(self, found: Sequence[str]) -> "Row":
        """The row with what a database's own checker found."""
        return self.model_copy(update={"faults": (*self.faults, *found), "clean": self.clean and not found})


@dataclass(frozen=True)
class Plan:
    """One run of the programme: which seed, how large, where its copies live, and who is told how it goes."""

    seed: int
    scale: float
    folder: Path
    say: Callable[[str], None]

    def chance(self, name: str) -> random.Random:
        """The schedule of one experiment: the same for the same seed, whatever else runs."""
        return random.Random(f"{self.seed}/{name}")  # noqa: S311 - a schedule, not a secret

    def many(self, whole: int, least: int = 4) -> int:
        """That many at this scale."""
        return max(least, round(whole * self.scale))


@dataclass(frozen=True)
class Storm:
    """An experiment under a steady load: strikes `every` (least, most) seconds for as long as replies are sent."""

    name: str
    fault: str
    replies: int
    rate: float
    every: tuple[float, float]
    strikes: tuple[str, ...]
    postgres: bool = False

    async def __call__(self, plan: Plan) -> Row:
        """Run it."""
        if not self.postgres:
            return await self._run(plan, None, None)
        with cluster() as server:
            name = server.create()
            row = await self._run(plan, server, name)
            return row.damaged(await postgres_damage(server, name))

    async def _run(self, plan: Plan, server: Cluster | None, database: str | None) -> Row:
        chance, replies = plan.chance(self.name), plan.many(self.replies)
        async with _stand(plan, self.name, server.url(database) if server and database else None) as stand:
            await stand.launch(ceil(replies / ASKS_EACH), ASKS_EACH)
            strikes = {"temporal": _restart, "worker": _restart, "api": _restart, "postgres": _crash(server)}
            plan.say(f"{self.name}: {replies} replies at {self.rate:g}/s")
            began, done, fallen = time.monotonic(), 0, list[str]()
            load = stand.load(replies, self.rate)
            while not await _ended(load, chance.uniform(*self.every)):
                fallen += await stand.revive(*stand.rig.names)
                victim = chance.choice(self.strikes)
                await strikes[victim](stand, victim, chance)
                done += 1
            row = await _row(plan, self.name, self.fault, stand, done, began)
            return row.model_copy(update={"fallen": tuple(fallen)})


async def _ended(load: "asyncio.Task[object]", within: float) -> bool:
    """Whether everything was sent and answered before so many seconds had passed."""
    ended, _ = await asyncio.wait([load], timeout=within)
    return bool(ended)


async def _restart(stand: Stand, victim: str, chance: random.Random) -> None:
    """kill -9, and after up to two seconds started again."""
    await stand.rig.kill(victim)
    await asyncio.sleep(chance.uniform(0, 2))
    await stand.rig.start(victim)


def _crash(server: Cluster | None) -> Callable[[Stand, str, random.Random], Awaitable[None]]:
    """PostgreSQL stopped at once, as `pg_ctl stop -m immediate` does, and after up to three seconds started again."""

    async def crash(_stand: Stand, _victim: str, chance: random.Random) -> None:
        assert server  # noqa: S101 - only experiments with a cluster name it
        await asyncio.to_thread(server.stop, SIGQUIT)
        await asyncio.sleep(chance.uniform(0, 3))
        await asyncio.to_thread(server.start)

    return crash


def _stand(plan: Plan, name: str, url: str | None = None) -> Stand:
    return Stand(plan.folder / name, url)


async def _row(plan: Plan, name: str, fault: str, stand: Stand, strikes: int, began: float) -> Row:
    """Heal, account, and say it."""
    struck = time.monotonic()
    try:
        counts: Counts | None = await stand.settle()
        faults = counts.faults if counts else ()
    except Undrained as left:
        counts, faults = None, (str(left),)
    line = counts.line if counts else "not settled"
    plan.say(f"{name}: {line}")
    return Row(
        name=name,
        fault=fault,
        database="PostgreSQL" if "postgresql" in stand.rig.settings.database_url.get_secret_value() else "SQLite",
        seed=plan.seed,
        strikes=strikes,
        seconds=round(time.monotonic() - began, 1),
        settled_s=round(time.monotonic() - struck, 1),
        line=line,
        clean=counts is not None and counts.clean,
        faults=faults,
    )


def at_points(name: str, fault: str, process: str, points: tuple[str, ...], kills: int, passages: int) -> "Experiment":
    """An experiment that kills the process at named points, each time at its first to `passages`-th passage."""

    async def run(plan: Plan) -> Row:
        chance, strikes, each = plan.chance(name), plan.many(kills), 2 * passages
        async with _stand(plan, name) as stand:
            # More asks than are needed, of many consultations: a record takes all that waits in one of them.
            await stand.launch(ceil(3 * strikes * each / FEW), FEW)
            began = time.monotonic()
            for number in range(strikes):
                at = f"{chance.choice(points)}:{chance.randint(1, passages)}"
                plan.say(f"{name}: kill {number + 1} of {strikes} at {at}")
                await stand.die(process, at, replies=each, rate=8)
            return await _row(plan, name, fault, stand, strikes, began)

    return run


async def temporal_at_points(plan: Plan) -> Row:
    """F7: Temporal killed by the one who speaks to it, at named points, each time at its first or second passage."""
    name, strikes = "F7", plan.many(8)
    chance = plan.chance(name)
    async with _stand(plan, name) as stand:
        await stand.launch(ceil(12 * strikes / FEW), FEW)
        began = time.monotonic()
        for number in range(strikes):
            killer, point = chance.choice(TEMPORALS_POINTS)
            at = f"{point}:{chance.randint(1, 2)}"
            plan.say(f"{name}: kill {number + 1} of {strikes} at {at}")
            await stand.die(killer, at, victim="temporal", rate=8)
            await stand.revive("temporal")
        return await _row(plan, name, "Temporal killed while it is told and while it records", stand, strikes, began)


async def temporal_away(plan: Plan) -> Row:
    """F4: ten minutes without Temporal and 3,000 replies, all accepted; then the time until all are decided."""
    name, replies, rate = "F4", plan.many(3000), 5.0
    async with _stand(plan, name) as stand:
        await stand.launch(ceil(replies / ASKS_EACH), ASKS_EACH)
        plan.say(f"{name}: {replies} replies at {rate:g}/s without Temporal")
        began = time.monotonic()
        await stand.rig.kill("temporal")
        await stand.load(replies, rate)
        await stand.rig.start("temporal")
        return await _row(plan, name, "Temporal away while all of it is sent", stand, 1, began)


async def delivered_badly(plan: Plan) -> Row:
    """F12: everything that waited through an outage comes one to five times, shuffled, through three relays at once."""
    name, replies = "F12", plan.many(1000)
    async with _stand(plan, name) as stand:
        await stand.launch(ceil(replies / ASKS_EACH), ASKS_EACH)
        began = time.monotonic()
        await stand.rig.kill("temporal")
        await stand.load(replies, 25)
        await stand.rig.start("temporal")
        deliveries = await deliver_badly(stand.rig.settings, plan.chance(name))
        return await _row(plan, name, "each receipt delivered 1-5 times, shuffled", stand, deliveries, began)


Experiment = Callable[[Plan], Awaitable[Row]]

EXPERIMENTS: dict[str, Experiment] = {
    "F1": at_points("F1", "worker killed at points of its record", "worker", WORKER_POINTS, 12, 2),
    "F2": at_points("F2", "API killed between stamp and answer", "api", API_POINTS, 24, 4),
    "F3": Storm("F3", "Temporal killed and started again", 3000, 30, (2, 8), ("temporal",)),
    "F4": temporal_away,
    "F5": Storm("F5", "PostgreSQL crashed and started again", 5000, 20, (5, 40), ("postgres",), postgres=True),
    "F6": Storm(
        "F6",
        "any of them, at random",
        3000,
        15,
        (3, 20),
        ("postgres", "temporal", "worker", "api"),
        postgres=True,
    ),
    "F7": temporal_at_points,
    "F12": delivered_badly,
}
