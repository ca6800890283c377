"""One province per database for the whole run: the real application on the real development server with a worker."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from temporalio.client import Client

from adapters.clock import DatabaseClock
from adapters.database import connect, migrate
from adapters.lexicon import load_instrument, load_suggester
from adapters.register.recording import SqlRegister
from adapters.rules import load_messages, load_rulebook
from adapters.settings import Settings
from api.app import RULES, create_app
from api.gateway import Gateway
from api.services import Services
from domain.clock import VIETNAM, BusinessClock
from tests.api.world import World
from tests.servers.databases import KINDS, Databases
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

START = datetime(2026, 4, 22, 9, 0, tzinfo=VIETNAM)


@pytest.fixture(scope="session")
def rules() -> dict[str, Any]:
    """The shipped rules, loaded once."""
    return {
        "rulebook": load_rulebook(RULES),
        "instrument": load_instrument(RULES),
        "suggester": load_suggester(RULES),
        "messages": load_messages(RULES),
    }


@pytest.fixture(scope="session")
def parts(rules: dict[str, Any]) -> Callable[..., Services]:
    """Makes the parts of an application around a database address and a gateway; its clock starts on 22/4/2026."""

    def make(url: str, gateway: Gateway, **settings: Any) -> Services:
        business = BusinessClock(real_anchor=datetime.now(UTC), business_anchor=START)
        chosen = Settings(database_url=SecretStr(url), smtp_host=None, **settings)
        return Services(
            settings=chosen,
            database=connect(url),
            gateway=gateway,
            clock=DatabaseClock(business),
            business=business,
            **rules,
        )

    return make


def gateway_to(client: Client, queue: str, patience: timedelta = timedelta(seconds=10)) -> Gateway:
    """A gateway to a client that is there already."""

    async def connected() -> Client:
        return client

    return Gateway(connected, queue, patience)


def http_to(services: Services) -> httpx.AsyncClient:
    """A client of the application, in process."""
    app = create_app(services.settings, services)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://ykien.test", timeout=60)


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=KINDS)
async def world(
    request: pytest.FixtureRequest,
    client: Client,
    databases_of: Callable[[str], Databases],
    parts: Callable[..., Services],
) -> AsyncIterator[World]:
    """The province on each kind of database in turn; tests share it and make consultations of their own."""
    url = databases_of(request.param).empty()
    await migrate(url)
    queue = f"api-{uuid4().hex[:8]}"
    services = parts(url, gateway_to(client, queue))
    register = SqlRegister(services.database, services.clock)
    await make_current(client)
    async with build_worker(client, register, queue, deployment=versioned()), http_to(services) as http:
        opened = World(services, http)
        await opened.populate()
        yield opened
    await services.database.close()
