"""Signing in with an embedded account: the password, and how often it may be tried. Tokens and sessions come after."""

from datetime import timedelta

from adapters.register.accounts import Account
from api.callers import unauthenticated
from api.errors import Problem
from api.services import Services
from domain.refusals import Code

# A whole building may share one address.
FAILURES_PER_ADDRESS = 200


async def sign_in(services: Services, username: str, password: str, source: str) -> Account:
    """The account, if the password is right. Refuses `unauthenticated`, `too_many_requests`.

    A try counts as failed until it succeeds: a burst is counted too. Counted by account and address together, so that
    nobody can lock out an account's owner from another address.
    """
    if not username.isprintable():
        raise wrong(services)
    accounts, failures, who = services.accounts, services.failures, (username, source)
    within = timedelta(seconds=failures.seconds)
    if failures.full(who) or await accounts.failures_from(source, within) >= FAILURES_PER_ADDRESS:
        raise Problem(Code.TOO_MANY_REQUESTS, headers={"Retry-After": str(int(failures.seconds))})
    failures.note(who)
    account = await accounts.find(username)
    known = account.password_hash if account and not account.disabled else None
    right = await services.passwords.matches(known, password)
    await accounts.note_attempt(username, source, succeeded=right)
    if not right or account is None:
        raise wrong(services)
    failures.forget(who)
    return account


def wrong(services: Services) -> Problem:
    """Wrong name or wrong password: which of them is not told."""
    problem = unauthenticated()
    problem.members["detail"] = services.messages.text("api.wrong_password")
    return problem
