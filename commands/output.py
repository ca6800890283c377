"""Where words go: results to standard output, everything else to standard error. Colour and bars only on a terminal."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from commands.texts import say

# A pipe has no width; a line of a table should not be folded there.
WIDE = 160


def console(*, to_stderr: bool = False) -> Console:
    """A console on the stream as it is now; rich leaves colour out where the stream is no terminal."""
    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDE
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def tell(text: str) -> None:
    """A result for a person, on standard output."""
    console().print(text, markup=False, soft_wrap=True)


def note(text: str) -> None:
    """What is not a result, on standard error."""
    console(to_stderr=True).print(text, markup=False, soft_wrap=True)


def give_json(value: Any, *, lines: bool = False) -> None:
    """A value as JSON on standard output: indented, or one line of a JSON-lines stream."""
    text = json.dumps(value, ensure_ascii=False, indent=None if lines else 2)
    # A lone surrogate has no UTF-8 form; its escape is the same JSON.
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, to_stderr: bool = False) -> None:
    """A table. `columns` are headings in Vietnamese."""
    drawn = Table(title=title or None, title_justify="left")
    for heading in columns:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(cell.replace("[", r"\[") for cell in row))
    console(to_stderr=to_stderr).print(drawn)


def headings(*keys: str) -> list[str]:
    """Column headings by their keys."""
    return [say(f"column.{key}") for key in keys]


def refuse(sentence: str, way_out: str = "") -> NoReturn:
    """Say why not, and what to do, and end with exit code 1."""
    note(say("refused", sentence=sentence))
    if way_out:
        note(way_out)
    raise typer.Exit(1)


@contextmanager
def bar(label: str) -> Iterator[Any]:
    """A progress bar on standard error, drawn only on a terminal; gives `advance(done, total)`."""
    screen = console(to_stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
