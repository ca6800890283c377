"""The figures as pictures for the page: SVG that reads in grey and without colour sight. Needs the drawing tools."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.report import Report

# Blue, orange, green: told apart by everybody; with shapes and dashes also in print. One thing, one colour everywhere.
BLUE, ORANGE, GREEN = "#0072b2", "#d55e00", "#009e73"
COLOURS = {"sqlite": BLUE, "postgres": ORANGE, "no register": GREEN, "engine": BLUE, "bare timers": GREEN}
WIDTH, HEIGHT = 300, 220
Row = dict[str, Any]


def draw(report: Report, folder: Path) -> dict[str, Path]:
    """Write the charts that have something to show; table name to file. ImportError without the drawing tools."""
    import altair as alt

    makers: dict[str, Callable[[Any, Report], Any]] = {
        "flows": _flows,
        "herd": _herd,
        "growth": _growth,
        "filled": _filled,
    }
    files: dict[str, Path] = {}
    for name, make in makers.items():
        chart = make(alt, report)
        if chart is not None:
            files[name] = folder / f"performance-{name}.svg"
            chart.configure_view(stroke=None).configure_axis(grid=True, gridColor="#e0e0e0").save(str(files[name]))
    return files


def _flows(alt: Any, report: Report) -> Any:
    """Replies a second, by part and register, in the shape with many at once."""
    rows = [
        {"part": name, "register": flow.database or "no register", "replies/s": flow.replies_per_s}
        for name, section in (("bare", report.bare), ("engine", report.engine), ("http", report.http))
        for flow in (section.runs if section else ())
        if flow.shape == "each"
    ]
    return _bars(alt, rows, "part", "register", "replies/s") if rows else None


def _herd(alt: Any, report: Report) -> Any:
    """How long after the due instant the slowest hundredth of the verdicts stood, each engine beside its bare herd."""
    rows: list[Row] = []
    for bare, own in zip(report.herd[::2], report.herd[1::2], strict=False):
        rows += [
            {"herd": f"{own.count:,} ({own.kind})", "of": "bare timers", "lag p99, s": bare.done.p99},
            {"herd": f"{own.count:,} ({own.kind})", "of": "engine", "lag p99, s": own.done.p99},
        ]
    return _bars(alt, rows, "herd", "of", "lag p99, s") if rows else None


def _growth(alt: Any, report: Report) -> Any:
    """Time, processor time and events of one ask against how many there are; both axes grow tenfold."""
    rows = [
        {
            "register": one.database,
            "asks": one.asks,
            "ms per ask": one.per_ask_ms,
            "processor ms per ask": sum(one.cpu_per_ask_ms.values()),
            "events per ask": one.events_per_ask,
        }
        for one in report.growth
        if one.failed is None
    ]
    names = ("ms per ask", "processor ms per ask", "events per ask")
    return alt.hconcat(*(_line(alt, rows, name) for name in names)) if rows else None


def _filled(alt: Any, report: Report) -> Any:
    """Replies a second and the slowest hundredth against how many asks the register holds."""
    rows = [
        {
            "asks in the register": f"{one.asks:,}",
            "register": one.database,
            "replies/s": one.flow.replies_per_s,
            "p99, ms": one.flow.p99_ms,
        }
        for one in report.filled
    ]
    names = ("replies/s", "p99, ms")
    return alt.hconcat(*(_bars(alt, rows, "asks in the register", "register", n) for n in names)) if rows else None


def _bars(alt: Any, rows: list[Row], x: str, by: str, y: str) -> Any:
    """Groups of bars in the order of the rows, each with its number on top."""
    base = alt.Chart(alt.Data(values=rows), width=WIDTH, height=HEIGHT).encode(
        x=alt.X(f"{x}:N", sort=list(_once(rows, x)), axis=alt.Axis(labelAngle=0), title=x),
        xOffset=alt.XOffset(f"{by}:N", sort=list(_once(rows, by))),
        y=alt.Y(field=y, type="quantitative", title=y),
    )
    colour = alt.Color(f"{by}:N", scale=_colours(alt, rows, by))
    numbers = base.mark_text(dy=-6, fontSize=9).encode(text=alt.Text(field=y, type="quantitative", format=".3~g"))
    return base.mark_bar().encode(color=colour) + numbers


def _line(alt: Any, rows: list[Row], y: str) -> Any:
    """A point for each size, joined, one line for each register."""
    scale = alt.Scale(type="log", nice=True)
    colour = alt.Color("register:N", scale=_colours(alt, rows, "register"))
    return (
        alt.Chart(alt.Data(values=rows), width=WIDTH * 2 // 3, height=HEIGHT)
        .mark_line(point=True)
        .encode(
            x=alt.X("asks:Q", scale=scale, title="asks in one consultation"),
            y=alt.Y(field=y, type="quantitative", scale=scale, title=y),
            color=colour,
            strokeDash="register:N",
            shape=alt.Shape("register:N", legend=None),
        )
    )


def _colours(alt: Any, rows: list[Row], by: str) -> Any:
    names = list(_once(rows, by))
    return alt.Scale(domain=names, range=[COLOURS[name] for name in names])


def _once(rows: list[Row], name: str) -> Iterator[str]:
    yield from dict.fromkeys(str(row[name]) for row in rows)
