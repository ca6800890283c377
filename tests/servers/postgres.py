"""A PostgreSQL cluster of each test process: fast and unsafe settings, thrown away after the run."""

from collections.abc import Iterator

import pytest

from bench.postgres import Cluster, PostgresMissing, cluster

UNSAFE_AND_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """This test process's own cluster."""
    try:
        with cluster(UNSAFE_AND_FAST) as made:
            yield made
    except PostgresMissing:
        pytest.fail("PostgreSQL's server programs are missing: run `make setup-dev`", pytrace=False)


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> str:
    """The address of the cluster's maintenance database."""
    return postgres.url("postgres")


@pytest.fixture
def pg_database(postgres: Cluster) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)
