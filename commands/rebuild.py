"""`ykien rebuild`: after the engine's database was lost, every open consultation runs again from the register.

Exit code 0: all run and agree with the register; 1: some do not; 2: register or engine cannot be asked.
"""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from adapters.settings import Settings
from commands.options import AsJson, DataDir, Drill, settings_of
from commands.output import bar, give_json, note, tell
from commands.texts import say

if TYPE_CHECKING:
    from commands.accounting_engine import Advance
    from commands.rebuilding import Restored

Which = Annotated[str | None, typer.Option("--consultation", metavar="MÃ", help=say("help.rebuild_consultation"))]
Replace = Annotated[bool, typer.Option("--replace", help=say("help.rebuild_replace"))]

BAD, CANNOT = 1, 2


def rebuild(
    consultation: Which = None,
    replace: Replace = False,
    drill: Drill = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Start what does not run, compare what does."""
    import asyncio

    from sqlalchemy.exc import DBAPIError

    from adapters.database import RegisterUnavailable
    from commands.problems import NO_TABLE
    from workflows.operating import EngineAway

    settings = settings_of(drill, data_dir)
    if settings.sqlite_path and not settings.sqlite_path.exists():
        _cannot("problem.not_migrated", "problem.not_migrated_way_out")
    try:
        with bar(say("rebuild.working")) as advance:
            restored = asyncio.run(restore(settings, consultation, replace, advance))
    except RegisterUnavailable as error:
        _cannot("problem.register", "problem.register_way_out", error=error)
    except DBAPIError as error:
        if not NO_TABLE.search(str(error)):
            raise
        _cannot("problem.not_migrated", "problem.not_migrated_way_out")
    except EngineAway:
        _cannot("rebuild.no_engine", "rebuild.no_engine_way_out", address=settings.temporal_address)
    give_json(as_figures(restored)) if as_json else _show(restored)
    if any(one.outcome in _bad() for one in restored):
        raise typer.Exit(BAD)


def _cannot(key: str, way_out: str, **params: object) -> NoReturn:
    note(say("refused", sentence=say(key, **params)))
    note(say(way_out))
    raise typer.Exit(CANNOT)


async def restore(settings: Settings, consultation: str | None, replace: bool, advance: "Advance") -> "list[Restored]":
    """Everything that is open, or the one named. Raises `RegisterUnavailable`, `EngineAway`."""
    from adapters.database import connect
    from commands.engine import reached
    from commands.rebuilding import Rebuilder
    from workflows.operating import EngineAway

    database = connect(settings.database_url.get_secret_value())
    try:
        async with reached(settings) as operator:
            if operator is None:
                raise EngineAway(settings.temporal_address)
            rebuilder = Rebuilder(database, operator, replace=replace)
            return await (rebuilder.these([consultation], advance) if consultation else rebuilder.everything(advance))
    finally:
        await database.close()


def as_figures(restored: "list[Restored]") -> dict[str, object]:
    """The outcome for machines: how many of each, and everything that needs attention or was changed."""
    from commands.rebuilding import Outcome

    counts = {str(outcome): sum(one.outcome is outcome for one in restored) for outcome in Outcome}
    told = [one.model_dump(mode="json") for one in restored if one.outcome is not Outcome.RUNNING]
    return {"consultations": len(restored), **counts, "told_again": sum(r.told_again for r in restored), "of": told}


def _bad() -> "tuple[str, ...]":
    from commands.rebuilding import BAD as OUTCOMES

    return OUTCOMES


def _show(restored: "list[Restored]") -> None:
    for one in [one for one in restored if one.outcome in _bad()]:
        code, _, more = (one.why or "").partition(" ")
        why = say(f"rebuild.why.{code}", more=more, id=one.id)
        tell(say(f"rebuild.one.{one.outcome}", id=one.id, why=why))
    figures = as_figures(restored)
    tell(say("rebuild.summary", **figures))
    if any(one.outcome in _bad() for one in restored):
        note(say("rebuild.way_out"))
