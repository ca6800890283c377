"""A leader on a phone, the office urging many, the inspector proving the ledger, the administrator's calendar."""

from playwright.async_api import expect

from tests.ui.conftest import PHONE, Sit


async def test_a_leader_decides_on_a_phone_with_one_choice_and_a_reason(sit: Sit) -> None:
    page = await (await sit("pct2", viewport=PHONE, has_touch=True)).open("/lanh-dao")
    await page.locator('main a[href^="/vu-viec/"]').first.click()
    await page.locator('input[type=radio][name="action"]').first.check()
    await page.locator('textarea[name="reason"]').fill("Yêu cầu trả lời rõ từng câu hỏi trong thời hạn mới.")
    await page.locator("#quyet-dinh button, form button").last.click()
    await expect(page.locator(".done")).to_contain_text("Đã ghi nhận")


async def test_the_office_urges_several_agencies_after_seeing_what_will_happen(sit: Sit) -> None:
    page = await (await sit("vpub")).open("/theo-doi")
    boxes = page.locator('input[name="chon"]')
    count = min(await boxes.count(), 2)
    assert count
    for n in range(count):
        await boxes.nth(n).check()
    await page.locator('form[action="/theo-doi/don-doc"] button').last.click()
    await expect(page.locator('input[name="chon"]')).to_have_count(count)
    await (
        page.get_by_role("textbox", name="Lý do")
        .or_(page.locator('textarea[name="reason"]'))
        .first.fill("Đề nghị trả lời trong hôm nay.")
    )
    await page.locator('form[action="/theo-doi/don-doc/gui"] button').first.click()
    await expect(page.get_by_role("main")).to_contain_text("đôn đốc")
    await expect(page.locator("h1")).to_be_visible()


async def test_the_wall_keeps_itself_up_to_date_without_anybody_touching_it(sit: Sit) -> None:
    seat = await sit("vpub", viewport={"width": 1920, "height": 1080})
    page = await seat.context.new_page()
    await page.clock.install()
    await page.goto(seat.town.url + "/theo-doi/man-hinh")
    async with page.expect_response(lambda answer: "man-hinh?" in answer.url) as answer:
        await page.clock.run_for(16_000)
    assert (await answer.value).ok


async def test_the_inspector_proves_the_ledger_on_the_page(sit: Sit) -> None:
    page = await (await sit("thanhtra")).open("/so-cai")
    await page.get_by_role("button", name="Kiểm chứng toàn bộ").click()
    await expect(page.get_by_role("main")).to_contain_text("Sổ cái nguyên vẹn", timeout=40_000)


async def test_the_administrator_sees_which_deadlines_a_day_off_would_move_before_saving(sit: Sit) -> None:
    page = await (await sit("quantri")).open("/quan-tri/lich")
    await page.locator('main a[href^="/quan-tri/lich/"]').first.click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(page.locator('form[action^="/quan-tri/lich/"]').first).to_be_visible()
