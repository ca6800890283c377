"""A9 and A10: whatever was kept is there unchanged, and the chain holds from its first entry to its head.

Contents are never changed or removed, so that a file's row, a receipt and a fact can only point at what is there. The
re-hashing and the walk along the chain are `verifying`'s.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.register.accounting_findings import YOUNG, Found, Ground, each, number_of
from adapters.register.verifying import Broken, Contents, Progress, Verification, verify
from adapters.tables import contents, drafts, files, outbox, receipts


async def files_kept(connection: AsyncConnection, ground: Ground) -> Found:
    """A9 without the bytes: rows point at contents that are there, nothing lies about unclaimed, versions are dense."""
    found = Found("A9")
    found.looked = await number_of(connection, files) + await number_of(connection, contents)
    kept = sa.select(files.c.id, contents.c.sha256, files.c.sha256.label("hash")).outerjoin(contents)
    size = sa.or_(contents.c.sha256.is_(None), contents.c.size != files.c.size)
    async for row in each(connection, kept.where(size)):
        found.add("file_size_differs" if row.sha256 else "file_without_content", row.id, content=row.hash)
    await _words(connection, found)
    await _drafts(connection, found)
    await _orphans(connection, ground, found)
    await _versions(connection, found)
    return found


async def _words(connection: AsyncConnection, found: Found) -> None:
    """The words of every act that was to be decided."""
    query = sa.select(receipts.c.id, receipts.c.body_sha256).join(outbox)
    joined = query.outerjoin(contents, contents.c.sha256 == receipts.c.body_sha256)
    async for row in each(connection, joined.where(contents.c.sha256.is_(None))):
        found.add("words_missing", row.id, content=row.body_sha256)


async def _drafts(connection: AsyncConnection, found: Found) -> None:
    """Each version of a draft is the file it was made from."""
    query = sa.select(drafts.c.consultation, drafts.c.version, drafts.c.file)
    joined = query.join(files, files.c.id == drafts.c.file).where(files.c.sha256 != drafts.c.sha256)
    async for row in each(connection, joined):
        found.add("draft_differs", f"{row.consultation}/{row.version}", file=row.file)


async def _orphans(connection: AsyncConnection, ground: Ground, found: Found) -> None:
    """Contents nobody stamped or uploaded: they come in one transaction with what they belong to."""
    query = sa.select(contents.c.sha256).where(contents.c.stored_at < ground.ago(YOUNG))
    unstamped = query.where(contents.c.sha256.not_in(sa.select(receipts.c.body_sha256)))
    unclaimed = unstamped.where(contents.c.sha256.not_in(sa.select(files.c.sha256)))
    found.add_all("orphan", [sha256 async for (sha256,) in each(connection, unclaimed)])


async def _versions(connection: AsyncConnection, found: Found) -> None:
    last, many = sa.func.max(files.c.version), sa.func.count()
    query = sa.select(files.c.lineage).group_by(files.c.lineage).having(last != many)
    found.add_all("file_versions_not_dense", [lineage async for (lineage,) in each(connection, query)])


async def chained(db: Database, progress: Progress) -> tuple[Found, Found]:
    """A9's bytes and A10: every content re-hashed, every entry against the one before it, the head at the end."""
    outcome = await verify(db, progress)
    bytes_kept, chain = Found("A9"), Found("A10")
    bytes_kept.looked, chain.looked = outcome.contents, outcome.entries
    if outcome.why is None:
        return bytes_kept, chain
    _tell(outcome, bytes_kept if outcome.why == "content" else chain)
    if outcome.why != "content":
        await _rehash(db, bytes_kept)
    return bytes_kept, chain


def _tell(outcome: Verification, found: Found) -> None:
    """In the verification's own words: where the first fault is, and what should have been there."""
    told = {"why": outcome.why, "expected": outcome.expected, "found": outcome.found}
    if found.check == "A9":
        found.add("content_changed", str(outcome.bad_content), **told)
    else:
        found.add("chain_broken", str(outcome.first_bad), **told)


async def _rehash(db: Database, found: Found) -> None:
    """The contents by themselves, where the walk along the chain ended before it came to them."""
    seen = Contents()
    async with db.read() as connection:
        try:
            await seen.check(connection, lambda done: None)
        except Broken as broken:
            found.add("content_changed", str(broken.values["bad_content"]), why="content", **_pair(broken))
    found.looked = seen.count


def _pair(broken: Broken) -> dict[str, object]:
    return {name: broken.values[name] for name in ("expected", "found")}
