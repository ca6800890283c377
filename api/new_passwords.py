"""New passwords: what one must be, how one is made for somebody else, and how the owner changes it.

It hashes nothing itself and shows nothing; sentences are the message files'.
"""

import secrets
from typing import Annotated

from pydantic import Field

from adapters.register.accounts import Account
from api.bodies.base import Body
from api.errors import FieldProblem, Problem
from api.passwords import LONGEST
from api.services import Services
from api.signing_in import sign_in
from domain.refusals import Code
from domain.text import words

SHORTEST = 12
# A name this short is in many a password by chance.
TELLING = 4
FEWEST_CHARACTERS = 5
# Without characters that look alike on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

Typed = Annotated[str, Field(max_length=LONGEST)]


class PasswordBody(Body):
    """A change by the owner: the password until now, and the new one twice."""

    current: Typed = ""
    fresh: Typed = ""
    again: Typed = ""


def generated() -> str:
    """A password to hand over once: 16 characters, some 79 random bits, in groups that can be read out."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(drawn[at : at + 4] for at in range(0, 16, 4))


def fault_of(password: str, account: Account) -> str | None:
    """What is wrong with it, as the key of a sentence under `identity.password`; None if nothing is."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = "".join(words(password))
    names = ("".join(words(name)) for name in (account.username, account.full_name))
    if any(len(name) >= TELLING and name in plain for name in names):
        return "name"
    return "plain" if len(dict.fromkeys(password)) < FEWEST_CHARACTERS else None


async def change_own(services: Services, account: Account, body: PasswordBody, source: str, kept: str) -> None:
    """Replace the owner's password; all sign-ins but the session of the hash `kept` end.

    Refuses `body_invalid` with the fields that are wrong, `too_many_requests` after too many wrong tries.
    """
    found = fault_of(body.fresh, account)
    wrong = [("fresh", found)] if found else []
    wrong += [("again", "differs")] if body.again != body.fresh else []
    wrong += [("fresh", "same")] if body.fresh and body.fresh == body.current else []
    if not wrong:
        wrong += [] if await _right(services, account, body.current, source) else [("current", "wrong")]
    if wrong:
        say = services.messages.text
        raise faulty(services, *((field, say(f"identity.password.{key}", least=SHORTEST)) for field, key in wrong))
    fresh = await services.passwords.hash(body.fresh)
    await services.accounts.set_password(account.username, fresh, but=kept)


async def _right(services: Services, account: Account, password: str, source: str) -> bool:
    """Whether it is the owner's password; tries are counted as at the door."""
    try:
        await sign_in(services, account.username, password, source)
    except Problem as problem:
        if problem.code is Code.UNAUTHENTICATED:
            return False
        raise
    return True


def faulty(services: Services, *wrong: tuple[str, str]) -> Problem:
    """A 422 that names each wrong field with its sentence."""
    errors = [FieldProblem(field=field, message=message).model_dump() for field, message in wrong]
    said = services.messages.text
    members = {"errors": errors, **{part: said(f"identity.check.{part}") for part in ("title", "detail", "way_out")}}
    return Problem(Code.BODY_INVALID, params={"field": wrong[0][0] if wrong else ""}, members=members)
