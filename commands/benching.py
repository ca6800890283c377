"""`ykien bench`: what the engine costs on this machine, measured on copies of its own that are thrown away.

It chooses parts, shows progress and prints; measuring is `bench/`'s business. No figure is judged beyond the aims.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import AsJson
from commands.output import console, give_json, note, refuse, table
from commands.shell import usage
from commands.texts import say

if TYPE_CHECKING:
    from bench.report import Report
    from bench.running import Begin

Only = Annotated[str, typer.Option("--only", metavar="PHẦN,…", help=say("help.bench_only"), show_default=False)]
Register = Annotated[
    str, typer.Option("--register", metavar="LOẠI,…", help=say("help.bench_register"), show_default=False)
]
Quick = Annotated[bool, typer.Option("--quick", help=say("help.bench_quick"))]
Out = Annotated[Path | None, typer.Option("--out", metavar="TỆP", help=say("help.bench_out"), show_default=False)]
Write = Annotated[bool, typer.Option("--write", help=say("help.bench_write"))]


def bench(
    only: Only = "",
    register: Register = "",
    quick: Quick = False,
    as_json: AsJson = False,
    out: Out = None,
    write: Write = False,
) -> None:
    """Measure the parts asked for, print them as tables or JSON; exit code 1 when a part did not come to its end."""
    from adapters.logging import configure_logging
    from bench.running import BOTH, PARTS, benchmark
    from bench.shapes import FULL, QUICK

    parts, registers = _chosen(only, PARTS), _chosen(register, BOTH)
    if write and (quick or register):
        raise usage(say("usage.bench_part_is_no_figure"))
    # The gateway's words about an engine that is slow belong beside the figures, not among them.
    configure_logging("ERROR", "auto", sys.stderr)
    with _progress() as begin:
        report = asyncio.run(benchmark(parts, QUICK if quick else FULL, quick, begin, registers))
    _give(report, as_json, out)
    if write:
        _write(report)
    if report.failed:
        raise typer.Exit(1)


def _chosen(given: str, known: Sequence[str]) -> list[str]:
    """The names in the list, or all that are known; a usage error for any other."""
    names = [name.strip() for name in given.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise usage(say("usage.bench_unknown", name=unknown[0], known=", ".join(known)))
    return names or list(known)


def _write(report: "Report") -> None:
    from bench.writing import write

    try:
        files = write(report)
    except ImportError:
        refuse(say("bench.no_charts"), say("bench.no_charts_way_out"))
    for file in files:
        note(say("bench.written", file=file))


def _give(report: "Report", as_json: bool, out: Path | None) -> None:
    if out:
        out.write_text(report.model_dump_json(indent=2) + "\n", "utf-8")
        note(say("bench.written", file=out))
    if as_json:
        give_json(report.model_dump(mode="json"))
    else:
        _show(report)


def _show(report: "Report") -> None:
    """The tables of the page in Vietnamese, then what is missing."""
    from bench.tables import tables

    for one in tables(report):
        columns = [say(f"bench.column.{heading}") for heading in one.headings]
        rows = [_aim(row) for row in one.rows] if one.name == "aims" else one.rows
        table(say(f"bench.table.{one.name}"), columns, rows)
    if report.quick:
        note(say("bench.quick"))
    for part in report.left_out:
        note(say("bench.left_out", part=part))
    for part, why in report.failed.items():
        note(say("bench.failed", part=part, why=why))


def _aim(row: Sequence[str]) -> Sequence[str]:
    """The aim's and the verdict's keys as words."""
    return [say(f"bench.aim.{row[0]}"), *row[1:-1], say(f"bench.verdict.{row[-1]}")]


@contextmanager
def _progress() -> "Iterator[Begin]":
    """A bar for each step on a terminal, a line for each step elsewhere; on standard error."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    screen = console(to_stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as progress:

        def begin(step: str) -> Callable[[int, int], None]:
            label = say("bench.step", step=step)
            if not screen.is_terminal:
                note(label)
            task = progress.add_task(label, total=None)
            return lambda done, total: progress.update(task, completed=done, total=total)

        yield begin
