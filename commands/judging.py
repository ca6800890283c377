"""`ykien assess` and `ykien relevance`: JSON Lines in, JSON Lines out; bad lines are named and the others go on.

Standard output carries JSON only: the table of a score, the bar and the bad lines go to standard error.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from commands.options import AsJson, DataDir, Drill, rules_of, settings_of
from commands.output import bar, console, give_json, headings, note, refuse, table
from commands.register import with_register
from commands.texts import knows, say

if TYPE_CHECKING:
    from adapters.database import Database
    from adapters.judge import Assessed, BadLine, Related, RelevanceScore, Score
    from adapters.settings import Settings
    from domain.clarity import Finding, Instrument
    from domain.messages import Messages

R = TypeVar("R")

Lines = Annotated[str, typer.Argument(metavar="TỆP", help=say("help.lines_file"))]
WithScore = Annotated[bool, typer.Option("--score", help=say("help.score"))]
KeptVersion = Annotated[
    str | None, typer.Option("--version", metavar="PHIÊN_BẢN", help=say("help.assess_version"), show_default=False)
]


def assess(
    file: Lines,
    score: WithScore = False,
    version: KeptVersion = None,
    drill: Drill = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Print a verdict for every reply: `{id, clear, findings}`, by the rules folder or by a kept version."""
    from adapters.judge import assess_lines, score_clarity
    from adapters.rules import load_messages

    settings = settings_of(drill, data_dir)
    instrument, messages = _instrument(settings, version), load_messages(rules_of(settings))
    with _lines(file) as (lines, progress):
        kept = _print_each(file, assess_lines(lines, instrument, progress), lambda one: _verdict(one, messages), score)
    if score:
        _show_clarity(score_clarity(kept.results), messages, as_json)
    kept.end()


def _instrument(settings: "Settings", version: str | None) -> "Instrument":
    """That of the rules folder, or the kept one of that version. Refuses one that cannot be had."""
    from adapters.lexicon import load_instrument
    from adapters.register.instruments import Instruments, NoInstrument

    if version is None:
        return load_instrument(rules_of(settings))

    async def find(database: "Database") -> "Instrument | tuple[str, str]":
        kept = Instruments(database)
        try:
            return await kept.find(version)
        except NoInstrument as lost:
            return lost.why, ", ".join(one.version for one in await kept.versions())

    found = with_register(settings, find)
    if not isinstance(found, tuple):
        return found
    why, known = found
    refuse(say(f"assess.no_version.{why}", version=version), say("assess.no_version_way_out", known=known or "–"))


def relevance(file: Lines, score: WithScore = False, as_json: AsJson = False) -> None:
    """Print the agencies every draft concerns: `{id, agencies, mandatory}`."""
    from adapters.judge import relate_lines, score_relevance
    from adapters.lexicon import load_suggester
    from adapters.rules import load_rulebook

    rules = rules_of(settings_of())
    directory, suggester = load_rulebook(rules).directory, load_suggester(rules)
    with _lines(file) as (lines, progress):
        kept = _print_each(file, relate_lines(lines, directory, suggester, progress), _related, score)
    if score:
        _show_relevance(score_relevance(kept.results), as_json)
    kept.end()


class Kept:
    """What was printed: how many lines were good and bad, and the results where they are to be scored."""

    def __init__(self) -> None:
        self.good = self.bad = 0
        self.results: list[Any] = []

    def end(self) -> None:
        """Exit code 1 when a line could not be read."""
        if self.bad:
            note(say("lines.bad_total", bad=self.bad, good=self.good))
            raise typer.Exit(1)


def _print_each(file: str, results: "Iterable[R | BadLine]", document: Callable[[R], Any], keep: bool) -> Kept:
    """One line of JSON for every good line, as soon as it is made."""
    from adapters.judge import BadLine

    kept = Kept()
    for result in results:
        if isinstance(result, BadLine):
            kept.bad += 1
            note(_bad(file, result))
            continue
        kept.good += 1
        give_json(document(result), lines=True)
        if keep:
            kept.results.append(result)
    return kept


