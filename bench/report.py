"""Everything one benchmark found, in the shape that `--json` prints. Adding to it is allowed, renaming is not."""

from collections.abc import Sequence
from datetime import datetime

from bench.figures import Drain, Filled, Flow, Growth, Herd, Idle
from domain.base import Frozen


class Machine(Frozen):
    """What it ran on, as the kernel tells. `memory`: bytes."""

    cpu: str
    cores: int
    memory: int
    system: str
    python: str
    temporal: str
    postgres: str | None


class Section(Frozen):
    """The six figures of one of bare, engine, http (its `each` shape, SQLite first), and every run behind them."""

    consultations_per_s: float
    replies_per_s: float
    p50_ms: float
    p99_ms: float
    events_per_reply: float
    register_lag_p99_s: float | None
    runs: tuple[Flow, ...]


class Aim(Frozen):
    """One number to reach, on one register; `count`: of how many. `reached` is None where it was not measured."""

    name: str
    database: str
    count: int | None = None
    wanted: str
    measured: str
    reached: bool | None


class Report(Frozen):
    """One benchmark, or several on one machine put together.

    `measured_at`: when the run began that measured a part; `failed`: parts that did not come to their end, with the
    reason; `left_out`: what is missing.
    """

    at: datetime
    quick: bool
    measured_at: dict[str, datetime] = {}
    machine: Machine
    bare: Section | None = None
    engine: Section | None = None
    http: Section | None = None
    herd: tuple[Herd, ...] = ()
    growth: tuple[Growth, ...] = ()
    filled: tuple[Filled, ...] = ()
    idle: tuple[Idle, ...] = ()
    drain: tuple[Drain, ...] = ()
    aims: tuple[Aim, ...] = ()
    failed: dict[str, str] = {}
    left_out: tuple[str, ...] = ()


def section(flows: Sequence[Flow]) -> Section | None:
    """The runs with their headline; None without the shape it is taken from."""
    each = next((flow for flow in flows if flow.shape == "each"), None)
    if each is None:
        return None
    names = [name for name in Section.model_fields if name != "runs"]
    return Section(**{name: getattr(each, name) for name in names}, runs=tuple(flows))


def merged(old: Report | None, new: Report) -> Report:
    """The newer run, with the parts only the older one measured; another machine's figures are dropped."""
    if old is None or old.machine != new.machine:
        return new
    kept = {part: at for part, at in old.measured_at.items() if part not in new.measured_at}
    failed = {step: why for step, why in old.failed.items() if step.partition(" ")[0] in kept}
    return new.model_copy(
        update={
            **{part: getattr(old, part) for part in kept},
            "measured_at": {**kept, **new.measured_at},
            "failed": {**failed, **new.failed},
        }
    )
