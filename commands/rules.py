"""`ykien rules …`: the rule data as the engine would load it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.options import AsJson, rules_of, settings_of
from commands.output import give_json, note, tell
from commands.shell import Command, group
from commands.texts import say

app = group("rules")
Folder = Annotated[Path | None, typer.Argument(metavar="THƯ_MỤC", help=say("help.rules_dir"), show_default=False)]


@app.command("check", cls=Command, help=say("help.rules_check"))
def check(folder: Folder = None, as_json: AsJson = False) -> None:
    """Validate every rule file; each fault on its own line as FILE:LINE: FIELD: what is wrong."""
    from adapters.rules import RulesInvalid, load_messages, load_rulebook

    rules = folder or rules_of(settings_of())
    problems: dict[str, Any] = {}
    rulebook = None
    for load in (load_messages, load_rulebook):
        try:
            rulebook = load(rules)
        except RulesInvalid as invalid:
            problems |= {str(problem): problem._asdict() for problem in invalid.problems}
    if as_json:
        give_json({"ok": not problems, "problems": list(problems.values())})
    elif problems:
        tell("\n".join(problems))
    else:
        tell(_summary(rulebook))
    if problems:
        note(say("rules.bad", count=len(problems)))
        raise typer.Exit(1)


def _summary(rulebook: Any) -> str:
    years = rulebook.calendar.years
    return say(
        "rules.good",
        sets=len(rulebook.rule_sets),
        agencies=len(rulebook.directory.agencies),
        functions=len(rulebook.directory.functions),
        first=years[0],
        last=years[-1],
        version=rulebook.version[:12],
    )
