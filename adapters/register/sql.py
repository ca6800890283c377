"""The few statements that must be spelt per database, in one spelling: insert unless present, insert or replace."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = postgresql.Insert | sqlite.Insert
DIALECTS: dict[str, Callable[[sa.Table], Insert]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
Rows = Sequence[Mapping[str, Any]]


def insert(connection: AsyncConnection, table: sa.Table) -> Insert:
    """An INSERT that can say ON CONFLICT on the connection's database."""
    return DIALECTS[connection.dialect.name](table)


async def insert_new(connection: AsyncConnection, table: sa.Table, rows: Rows) -> None:
    """Insert the rows that are not there yet; one statement, however many rows."""
    if rows:
        await connection.execute(insert(connection, table).on_conflict_do_nothing(), rows)


async def put(connection: AsyncConnection, table: sa.Table, rows: Rows, keep: Sequence[str] = ()) -> None:
    """Insert or overwrite rows by primary key, all with the same columns; `keep`: columns the first insert fixes."""
    if rows:
        await connection.execute(_upsert(connection.dialect.name, table, tuple(rows[0]), tuple(keep)), rows)


@cache
def _upsert(dialect: str, table: sa.Table, columns: tuple[str, ...], keep: tuple[str, ...]) -> sa.Insert:
    """The statement, built once: every record needs several of them."""
    statement = DIALECTS[dialect](table)
    key = [column.name for column in table.primary_key]
    fresh = {name: statement.excluded[name] for name in columns if name not in (*key, *keep)}
    return statement.on_conflict_do_update(index_elements=key, set_=fresh)
