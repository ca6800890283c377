"""Reads rows so that one that cannot be read costs the others nothing. What becomes of it is the caller's business."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import is_down
from adapters.faults import told

T = TypeVar("T")


class Unfit(ValueError):  # noqa: N818 - what a row is
    """The row can be read and makes no sense; the message says why, and quotes nothing."""


# JSON that is none, text that is no text, a value of another shape, nesting without end.
UNREADABLE = (ValueError, RecursionError, DBAPIError)


class Unreadable(NamedTuple):
    """A row by its key, and why it cannot be read."""

    key: Any
    why: str


class Read(NamedTuple, Generic[T]):
    """The rows in the query's order, and those left out."""

    rows: tuple[T, ...]
    unreadable: tuple[Unreadable, ...] = ()


async def each(
    connection: AsyncConnection, query: sa.Select[Any], key: sa.Column[Any], build: Callable[[Any], T]
) -> Read[T]:
    """The query's rows, all of `key`'s table, built: in one statement, or one by one where that fails.

    `build` raises `Unfit`, or any ValueError, for a row that it cannot take.
    """
    try:
        return Read(tuple(build(row) for row in await connection.execute(query)))
    except UNREADABLE as error:
        _pass_on_outage(error)
    rows: list[T] = []
    unreadable: list[Unreadable] = []
    for one in (await connection.scalars(query.with_only_columns(key))).all():
        try:
            found = await connection.execute(sa.select(key.table).where(key == one))
            rows.append(build(found.one()))
        except UNREADABLE as error:
            _pass_on_outage(error)
            unreadable.append(Unreadable(one, told(error, Unfit)))
    return Read(tuple(rows), tuple(unreadable))


def _pass_on_outage(error: Exception) -> None:
    """A database that cannot serve is no fault of a row's."""
    if isinstance(error, DBAPIError) and is_down(error):
        raise error
