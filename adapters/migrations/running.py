"""Runs the steps of `versions/` on an open transaction. Knows no address and opens nothing."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

FOLDER = Path(__file__).parent
# Any fixed number: two processes that start at once must not both migrate. SQLite's one writer needs no lock.
LOCK = 7_230_041


class DatabaseNewer(Exception):  # noqa: N818 - an answer to the operator
    """The database was brought further by a newer version of the program; this one must not touch it."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"the register's database is at step {found}, which this version of ykien does not know (it ends at "
            f"{known}): install the version that made it, or a later one"
        )
        self.found = found
        self.known = known


def migrate_over(connection: sa.Connection, revision: str) -> None:
    """Bring the database to `revision` ("head", "base" or a step's name). Raises `DatabaseNewer`."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = _config(connection)
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    _require_known(script, current)
    move = command.downgrade if _is_behind(script, current, revision) else command.upgrade
    move(config, revision)


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _require_known(script: ScriptDirectory, current: str | None) -> None:
    if current is None:
        return
    try:
        script.get_revision(current)
    except CommandError:
        raise DatabaseNewer(current, script.get_current_head() or "base") from None


def _is_behind(script: ScriptDirectory, current: str | None, revision: str) -> bool:
    """Whether the wanted step lies before the current one."""
    if current is None or revision in ("head", "heads"):
        return False
    walked = [step.revision for step in script.iterate_revisions(current, "base")]
    return revision == "base" or revision in walked[1:]
