"""The lead at its browser: from an empty form to an open consultation, remarks answered in place, closed."""

from playwright.async_api import Page, expect

from tests.ui.conftest import Sit
from tests.ui.papers import Papers

PART = "Tổng kinh phí 12,5 tỷ đồng, cân đối từ dự toán ngân sách tỉnh năm 2027."


async def step(page: Page, name: str) -> None:
    """To that step of the form being written."""
    base = page.url.partition("/soan/")[2].partition("/")[0].partition("?")[0]
    await page.goto(f"{page.url.partition('/soan/')[0]}/soan/{base}/{name}")


async def keep(page: Page) -> None:
    """Until the page says that what was typed is kept."""
    await expect(page.locator('[data-save-state][data-state="saved"]')).to_be_visible()


async def test_an_officer_writes_a_launch_step_by_step_and_the_head_sends_it(sit: Sit) -> None:
    page = await (await sit("cv.sgddt")).open("/soan")
    await page.get_by_role("button", name="Soạn cuộc lấy ý kiến mới").click()
    await step(page, "noi-dung")
    await page.locator("#o-subject").fill("Kế hoạch sửa chữa trường học trước năm học 2027-2028")
    await page.locator("#o-field").select_option("PHO_THONG")
    await page.locator("#o-draft_kind").select_option("KE_HOACH")
    await keep(page)
    await step(page, "chinh-kien")
    for name in ("own_position", "proposal", "legal_basis"):
        await page.locator(f"#o-{name}").fill("Sở Giáo dục và Đào tạo thống nhất sửa chữa 86 phòng học.")
    await keep(page)
    await step(page, "du-thao")
    file = {"name": "du-thao.txt", "mimeType": "text/plain", "buffer": PART.encode()}
    await page.locator("#o-file").set_input_files(files=[file])  # type: ignore[list-item]
    await page.get_by_role("button", name="Tải tệp lên").click()
    await page.get_by_role("button", name="Thêm một phần").click()
    await page.locator("#o-parts-0-label").fill("Mục III. Kinh phí")
    await page.locator("#o-parts-0-text").fill(PART)
    await keep(page)
    await step(page, "co-quan")
    await page.locator("#o-_tim").fill("can doi ngan sach")
    await page.locator("#tim-thay button").first.click()
    await expect(page.locator(".ask-card")).to_have_count(1)
    await page.locator('.ask-card input[name="asks.0.parts[]"]').check()
    await page.get_by_role("button", name="Thêm câu hỏi").click()
    await page.locator("#o-asks-0-questions-0-text").fill("Ngân sách tỉnh năm 2027 có cân đối được 12,5 tỷ đồng không?")
    await keep(page)
    await step(page, "xem-lai")
    await page.get_by_role("button", name="Trình Thủ trưởng phê duyệt").click()
    await page.wait_for_url("**/lay-y-kien/**")
    await expect(page.locator(".done")).to_contain_text("Đã ghi nhận")
    head = await (await sit("gd.sgddt")).open(page.url.partition("?")[0].removeprefix(page.url.partition("/lay")[0]))
    await head.locator('form[action$="/phe-duyet"] button').click()
    await expect(head.locator(".tag-phase-open").first).to_be_visible()


async def test_the_gate_says_no_while_the_form_is_written_and_names_the_way_out(sit: Sit) -> None:
    page = await (await sit("cv.sgddt")).open("/soan")
    await page.get_by_role("button", name="Soạn cuộc lấy ý kiến mới").click()
    await step(page, "xem-lai")
    await expect(page.get_by_role("main")).to_contain_text("Chưa gửi được")
    await expect(page.locator('form[action$="/gui"] button')).to_have_count(0)


async def test_a_remark_is_answered_in_place_and_the_head_closes(sit: Sit, papers: Papers) -> None:
    id = await papers.launch()
    for agency, user in (("STC", "gd.stc"), ("SNV", "gd.snv")):
        view = await papers.call(user, "GET", f"/consultations/{id}")
        change = {
            "where": "Mục III",
            "what": "Ghi 7,2 tỷ đồng thay cho 12,5 tỷ đồng",
            "why": "Dự phòng còn 7,2 tỷ đồng",
        }
        body = {
            "draft_sha256": view["draft"]["sha256"],
            "answers": [{"question": "q1", "position": "agree_with_amendments"}],
            "text": "Thống nhất với dự thảo và đề nghị sửa Mục III: ghi 7,2 tỷ đồng thay cho 12,5 tỷ đồng.",
            "amendments": [change],
        }
        await papers.call(user, "POST", f"/consultations/{id}/asks/{agency}/reply", json=body)
    seat = await sit("cv.sgddt")
    for left in (2, 1):
        page = await seat.open(f"/lay-y-kien/{id}/tong-hop?loc=cho")
        form = page.locator('form[action*="/tong-hop/"]').first
        await form.locator('select[name="outcome"]').select_option("accepted")
        await form.locator('textarea[name="text"]').fill("Tiếp thu, ghi lại 7,2 tỷ đồng.")
        await form.get_by_role("button").first.click()
        await expect(page.locator(".done")).to_be_visible()
        answered = (await papers.call("vpub", "GET", f"/consultations/{id}/synthesis"))["unanswered"]
        assert answered == left - 1
    head = await (await sit("gd.sgddt")).open(f"/lay-y-kien/{id}")
    await head.locator('form[action$="/ket-thuc"] button').click()
    await expect(head.locator(".tag-phase-closed").first).to_be_visible()


async def test_the_table_of_remarks_prints_on_paper(sit: Sit) -> None:
    page = await (await sit("cv.sgddt")).open("/lay-y-kien/c-minh-hoa-34/tong-hop/ban-in")
    await page.emulate_media(media="print")
    await expect(page.locator("header.top")).to_be_hidden()
    await expect(page.get_by_role("table").first).to_be_visible()
    assert (await page.pdf(prefer_css_page_size=True)).startswith(b"%PDF-")
