"""Labelled and unlabelled JSON Lines through the clarity check and the suggester, and how well they did.

Reads lines and measures; it prints nothing, words nothing and never stops at a bad line.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from domain.base import Frozen
from domain.clarity import Amendment, Assessment, Fault, Instrument, Position, Reply, assess
from domain.directory import Directory
from domain.refusals import Refused
from domain.relevance import Suggester, Suggestion, suggest

# Told after each line how many lines are done.
Progress = Callable[[int], None]


class BadLine(Frozen):
    """A line that could not be read. `line` counts from 1; `field` is empty when it is no JSON object at all.

    `why`: a short technical reason (pydantic's error type or a refusal's code), for the caller to put into words.
    """

    line: int
    field: str = ""
    why: str


class ReplyLine(Frozen):
    """One reply to assess. `clear` and `faults` are labels; without them the line cannot be scored."""

    id: str | int
    position: Position
    subject: str = ""
    agency: str = ""
    questions: tuple[str, ...] = ()
    text: str
    answers: tuple[Position | None, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    reason: str = ""
    basis: str = ""
    pointer: str = ""
    clear: bool | None = None
    faults: tuple[Fault, ...] | None = None


class DraftLine(Frozen):
    """One draft to find agencies for. `agencies` is the label."""

    id: str | int
    on: date
    lead: str | None = None
    draft_kind: str | None = None
    field: str | None = None
    subject: str
    text: str = ""
    agencies: tuple[str, ...] | None = None


class Assessed(Frozen):
    """A reply line with its verdict."""

    line: ReplyLine
    assessment: Assessment


class Related(Frozen):
    """A draft line with its suggestions: directly related agencies best first, then the obliged ones."""

    line: DraftLine
    suggestions: tuple[Suggestion, ...]

    @property
    def agencies(self) -> tuple[str, ...]:
        """The directly related agencies' codes, best first."""
        return tuple(found.agency for found in self.suggestions if not found.mandatory)

    @property
    def mandatory(self) -> tuple[str, ...]:
        """The codes of those a rule obliges to ask."""
        return tuple(found.agency for found in self.suggestions if found.mandatory)


class Score(Frozen):
    """One row of the table. Counts are of lines (clarity) or of agencies asked (relevance); shares lie in 0 to 1.

    A share whose denominator is 0 is None: nothing was found, or nothing was there to find.
    """

    name: str
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Of what was found, the share that was right."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """Of what was there, the share that was found."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


class RelevanceScore(Frozen):
    """`micro`: all asked agencies together; `macro`: the mean F1 over the agencies of `by_agency`; `drafts`: scored."""

    micro: Score
    macro: float | None
    by_agency: tuple[Score, ...]
    drafts: int


L = TypeVar("L", bound=Frozen)


def assess_lines(
    lines: Iterable[str | bytes], instrument: Instrument, progress: Progress | None = None
) -> Iterator[Assessed | BadLine]:
    """Each line's verdict, in order, as it is made; empty lines are passed over."""
    for line in _read(lines, ReplyLine, progress):
        yield line if isinstance(line, BadLine) else Assessed(line=line, assessment=assess(_reply(line), instrument))


def _reply(line: ReplyLine) -> Reply:
    return Reply(**{name: getattr(line, name) for name in Reply.model_fields})


def relate_lines(
    lines: Iterable[str | bytes], directory: Directory, suggester: Suggester, progress: Progress | None = None
) -> Iterator[Related | BadLine]:
    """Each line's suggestions, in order, as they are made; an unknown field of management makes the line bad."""
    for number, line in _numbered(lines, DraftLine, progress):
        if isinstance(line, BadLine):
            yield line
            continue
        try:
            yield Related(line=line, suggestions=_suggestions(line, directory, suggester))
        except Refused as refused:
            yield BadLine(line=number, field="field", why=refused.code)


def _suggestions(line: DraftLine, directory: Directory, suggester: Suggester) -> tuple[Suggestion, ...]:
    return suggest(
        line.subject,
        line.text,
        line.field,
        line.on,
        directory,
        suggester,
        exclude_lead=line.lead,
        draft_kind=line.draft_kind,
    )


def score_clarity(results: Iterable[Assessed | BadLine]) -> tuple[Score, ...]:
    """`not_clear` first, then each fault. Lines without the labels count in no row; no row when no line has them."""
    scored = [r for r in results if isinstance(r, Assessed) and r.line.clear is not None]
    if not scored:
        return ()
    not_clear = _counted("not_clear", [(not r.assessment.clear, not r.line.clear) for r in scored])
    with_faults = [r for r in scored if r.line.faults is not None]
    return (not_clear, *(_fault_score(fault, with_faults) for fault in Fault))


def _fault_score(fault: Fault, results: list[Assessed]) -> Score:
    pairs = [(_found(fault, result), fault in (result.line.faults or ())) for result in results]
    return _counted(fault.value, pairs)


def _found(fault: Fault, result: Assessed) -> bool:
    return any(finding.fault is fault for finding in result.assessment.findings)


def score_relevance(results: Iterable[Related | BadLine]) -> RelevanceScore:
    """How well the directly related agencies were found; obliged ones count neither way."""
    scored = [r for r in results if isinstance(r, Related) and r.line.agencies is not None]
    labels = [tuple(r.line.agencies or ()) for r in scored]
    codes = sorted(
        dict.fromkeys(code for r, label in zip(scored, labels, strict=True) for code in (*r.agencies, *label))
    )
    rows = tuple(
        _counted(code, [(code in r.agencies, code in label) for r, label in zip(scored, labels, strict=True)])
        for code in codes
    )
    micro = Score(
        name="micro",
        right=sum(row.right for row in rows),
        wrong=sum(row.wrong for row in rows),
        missed=sum(row.missed for row in rows),
    )
    macro = sum(row.f1 or 0.0 for row in rows) / len(rows) if rows else None
    return RelevanceScore(micro=micro, macro=macro, by_agency=rows, drafts=len(scored))


def _counted(name: str, pairs: Iterable[tuple[bool, bool]]) -> Score:
    """A row from pairs of (found, was there)."""
    listed = list(pairs)
    return Score(
        name=name,
        right=sum(1 for found, there in listed if found and there),
        wrong=sum(1 for found, there in listed if found and not there),
        missed=sum(1 for found, there in listed if there and not found),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _read(lines: Iterable[str | bytes], model: type[L], progress: Progress | None) -> Iterator[L | BadLine]:
    return (line for _, line in _numbered(lines, model, progress))


def _numbered(
    lines: Iterable[str | bytes], model: type[L], progress: Progress | None
) -> Iterator[tuple[int, L | BadLine]]:
    """Every line that is not empty with its number; what cannot be read comes as a BadLine in its place."""
    for number, raw in enumerate(lines, start=1):
        if raw.strip():
            yield number, _line(number, raw, model)
        if progress is not None:
            progress(number)


def _line(number: int, raw: str | bytes, model: type[L]) -> L | BadLine:
    try:
        # A byte order mark is no content; editors on Windows put one before the first line.
        data: Any = json.loads(raw.lstrip("\ufeff") if isinstance(raw, str) else raw)
    except (ValueError, RecursionError):
        return BadLine(line=number, why="not_json")
    if not isinstance(data, dict):
        return BadLine(line=number, why="not_json")
    try:
        return model.model_validate(data)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        return BadLine(line=number, field=".".join(str(step) for step in first["loc"]), why=first["type"])
