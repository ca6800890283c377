"""The numbers to reach against what was measured: reached or not, never rounded in anybody's favour."""

from collections.abc import Iterator, Sequence

from bench.figures import Flow, Growth, Herd
from bench.report import Aim, Report, Section

ENGINE_SHARE = 0.6
EVENTS_UNDER_LOAD, EVENTS_ALONE = 8.0, 14.0
LAG_S = 1.0
HTTP_P50_MS, HTTP_P99_MS = 60.0, {"sqlite": 400.0, "postgres": 200.0}
HERD_RATIO = 1.5
DRAIN_S = 60.0
FLAT = 0.2
FLAT_FROM, FLAT_TO = 10, 3321


def aims(report: Report) -> tuple[Aim, ...]:
    """All of them, in the order of the table."""
    return (
        *_engine(report),
        *_http(report.http),
        *_herds(report.herd),
        *_drains(report),
        *_flat(report.growth),
    )


def _engine(report: Report) -> Iterator[Aim]:
    # A share is one of two figures of one run: another hour's machine is another machine.
    together = report.measured_at.get("bare") == report.measured_at.get("engine")
    bare = _runs(report.bare, "each") if together else []
    for flow in _runs(report.engine, "each"):
        of = str(flow.database)
        yield _share("engine_share", of, flow.replies_per_s / bare[0].replies_per_s if bare else None)
        yield _below("events_under_load", of, flow.events_per_reply, EVENTS_UNDER_LOAD, "≤")
        yield _below("register_lag_p99_s", of, flow.register_lag_p99_s, LAG_S)
    for flow in _runs(report.engine, "alone"):
        quiet = max(flow.events_quiet or 0.0, flow.events_per_reply)
        yield _below("events_alone", str(flow.database), quiet, EVENTS_ALONE, "≤")


def _http(section: Section | None) -> Iterator[Aim]:
    for flow in _runs(section, "open"):
        of = str(flow.database)
        yield _below("http_p50_ms", of, flow.p50_ms, HTTP_P50_MS)
        yield _below("http_p99_ms", of, flow.p99_ms, HTTP_P99_MS[of])


def _herds(herds: Sequence[Herd]) -> Iterator[Aim]:
    """Each herd of the engine against the bare one measured right before it."""
    bare: Herd | None = None
    for herd in herds:
        if herd.kind == "bare":
            bare = herd
        elif bare and bare.count == herd.count:
            ratio = herd.done.p99 / bare.done.p99
            yield _below("herd_lag_share", herd.kind, ratio, HERD_RATIO, "≤", herd.count)
            yield _below("herd_wrong", herd.kind, float(herd.wrong), 0.0, "≤", herd.count)


def _drains(report: Report) -> Iterator[Aim]:
    for one in report.drain:
        yield _below("drained_s", one.database, one.drained_s, DRAIN_S, count=one.replies)


def _flat(growth: Sequence[Growth]) -> Iterator[Aim]:
    """By how much an ask grows dearer; None unless the smallest and the largest consultation came to their ends."""
    for database in dict.fromkeys(one.database for one in growth):
        done = [one for one in growth if one.database == database and FLAT_FROM <= one.asks <= FLAT_TO]
        times = [one.per_ask_ms for one in done if one.per_ask_ms]
        whole = len(times) == len(done) and {FLAT_FROM, FLAT_TO} <= {one.asks for one in done}
        work = [sum(one.cpu_per_ask_ms.values()) for one in done]
        yield _below("time_per_ask_share", database, _rise(times) if whole else None, 1 + FLAT, "≤", FLAT_TO)
        yield _below("cpu_per_ask_share", database, _rise(work) if whole else None, 1 + FLAT, "≤", FLAT_TO)


def _rise(costs: Sequence[float]) -> float:
    """The most a later cost is of any earlier one: growing cheaper first does not pay for growing dearer."""
    pairs = [later / earlier for at, earlier in enumerate(costs) for later in costs[at + 1 :] if earlier]
    return max(pairs, default=1.0)


def _runs(section: Section | None, shape: str) -> list[Flow]:
    return [flow for flow in section.runs if flow.shape == shape] if section else []


def _share(name: str, database: str, value: float | None) -> Aim:
    reached = None if value is None else value >= ENGINE_SHARE
    return Aim(name=name, database=database, wanted=f"≥ {ENGINE_SHARE:g}", measured=_text(value), reached=reached)


def _below(
    name: str, database: str, value: float | None, limit: float, sign: str = "<", count: int | None = None
) -> Aim:
    reached = None if value is None else value < limit or (sign == "≤" and value == limit)
    wanted = f"{sign} {limit:g}"
    return Aim(name=name, database=database, count=count, wanted=wanted, measured=_text(value), reached=reached)


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
