"""The findings as tables: the same rows for the page and the terminal. Headings are keys; words are elsewhere."""

from collections.abc import Iterator, Sequence

from bench.figures import Cpu, Flow
from bench.report import Report, Section
from domain.base import Frozen

EMPTY = ("–", "")
MIB = 1024 * 1024
PROCESSES = ("temporal", "bare", "worker", "api", "postgres", "client")


class Table(Frozen):
    """`name` is stable: marker on the page and key of the title."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(report: Report) -> tuple[Table, ...]:
    """Those that have rows, in the order of the page, without columns in which nothing stands."""
    first = (_aims(report), _flows(report), _events(report), _cpu(report), _herd(report))
    made = (*first, _growth(report), _filled(report), _idle(report), _drain(report))
    return tuple(_filled_columns(table) for table in made if table.rows)


def _filled_columns(table: Table) -> Table:
    kept = [at for at in range(len(table.headings)) if any(row[at] not in EMPTY for row in table.rows)]
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return Table(name=table.name, headings=tuple(table.headings[at] for at in kept), rows=rows)


def _aims(report: Report) -> Table:
    """The aim's and the verdict's cells are keys, with the number of replies or asks meant."""
    verdict = {True: "reached", False: "not_reached", None: "not_measured"}
    rows = tuple(
        (aim.name, number(aim.count), aim.database, aim.wanted, aim.measured, verdict[aim.reached])
        for aim in report.aims
    )
    return Table(name="aims", headings=("aim", "count", "register", "wanted", "measured", "verdict"), rows=rows)


def _sections(report: Report) -> Iterator[tuple[str, Flow]]:
    named: Sequence[tuple[str, Section | None]] = (
        ("bare", report.bare),
        ("engine", report.engine),
        ("http", report.http),
    )
    for name, section in named:
        for flow in section.runs if section else ():
            yield name, flow


def _flows(report: Report) -> Table:
    headings = ("part", "register", "shape", "at_once", "consultations_per_s", "replies_per_s")
    rows = tuple(
        (
            *(name, flow.database or "–", flow.shape, number(flow.at_once or None)),
            *(number(value) for value in (flow.consultations_per_s, flow.replies_per_s)),
            *(number(value) for value in (flow.p50_ms, flow.p99_ms, flow.worst_ms)),
            *(number(flow.unanswered), number(flow.unknown)),
        )
        for name, flow in _sections(report)
    )
    return Table(name="flows", headings=(*headings, "p50_ms", "p99_ms", "worst_ms", "unanswered", "unknown"), rows=rows)


def _events(report: Report) -> Table:
    headings = ("part", "register", "shape", "events_per_reply", "events_per_reply_total", "events_quiet")
    rows = tuple(
        (
            *(name, flow.database or "–", flow.shape),
            *(number(v) for v in (flow.events_per_reply, flow.events_per_reply_total, flow.events_quiet)),
            *(number(v) for v in (flow.register_lag_p50_s, flow.register_lag_p99_s)),
        )
        for name, flow in _sections(report)
    )
    return Table(name="events", headings=(*headings, "lag_p50_s", "lag_p99_s"), rows=rows)


def _cpu(report: Report) -> Table:
    runs = [(name, flow) for name, flow in _sections(report)]
    rows = tuple((name, flow.database or "–", flow.shape, *_by_process(flow.cpu_per_1000)) for name, flow in runs)
    return Table(name="cpu", headings=("part", "register", "shape", *PROCESSES), rows=rows)


def _by_process(cpu: Cpu) -> tuple[str, ...]:
    return tuple(number(cpu.get(name)) for name in PROCESSES)


def _herd(report: Report) -> Table:
    headings = ("herd", "asks", "verdicts", "wrong", "woken_p50_s", "woken_p99_s", "done_p50_s", "done_p99_s")
    rows = tuple(
        (
            *(herd.kind, number(herd.count), number(herd.verdicts), number(herd.wrong)),
            *(number(value) for value in (herd.woken.p50, herd.woken.p99)),
            *(number(value) for value in (herd.done.p50, herd.done.p99, herd.done.worst)),
            *_by_process(herd.cpu),
        )
        for herd in report.herd
    )
    return Table(name="herd", headings=(*headings, "done_worst_s", *PROCESSES), rows=rows)


def _growth(report: Report) -> Table:
    phases = ("launch", "approval", "delivery", "reply", "closing")
    headings = ("register", "asks", "seconds", "per_ask_ms", *(f"{phase}_ms" for phase in phases))
    more = ("p50_ms", "p99_ms", "cpu_ms", "events_per_ask", "history_kib", "runs", "failed")
    rows = tuple(
        (
            *(one.database, number(one.asks), number(one.seconds), number(one.per_ask_ms)),
            *(number(one.phases_ms.get(phase)) for phase in phases),
            *(number(one.reply_p50_ms), number(one.reply_p99_ms)),
            number(sum(one.cpu_per_ask_ms.values()) or None),
            number(one.events_per_ask),
            number(one.history_bytes and one.history_bytes // 1024),
            number(one.runs),
            one.failed or "",
        )
        for one in report.growth
    )
    return Table(name="growth", headings=(*headings, *more), rows=rows)


def _filled(report: Report) -> Table:
    headings = ("register", "asks_there", "fill_s", "replies_per_s", "p50_ms", "p99_ms", "lag_p99_s", *PROCESSES)
    rows = tuple(
        (
            *(one.database, number(one.asks), number(one.fill_s), number(one.flow.replies_per_s)),
            *(number(one.flow.p50_ms), number(one.flow.p99_ms), number(one.flow.register_lag_p99_s)),
            *_by_process(one.flow.cpu_per_1000),
        )
        for one in report.filled
    )
    return Table(name="filled", headings=headings, rows=rows)


def _idle(report: Report) -> Table:
    rows = tuple(
        (
            *(one.database, number(one.consultations), number(one.seconds), name, number(size // MIB)),
            number(one.cpu_share[name] * 100),
        )
        for one in report.idle
        for name, size in one.memory.items()
    )
    return Table(name="idle", headings=("register", "open", "seconds", "process", "mib", "cpu_percent"), rows=rows)


def _drain(report: Report) -> Table:
    headings = ("register", "replies", "stamp_s", "drained_s", "recorded", *PROCESSES)
    rows = tuple(
        (
            *(one.database, number(one.replies), number(one.stamp_s), number(one.drained_s), number(one.settled)),
            *_by_process(one.cpu),
        )
        for one in report.drain
    )
    return Table(name="drain", headings=headings, rows=rows)


def number(value: float | None) -> str:
    """With as many digits as mean something; a dash where nothing was measured."""
    if value is None:
        return "–"
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
