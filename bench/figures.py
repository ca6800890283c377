"""The shapes of what is measured, and the few sums every part needs. It measures nothing and prints nothing.

Milliseconds end in `_ms`, seconds in `_s`, processor seconds are `cpu…`. A figure nobody took is None.
"""

from collections.abc import Mapping, Sequence

from domain.base import Frozen

# Who used the processor, in seconds: `temporal`, `worker`, `api`, `postgres`, `client`.
Cpu = dict[str, float]


class Spread(Frozen):
    """The middle and the slowest hundredth of many measured times, in the unit of its field's name."""

    p50: float
    p99: float
    worst: float


class Flow(Frozen):
    """One run of whole consultations: launched, eight replies, closed.

    `shape`: `alone`, `each` (many consultations at once, each one reply after the other), `together` (all replies of
    a consultation at once) or `open` (so many a second). `events_per_reply` leaves launching and closing out,
    `events_per_reply_total` shares every event among the replies; `events_quiet`: a reply that nothing else
    accompanies. `register_lag_…`: from the answer (over HTTP: from the stamp) to the ledger's entry. `cpu_per_1000`:
    processor seconds per 1,000 replies by process. `unanswered`: the engine did not answer in time; `unknown`: the
    caller got no answer at all.
    """

    database: str | None
    shape: str
    consultations: int
    replies: int
    at_once: int
    seconds: float
    consultations_per_s: float
    replies_per_s: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    events_per_reply: float = 0.0
    events_per_reply_total: float = 0.0
    events_quiet: float | None = None
    register_lag_p50_s: float | None = None
    register_lag_p99_s: float | None = None
    unanswered: int = 0
    unknown: int = 0
    cpu_per_1000: Cpu = {}


class Herd(Frozen):
    """Many instants due in one second; lags in seconds from that instant. `kind`: the engine's database, or `bare`.

    `woken`: when the workflow got its turn; `done`: when the verdict stands (in the register; for bare workflows, when
    the workflow has completed). `wrong`: verdicts missing, doubled, or at another instant than the due one.
    """

    kind: str
    count: int
    verdicts: int
    wrong: int
    woken: Spread
    done: Spread
    cpu: Cpu = {}


class Growth(Frozen):
    """One consultation of `asks` agencies from launch to closure; times and events are shares of one ask.

    `phases_ms`: launch, approval, delivery, reply, closing; `failed`: why it did not come to its end, if so.
    """

    database: str
    asks: int
    seconds: float
    per_ask_ms: float | None = None
    reply_p50_ms: float | None = None
    reply_p99_ms: float | None = None
    cpu_per_ask_ms: Cpu = {}
    phases_ms: dict[str, float] = {}
    events: int | None = None
    events_per_ask: float | None = None
    history_bytes: int | None = None
    runs: int | None = None
    failed: str | None = None


class Filled(Frozen):
    """What replies cost with so many asks in the register already. `fill_s`: how long filling took."""

    database: str
    asks: int
    fill_s: float
    flow: Flow


class Idle(Frozen):
    """Open consultations that wait for people: resident bytes and processor share (1.0: a whole core) by process."""

    database: str
    consultations: int
    seconds: float
    memory: dict[str, int]
    cpu_share: dict[str, float]


class Drain(Frozen):
    """Replies stamped while Temporal was down, and how long after its start until the outbox was empty."""

    database: str
    replies: int
    stamp_s: float
    drained_s: float
    settled: int
    cpu: Cpu = {}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not below that share of all values (nearest rank). ValueError without values."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]


def spread(values: Sequence[float], digits: int = 3) -> Spread:
    """Middle, slowest hundredth and worst."""
    found = (percentile(values, 0.5), percentile(values, 0.99), max(values))
    return Spread(**dict(zip(("p50", "p99", "worst"), (round(v, digits) for v in found), strict=True)))


def spent(before: Mapping[str, float], after: Mapping[str, float], per: float = 1.0) -> Cpu:
    """What each process used between two readings, per unit of `per`."""
    return {name: round((after[name] - before.get(name, 0.0)) / per, 3) for name in after}
