"""Every page, as everybody who opens it: accessible, nothing sticking out on a phone or at 200 %, no complaint."""

import pytest

from tests.ui.conftest import PHONE, WIDE, Seat, Sit
from tests.ui.looking import picture, sideways, violations
from tests.ui.visits import FOLLOWED, VISITS

# A 1280 px screen at 200 %.
ZOOMED = {"width": 640, "height": 450}


async def paths_of(seat: Seat, user: str) -> list[str]:
    """The user's pages, those included whose address another page tells."""
    found = list(VISITS[user])
    for who, start, selector in FOLLOWED:
        if who == user:
            page = await seat.open(start)
            found.append(str(await page.locator(selector).first.get_attribute("href")))
            await page.close()
    return found


@pytest.mark.parametrize("user", VISITS)
async def test_every_page_is_accessible_and_fits_every_screen(sit: Sit, user: str) -> None:
    seat = await sit(None if user == "nobody" else user)
    page = await seat.open("/")
    wrong: list[str] = []
    for path in await paths_of(seat, user):
        answer = await page.goto(seat.town.url + path, wait_until="load")
        if answer is None or answer.status != (404 if "khong-co-trang" in path else 200):
            wrong.append(f"{path}: {answer and answer.status}")
            continue
        wrong += await violations(page)
        await picture(page, f"{user}{path}-1280")
        for size in (ZOOMED, PHONE):
            await page.set_viewport_size(size)
            wrong += await sideways(page)
        await picture(page, f"{user}{path}-390")
        await page.set_viewport_size(WIDE)
    assert wrong == []
