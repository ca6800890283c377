"""Runs the parts one after the other, each on a copy of its own, and gathers what they found.

A part that fails is told with its reason, and the others run all the same.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.aims import aims
from bench.apart import apart
from bench.crowd import Tell
from bench.drain import drain
from bench.figures import Growth, Herd
from bench.filled import filled
from bench.flows import bare_flows, engine_flows
from bench.growth import growth
from bench.herd import bare_herd, engine_herd
from bench.http import http_flows
from bench.idle import idle
from bench.machine import machine
from bench.postgres import Cluster, binaries, cluster
from bench.report import Report, section
from bench.shapes import Sizes
from bench.stand import API, BARE, POSTGRES, SQLITE, WORKER, Stand, stand

# Begins a step of that name and gives what tells how far it is.
Begin = Callable[[str], Tell]
BOTH = (SQLITE, POSTGRES)
PARTS = ("bare", "engine", "http", "herd", "growth", "filled", "idle", "drain")
# One part on one copy: the copy, the sizes, the word of progress.
Measure = Callable[[Stand, Sizes, Tell], Awaitable[Sequence[Any]]]


async def herds(at: Stand, sizes: Sizes, tell: Tell) -> list[Herd]:
    """Each size: bare timers first, then the engine."""
    found: list[Herd] = []
    for count in sizes.herds:
        found += [await of(at, count, sizes.herd_quiet_s, tell) for of in (bare_herd, engine_herd)]
    return found


async def sizes_of_one(at: Stand, sizes: Sizes, tell: Tell) -> list[Growth]:
    """One consultation of each size, after one that nobody looks at."""
    await growth(at, 2, tell)
    return [await growth(at, asks, tell) for asks in sizes.growth]


async def _idle(at: Stand, sizes: Sizes, tell: Tell) -> Sequence[Any]:
    return [await idle(at, sizes.idle, sizes.idle_s, tell)]


async def _drain(at: Stand, sizes: Sizes, tell: Tell) -> Sequence[Any]:
    return [await drain(at, sizes.drain, tell)]


# Each part: how it is measured, which processes it needs, on which registers.
PLAN: dict[str, tuple[Measure, tuple[str, ...], tuple[str, ...]]] = {
    "bare": (bare_flows, (BARE,), (SQLITE,)),
    "engine": (engine_flows, (WORKER,), BOTH),
    "http": (http_flows, (WORKER, API), BOTH),
    "herd": (herds, (WORKER, BARE), BOTH),
    "growth": (sizes_of_one, (WORKER,), BOTH),
    "filled": (filled, (WORKER,), BOTH),
    "idle": (_idle, (WORKER,), BOTH),
    "drain": (_drain, (WORKER, API), BOTH),
}


@dataclass
class Found:
    """What the parts found, by part; and what did not come to its end."""

    parts: dict[str, list[Any]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


async def benchmark(
    only: Sequence[str], sizes: Sizes, quick: bool, begin: Begin, registers: Sequence[str] = BOTH
) -> Report:
    """Measure the named parts (those of `PARTS`) on those registers and sum up. `begin` is told each step's name."""
    begun, found = datetime.now(UTC), Found()
    with apart(), _cluster(POSTGRES in registers) as server:
        for part in [name for name in PARTS if name in only]:
            for kind in [kind for kind in PLAN[part][2] if kind in registers or part == BARE]:
                if kind == SQLITE or server:
                    await _one(found, part, kind, server, sizes, begin)
    return report(found, begun, quick, left_out=() if server or POSTGRES not in registers else (POSTGRES,))


async def _one(found: Found, part: str, kind: str, server: Cluster | None, sizes: Sizes, begin: Begin) -> None:
    measure, processes, _ = PLAN[part]
    tell = begin(f"{part} {kind}")
    try:
        async with stand(kind, *processes, cluster=server) as at:
            found.parts[part] = [*found.parts.get(part, ()), *await measure(at, sizes, tell)]
    except Exception as error:
        found.failed[f"{part} {kind}"] = f"{type(error).__name__}: {error}"[:500]


def report(found: Found, begun: datetime, quick: bool, left_out: tuple[str, ...]) -> Report:
    """The findings in their printed shape, with the aims judged."""
    flows = {name: section(found.parts.get(name, ())) for name in ("bare", "engine", "http")}
    rest = {name: tuple(found.parts.get(name, ())) for name in PARTS if name not in flows}
    whole = Report(
        at=begun,
        quick=quick,
        measured_at=dict.fromkeys(found.parts, begun),
        machine=machine(),
        failed=found.failed,
        left_out=left_out,
        **flows,
        **rest,
    )
    return whole.model_copy(update={"aims": aims(whole)})


@contextmanager
def _cluster(wanted: bool) -> Iterator[Cluster | None]:
    """PostgreSQL for all parts, or None where it is not wanted or its programs are missing."""
    if not wanted or binaries() is None:
        yield None
        return
    with cluster() as server:
        yield server
