"""Passwords and tokens of embedded accounts: argon2id in threads, two at a time; tokens known only by their hash.

It knows no account; the register keeps them.
"""

import asyncio
import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

# 64 MiB and a tenth of a second each: without a cap, a flood of logins would take the machine's memory.
AT_ONCE = 2
LONGEST = 256


class Passwords:
    """Hashes and checks passwords. An unknown account costs as long as a wrong password."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The argon2id hash to keep."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, known: str | None, password: str) -> bool:
        """Whether the password belongs to the hash; `known` is None where there is no such account."""
        if known is None:
            self._nobody = self._nobody or await self.hash(secrets.token_urlsafe())
        async with self._turn:
            right = await asyncio.to_thread(self._verify, known or self._nobody or "", password[:LONGEST])
        return right and known is not None

    def _verify(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError, ValueError):
            return False


def new_token() -> str:
    """A bearer token of 256 random bits."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is kept of a token. A plain hash is enough: nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
