"""Việc cần làm: everybody finds what they must do, soonest first, and nothing that is a colleague's."""

from typing import Any

from adapters.register.verifications import Verifications
from bench.pages import counted
from tests.api.world import World


def tasks(page: Any, id: str) -> list[str]:
    """The texts of the links that lead to the consultation."""
    return [text for href, text in page.links if id in href and text and not text.startswith(("Xem", "Giao việc"))]


async def test_an_asked_agency_is_led_from_receipt_to_assignment_to_writing(browser: Any, province: World) -> None:
    id = await province.launch()
    clerk, head, officer = [await browser(f"{desk}.stc") for desk in ("vt", "gd", "cv")]
    assert any("Xác nhận đã nhận" in text for text in tasks(await clerk.page("/"), id))
    await province.post("vt.stc", f"/consultations/{id}/asks/STC/receipt")
    assert any("Giao người chuẩn bị" in text for text in tasks(await head.page("/"), id))
    await province.post("gd.stc", f"/consultations/{id}/asks/STC/assignment", {"handler": "cv.stc"})
    assert any("Soạn trả lời" in text for text in tasks(await officer.page("/"), id))
    assert tasks(await clerk.page("/"), id) == []
    assert any("Ký trả lời" in text for text in tasks(await head.page("/"), id))
    await province.reply(id)
    assert tasks(await officer.page("/"), id) == []


async def test_the_lead_is_led_to_approve_to_rule_and_to_close(browser: Any, province: World) -> None:
    plan = await province.plan()
    id = (await province.post("cv.sgddt", "/consultations", plan, 201))["id"]
    head, officer = await browser("gd.sgddt"), await browser("cv.sgddt")
    assert any("Phê duyệt" in text for text in tasks(await head.page("/"), id))
    assert any("chờ thủ trưởng phê duyệt" in text for text in tasks(await officer.page("/"), id))
    await province.post("gd.sgddt", f"/consultations/{id}/approval")
    until = "2026-05-06T17:00:00+07:00"
    await province.post("gd.stc", f"/consultations/{id}/asks/STC/extension", {"until": until, "reason": "Đối chiếu."})
    assert any("đề nghị gia hạn" in text for text in tasks(await officer.page("/"), id))
    await province.post("gd.sgddt", f"/consultations/{id}/asks/STC/ruling", {"ruling": "refuse_extension"})
    assert not any("gia hạn" in text for text in tasks(await officer.page("/"), id))
    await province.reply(id, "STC")
    await province.reply(id, "SNV")
    assert any("Ký tổng hợp" in text for text in tasks(await head.page("/"), id))


async def test_whoever_has_nothing_to_do_is_told_what_will_come(browser: Any) -> None:
    page = await (await browser("quantri")).page("/")
    assert page.link("Mở Quản trị") == "/quan-tri"
    page = await (await browser("vt.skhcn")).page("/")
    assert "Không có việc nào đang chờ" in page.text


async def test_the_inspector_is_reminded_to_prove_the_ledger_until_it_is_proved(browser: Any, province: World) -> None:
    inspector = await browser("thanhtra")
    proved = Verifications(province.services.database)
    number = await proved.start("thanhtra")
    await proved.finish(number, 10, [])
    assert "Kiểm chứng sổ cái" not in (await inspector.page("/")).text


async def test_the_first_page_takes_as_many_statements_for_many_tasks_as_for_few(browser: Any, province: World) -> None:
    head = await browser("gd.snv")
    await head.page("/")
    with counted(province.services) as few:
        await head.page("/")
    for _ in range(3):
        await province.launch()
    with counted(province.services) as many:
        await head.page("/")
    assert len(many) == len(few)
