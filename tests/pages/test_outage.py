"""Pages while the engine cannot be reached: what is sent is recorded, and the page says that the decision follows."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from adapters.database import migrate
from api.gateway import Gateway
from api.services import Services
from bench.rig import free_port
from tests.api.conftest import http_to
from tests.api.world import World
from tests.pages.conftest import Browser
from tests.servers.databases import Databases


@pytest.fixture
async def cut_off(databases_of: Callable[[str], Databases], parts: Callable[..., Services]) -> AsyncIterator[World]:
    """A province of its own without an engine."""
    url = databases_of("sqlite").empty()
    await migrate(url)
    services = parts(url, Gateway.at(f"127.0.0.1:{free_port()}", "ykien", "nobody", timedelta(seconds=1)))
    async with http_to(services) as http:
        world = World(services, http)
        await world.populate()
        yield world
    await services.database.close()


async def test_a_launch_sent_while_the_engine_is_away_leads_to_its_receipt(cut_off: World) -> None:
    officer = Browser(cut_off, "cv.sgddt")
    await officer.sign_in()
    draft = await cut_off.draft("cv.sgddt")
    plan: Any = await cut_off.plan()
    file = {name: draft[name] for name in ("id", "name", "version", "size", "sha256")}
    data = plan | {"draft": draft["id"], "files": [file]}
    begun = await cut_off.services.compositions.start_launch("SGDDT", "cv.sgddt", data)
    review = await officer.page(f"/soan/{begun.id}/xem-lai")
    landed = await officer.submit(review, f"/soan/{begun.id}/gui")
    assert landed.url.startswith("/bien-nhan/r-")
    assert "Đã ghi nhận, đang xử lý" in landed.text
    assert (await officer.page("/")).status == 200
