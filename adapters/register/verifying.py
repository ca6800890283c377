"""Proves that nothing in the ledger and no stored content was changed, removed or put in later.

Reads in one instant's view, in pieces, and writes nothing. Whoever holds the last signed head can also tell whether the
whole chain was made anew.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database, is_down
from adapters.register.chain import Break, Entry, Walk
from adapters.tables import contents, ledger, ledger_head
from domain.base import Frozen

CHUNK = 2000
BYTES_AT_ONCE = 8 * 1024 * 1024
HEXADECIMAL = frozenset("0123456789abcdef")
# Under these names a fact holds the hash of a stored content.
CONTENT_KEYS = ("content",)

Progress = Callable[[int, int], None]


class Verification(Frozen):
    """The outcome. `first_bad`: the entry's number in the chain; `bad_content`: the content's hash.

    `why` is a code: seq, number, prev_hash, hash, unreadable, head, content, content_missing. `expected` and `found`
    are the two values that differ.
    """

    ok: bool
    entries: int
    contents: int
    head: str
    first_bad: int | None = None
    bad_content: str | None = None
    why: str | None = None
    expected: str | None = None
    found: str | None = None


class Broken(Exception):  # noqa: N818 - ends the walk at the first finding
    """Carries what was found."""

    def __init__(self, why: str, expected: str, found: str, seq: int | None = None, content: str | None = None) -> None:
        super().__init__(why)
        self.values = {"first_bad": seq, "bad_content": content, "why": why, "expected": expected, "found": found}


def _quiet(done: int, total: int) -> None:
    """Nobody watches."""


async def verify(db: Database, progress: Progress = _quiet) -> Verification:
    """Check the chain, every consultation's numbers, every content's hash and the head; stops at the first fault.

    `progress(done, total)` counts entries and contents. Time is linear in them, memory one number per consultation.
    """
    walk, seen = Walk(), Contents()
    async with db.read() as connection:
        total = await _total(connection)
        try:
            async for entries in _chunks(connection):
                _require(walk.follow(entries))
                await _require_contents(connection, entries)
                progress(walk.seq, total)
            await _require_head(connection, walk)
            await seen.check(connection, lambda done: progress(walk.seq + done, total))
        except Broken as broken:
            found = {"entries": walk.seq, "contents": seen.count, "head": walk.hash, **broken.values}
            return Verification.model_validate({"ok": False, **found})
    return Verification(ok=True, entries=walk.seq, contents=seen.count, head=walk.hash)


async def _total(connection: AsyncConnection) -> int:
    count = sa.select(sa.func.count())
    return sum([await connection.scalar(count.select_from(table)) or 0 for table in (ledger, contents)])


async def _chunks(connection: AsyncConnection) -> AsyncIterator[Sequence[Entry]]:
    """The entries in the chain's order. An unreadable one ends the walk after those before it."""
    seq = -(2**63)
    while True:
        query = sa.select(ledger).where(ledger.c.seq > seq).order_by(ledger.c.seq).limit(CHUNK)
        try:
            entries = [_entry(row) for row in await connection.execute(query)]
        except (ValueError, DBAPIError) as error:
            _require_about_row(error)
            async for entry in _one_by_one(connection, seq):
                yield [entry]
            return
        if not entries:
            return
        yield entries
        seq = entries[-1].seq


async def _one_by_one(connection: AsyncConnection, after: int) -> AsyncIterator[Entry]:
    """Where a whole piece cannot be read, find the entry that is at fault."""
    numbers = sa.select(ledger.c.seq).where(ledger.c.seq > after).order_by(ledger.c.seq).limit(CHUNK)
    for seq in (await connection.scalars(numbers)).all():
        try:
            entry = _entry((await connection.execute(sa.select(ledger).where(ledger.c.seq == seq))).one())
        except (ValueError, DBAPIError) as error:
            _require_about_row(error)
            raise Broken("unreadable", "", str(error.__cause__ or error)[:200], seq=seq) from error
        yield entry


def _entry(row: Any) -> Entry:
    return Entry.model_validate(row._asdict())


def _require_about_row(error: Exception) -> None:
    """Pass on errors that say nothing about the row. SQLite cannot decode altered bytes; PostgreSQL stores none."""
    if isinstance(error, DBAPIError) and (is_down(error) or getattr(error.orig, "sqlstate", None)):
        raise error


def _require(broken: Break | None) -> None:
    if broken:
        raise Broken(broken.why, broken.expected, broken.found, seq=broken.seq)


async def _require_contents(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Every content an entry names is still kept."""
    named = {hash: entry.seq for entry in reversed(entries) for hash in _contents_of(entry)}
    if not named:
        return
    kept = await _kept(connection, list(named))
    missing = [(seq, hash) for hash, seq in named.items() if hash not in kept]
    if missing:
        seq, hash = min(missing)
        raise Broken("content_missing", hash, "", seq=seq, content=hash)


async def _kept(connection: AsyncConnection, hashes: list[str]) -> dict[str, None]:
    query = sa.select(contents.c.sha256).where(contents.c.sha256.in_(hashes))
    return dict.fromkeys(await connection.scalars(query))


def _contents_of(entry: Entry) -> list[str]:
    values = [entry.data.get(key) for key in CONTENT_KEYS]
    return [v for v in values if isinstance(v, str) and len(v) == 64 and HEXADECIMAL.issuperset(v)]


async def _require_head(connection: AsyncConnection, walk: Walk) -> None:
    """The head's row and the last entry must agree; entries cut off the end show here."""
    row = (await connection.execute(sa.select(ledger_head.c.seq, ledger_head.c.hash))).one_or_none()
    found = f"{row.seq} {row.hash}" if row else ""
    if found != f"{walk.seq} {walk.hash}":
        raise Broken("head", f"{walk.seq} {walk.hash}", found, seq=walk.seq)


class Contents:
    """Re-hashes every stored content, a few megabytes at a time."""

    def __init__(self) -> None:
        self.count = 0

    async def check(self, connection: AsyncConnection, progress: Callable[[int], None]) -> None:
        """Raises `Broken` at the first content whose bytes do not have its hash."""
        last = ""
        while sizes := await _sizes(connection, last):
            for group in _groups(sizes):
                await self._rehash(connection, group)
                progress(self.count)
            last = sizes[-1].sha256

    async def _rehash(self, connection: AsyncConnection, group: list[str]) -> None:
        query = sa.select(contents.c.sha256, contents.c.data).where(contents.c.sha256.in_(group))
        for row in await connection.execute(query.order_by(contents.c.sha256)):
            found = hashlib.sha256(row.data).hexdigest()
            if found != row.sha256:
                raise Broken("content", row.sha256, found, content=row.sha256)
            self.count += 1


async def _sizes(connection: AsyncConnection, last: str) -> Sequence[Any]:
    # The bytes' own length: the column `size` is what somebody may have altered.
    query = sa.select(contents.c.sha256, sa.func.length(contents.c.data).label("bytes"))
    return (
        await connection.execute(query.where(contents.c.sha256 > last).order_by(contents.c.sha256).limit(500))
    ).all()


def _groups(sizes: Sequence[Any]) -> list[list[str]]:
    """Hashes in order, together at most `BYTES_AT_ONCE` large, or one alone."""
    groups: list[list[str]] = []
    room = 0
    for row in sizes:
        if room < row.bytes or not groups:
            groups.append([])
            room = BYTES_AT_ONCE
        groups[-1].append(row.sha256)
        room -= row.bytes
    return groups
