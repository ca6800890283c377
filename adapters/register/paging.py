"""Lists in pages: a cursor is the sort key of the last row shown, so rows that come in meanwhile shift nothing.

A cursor is opaque to callers and holds nothing that its page did not show.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from adapters.tables_types import UtcDateTime, instant_text
from domain.base import Frozen
from domain.refusals import Code, Refused

T = TypeVar("T")
MOST = 200


class Page(Frozen, Generic[T]):
    """Some rows of a list; `next` is the cursor of the following page, None on the last."""

    items: tuple[T, ...]
    next: str | None = None


def encode(*key: datetime | int | str) -> str:
    """The cursor of a sort key."""
    plain = [instant_text(part) if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode(cursor: str, *kinds: type[datetime] | type[int] | type[str]) -> tuple[Any, ...]:
    """The sort key of a cursor we gave out. Refuses `body_invalid` for anything else."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return tuple(_part(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (ValueError, TypeError, binascii.Error, OverflowError):
        raise Refused(Code.BODY_INVALID, field="cursor") from None


def _part(part: Any, kind: type[datetime] | type[int] | type[str]) -> datetime | int | str:
    if kind is datetime:
        return _instant(part)
    if type(part) is int is kind and abs(part) < 2**63:
        return part
    if type(part) is str is kind and "\0" not in part:
        return part
    raise ValueError("not a part of a cursor")


def _instant(part: str) -> datetime:
    instant = datetime.fromisoformat(part)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant


def after(columns: Sequence[Any], key: Sequence[Any], *, descending: bool) -> sa.ColumnElement[bool]:
    """The rows that follow the key in the order of the columns."""
    place = sa.tuple_(*columns)
    values = sa.tuple_(*(sa.literal(k, UtcDateTime()) if isinstance(k, datetime) else sa.literal(k) for k in key))
    return place < values if descending else place > values


def bounded(limit: int) -> int:
    """A page's size: at least one row, at most `MOST`."""
    return max(1, min(limit, MOST))


def page(rows: Sequence[Any], limit: int, key: Callable[[Any], Sequence[Any]], build: Callable[[Any], T]) -> Page[T]:
    """A page from `limit` + 1 rows asked for: the extra row only shows that there is more."""
    shown = rows[:limit]
    more = encode(*key(shown[-1])) if len(rows) > limit else None
    return Page(items=tuple(build(row) for row in shown), next=more)
