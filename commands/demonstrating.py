"""`ykien demo` and `ykien token`: the demonstration province, its people and its consultations.

Never on a production copy. What is told of them is in `commands.demo`.
"""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.settings import Profile, Settings
from commands.accounts import hashed, role_labels
from commands.options import AsJson, DataDir, Drill, Username, rules_of, settings_of
from commands.output import bar, give_json, headings, note, refuse, table, tell
from commands.register import with_register
from commands.texts import say

if TYPE_CHECKING:
    from adapters.demo import Demo, DemoAccount, Loaded
    from commands.demo.loading import Furnished

TOKEN_LIFETIME = timedelta(hours=12)
# The columns of the table of agencies: which account of an agency stands where, by the first part of its name.
DESKS = ("cv", "gd", "vt")


def demo(
    asks: Annotated[int, typer.Option("--asks", min=0, metavar="SỐ", help=say("help.demo_asks"))] = 0,
    empty: Annotated[bool, typer.Option("--empty", help=say("help.demo_empty"))] = False,
    drill: Drill = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Load the demonstration accounts and consultations and print who is there; loading again changes nothing."""
    settings = settings_of(drill, data_dir)
    loaded = load(settings)
    known = known_demo(settings)
    furnished = None if empty else furnish(settings, asks)
    if as_json:
        more = furnished.model_dump(mode="json") if furnished else {}
        give_json({**loaded.model_dump(), **more, **known.model_dump(mode="json")})
        return
    note(say("demo.loaded", **loaded.model_dump()))
    if furnished:
        _tell(furnished)
    show_accounts(settings)


def furnish(settings: Settings, asks: int = 0) -> "Furnished":
    """Load whichever demonstration consultations are missing; start those that are open, where an engine is there."""
    from commands.demo.crowd import top_up
    from commands.demo.loading import furnish as load_set
    from commands.demo.running import start

    with bar(say("demo.furnishing")) as advance:
        done = with_register(settings, lambda db: load_set(settings, db))
        if asks:
            try:
                done = done.with_crowd(with_register(settings, lambda db: top_up(settings, db, asks, advance)))
            except KeyboardInterrupt:
                refuse(say("demo.stopped"), say("demo.stopped_way_out", asks=asks))
        return done.started(asyncio.run(start(settings, advance)))


def _tell(furnished: "Furnished") -> None:
    note(say("demo.furnished", consultations=furnished.consultations, there=furnished.there))
    if furnished.asks:
        note(say("demo.asks", asks=furnished.asks))
    for id, code in furnished.left_out:
        note(say("demo.left_out", id=id, code=code))
    if furnished.not_running is None:
        note(say("demo.no_engine"))
    elif furnished.not_running:
        note(say("demo.not_running", count=furnished.not_running))
    else:
        note(say("demo.running"))


def known_demo(settings: Settings) -> "Demo":
    """The demonstration accounts of the rules in use. Refuses on a production copy."""
    from adapters.demo import demo_accounts

    if settings.profile is Profile.PRODUCTION:
        refuse(say("demo.not_here"), say("demo.not_here_way_out"))
    return demo_accounts(rules_of(settings))


def load(settings: Settings) -> "Loaded":
    """Create whichever demonstration accounts are missing."""
    from adapters.demo import load_demo
    from adapters.register.accounts import Accounts

    known = known_demo(settings)
    # One hash for all: the password is printed anyway, and sixty hashes would cost the first start several seconds.
    shared = hashed(known.password)
    return with_register(settings, lambda db: load_demo(Accounts(db), known, shared))


def show_accounts(settings: Settings) -> None:
    """The accounts by agency, then everybody else, then the password."""
    known = known_demo(settings)
    labels = role_labels(rules_of(settings))
    desks = [one for one in known.accounts if one.username.partition(".")[1]]
    agencies = dict.fromkeys(one.agency or "" for one in desks)
    rows = [_desk(agency, [one for one in desks if one.agency == agency]) for agency in agencies]
    table(say("demo.agencies"), headings("agency", "officer", "head", "clerk", "other"), rows)
    others = [one for one in known.accounts if one not in desks]
    listed = [[o.username, ", ".join(labels[r] for r in o.roles), o.leader or o.agency or ""] for o in others]
    table(say("demo.others"), headings("username", "roles", "agency"), listed)
    tell(say("demo.password", password=known.password))


def _desk(agency: str, people: list["DemoAccount"]) -> list[str]:
    """One agency's row: officer, head, clerk, and whoever signs for the head."""
    by_desk = {one.username.partition(".")[0]: one.username for one in people}
    rest = [one.username for one in people if one.username.partition(".")[0] not in DESKS]
    return [agency, *(by_desk.get(desk, "") for desk in DESKS), ", ".join(rest)]


def token(username: Username, drill: Drill = False, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Print a bearer token of a demonstration account, valid for twelve hours."""
    from adapters.register.accounts import Accounts
    from api.passwords import fingerprint, new_token

    settings = settings_of(drill, data_dir)
    if not known_demo(settings).has(username):
        refuse(say("demo.not_a_demo", username=username), say("account.unknown_way_out"))
    fresh = new_token()
    if with_register(settings, lambda db: Accounts(db).find(username)) is None:
        refuse(say("account.unknown", username=username), say("demo.load_first"))
    expires = with_register(settings, lambda db: Accounts(db).save_token(fingerprint(fresh), username, TOKEN_LIFETIME))
    if as_json:
        give_json({"access_token": fresh, "token_type": "bearer", "expires_at": expires.isoformat()})
    else:
        tell(fresh)
