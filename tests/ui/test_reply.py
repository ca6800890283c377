"""The consulted agency at its browser: writing, losing nothing, sending once."""

from datetime import timedelta

from playwright.async_api import Page, expect

from adapters.database import connect
from adapters.register.sessions import Sessions
from tests.ui.conftest import Seat, Sit
from tests.ui.papers import Papers

VAGUE = "Sở Tài chính cơ bản thống nhất với nội dung dự thảo, đề nghị thực hiện theo quy định hiện hành."
CLEAR = "Sở Tài chính thống nhất. Ngân sách tỉnh năm 2026 cân đối được 12,5 tỷ đồng."


async def writing(seat: Seat, id: str) -> Page:
    """The reply form, open."""
    page = await seat.open(f"/duoc-hoi/{id}/tra-loi")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


async def agrees(page: Page, text: str) -> None:
    """Tick "Thống nhất" and write."""
    await page.locator('input[type=radio][name="answers.0.position"][value="agree"]').check()
    await page.locator("#o-text").fill(text)


async def saved(page: Page) -> None:
    """Until the page says that what was typed is kept."""
    await expect(page.locator('[data-save-state][data-state="saved"]')).to_be_visible()


async def test_a_vague_reply_is_marked_while_typing_mended_and_sent_once(sit: Sit, papers: Papers) -> None:
    id = await papers.launch()
    page = await writing(await sit("gd.stc"), id)
    await agrees(page, VAGUE)
    await expect(page.locator("mark.fault").first).to_be_visible()
    await saved(page)
    await page.reload()
    assert await page.locator("#o-text").input_value() == VAGUE
    await page.locator("#o-text").fill(CLEAR)
    await expect(page.locator("mark.fault")).to_have_count(0)
    await page.get_by_role("button", name="Ký và gửi").dblclick()
    await page.wait_for_url("**/bien-nhan/**")
    await expect(page.get_by_text("Đúng hạn").first).to_be_visible()
    receipt = page.url
    await page.go_back()
    await page.go_forward()
    assert page.url == receipt
    assert len((await papers.ask(id))["replies"]) == 1


async def test_who_insists_sends_an_unclear_reply_after_being_told(sit: Sit, papers: Papers) -> None:
    id = await papers.launch()
    page = await writing(await sit("gd.stc"), id)
    await agrees(page, VAGUE)
    await page.get_by_role("button", name="Ký và gửi").click()
    await expect(page.get_by_role("button", name="Vẫn gửi")).to_be_visible()
    assert await page.locator("#o-text").input_value() == VAGUE
    assert (await papers.ask(id))["reply"] is None
    await page.get_by_role("button", name="Vẫn gửi").click()
    await page.wait_for_url("**/bien-nhan/**")
    assert (await papers.ask(id))["stage"] == "returned"


async def test_what_is_typed_after_the_session_ended_is_saved_once_somebody_signs_in(sit: Sit, papers: Papers) -> None:
    id, seat = await papers.launch(), await sit("gd.stc")
    page = await writing(seat, id)
    await agrees(page, "Sở Tài chính thống nhất.")
    await saved(page)
    database = connect(f"sqlite+aiosqlite:///{seat.town.database}")
    await Sessions(database, idle=timedelta(hours=1), lifetime=timedelta(hours=1)).end_all("gd.stc")
    await database.close()
    await page.locator("#o-text").fill(CLEAR)
    await expect(page.locator('[data-save-state][data-state="signed-out"]')).to_be_visible()
    assert await page.locator("#o-text").input_value() == CLEAR
    await seat.act_as("gd.stc")
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await saved(page)
    await page.reload()
    assert await page.locator("#o-text").input_value() == CLEAR


async def test_what_the_server_never_got_is_offered_again_by_the_browser(sit: Sit, papers: Papers) -> None:
    id, seat = await papers.launch(), await sit("gd.stc")
    page = await writing(seat, id)
    await seat.context.set_offline(True)
    await agrees(page, CLEAR)
    await expect(page.locator('[data-save-state][data-state="offline"]')).to_be_visible()
    await seat.context.set_offline(False)
    seat.complaints.clear()
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await page.locator("[data-restore] [data-take]").click()
    assert await page.locator("#o-text").input_value() == CLEAR
    await saved(page)


async def test_two_people_at_one_reply_see_each_others_words_and_lose_none(sit: Sit, papers: Papers) -> None:
    id = await papers.launch()
    one, other = await writing(await sit("cv.stc"), id), await writing(await sit("gd.stc"), id)
    await one.locator("#o-text").fill("Ngân sách tỉnh cân đối được 12,5 tỷ đồng.")
    await saved(one)
    await other.locator("#o-text").fill("Ngân sách tỉnh chỉ cân đối được 7,2 tỷ đồng.")
    await expect(other.locator("[data-conflict]")).to_be_visible()
    await expect(other.locator("[data-theirs]")).to_contain_text("12,5 tỷ đồng")
    assert await other.locator("#o-text").input_value() == "Ngân sách tỉnh chỉ cân đối được 7,2 tỷ đồng."
    await other.locator("[data-mine]").click()
    await saved(other)
    await one.reload()
    assert await one.locator("#o-text").input_value() == "Ngân sách tỉnh chỉ cân đối được 7,2 tỷ đồng."


async def test_without_script_a_reply_is_checked_saved_and_sent(sit: Sit, papers: Papers) -> None:
    id = await papers.launch()
    seat = await sit("gd.stc", java_script_enabled=False)
    page = await writing(seat, id)
    await agrees(page, VAGUE)
    await page.get_by_role("button", name="Ký và gửi").click()
    await expect(page.get_by_role("button", name="Vẫn gửi")).to_be_visible()
    await page.locator("#o-text").fill(CLEAR)
    await page.get_by_role("button", name="Ký và gửi").click()
    await page.wait_for_url("**/bien-nhan/**")
    assert (await papers.ask(id))["stage"] == "settled"


async def test_the_clerk_confirms_by_keyboard_alone(sit: Sit, papers: Papers) -> None:
    id = await papers.launch()
    page = await (await sit("vt.stc")).open(f"/duoc-hoi/{id}")
    button = page.get_by_role("button", name="Xác nhận đã nhận")
    for _ in range(80):
        if await button.evaluate("e => e === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".done")).to_contain_text("Đã ghi nhận")
    assert (await papers.ask(id))["acknowledged_at"]
