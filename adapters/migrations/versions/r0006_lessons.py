"""An index for the entries from which lessons are read: accepted pointers, and leaders' decisions."""

import sqlalchemy as sa
from alembic import op

revision = "r0006_lessons"
# The step before it in the chain, whatever its number: this one only adds an index.
down_revision = "r0005_set_aside"

TEACHES = "kind IN ('pointer_accepted', 'decided')"


def upgrade() -> None:
    """Add the index; no row changes."""
    where = sa.text(TEACHES)
    op.create_index("ix_ledger_teaches", "ledger", ["seq"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop the index; lessons are derived, nothing is lost."""
    op.drop_index("ix_ledger_teaches", "ledger")
