"""Which exceptions are answers to the person at the keyboard, and in which words. Anything else is a fault."""

import re
from typing import NamedTuple

from adapters.embedded_problems import CannotRun
from commands.output import note
from commands.texts import RULES, say
from domain.refusals import Refused

# SQLite's and PostgreSQL's words for a register nobody has migrated.
NO_TABLE = re.compile(r"no such table|relation .* does not exist|UndefinedTable")


class Answer(NamedTuple):
    """What is wrong and what to do about it."""

    sentence: str
    way_out: str = ""

    def show(self) -> None:
        """On standard error."""
        note(say("refused", sentence=self.sentence))
        if self.way_out:
            note(self.way_out)


def explain(error: Exception) -> Answer | None:
    """The answer an exception stands for, or None when it is a fault of the program."""
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, CannotRun):
        return Answer(say(f"cannot_run.{error.problem}", **error.params))
    return _by_name(error)


def _refused(refused: Refused) -> Answer:
    """A refusal of the domain, in the sentences everybody gets."""
    from adapters.rules import load_messages

    said = load_messages(RULES).refusal(refused.code, False, **refused.params)
    return Answer(said.detail, "\n".join((said.way_out, say("problem.code", code=refused.code))))


def _by_name(error: Exception) -> Answer | None:
    """Exceptions of modules that are costly to import: only who raised one has them loaded."""
    match type(error).__name__:
        case "WrongSettings":
            lines = "\n".join(f"  {variable}: {message}" for variable, message in vars(error)["problems"])
            return Answer(say("problem.settings", lines=lines))
        case "RulesInvalid":
            return Answer(say("rules.bad", count=len(vars(error)["problems"])), str(error))
        case "RegisterUnavailable":
            return Answer(say("problem.register", error=error), say("problem.register_way_out"))
        case "DatabaseNewer":
            return Answer(say("problem.newer", **vars(error)))
        case "KeysUnusable":
            return Answer(say("problem.keys", error=error), say("problem.keys_way_out"))
        case "CannotGrant":
            key = f"problem.grant_{vars(error)['why']}"
            return Answer(say(key, **vars(error)), say(f"{key}_way_out"))
        case "NoDrillClock":
            return Answer(say("problem.no_drill_clock", **vars(error)), say("problem.no_drill_clock_way_out"))
        case "WrongFolder":
            key = "of_a_drill" if vars(error)["drill"] else "of_a_copy"
            return Answer(say(f"problem.{key}", **vars(error)), say(f"problem.{key}_way_out"))
        case "DrillOver":
            return Answer(say("problem.drill_over", **vars(error)), say("problem.drill_over_way_out"))
        case "OperationalError" | "ProgrammingError" if NO_TABLE.search(str(error)):
            return Answer(say("problem.not_migrated"), say("problem.not_migrated_way_out"))
        case _:
            return None
