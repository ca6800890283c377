"""Steps down that lose nothing: a table with rows is laid aside under another name, and the step up takes it back."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

ASIDE = "kept_"


def bring(table: str, make: Callable[[], None]) -> bool:
    """Take the table back if it was laid aside, else make it. Whether it was made new."""
    if sa.inspect(op.get_bind()).has_table(ASIDE + table):
        op.rename_table(ASIDE + table, table)
        return False
    make()
    return True


def lay_aside(table: str, where: str = "1 = 1") -> None:
    """Drop the table if it holds nothing worth keeping (no row matches `where`), else rename it."""
    if op.get_bind().scalar(sa.text(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1")):  # noqa: S608 - our own names
        op.rename_table(table, ASIDE + table)
    else:
        op.drop_table(table)
