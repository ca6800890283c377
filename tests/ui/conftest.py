"""A real browser (Debian's Chromium) before the real thing: `ykien up` with the demonstration province."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.ui.papers import Papers
from tests.ui.town import Town

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)
# A machine that runs many things at once is no failure.
expect.set_options(timeout=30_000)
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# The browser's own word for an answer that says no; the test that expects it looks at the page.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The copy of this run, shared with the other test processes."""
    base = tmp_path_factory.getbasetemp()
    shared = Town((base.parent if "popen-gw" in base.name else base) / "town")
    shared.enter()
    yield shared
    shared.leave()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for this test process."""
    path = shutil.which("chromium")
    assert path, "chromium is missing: make setup-dev installs it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


class Seat:
    """One person at a browser of their own: pages, and everything the browser complained about."""

    def __init__(self, context: BrowserContext, town: Town) -> None:
        self.context, self.town = context, town
        self.complaints: list[str] = []
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._asked)

    def _said(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.complaints.append(message.text)

    def _asked(self, request: Any) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.town.url).netloc and request.url.startswith("http"):
            self.complaints.append(f"asked another site: {request.url}")

    async def act_as(self, user: str) -> None:
        """Become one of the invented people, as the switcher does."""
        answer = await self.context.request.post(
            f"{self.town.url}/dang-nhap/thu-vai", form={"username": user}, headers={"origin": self.town.url}
        )
        assert answer.ok, await answer.text()

    async def open(self, path: str = "/") -> Page:
        """A new tab at the path."""
        page = await self.context.new_page()
        await page.goto(self.town.url + path)
        return page


Sit = Callable[..., Awaitable[Seat]]


@pytest_asyncio.fixture
async def sit(town: Town, chromium: Browser) -> AsyncIterator[Sit]:
    """`await sit("gd.stc")`: that person at a browser (None: nobody yet); at the end its complaints are read."""
    seats: list[Seat] = []

    async def down(user: str | None = None, **context: Any) -> Seat:
        given = {"viewport": WIDE, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"} | context
        opened = await chromium.new_context(**given)
        opened.set_default_timeout(30_000)
        seats.append(Seat(opened, town))
        if user:
            await seats[-1].act_as(user)
        return seats[-1]

    yield down
    for seat in seats:
        await seat.context.close()
    complaints = [complaint for seat in seats for complaint in seat.complaints]
    assert not complaints, complaints


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def papers(town: Town) -> AsyncIterator[Papers]:
    """The same people at the JSON interface, to lay out what a test needs."""
    found = Papers(town.url)
    yield found
    await found.http.aclose()
