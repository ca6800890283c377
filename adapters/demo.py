"""The demonstration province's accounts: read from `rules/demo/`, loaded once, known by their names.

Their password is known to everybody, so they never enter a production copy; nothing here hashes or prints.
"""

from functools import cache
from pathlib import Path

from pydantic import Field
from ruamel.yaml import YAML

from adapters.register.accounts import Account, Accounts
from domain.base import Frozen

FILE = Path("demo") / "accounts.yaml"


class DemoAccount(Frozen):
    """One invented person. `roles`: codes of PRODUCT.md 1; `leader`: the leader's code of the directory."""

    username: str
    full_name: str
    agency: str | None = None
    roles: tuple[str, ...] = Field(min_length=1)
    leader: str | None = None
    # The role a newcomer meets in this person, on the page that lets one choose whom to act as.
    start: str | None = None


class Demo(Frozen):
    """All of them, with the one password they share."""

    password: str
    accounts: tuple[DemoAccount, ...]

    def has(self, username: str) -> bool:
        """Whether the account is one of these."""
        return any(account.username == username for account in self.accounts)


class Loaded(Frozen):
    """What a load did: new accounts, and those left exactly as they were found."""

    added: int
    kept: int


@cache
def demo_accounts(rules: Path) -> Demo:
    """The accounts that come with the rules folder. Raises pydantic's `ValidationError` for a broken file."""
    return Demo.model_validate(YAML(typ="safe").load(rules / FILE))


async def load_demo(accounts: Accounts, demo: Demo, password_hash: str) -> Loaded:
    """Create whichever accounts are missing; those that are there keep password, roles and everything else."""
    added = 0
    for one in demo.accounts:
        added += await accounts.create_account(
            Account(**one.model_dump(exclude={"start"}), password_hash=password_hash)
        )
    return Loaded(added=added, kept=len(demo.accounts) - added)
