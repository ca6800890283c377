"""A register between two roles, as a province's servers have it: one owns and migrates, the other one works."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from adapters.database import Database, connect, migrate
from tests.api.conftest import parts, rules
from tests.servers.databases import DatabasesOf
from tests.servers.postgres import Cluster

__all__ = ["parts", "rules"]


class Roles:
    """The two addresses of one register: the owner's, and that of `app`, a role of this test's own."""

    def __init__(self, cluster: Cluster, owner_url: str) -> None:
        self._cluster = cluster
        self.owner_url = owner_url
        self.app = f"app_{uuid4().hex[:8]}"
        self.url = owner_url.replace("postgres@", f"{self.app}@")
        cluster.execute(f"CREATE ROLE {self.app} LOGIN")

    def owner_says(self, statement: str) -> str:
        """One statement as the owner, in the register's database; what it returned."""
        return self._cluster.execute(statement, self.owner_url.rpartition("/")[2])

    def drop(self) -> None:
        """Roles belong to the cluster, not to the database that is gone by now."""
        self._cluster.execute(f"DROP ROLE {self.app}")


@pytest.fixture
async def roles(postgres: Cluster, databases_of: DatabasesOf) -> AsyncIterator[Roles]:
    """A migrated register whose rights were given."""
    databases = databases_of("postgres")
    made = Roles(postgres, await databases.copy("register", migrate))
    await migrate(made.owner_url, grant_to=made.app)
    yield made
    databases.drop(made.owner_url)
    made.drop()


@pytest.fixture
async def app_db(roles: Roles) -> AsyncIterator[Database]:
    """The register as the application's role sees it."""
    database = connect(roles.url)
    yield database
    await database.close()
