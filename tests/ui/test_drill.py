"""A newcomer in the drill: one whole consultation, every part played in turn, silence reaching the leader by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.ui.conftest import WIDE, Seat
from tests.ui.town import Town

CLEAR = "Sở Tài chính thống nhất. Ngân sách tỉnh năm 2027 bố trí được 6,4 tỷ đồng từ nguồn chi sự nghiệp giáo dục."
LATE = 'Thống nhất với dự thảo và đề nghị sửa Mục IV: thay cụm từ "64 vị trí" bằng "58 vị trí".'


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Town]:
    """A training copy of this test's own: a working day lasts twenty seconds."""
    town = Town(tmp_path / "drill", "--drill")
    town.enter()
    yield town
    town.leave()


class Walk:
    """The newcomer, who always comes back to the drill's page for the next step."""

    def __init__(self, page: Page, guide: str) -> None:
        self.page, self.guide = page, guide

    async def play(self, step: str) -> None:
        """Wait until that step is the one to do now, and sit down in its person's place."""
        now = self.page.locator("li.is-now")
        await self.page.goto(self.guide)
        await expect(now).to_contain_text(step, timeout=120_000)
        await now.get_by_role("button").click()

    async def reply(self, text: str, position: str = "agree") -> None:
        """Fill in the reply form."""
        await self.page.locator(f'input[type=radio][name="answers.0.position"][value="{position}"]').check()
        await self.page.locator("#o-text").fill(text)

    async def sign(self, *, insist: bool = False) -> None:
        """Send what stands in the form."""
        await self.page.get_by_role("button", name="Ký và gửi").click()
        if insist:
            await self.page.get_by_role("button", name="Vẫn gửi").click()
        await self.page.wait_for_url("**/bien-nhan/**")


async def test_a_newcomer_walks_through_one_consultation_from_launch_to_closure(drill: Town, chromium: Browser) -> None:
    context = await chromium.new_context(viewport=WIDE, locale="vi-VN")
    context.set_default_timeout(60_000)
    seat = Seat(context, drill)
    page = await seat.open("/dien-tap")
    await expect(page.locator(".mode")).to_contain_text("DIỄN TẬP")
    await page.get_by_role("button", name="Bắt đầu").click()
    walk = Walk(page, page.url)

    await walk.play("trình hồ sơ")
    await page.goto(page.url.partition("?")[0] + "/xem-lai")
    await page.get_by_role("button", name="Trình Thủ trưởng phê duyệt").click()
    await page.wait_for_url("**/lay-y-kien/**")
    await walk.play("phê duyệt")
    await page.locator('form[action$="/phe-duyet"] button').click()
    await expect(page.locator(".tag-phase-open").first).to_be_visible()
    await walk.play("xác nhận đã nhận")
    await page.get_by_role("button", name="Xác nhận đã nhận").click()
    await expect(page.locator(".done")).to_be_visible()
    await walk.play("chung chung")
    await walk.reply("Sở Tài chính cơ bản thống nhất với nội dung dự thảo, đề nghị thực hiện theo quy định hiện hành.")
    await walk.sign(insist=True)
    await walk.play("làm rõ")
    await walk.reply(CLEAR)
    await walk.sign()

    await walk.play("Phó Chủ tịch quyết định")
    await page.locator('input[type=radio][name="action"][value="order_reply"]').check()
    await page.locator('textarea[name="reason"]').fill("Yêu cầu Sở Nội vụ trả lời về biên chế.")
    await page.get_by_role("button", name="Ghi quyết định").click()
    await expect(page.locator(".done")).to_be_visible()
    await walk.play("trả lời chậm")
    await walk.reply(LATE, "agree_with_amendments")
    await page.locator("#o-amendments-0-where").fill("Mục IV")
    await page.locator("#o-amendments-0-what").fill("58 vị trí")
    await page.locator("#o-amendments-0-why").fill("Biên chế hiện có của 6 xã chỉ còn 58 vị trí.")
    await walk.sign()
    await walk.play("giải trình từng ý kiến")
    form = page.locator('form[action*="/tong-hop/"]').first
    await form.locator('select[name="outcome"]').select_option("accepted")
    await form.locator('textarea[name="text"]').fill("Tiếp thu, ghi lại 58 vị trí.")
    await form.get_by_role("button").first.click()
    await expect(page.locator(".done")).to_be_visible()
    await walk.play("kết thúc")
    await page.locator('form[action$="/ket-thuc"] button').click()
    await expect(page.locator(".tag-phase-closed").first).to_be_visible()
    await page.goto(walk.guide)
    await expect(page.get_by_text("Đã đi hết một cuộc lấy ý kiến.")).to_be_visible()
    await page.emulate_media(media="print")
    await expect(page.locator(".mode-drill")).to_be_visible()
    await page.emulate_media(media="screen")
    await seat.act_as("vpub")
    await page.goto(drill.url + "/theo-doi/man-hinh")
    await expect(page.locator(".mode-drill")).to_be_visible()
    await context.close()
    assert seat.complaints == []
