"""Texts and files by the hash of their bytes. Whatever was accepted is here once, and is never changed or removed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.register.sql import insert_new
from adapters.tables import contents
from adapters.tables_types import canonical_json
from domain.base import Frozen

JSON_TYPE = "application/json"


class Content(Frozen):
    """Bytes under their SHA-256 in lower-case hexadecimal."""

    sha256: str
    media_type: str
    data: bytes = Field(repr=False)


def content_of(body: Any) -> Content:
    """A JSON value as content: sorted keys, no spaces, UTF-8, so that equal values have equal hashes."""
    return content_of_bytes(canonical_json(body).encode(), JSON_TYPE)


def content_of_bytes(data: bytes, media_type: str) -> Content:
    """A file's bytes as content."""
    return Content(sha256=hashlib.sha256(data).hexdigest(), media_type=media_type, data=data)


async def store(connection: AsyncConnection, given: Sequence[Content], at: datetime) -> None:
    """Keep the contents that are not kept yet, in the caller's transaction.

    In the order of their hashes: two callers with the same two contents would otherwise wait for each other for ever.
    """
    rows = [
        {"sha256": c.sha256, "media_type": c.media_type, "size": len(c.data), "stored_at": at, "data": c.data}
        for c in sorted(given, key=lambda c: c.sha256)
    ]
    await insert_new(connection, contents, rows)


async def content(db: Database, sha256: str) -> Content | None:
    """The content of that hash, if it is kept."""
    query = sa.select(contents.c.sha256, contents.c.media_type, contents.c.data).where(contents.c.sha256 == sha256)
    async with db.read() as connection:
        row = (await connection.execute(query)).one_or_none()
    return Content.model_validate(row._asdict()) if row else None


async def contents_of(db: Database, hashes: Sequence[str]) -> tuple[Content, ...]:
    """The kept contents of those hashes, in one statement; in no particular order."""
    query = sa.select(contents.c.sha256, contents.c.media_type, contents.c.data).where(contents.c.sha256.in_(hashes))
    async with db.read() as connection:
        return tuple(Content.model_validate(row._asdict()) for row in await connection.execute(query))
