"""`make instruments`: measures the two instruments, and fits them anew when asked to; every figure as it came out.

`python -m bench.instruments [--fit] [--clarity] [--relevance] [--speed] [--write]`. Without a part named all are
measured; with `--fit` alone nothing is. Exit code 1 when the shipped files are not what was measured.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.instruments.gathered import PARTS, Document, NotShipped, document
from bench.instruments.making import make
from bench.instruments.pages import known, write
from bench.instruments.tables import tables


def main(words: Sequence[str] | None = None) -> int:
    """Do what was asked for; 0 when all of it was done."""
    chosen = _parse(words)
    screen = Console(stderr=True)
    parts = [name for name in PARTS if getattr(chosen, name)]
    if not parts and (chosen.write or not chosen.fit):
        parts = list(PARTS)
    if chosen.fit:
        with _working(screen, "fitting"):
            make()
    try:
        whole = document(_measured(screen, parts), known()) if parts else {}
    except NotShipped as differs:
        screen.print(f"{differs}: the files under rules/ are not what was fitted and measured here; add --fit")
        return 1
    _show(parts, whole)
    if chosen.write:
        for file in write(whole):
            screen.print(f"written: {file.name}", highlight=False)
    return 0


def _parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.instruments", description="The two instruments, measured.")
    parser.add_argument("--fit", action="store_true", help="fit anew and write the three shipped files first")
    parser.add_argument("--clarity", action="store_true", help="measure the clarity check")
    parser.add_argument("--relevance", action="store_true", help="measure the suggester")
    parser.add_argument("--speed", action="store_true", help="measure how fast both are")
    parser.add_argument("--write", action="store_true", help="write pages and figures under docs/reference/")
    return parser.parse_args(words)


def _measured(screen: Console, parts: Sequence[str]) -> Document:
    found = {}
    for name in parts:
        with _working(screen, f"measuring {name}"):
            found[name] = PARTS[name]()
    return found


@contextmanager
def _working(screen: Console, what: str) -> Iterator[None]:
    """What is being done and for how long already."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen) as progress:
        task = progress.add_task(what, total=1)
        yield
        progress.update(task, completed=1)


def _show(parts: Sequence[str], whole: Document) -> None:
    """The tables on standard output."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    for part in parts:
        for one in tables(part, whole):
            shown = Table(*one.heads, title=f"{part}: {one.name}")
            for row in one.rows:
                shown.add_row(*(cell.replace("**", "").replace("`", "") for cell in row))
            console.print(shown)


if __name__ == "__main__":
    sys.exit(main())
