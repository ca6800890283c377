"""Typer in Vietnamese: help, usage errors (exit code 2), and refusals of any command as a sentence (exit code 1).

It knows which exceptions are answers; what they say comes from the message files. A fault of the program stays a fault.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

import typer
from typer import _click as click
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from commands.problems import explain
from commands.texts import say

rich_utils.ARGUMENTS_PANEL_TITLE = say("help.arguments")
rich_utils.OPTIONS_PANEL_TITLE = say("help.options")
rich_utils.COMMANDS_PANEL_TITLE = say("help.commands")
rich_utils.ERRORS_PANEL_TITLE = say("help.error")
rich_utils.ABORTED_TEXT = say("help.aborted")
rich_utils.RICH_HELP = say("help.try_help")
rich_utils.DEFAULT_STRING = say("help.default", value="{}")
rich_utils.ENVVAR_STRING = say("help.env_var", value="{}")
rich_utils.REQUIRED_LONG_STRING = say("help.required")

PIECES = {"[OPTIONS]": say("help.options_piece"), "COMMAND [ARGS]...": say("help.command_piece")}


class _Vietnamese:
    """The usage line and the help option's own help."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """As typer's, with the word in Vietnamese."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=say("help.usage"))

    def get_help_option(self, ctx: Any) -> Any:
        """As typer's, with the help in Vietnamese."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = say("help.help")
        return option

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """As typer's, with its own words in Vietnamese."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [PIECES.get(piece, piece) for piece in pieces]


class Command(_Vietnamese, TyperCommand):
    """One verb."""


class Group(_Vietnamese, TyperGroup):
    """A group of verbs; the root one also says every refusal."""

    def make_context(self, *args: Any, **more: Any) -> Any:
        """Read the line's first part."""
        with _usage_errors_in_vietnamese():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        """Run the verb; a refusal becomes a sentence on standard error and exit code 1."""
        with _usage_errors_in_vietnamese():
            try:
                return super().invoke(ctx)
            except Exception as error:
                answer = explain(error)
                if answer is None:
                    raise
                answer.show()
                raise typer.Exit(1) from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the verb, or name the nearest ones."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = ", ".join(get_close_matches(args[0], list(self.commands)))
            key = "usage.no_command_but" if near else "usage.no_command"
            raise _Said(say(key, name=args[0], near=near), ctx)
        return super().resolve_command(ctx, args)


class _Said(click.exceptions.UsageError):
    """A usage error that is in Vietnamese already."""


@contextmanager
def _usage_errors_in_vietnamese() -> Iterator[None]:
    try:
        yield
    except (_Said, click.exceptions.NoArgsIsHelpError):
        raise
    except click.exceptions.UsageError as error:
        raise _Said(_sentence(error), error.ctx) from error


def _sentence(error: Any) -> str:
    """What is wrong with the line, by the kind of the error."""
    name = getattr(error, "option_name", "")
    match type(error).__name__:
        case "NoSuchOption":
            near = ", ".join(error.possibilities or ())
            return say("usage.no_option_but" if near else "usage.no_option", name=name, near=near)
        case "BadOptionUsage":
            return say("usage.bad_option", name=name)
        case "MissingParameter":
            return say("usage.missing", name=_hint(error))
        case "BadParameter":
            return say("usage.bad_value", name=_hint(error))
        case _:
            return say("usage.other")


def _hint(error: Any) -> str:
    """The parameter as it is written on the line."""
    hint = error.param_hint or (error.param.get_error_hint() if error.param else "")
    return str(hint if isinstance(hint, str) else " / ".join(hint)).replace("'", "")


def usage(sentence: str) -> click.exceptions.UsageError:
    """An error in the line itself that only the verb can see; raise it."""
    return _Said(sentence)


def group(key: str) -> typer.Typer:
    """An empty group of verbs with its help."""
    return typer.Typer(
        cls=Group,
        help=say(f"help.{key}"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
