"""The tutorial as data: its commands, what the page shows below each, and which lines it chooses to show.

A fence marked `console` holds commands (`$ …`) and their output. Comments just above it, invisible to a reader, say
how to run and show it. It runs nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

FENCE = "```"
PROMPT = "$ "
LEFT_OUT = "…"
DIRECTIVE = re.compile(r"<!-- (\w+)(?:: (.*))? -->")
BETWEEN = " ;; "
KNOWN = ("keep", "once", "refused", "stays", "exact")


class WrongPage(ValueError):  # noqa: N818 - an answer to whoever wrote the page
    """The page cannot be read as a tutorial."""


@dataclass(frozen=True)
class Directives:
    """What the comments above a fence say.

    `keep`: show only lines that match one of the patterns; `once`: show each pattern's first line only;
    `refused`: the command ends with exit code 1; `stays`: it runs until the end of the tutorial; `exact`: no masks.
    """

    keep: tuple[re.Pattern[str], ...] = ()
    once: tuple[re.Pattern[str], ...] = ()
    refused: bool = False
    stays: bool = False
    exact: bool = False

    def excerpt(self, output: str) -> list[str]:
        """The lines to show, with one `…` for each run of lines left out."""
        lines = [line.rstrip() for line in output.splitlines()]
        if not (self.keep or self.once):
            return lines
        shown: list[str] = []
        for line, kept in zip(lines, self._kept(lines), strict=True):
            if kept:
                shown.append(line)
            elif shown[-1:] != [LEFT_OUT]:
                shown.append(LEFT_OUT)
        return shown

    def _kept(self, lines: Sequence[str]) -> Iterator[bool]:
        waiting = list(self.once)
        for line in lines:
            met = next((pattern for pattern in waiting if pattern.search(line)), None)
            if met:
                waiting.remove(met)
            yield bool(met) or any(pattern.search(line) for pattern in self.keep)


@dataclass(frozen=True)
class Step:
    """One command: its line's number on the page (from 1), its text, and the output the page shows below it."""

    number: int
    command: str
    shown: tuple[str, ...]
    how: Directives


@dataclass
class _Reading:
    """Where the reader stands: the comments just met, and the steps so far with the lines they take up."""

    comments: list[str] = field(default_factory=list)
    how: Directives | None = None
    steps: list[Step] = field(default_factory=list)


def read(text: str) -> list[Step]:
    """Every command of the page, in order. Raises `WrongPage`."""
    reading = _Reading()
    for number, line in enumerate(text.splitlines(), start=1):
        if reading.how is not None:
            _inside(reading, number, line)
        elif line == f"{FENCE}console":
            reading.how, reading.comments = directives(reading.comments), []
        elif line.startswith(FENCE + "s"):
            raise WrongPage(f"line {number}: a command block must be marked console")
        else:
            reading.comments = [*reading.comments, line] if DIRECTIVE.fullmatch(line) else []
    if not reading.steps or reading.how is not None:
        raise WrongPage("no command, or a block without an end")
    return reading.steps


def _inside(reading: _Reading, number: int, line: str) -> None:
    if line == FENCE:
        reading.how = None
    elif line.startswith(PROMPT):
        assert reading.how is not None
        reading.steps.append(Step(number, line.removeprefix(PROMPT), (), reading.how))
    elif not reading.steps:
        raise WrongPage(f"line {number}: output before any command")
    else:
        last = reading.steps[-1]
        reading.steps[-1] = Step(last.number, last.command, (*last.shown, line), last.how)


def directives(comments: Sequence[str]) -> Directives:
    """What the comments say together. Raises `WrongPage` for a word that is none of ours."""
    said: dict[str, str] = {}
    for comment in comments:
        found = DIRECTIVE.fullmatch(comment)
        if found is None or found[1] not in KNOWN:
            raise WrongPage(f"not a directive: {comment}")
        said[found[1]] = found[2] or ""
    return Directives(
        keep=_patterns(said.get("keep")),
        once=_patterns(said.get("once")),
        refused="refused" in said,
        stays="stays" in said,
        exact="exact" in said,
    )


def _patterns(text: str | None) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in text.split(BETWEEN)) if text else ()


def with_outputs(text: str, steps: Sequence[Step], outputs: Sequence[Sequence[str]]) -> str:
    """The page with these lines below its commands instead of those it has."""
    lines = text.splitlines()
    for step, output in reversed(list(zip(steps, outputs, strict=True))):
        lines[step.number : step.number + len(step.shown)] = output
    return "\n".join(lines) + "\n"
