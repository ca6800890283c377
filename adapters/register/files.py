"""Uploaded files: names and versions of stored contents. What is in a file is not looked at here."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.register.contents import Content, content_of_bytes, store
from adapters.register.sql import insert
from adapters.tables import files
from domain.base import Frozen
from domain.text import fold, nfc


class FileRow(Frozen):
    """One version of a file; its bytes are `content(sha256)`."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    version: int
    consultation: str | None
    uploaded_by: str
    uploaded_at: datetime


class Files:
    """Keeps files, never overwrites one."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()

    async def save(
        self, name: str, media_type: str, data: bytes, uploaded_by: str, consultation: str | None = None
    ) -> FileRow:
        """Keep the bytes as the next version of the file of that name; the same bytes again are the same version.

        Versions count within the consultation, or within the uploader's own files before there is one.
        """
        content = content_of_bytes(data, media_type)
        row = {
            "name": nfc(name),
            "media_type": media_type,
            "size": len(data),
            "sha256": content.sha256,
            "lineage": f"{consultation or '@' + uploaded_by}/{fold(name)}",
            "consultation": consultation,
            "uploaded_by": uploaded_by,
        }
        while True:
            async with self._db.begin() as connection:
                if saved := await self._save(connection, row, content):
                    return saved

    async def _save(self, connection: AsyncConnection, row: dict[str, Any], content: Content) -> FileRow | None:
        """None when somebody else took the version's number meanwhile."""
        same = sa.and_(files.c.lineage == row["lineage"], files.c.sha256 == row["sha256"])
        if known := await _find(connection, same):
            return known
        now = await self._clock.now(connection)
        await store(connection, [content], now)
        last = await connection.scalar(sa.select(sa.func.max(files.c.version)).where(files.c.lineage == row["lineage"]))
        fresh = {**row, "id": uuid.uuid4().hex, "version": (last or 0) + 1, "uploaded_at": now}
        statement = insert(connection, files).values(fresh).on_conflict_do_nothing().returning(files.c.id)
        return FileRow.model_validate(fresh) if await connection.scalar(statement) else None

    async def file(self, id: str) -> FileRow | None:
        """The file of that id."""
        async with self._db.read() as connection:
            return await _find(connection, files.c.id == id)


async def _find(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> FileRow | None:
    row = (await connection.execute(sa.select(files).where(which).order_by(files.c.version).limit(1))).one_or_none()
    return FileRow.model_validate(row._asdict()) if row else None
