"""`ykien account …`: who may sign in to a copy with embedded accounts. It makes and bars; it removes nobody."""

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.settings import Settings
from commands.asking import new_password
from commands.options import AsJson, DataDir, Drill, Username, rules_of, settings_of
from commands.output import give_json, headings, refuse, table, tell
from commands.register import with_register
from commands.shell import Command, group
from commands.texts import say

if TYPE_CHECKING:
    from adapters.database import Database
    from adapters.register.accounts import Account

# What the API accepts as an account in a body.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")

app = group("account")


@app.command("add", cls=Command, help=say("help.account_add"))
def add(
    username: Username,
    full_name: Annotated[str, typer.Option("--name", metavar="HỌ_TÊN", help=say("help.full_name"))],
    role: Annotated[list[str], typer.Option("--role", metavar="VAI_TRÒ", help=say("help.role"))],
    agency: Annotated[str | None, typer.Option(metavar="MÃ", help=say("help.agency"))] = None,
    leader: Annotated[str | None, typer.Option(metavar="MÃ", help=say("help.leader"))] = None,
    email: Annotated[str | None, typer.Option(metavar="ĐỊA_CHỈ", help=say("help.email"))] = None,
    drill: Drill = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Add an account; the directory must know its agency and its leader."""
    from adapters.register.accounts import Account, Accounts

    settings = settings_of(drill, data_dir)
    _check(username, role)
    _check_directory(rules_of(settings), agency, leader)
    account = Account(
        username=username,
        full_name=full_name,
        agency=agency,
        roles=tuple(dict.fromkeys(role)),
        leader=leader,
        email=email,
        password_hash=hashed(new_password()),
    )
    if not with_register(settings, lambda db: Accounts(db).create_account(account)):
        refuse(say("account.taken", username=username), say("account.taken_way_out", username=username))
    _done("account.added", username, as_json)


def _check(username: str, roles: list[str]) -> None:
    from api.policy import Role

    if not NAME.fullmatch(username):
        refuse(say("account.bad_name", username=username), say("account.bad_name_way_out"))
    known = [str(role) for role in Role]
    for role in roles:
        if role not in known:
            refuse(say("account.bad_role", role=role), say("account.bad_role_way_out", roles=", ".join(known)))


def _check_directory(rules: Path, agency: str | None, leader: str | None) -> None:
    from adapters.rules import load_rulebook

    directory = load_rulebook(rules).directory
    if agency is not None:
        directory.agency(agency)
    leaders = list(dict.fromkeys(one.code for one in directory.leaders))
    if leader is not None and leader not in leaders:
        way_out = say("account.bad_leader_way_out", leaders=", ".join(leaders))
        refuse(say("account.bad_leader", leader=leader), way_out)


@app.command("list", cls=Command, help=say("help.account_list"))
def show(drill: Drill = False, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Print the accounts that may sign in."""
    settings = settings_of(drill, data_dir)
    found = with_register(settings, _everybody)
    if as_json:
        hidden = {"password_hash", "disabled_at"}
        give_json([one.model_dump(mode="json", exclude=hidden) for one in found])
        return
    labels = role_labels(rules_of(settings))
    rows = [[a.username, a.full_name, ", ".join(labels[r] for r in a.roles), a.agency or a.leader or ""] for a in found]
    table(say("account.total", count=len(found)), headings("username", "full_name", "roles", "agency"), rows)


async def _everybody(database: "Database") -> list["Account"]:
    """Every account that is not disabled, by username."""
    from adapters.register.accounts import Accounts
    from api.policy import Role

    store = Accounts(database)
    found = {account.username: account for role in Role for account in await store.of_role(role)}
    return [found[username] for username in sorted(found)]


def role_labels(rules: Path) -> dict[str, str]:
    """The roles' names in Vietnamese."""
    from adapters.rules import load_messages
    from api.policy import Role

    messages = load_messages(rules)
    return {str(role): messages.text(f"roles.{role}") for role in Role}


@app.command("password", cls=Command, help=say("help.account_password"))
def password(username: Username, drill: Drill = False, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Give the account a new password; whoever is signed in with the old one is signed out."""
    from adapters.register.accounts import Accounts

    settings = settings_of(drill, data_dir)
    _require(settings, username)
    fresh = hashed(new_password())
    with_register(settings, lambda db: Accounts(db).set_password(username, fresh))
    _done("account.changed", username, as_json)


@app.command("disable", cls=Command, help=say("help.account_disable"))
def disable(username: Username, drill: Drill = False, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Bar the account; nothing it did is lost."""
    from adapters.register.accounts import Accounts

    settings = settings_of(drill, data_dir)
    _require(settings, username)
    with_register(settings, lambda db: Accounts(db).disable(username))
    _done("account.disabled", username, as_json)


def _done(key: str, username: str, as_json: bool) -> None:
    if as_json:
        give_json({"username": username})
    else:
        tell(say(key, username=username))


def _require(settings: Settings, username: str) -> None:
    from adapters.register.accounts import Accounts

    if with_register(settings, lambda db: Accounts(db).find(username)) is None:
        refuse(say("account.unknown", username=username), say("account.unknown_way_out"))


def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    from api.passwords import Passwords

    return asyncio.run(Passwords().hash(password))
