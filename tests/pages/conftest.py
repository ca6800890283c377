"""People at their browsers, without script: the real application in process, worker and engine behind it."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from temporalio.client import Client

from adapters.database import migrate
from adapters.register.recording import SqlRegister
from api.pages.protection import COOKIE
from api.passwords import fingerprint, new_token
from api.services import Services
from tests.api.conftest import gateway_to, http_to, parts, rules
from tests.api.world import World
from tests.pages.reading import Read, read
from tests.servers.databases import Databases
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

__all__ = ["parts", "rules"]

HTML = {"accept": "text/html"}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def province(
    client: Client, databases_of: Callable[[str], Databases], parts: Callable[..., Services]
) -> AsyncIterator[World]:
    """One province for all page tests of this process; what a database could spoil is tested beside the queries."""
    url = databases_of("sqlite").empty()
    await migrate(url)
    queue = f"pages-{uuid4().hex[:8]}"
    services = parts(url, gateway_to(client, queue))
    await make_current(client)
    register = SqlRegister(services.database, services.clock)
    async with build_worker(client, register, queue, deployment=versioned()), http_to(services) as http:
        opened = World(services, http)
        await opened.populate()
        yield opened
    await services.database.close()


class Browser:
    """One person's browser: follows redirects, keeps the cookie, fills in forms."""

    def __init__(self, world: World, user: str | None) -> None:
        self.world, self.user = world, user
        # Each browser has cookies of its own over the one application.
        app = world.http._transport
        self.http = httpx.AsyncClient(transport=app, base_url="http://ykien.test", headers=HTML, timeout=60)

    async def sign_in(self) -> None:
        """A session as the sign-in page would begin it, without the price of a password."""
        secret = new_token()
        who: dict[str, Any] = {"username": self.user, "role": None, "source": "thử", "browser": "thử"}
        await self.world.services.sessions.start(sha256=fingerprint(secret), id=f"p-{uuid4().hex[:12]}", **who)
        self.http.cookies.set(COOKIE, secret)

    async def page(self, path: str, status: int = 200, **headers: str) -> Read:
        """The page at the path, which must be answered with the status."""
        return self._read(await self.http.get(path, follow_redirects=True, headers=headers), status)

    async def send(self, path: str, fields: list[tuple[str, str]], status: int = 200, **more: Any) -> Read:
        """A form's fields sent to the path, redirects followed."""
        data: dict[str, Any] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        answer = await self.http.post(path, data=data, follow_redirects=True, **more)
        return self._read(answer, status)

    async def submit(self, page: Read, action: str, status: int = 200, /, **typed: Any) -> Read:
        """The page's form to that path, with fields typed anew (`__` in a name stands for a dot)."""
        changes = {name.replace("__", "."): value for name, value in typed.items()}
        files = {name: changes.pop(name) for name in list(changes) if isinstance(changes[name], tuple)}
        return await self.send(action, page.form(action).filled(changes), status, files=files or None)

    def _read(self, answer: httpx.Response, status: int) -> Read:
        assert answer.status_code == status, f"{answer.status_code} {answer.url}\n{answer.text[:3000]}"
        return read(answer.status_code, str(answer.url.raw_path.decode()), answer.text, answer.headers)


@pytest.fixture
def browser(province: World) -> Callable[[str | None], Any]:
    """`await browser("gd.stc")`: that person's browser, signed in; None: nobody's."""

    async def opened(user: str | None = None) -> Browser:
        found = Browser(province, user)
        if user:
            await found.sign_in()
        return found

    return opened
