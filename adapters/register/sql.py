"""The few statements that must be spelt per database, in one spelling: insert unless present, insert or replace."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Rows = Sequence[Mapping[str, Any]]


def insert(connection: AsyncConnection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say ON CONFLICT on the connection's database."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


async def insert_new(connection: AsyncConnection, table: sa.Table, rows: Rows) -> None:
    """Insert the rows that are not there yet; one statement, however many rows."""
    if rows:
        await connection.execute(insert(connection, table).on_conflict_do_nothing(), rows)


async def put(connection: AsyncConnection, table: sa.Table, rows: Rows, keep: Sequence[str] = ()) -> None:
    """Insert or overwrite rows by primary key, all with the same columns; `keep`: columns the first insert fixes."""
    if not rows:
        return
    statement = insert(connection, table)
    key = [column.name for column in table.primary_key]
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in (*key, *keep)}
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=fresh), rows)
