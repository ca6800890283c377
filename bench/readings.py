"""The findings in words, sentence by sentence from the figures: what a reader should see in each table."""

from collections.abc import Callable, Iterator

from bench.figures import Growth
from bench.report import Report
from bench.tables import number

Reading = Callable[[Report], Iterator[str]]
MIB = 1024 * 1024


def reading(name: str, report: Report) -> str:
    """What the table of that name says, in one paragraph; empty where there is nothing to say."""
    return " ".join(READINGS[name](report)) if name in READINGS else ""


def _aims(report: Report) -> Iterator[str]:
    judged = [aim.reached for aim in report.aims if aim.reached is not None]
    if judged:
        yield f"{sum(judged)} of {len(judged)} aims that were measured are reached."


def _flows(report: Report) -> Iterator[str]:
    bare = next((flow for flow in report.bare.runs if flow.shape == "each"), None) if report.bare else None
    for flow in [one for one in report.engine.runs if one.shape == "each"] if report.engine else ():
        share = f", {number(flow.replies_per_s / bare.replies_per_s)} of bare Temporal" if bare else ""
        yield (
            f"With {flow.at_once} at once the engine on {flow.database} takes {number(flow.replies_per_s)} replies a "
            f"second{share}: half answered within {number(flow.p50_ms)} ms, 99 of 100 within {number(flow.p99_ms)} ms."
        )
    for flow in [one for one in report.http.runs if one.shape == "open"] if report.http else ():
        yield (
            f"Over HTTP on {flow.database}, at a fixed rate, {number(flow.replies_per_s)} a second were answered: half "
            f"within {number(flow.p50_ms)} ms, 99 of 100 within {number(flow.p99_ms)} ms."
        )


def _events(report: Report) -> Iterator[str]:
    for flow in [one for one in report.engine.runs if one.shape == "each"] if report.engine else ():
        own, quiet, lag = (number(v) for v in (flow.events_per_reply, flow.events_quiet, flow.register_lag_p99_s))
        yield (
            f"With {flow.at_once} at once on {flow.database} a reply adds {own} events, one by itself {quiet}; 99 of "
            f"100 stand in the register {lag} s after the answer or sooner."
        )


def _cpu(report: Report) -> Iterator[str]:
    for flow in [one for one in report.engine.runs if one.shape == "each"] if report.engine else ():
        most = max(flow.cpu_per_1000, key=lambda name: flow.cpu_per_1000[name])
        whole = sum(flow.cpu_per_1000.values())
        yield (
            f"On {flow.database}, 1,000 replies cost {number(whole)} processor seconds in all, of which `{most}` takes "
            f"{number(flow.cpu_per_1000[most])}."
        )


def _herd(report: Report) -> Iterator[str]:
    wrong = sum(one.wrong for one in report.herd)
    yield f"Verdicts missing, doubled or at another instant: {wrong}."
    for bare, own in zip(report.herd[::2], report.herd[1::2], strict=False):
        yield (
            f"{own.count:,} at once on {own.kind}: all stand {number(own.done.worst)} s after the due instant, 99 of "
            f"100 within {number(own.done.p99)} s; the bare timers took {number(bare.done.p99)} s."
        )


def _growth(report: Report) -> Iterator[str]:
    for database in dict.fromkeys(one.database for one in report.growth):
        rows = [one for one in report.growth if one.database == database]
        done = [one for one in rows if one.failed is None and one.asks >= 10]
        if len(done) > 1:
            yield _slope(database, done[0], done[-1])
        for one in [one for one in rows if one.failed]:
            yield f"{one.asks:,} asks on {database} did not come to the end."


def _slope(database: str, small: Growth, large: Growth) -> str:
    before, after = small.per_ask_ms or 0.0, large.per_ask_ms or 0.0
    return (
        f"On {database} an ask costs {number(before)} ms with {small.asks:,} of them and {number(after)} ms with "
        f"{large.asks:,} (× {number(after / before)}), from launch to closure; events per ask go from "
        f"{number(small.events_per_ask)} to {number(large.events_per_ask)}."
    )


def _filled(report: Report) -> Iterator[str]:
    for database in dict.fromkeys(one.database for one in report.filled):
        rows = [one for one in report.filled if one.database == database]
        first, last = rows[0], rows[-1]
        share = last.flow.replies_per_s / first.flow.replies_per_s
        yield (
            f"On {database}, with {last.asks:,} asks in the register instead of {first.asks:,}, the engine takes "
            f"{number(last.flow.replies_per_s)} replies a second instead of {number(first.flow.replies_per_s)} "
            f"(× {number(share)})."
        )


def _idle(report: Report) -> Iterator[str]:
    for one in report.idle:
        memory = {name: size // MIB for name, size in one.memory.items()}
        said = ", ".join(f"{name} {number(size)} MiB" for name, size in memory.items())
        busy = sum(one.cpu_share.values()) * 100
        yield f"{one.consultations:,} open consultations: {said}; together {number(busy)} % of one core while idle."


def _drain(report: Report) -> Iterator[str]:
    for one in report.drain:
        rate = number(one.replies / one.drained_s)
        yield (
            f"{one.replies:,} replies stamped during an outage on {one.database} were delivered "
            f"{number(one.drained_s)} s after Temporal was started again, {rate} a second."
        )


READINGS: dict[str, Reading] = {
    "aims": _aims,
    "flows": _flows,
    "events": _events,
    "cpu": _cpu,
    "herd": _herd,
    "growth": _growth,
    "filled": _filled,
    "idle": _idle,
    "drain": _drain,
}
