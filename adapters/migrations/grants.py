"""What the application's own database role may do: enough to work, too little to change what was recorded.

The role that migrates owns the tables and gives these rights; the processes sign in as the other one. Triggers guard
the append-only tables for everybody, but an owner can drop a trigger; a role without the right cannot go round it.
PostgreSQL only: whoever may write SQLite's file may do anything to it.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from adapters.tables import METADATA, amendments, contents, instruments, ledger, receipts

# A row of these is written once. Everywhere else rows are updated, nowhere are they deleted.
APPEND_ONLY = (contents.name, receipts.name, ledger.name, instruments.name, amendments.name)
STEP = "alembic_version"
# What could change or hide a row, or the table around it.
DANGEROUS = ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


class CannotGrant(Exception):  # noqa: N818 - an answer to the operator
    """The rights cannot be given. `why`: not_postgres, no_role, too_strong (then `excess` says what is too much)."""

    def __init__(self, why: str, role: str, excess: Sequence[str] = ()) -> None:
        super().__init__(f"{why}: {role} {', '.join(excess)}")
        self.why = why
        self.role = role
        self.excess = ", ".join(excess)


def grant_over(connection: sa.Connection, role: str) -> None:
    """Give the role exactly the application's rights on the tables there are; doing it again changes nothing.

    Raises `CannotGrant`: no such role, not PostgreSQL, or a role that can do more by other ways (it owns a table, is
    a superuser, may become the owner, was given rights by somebody else), for which the grants would be a pretence.
    """
    if connection.dialect.name != "postgresql":
        raise CannotGrant("not_postgres", role)
    if not connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
        raise CannotGrant("no_role", role)
    for statement in _statements(connection, role):
        connection.exec_driver_sql(statement)
    excess = [*_on_tables(connection, role), *_beyond_tables(connection, role)]
    if excess:
        raise CannotGrant("too_strong", role, excess)


def rights(table: str) -> str:
    """What the application does with a table."""
    if table == STEP:
        return "SELECT"
    return "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE"


def _statements(connection: sa.Connection, role: str) -> Iterator[str]:
    """From nothing: first everything is taken away, so that a right of an older release does not stay."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    to, schema, database = (quote(name) for name in (role, *_here(connection)))
    for everything in (f"ALL TABLES IN SCHEMA {schema}", f"ALL SEQUENCES IN SCHEMA {schema}", f"SCHEMA {schema}"):
        yield f"REVOKE ALL ON {everything} FROM {to}"
    yield f"REVOKE ALL ON DATABASE {database} FROM {to}"
    # PUBLIC is everybody, this role too.
    yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {database} TO {to}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {to}"
    for table in _ours(connection):
        yield f"GRANT {rights(table)} ON {schema}.{quote(table)} TO {to}"
    for sequence in sa.inspect(connection).get_sequence_names():
        yield f"GRANT USAGE ON SEQUENCE {schema}.{quote(sequence)} TO {to}"


def _here(connection: sa.Connection) -> tuple[str, str]:
    """The schema and the database the tables are in."""
    schema, database = connection.execute(sa.text("SELECT current_schema(), current_database()")).one()
    return str(schema), str(database)


def _ours(connection: sa.Connection) -> list[str]:
    """The tables there are; after a step down fewer than the code knows. What a step laid aside is nobody's to use."""
    there = sa.inspect(connection).get_table_names()
    return [name for name in (*(table.name for table in METADATA.sorted_tables), STEP) if name in there]


def _on_tables(connection: sa.Connection, role: str) -> Iterator[str]:
    """Rights on tables beyond those given, by whatever way the role has them."""
    has = sa.text("SELECT has_table_privilege(CAST(:role AS name), to_regclass(:table), :right)")
    schema = connection.dialect.identifier_preparer.quote_identifier(_here(connection)[0])
    quote = connection.dialect.identifier_preparer.quote_identifier
    for table in sa.inspect(connection).get_table_names():
        given = rights(table) if table in (*METADATA.tables, STEP) else ""
        for right in (one for one in DANGEROUS if one not in given):
            which = {"role": role, "table": f"{schema}.{quote(table)}", "right": right}
            if connection.scalar(has, which):
                yield f"{right} {table}"


def _beyond_tables(connection: sa.Connection, role: str) -> Iterator[str]:
    """What would let the role make tables or give itself rights."""
    checks = {
        "SUPERUSER/CREATEROLE": "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = :role",
        "CREATE SCHEMA": "SELECT has_schema_privilege(CAST(:role AS name), current_schema(), 'CREATE')",
        "TEMPORARY": "SELECT has_database_privilege(CAST(:role AS name), current_database(), 'TEMPORARY')",
        "CREATE DATABASE": "SELECT has_database_privilege(CAST(:role AS name), current_database(), 'CREATE')",
        "OWNER": "SELECT bool_or(pg_has_role(CAST(:role AS name), relowner, 'MEMBER')) FROM pg_class "
        "WHERE relnamespace = CAST(current_schema() AS regnamespace)",
    }
    for name, query in checks.items():
        if connection.scalar(sa.text(query), {"role": role}):
            yield name
