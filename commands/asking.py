"""Passwords from the keyboard: asked for without echo on a terminal, one line of standard input elsewhere."""

import os
import sys

import typer

from commands.output import refuse
from commands.texts import say

LEAST = 10


def new_password() -> str:
    """A password for an account, typed twice on a terminal. Refuses one that is too short."""
    password = _from_terminal(twice=True) if sys.stdin.isatty() else _from_pipe()
    if len(password) < LEAST:
        refuse(say("account.too_short", least=LEAST))
    return password


def known_password() -> str:
    """The password to sign in with: `YKIEN_PASSWORD`, else asked for."""
    given = os.environ.get("YKIEN_PASSWORD")
    if given is not None:
        return given
    return _from_terminal(twice=False) if sys.stdin.isatty() else _from_pipe()


def _from_terminal(*, twice: bool) -> str:
    again = say("account.again") if twice else False
    return str(typer.prompt(say("account.prompt"), hide_input=True, confirmation_prompt=again, err=True))


def _from_pipe() -> str:
    return sys.stdin.readline().rstrip("\r\n")
