"""A province per test, on each database in turn; the rulebook is loaded once."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.database import migrate
from adapters.lexicon import load_instrument
from adapters.rules import load_messages
from api.services import Services
from domain.rulebook import Rulebook
from tests.scenarios.province import Province, province
from tests.scenarios.rules import RULES, scenario_rulebook
from tests.servers.databases import Databases

Open = Callable[[str], AbstractAsyncContextManager[Province]]


@pytest.fixture(scope="session")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped rules with the scenarios' communes."""
    return scenario_rulebook(tmp_path_factory.mktemp("scenario"))


@pytest.fixture
async def opened(time_skipping: WorkflowEnvironment, databases: Databases, rulebook: Rulebook) -> AsyncIterator[Open]:
    """`opened("2026-03-13 16:10")` is a province at that instant."""
    url = await databases.copy("scenario", migrate)
    instrument, messages = load_instrument(RULES / "lexicon"), load_messages(RULES / "messages")

    def services(**parts: object) -> Services:
        return Services(instrument=instrument, messages=messages, **parts)  # type: ignore[arg-type]

    yield lambda start: province(time_skipping, url, rulebook, services, start)
    databases.drop(url)
