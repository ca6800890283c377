"""Registers on each kind of database in turn: an empty one, and one with a past."""

from collections.abc import AsyncIterator

import pytest

from adapters.database import Database, connect, migrate
from tests.operating.lived import lives
from tests.servers.databases import Databases


@pytest.fixture
async def db(databases: Databases) -> AsyncIterator[Database]:
    """A migrated, empty register, open."""
    address = await databases.copy("operating", migrate)
    database = connect(address)
    yield database
    await database.close()
    databases.drop(address)


@pytest.fixture
async def lived_in(databases: Databases) -> AsyncIterator[Database]:
    """The register of `lives`, this test's own copy."""
    address = await databases.copy("lived in", lives)
    database = connect(address)
    yield database
    await database.close()
    databases.drop(address)
