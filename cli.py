"""The `ykien` command: which verb is which function. Thin; the verbs are in `commands/`."""

from collections.abc import Callable
from typing import Annotated

import typer

from commands import accounts, client, demonstrating, judging, operating, rules
from commands.benching import bench
from commands.deadline import deadline
from commands.doctor import doctor
from commands.overrulings import overrulings
from commands.rebuild import rebuild
from commands.shell import Command, group
from commands.texts import say
from commands.up import up
from commands.verifying import verify

app = group("root")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"ykien {version('ykien')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help=say("help.version"), callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What comes before the verb."""


VERBS: dict[str, Callable[..., None]] = {
    "up": up,
    "deadline": deadline,
    "assess": judging.assess,
    "relevance": judging.relevance,
    "overrulings": overrulings,
    "login": client.login,
    "get": client.get,
    "post": client.post,
    "upload": client.upload,
    "demo": demonstrating.demo,
    "token": demonstrating.token,
    "verify": verify,
    "doctor": doctor,
    "rebuild": rebuild,
    "migrate": operating.migrate,
    "serve": operating.serve,
    "work": operating.work,
    "relay": operating.relay,
    "bench": bench,
}

for name, verb in VERBS.items():
    app.command(name, cls=Command, help=say(f"help.{name}"))(verb)
app.add_typer(accounts.app, name="account")
app.add_typer(rules.app, name="rules")


def main() -> None:
    """Entry point of the `ykien` command."""
    app()


if __name__ == "__main__":
    main()
