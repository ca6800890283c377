"""`ykien verify`: was anything in the ledger changed? It reads and reports; it mends nothing."""

from typing import TYPE_CHECKING

import typer

from commands.options import AsJson, DataDir, Drill, settings_of
from commands.output import bar, give_json, note, tell
from commands.register import with_register
from commands.texts import say

if TYPE_CHECKING:
    from adapters.register.verifying import Verification


def verify(drill: Drill = False, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Check the whole ledger and every stored content; exit code 1 when anything was changed."""
    from adapters.register.verifying import verify as check

    settings = settings_of(drill, data_dir)
    with bar(say("verify.checking")) as advance:
        found = with_register(settings, lambda database: check(database, advance))
    if as_json:
        give_json(found.model_dump(mode="json"))
    else:
        _say(found)
    if not found.ok:
        raise typer.Exit(1)


def _say(found: "Verification") -> None:
    if found.ok:
        tell(say("verify.good", entries=found.entries, contents=found.contents, head=found.head))
        return
    why = say(f"verify.why.{found.why}")
    if found.first_bad is not None:
        tell(say("verify.bad_entry", seq=found.first_bad, why=why))
    elif found.bad_content is not None:
        tell(say("verify.bad_content", content=found.bad_content, why=why))
    else:
        tell(say("verify.bad_head", why=why))
    tell(say("verify.expected", expected=found.expected))
    tell(say("verify.found", found=found.found))
    note(say("verify.way_out"))
