"""Triggers that refuse to change or remove a row, on both databases."""

from alembic import op

REFUSE = """
CREATE OR REPLACE FUNCTION ykien_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def append_only(table: str) -> None:
    """Refuse UPDATE and DELETE on the table, on PostgreSQL also TRUNCATE."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(REFUSE)
        _postgres(table, "changed", "UPDATE OR DELETE", "ROW")
        _postgres(table, "emptied", "TRUNCATE", "STATEMENT")
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{verb.lower()}_refused BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _postgres(table: str, name: str, event: str, each: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_not_{name} BEFORE {event} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION ykien_append_only()"
    )
