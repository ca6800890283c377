"""Pages anybody may open: the deadline calculator and the guide."""

from typing import Any

from api.pages.help import examples


async def test_anybody_has_a_deadline_counted_and_explained(browser: Any) -> None:
    nobody = await browser()
    page = await nobody.page("/tinh-han?ngay=2026-04-22&gio=09:00&n=5&don_vi=working_day")
    assert "24:00 thứ Hai 04/05/2026" in page.text
    assert "ngày nhận, không tính vào thời hạn" in page.text
    assert "thứ Bảy 25/04/2026" in page.text


async def test_a_limit_nobody_can_count_is_refused_with_the_fields_kept(browser: Any) -> None:
    nobody = await browser()
    page = await nobody.page("/tinh-han?ngay=2026-04-22&n=0&don_vi=working_day", 422)
    assert page.form("/tinh-han").value("n") == "0"
    page = await nobody.page("/tinh-han?ngay=2035-04-22&n=5&don_vi=working_day", 422)
    assert "2035" in page.text
    await nobody.page("/tinh-han?ngay=hôm-nay&n=5", 422)


async def test_a_deadline_follows_a_line_of_the_provinces_rules(browser: Any) -> None:
    nobody = await browser()
    empty = await nobody.page("/tinh-han")
    page = await nobody.page("/tinh-han?ngay=2026-04-22&gio=09:00&quy_tac=KE_HOACH")
    assert "ngày nhận, không tính vào thời hạn" in page.text
    assert "Hạn trả lời hiện ở đây" in empty.text


async def test_the_guide_shows_bad_replies_as_unclear_and_good_ones_as_clear(browser: Any, province: Any) -> None:
    page = await (await browser()).page("/huong-dan")
    for one in examples(province.services):
        assert not one.bad.verdict.clear, one.key
        assert one.good.verdict.clear, (one.key, one.good.verdict.findings)
        assert one.question in page.text


async def test_the_drill_writes_a_launch_and_shows_the_first_step(browser: Any, province: Any) -> None:
    nobody = await browser()
    page = await nobody.submit(await nobody.page("/dien-tap"), "/dien-tap/bat-dau")
    assert page.url.startswith("/dien-tap?so=s-")
    assert "Người cv.sgddt" in page.text
    written = (await province.services.compositions.of_agency("SGDDT", "launch"))[0]
    assert written.data["subject"].startswith("Diễn tập:")
    assert page.form(f"/dang-nhap/thu-vai?tiep=/soan/{written.id}").value("username") == "cv.sgddt"
