"""What the search looks through: number, text and questions of every launch, folded; filled in for those there are."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from adapters.register.searchable import searchable

revision = "r0010_search"
down_revision = "r0009_amendments"

AT_ONCE = 200
TEXTS = sa.table("search_texts", *(sa.column(name) for name in ("consultation", "number", "text", "questions")))
ROWS = sa.text(
    "SELECT c.id, t.data FROM consultations c LEFT JOIN contents t ON t.sha256 = c.content "
    "WHERE c.id > :after ORDER BY c.id LIMIT :size"
)


def upgrade() -> None:
    """Make the table and fill it."""
    op.create_table(
        "search_texts",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultations.id"], name=op.f("fk_search_texts_consultation")),
        sa.PrimaryKeyConstraint("consultation", name=op.f("pk_search_texts")),
    )
    after = ""
    while rows := op.get_bind().execute(ROWS, {"after": after, "size": AT_ONCE}).all():
        filled = [{"consultation": row.id, **searchable(_object(row.data))} for row in rows]
        op.get_bind().execute(sa.insert(TEXTS), filled)
        after = rows[-1].id


def downgrade() -> None:
    """Drop it: everything in it can be made again."""
    op.drop_table("search_texts")


def _object(data: bytes | None) -> dict[str, Any]:
    try:
        body = json.loads(bytes(data or b"{}"))
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
