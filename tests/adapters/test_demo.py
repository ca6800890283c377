"""The demonstration province's accounts fit the directory, the signing register and the policy, and load once."""

from pathlib import Path

import pytest

from adapters.database import Database
from adapters.demo import Demo, demo_accounts, load_demo
from adapters.register.accounts import Accounts
from adapters.rules import load_rulebook
from api.policy import Role
from domain.directory import Directory

RULES = Path(__file__).parents[2] / "rules"
PROVINCE = ("SGDDT", "STC", "SNV", "SNNMT", "SXD", "STP", "SCT", "SKHCN", "SVHTTDL", "SYT", "CAT", "X01", "X06")


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_rulebook(RULES).directory


@pytest.fixture(scope="module")
def demo() -> Demo:
    return demo_accounts(RULES)


def test_every_role_has_an_account(demo: Demo) -> None:
    held = [role for account in demo.accounts for role in account.roles]

    assert [role for role in Role if role not in held] == []
    assert [role for role in held if role not in list(Role)] == []


def test_a_newcomer_meets_eight_roles_each_in_one_person_who_holds_it(demo: Demo) -> None:
    starts = [(account.start, account.roles) for account in demo.accounts if account.start]

    assert sorted(start for start, _ in starts) == sorted(str(role) for role in Role if role is not Role.HOME_AFFAIRS)
    assert [start for start, roles in starts if start not in roles] == []


@pytest.mark.parametrize("agency", PROVINCE)
def test_an_agency_has_an_officer_a_head_and_a_clerk(demo: Demo, agency: str) -> None:
    desks = {a.username.partition(".")[0]: a.roles for a in demo.accounts if a.username.endswith(f".{agency.lower()}")}

    assert desks == {"cv": ("lead_officer", "handler"), "gd": ("agency_head",), "vt": ("clerk",)}


def test_accounts_belong_to_agencies_and_leaders_of_the_directory(demo: Demo, directory: Directory) -> None:
    day = directory.as_of
    agencies = [account.agency for account in demo.accounts if account.agency]
    leaders = {account.leader: account.full_name for account in demo.accounts if account.leader}

    assert [agency for agency in agencies if not directory.in_force(agency, day)] == []
    assert list(leaders) == ["CT", "PCT1", "PCT2", "PCT3", "PCT4"]
    for code, name in leaders.items():
        leader = directory.leader(code, day)
        assert leader is not None
        assert leader.name == name


def test_whoever_may_sign_for_a_head_has_an_account(demo: Demo, directory: Directory) -> None:
    missing = [line.officer for line in directory.delegations if not demo.has(line.officer)]

    assert missing == []


def test_names_are_used_once(demo: Demo) -> None:
    names = [account.username for account in demo.accounts]

    assert len(names) == len(dict.fromkeys(names))


async def test_loading_again_changes_nothing_not_even_a_changed_password(demo: Demo, db: Database) -> None:
    store = Accounts(db)
    first = await load_demo(store, demo, "first")
    await store.set_password("gd.stc", "changed")

    again = await load_demo(store, demo, "second")

    assert (first.added, first.kept) == (again.kept, again.added) == (len(demo.accounts), 0)
    changed, kept = await store.find("gd.stc"), await store.find("gd.snv")
    assert changed is not None
    assert kept is not None
    assert (changed.password_hash, kept.password_hash) == ("changed", "first")
