"""A register of this test's own, migrated, on each kind of database in turn."""

from collections.abc import AsyncIterator

import pytest

from adapters.database import Database, connect, migrate
from tests.servers.databases import Databases


@pytest.fixture
async def register_url(databases: Databases) -> AsyncIterator[str]:
    """The address of a migrated, empty register."""
    address = await databases.copy("register", migrate)
    yield address
    databases.drop(address)


@pytest.fixture
async def db(register_url: str) -> AsyncIterator[Database]:
    """A migrated, empty register, open."""
    database = connect(register_url)
    yield database
    await database.close()
