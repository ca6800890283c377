"""The ledger's chain as plain functions of entries: how one is hashed, and where a row of them breaks.

Knows no database, so that an evidence bundle can be checked with it far from ours.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from adapters.tables_types import canonical_json, instant_text
from domain.base import Frozen

BEGINNING = "0" * 64


class Entry(Frozen):
    """One entry. `seq`: its place in the chain; `number`: its place in its consultation; instants are in UTC."""

    seq: int
    consultation: str
    number: int
    kind: str
    at: datetime
    done_at: datetime
    actor: str
    agency: str | None
    receipt: str | None
    data: dict[str, Any]
    recorded_at: datetime
    prev_hash: str
    hash: str


class Break(Frozen):
    """Where a chain is not what it should be. `why`: seq, number, prev_hash, hash, unreadable, content_missing."""

    seq: int
    why: str
    expected: str
    found: str


def entry_hash(prev_hash: str, values: dict[str, Any]) -> str:
    """SHA-256 (hexadecimal) of the previous hash followed by the canonical JSON of every other column."""
    plain = {k: instant_text(v) if isinstance(v, datetime) else v for k, v in values.items()}
    return hashlib.sha256((prev_hash + canonical_json(plain)).encode()).hexdigest()


def hash_of(entry: Entry) -> str:
    """The hash the entry should carry."""
    return entry_hash(entry.prev_hash, {k: v for k, v in entry if k not in ("hash", "prev_hash")})


class Walk:
    """Follows the chain from its beginning. Memory: one number per consultation."""

    def __init__(self) -> None:
        self.seq = 0
        self.hash = BEGINNING
        self._numbers: dict[str, int] = {}

    def follow(self, entries: Iterable[Entry]) -> Break | None:
        """Go on over the next entries; the first that does not fit, or None."""
        for entry in entries:
            if broken := self._step(entry):
                return broken
        return None

    def _step(self, entry: Entry) -> Break | None:
        number = self._numbers.get(entry.consultation, 0) + 1
        for why, expected, found in (
            ("seq", self.seq + 1, entry.seq),
            ("prev_hash", self.hash, entry.prev_hash),
            ("hash", hash_of(entry), entry.hash),
            ("number", number, entry.number),
        ):
            if expected != found:
                return Break(seq=entry.seq, why=why, expected=str(expected), found=str(found))
        self.seq, self.hash = entry.seq, entry.hash
        self._numbers[entry.consultation] = number
        return None
