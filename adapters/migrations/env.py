"""Alembic's entry: runs the steps on the connection and in the transaction that `running` gives it, and on no other."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