@contextmanager
def _lines(file: str) -> Iterator[tuple[Iterable[bytes], Callable[[int], None]]]:
    """The file's lines and whom to tell how many are done. Refuses a file that cannot be read."""
    if file == "-":
        yield sys.stdin.buffer, lambda done: None
        return
    try:
        lines = Path(file).read_bytes().splitlines()
    except OSError:
        refuse(say("lines.no_file", file=file), say("lines.no_file_way_out"))
    with bar(say("lines.working")) as advance:
        yield lines, lambda done: advance(done, len(lines))


def _bad(file: str, bad: "BadLine") -> str:
    key = f"lines.wrong.{bad.why}"
    why = say(key) if knows(key) else say("lines.wrong.other", why=bad.why)
    if bad.field:
        why = say("lines.member", field=bad.field, why=why)
    return say("lines.bad", line=bad.line, file=file, why=why)


def _verdict(one: "Assessed", messages: "Messages") -> dict[str, Any]:
    found = one.assessment
    return {"id": one.line.id, "clear": found.clear, "findings": [_finding(f, messages) for f in found.findings]}


def _finding(found: "Finding", messages: "Messages") -> dict[str, Any]:
    notes = {"explanation": found.explanation, "suggestion": found.suggestion}
    words = {name: messages.text(said.key, **said.params) for name, said in notes.items()}
    place = {"quote": found.quote, "start": found.start, "end": found.end}
    return {"fault": str(found.fault), **place, **words, "weight": found.weight}


def _related(one: "Related") -> dict[str, Any]:
    return {"id": one.line.id, "agencies": list(one.agencies), "mandatory": list(one.mandatory)}


def _show_clarity(scores: "tuple[Score, ...]", messages: "Messages", as_json: bool) -> None:
    if not scores:
        refuse(say("lines.no_labels", names="clear, faults"))
    if as_json:
        _score_json({row.name: _numbers(row) for row in scores})
        return
    names = [say("lines.not_clear"), *(messages.text(f"faults.{row.name}") for row in scores[1:])]
    rows = [_row(f"{row.name}: {name}", row) for row, name in zip(scores, names, strict=True)]
    _table(say("lines.assess_title"), "fault", rows)


def _show_relevance(score: "RelevanceScore", as_json: bool) -> None:
    if not score.drafts:
        refuse(say("lines.no_labels", names="agencies"))
    if as_json:
        by_agency = {row.name: _numbers(row) for row in score.by_agency}
        _score_json(
            {"micro": _numbers(score.micro), "macro_f1": score.macro, "drafts": score.drafts, "by_agency": by_agency}
        )
        return
    macro = [say("lines.macro"), "", "", _share(score.macro), ""]
    rows = [_row(say("lines.micro", drafts=score.drafts), score.micro), macro]
    _table(say("lines.relevance_title"), "agency", [*rows, *(_row(row.name, row) for row in score.by_agency)])


def _table(title: str, first: str, rows: list[list[str]]) -> None:
    table(title, headings(first, "precision", "recall", "f1", "support"), rows, to_stderr=True)


def _row(name: str, score: "Score") -> list[str]:
    shares = (score.precision, score.recall, score.f1)
    return [name, *(_share(share) for share in shares), str(score.right + score.missed)]


def _share(share: float | None) -> str:
    """Three places with the Vietnamese comma; a dash where nothing was found or there to find."""
    return say("lines.no_share") if share is None else f"{share:.3f}".replace(".", ",")


def _numbers(score: "Score") -> dict[str, Any]:
    shares = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return {**shares, **score.model_dump(exclude={"name"})}


def _score_json(score: dict[str, Any]) -> None:
    """On standard error, for standard output is the lines'."""
    import json

    console(to_stderr=True).print(json.dumps(score, ensure_ascii=False, indent=2), markup=False, soft_wrap=True)
