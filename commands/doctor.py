"""`ykien doctor`: does everything that was accepted stand where it should, once? It reports and mends nothing.

Exit code 0: all was looked at and fits; 1: something does not; 2: not everything could be looked at.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.settings import Settings
from commands.options import AsJson, DataDir, Drill, settings_of
from commands.output import bar, give_json, headings, note, table, tell
from commands.texts import say

if TYPE_CHECKING:
    from adapters.register.accounting_journal import Journal
    from commands.accounting import Check, Report
    from commands.accounting_engine import Advance

JournalFile = Annotated[Path | None, typer.Option("--journal", metavar="TỆP", help=say("help.journal"))]

DIRTY, INCOMPLETE = 1, 2
# As many differences of one check as a person reads; JSON has more.
SHOWN = 20


def doctor(
    journal: JournalFile = None, drill: Drill = False, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Make the whole accounting."""
    import asyncio

    from commands.accounting import as_json as report_json

    settings = settings_of(drill, data_dir)
    words = _read(journal) if journal else None
    with bar(say("doctor.checking")) as advance:
        report = asyncio.run(examine(settings, words, advance))
    if as_json:
        give_json(report_json(report, say))
    else:
        _show(report)
    if not report.complete:
        raise typer.Exit(INCOMPLETE)
    if not report.clean:
        raise typer.Exit(DIRTY)


def _read(file: Path) -> "Journal":
    from adapters.register.accounting_journal import read

    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            return read(lines)
    except OSError as error:
        note(say("refused", sentence=say("lines.no_file", file=file)))
        raise typer.Exit(INCOMPLETE) from error


async def examine(settings: Settings, journal: "Journal | None", advance: "Advance") -> "Report":
    """The accounting of the copy these settings describe."""
    from adapters.database import connect
    from adapters.drill import business_clock
    from commands.accounting import Accounting, without_register
    from commands.engine import reached

    # Opening a SQLite register that is not there would make an empty one.
    if settings.sqlite_path and not settings.sqlite_path.exists():
        return without_register()
    clock, mails = business_clock(settings), settings.smtp_host is not None
    database = connect(settings.database_url.get_secret_value())
    try:
        async with reached(settings) as operator:
            accounting = Accounting(database, operator, clock=clock, mails=mails, journal=journal)
            return await accounting.examine(advance)
    finally:
        await database.close()


def _show(report: "Report") -> None:
    rows = [[one.check, say(f"doctor.check.{one.check}"), str(one.looked), _state(one)] for one in report.checks]
    table(say("doctor.title"), headings("check", "meaning", "looked", "result"), rows)
    for one in report.checks:
        _differences(one)
    if report.tally:
        tell(report.tally.line)
    tell(say("doctor.clean" if report.clean else "doctor.dirty" if report.complete else "doctor.incomplete"))


def _state(check: "Check") -> str:
    if check.unasked:
        return say("doctor.unasked", why=say(f"doctor.why.{check.unasked}"))
    return say("doctor.differences", count=check.count) if check.count else say("doctor.good")


def _differences(check: "Check") -> None:
    """What does not fit, and once for each kind what to do about it."""
    from commands.accounting import sentence

    by_what: dict[str, list[str]] = {}
    for one in check.differences[:SHOWN]:
        by_what.setdefault(one.what, []).append(sentence(one, say))
    for what, sentences in by_what.items():
        for said in sentences:
            tell(say("doctor.line", check=check.check, said=said))
        tell(say("doctor.way_out", todo=say(f"doctor.todo.{what}")))
    if check.count > SHOWN:
        tell(say("doctor.more", check=check.check, count=check.count - SHOWN))
