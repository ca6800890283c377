"""Column types that mean the same on SQLite and PostgreSQL, and the naming of constraints. No tables, no queries.

What is read must be written exactly as we write it: a column whose stored text was altered raises ValueError instead
of passing for something similar.
"""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect

METADATA = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
# SQLite numbers rows by itself only in a column of this very type.
Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON(none_as_null=True)


def canonical_json(value: object) -> str:
    """The one spelling of a value: keys sorted, no spaces, letters as they are. Hashes are made of this in UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def instant_text(instant: datetime) -> str:
    """An aware instant as `2026-10-01T02:00:00.000000Z`: one spelling, ordered like time."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant: naive values are refused with ValueError, what comes back is aware and in UTC.

    PostgreSQL keeps it as timestamptz, SQLite as `instant_text`, so that both order alike.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Text on SQLite, whose own date handling knows no zone."""
        kind: sa.types.TypeEngine[Any] = sa.String(27) if dialect.name == "sqlite" else sa.DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse an instant without a zone: it would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return instant_text(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The instant in UTC; ValueError where SQLite's text is not one we wrote."""
        if value is None or dialect.name != "sqlite":
            return value.astimezone(UTC) if value else None
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None or instant_text(instant) != value:
            raise ValueError(f"not an instant of the register: {value!r}")
        return instant


class CanonicalJson(sa.types.TypeDecorator[Any]):
    """JSON as canonical text, so that every byte of it counts. ValueError when the stored text is not canonical."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The canonical spelling."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value, if the text is its canonical spelling."""
        if value is None:
            return None
        found = json.loads(value)
        if canonical_json(found) != value:
            raise ValueError("stored JSON is not canonical")
        return found
