"""Everybody's full name by account name, kept in this process for a minute: pages name people, the ledger accounts."""

import asyncio
import time
from collections.abc import Mapping

from adapters.register.accounts import Accounts

SECONDS = 60.0


class People:
    """The names in use. A person renamed is called by the new name within the minute."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._names: dict[str, str] = {}
        self._read_at: float | None = None
        self._turn = asyncio.Lock()

    async def names(self) -> Mapping[str, str]:
        """Full names by account name, at most a minute old; disabled accounts included."""
        async with self._turn:
            if self._read_at is None or time.monotonic() - self._read_at >= SECONDS:
                self._names = await self._accounts.names()
                self._read_at = time.monotonic()
            return self._names
