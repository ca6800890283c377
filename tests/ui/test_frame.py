"""What every page has: nothing from elsewhere, few bytes, a way in by keyboard."""

from typing import Any

from playwright.async_api import expect

from tests.ui.conftest import Sit

FIRST_PAGE_BYTES = 120 * 1024


async def test_the_first_page_is_small_and_asks_no_other_site(sit: Sit) -> None:
    seat = await sit("gd.stc")
    page = await seat.context.new_page()
    session = await seat.context.new_cdp_session(page)
    await session.send("Network.enable")
    received: dict[str, float] = {}

    def count(event: dict[str, Any]) -> None:
        received[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.loadingFinished", count)
    await page.goto(seat.town.url, wait_until="networkidle")
    assert 0 < sum(received.values()) <= FIRST_PAGE_BYTES, sum(received.values())


async def test_a_newcomer_picks_a_person_and_sees_that_persons_work(sit: Sit) -> None:
    seat = await sit()
    page = await seat.open("/")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    await page.get_by_role("button", name="Thủ trưởng").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")
    await expect(page.locator(".card-line").first).to_be_visible()


async def test_the_keyboard_reaches_search_content_and_menu(sit: Sit) -> None:
    page = await (await sit("gd.stc")).open("/")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "noi-dung"
    await page.keyboard.press("/")
    await expect(page.get_by_role("searchbox")).to_be_focused()
