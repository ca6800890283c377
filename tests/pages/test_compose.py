"""Preparing a consultation in a browser: saved as it is written, checked by the gate, sent once; by whom it may be."""

import asyncio
import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.api.world import World
from tests.pages.conftest import Browser
from tests.pages.reading import Read

SUBJECT = "Đề án sắp xếp mạng lưới trường, lớp"
CONTENT = {"subject": SUBJECT, "summary": "Sáp nhập điểm trường lẻ.", "field": "PHO_THONG", "draft_kind": "DE_AN"}
POSITION = {
    "own_position": "Sở Giáo dục và Đào tạo thống nhất phương án 1.",
    "proposal": "Trình UBND tỉnh ban hành.",
    "legal_basis": "Chương trình công tác của UBND tỉnh.",
}
DRAFT = """Điều 1. Biên chế
Vị trí việc làm, biên chế giáo viên dôi dư sau sắp xếp.
Điều 2. Kinh phí
Tổng kinh phí 12,5 tỷ đồng từ dự toán ngân sách tỉnh.
"""
QUESTION = "Ngân sách tỉnh năm 2026 có cân đối được 12,5 tỷ đồng không?"


async def begun(person: Browser) -> str:
    """The address of a new preparation."""
    page = await person.submit(await person.page("/soan"), "/soan")
    return page.url.removesuffix("/noi-dung")


async def step(person: Browser, at: str, name: str, **typed: Any) -> Read:
    """The step filled in and saved."""
    return await person.submit(await person.page(f"{at}/{name}"), f"{at}/{name}", 200, **typed)


def file(name: str = "du-thao.txt", text: str | bytes = DRAFT) -> tuple[str, bytes, str]:
    return (name, text.encode() if isinstance(text, str) else text, "application/octet-stream")


async def ready(person: Browser, **content: Any) -> str:
    """The address of a preparation that may be sent: STC asked about money."""
    at = await begun(person)
    await step(person, at, "noi-dung", **CONTENT | content)
    await step(person, at, "chinh-kien", **POSITION)
    await step(person, at, "du-thao", _lam="tai-len", file=file(text=f"{DRAFT}{uuid4().hex}"))
    await step(person, at, "co-quan", _lam="them:STC:STC-01")
    await step(person, at, "co-quan", **{"asks.0.questions.0.text": QUESTION})
    return at


async def test_a_lead_officer_prepares_step_by_step_and_hands_up_to_the_head(browser: Any, province: World) -> None:
    officer = await browser("cv.sgddt")
    at = await ready(officer)
    page = await officer.page(f"{at}/xem-lai")
    assert "Trình Thủ trưởng phê duyệt" in page.text
    assert QUESTION in page.text
    assert "Hết hạn trả lời" in page.text
    assert "Phó Chủ tịch" in page.text
    sent = await officer.submit(page, f"{at}/gui")
    assert sent.url.startswith("/lay-y-kien/c-")
    assert "Đã ghi nhận" in sent.text
    id = sent.url.split("/")[2].split("?")[0]
    view = await province.get("gd.sgddt", f"/consultations/{id}")
    assert (view["phase"], view["subject"]) == ("draft", SUBJECT)
    assert [ask["agency"] for ask in view["asks"]] == ["STC"]
    again = await officer.page(f"{at}/noi-dung")
    assert again.url == f"/lay-y-kien/{id}"


@pytest.mark.clause("G07", "H10")
async def test_a_head_signs_and_sends_at_once(browser: Any, province: World) -> None:
    head = await browser("gd.sgddt")
    at = await ready(head)
    page = await head.page(f"{at}/xem-lai")
    assert "Ký và phát hành" in page.text
    sent = await head.submit(page, f"{at}/gui")
    view = await province.get("gd.sgddt", f"/consultations/{sent.url.split('/')[2].split('?')[0]}")
    assert view["phase"] == "open"


async def test_two_clicks_send_one_consultation_with_one_receipt(browser: Any) -> None:
    head = await browser("gd.sgddt")
    at = await ready(head, subject=f"Đề án {uuid4().hex}")
    page = await head.page(f"{at}/xem-lai")
    first, second = await asyncio.gather(head.submit(page, f"{at}/gui"), head.submit(page, f"{at}/gui"))
    assert first.url == second.url
    assert (await head.submit(page, f"{at}/gui")).url.split("?")[0] == first.url.split("?")[0]


async def test_what_was_changed_after_the_review_is_not_sent(browser: Any) -> None:
    head, officer = await browser("gd.sgddt"), await browser("cv.sgddt")
    at = await ready(head)
    page = await head.page(f"{at}/xem-lai")
    await step(officer, at, "chinh-kien", **POSITION | {"proposal": "Đề xuất khác."})
    told = await head.submit(page, f"{at}/gui", 409)
    assert "vừa thay đổi" in told.text
    assert "Đề xuất khác." in told.text


async def test_an_empty_agency_is_taught_what_to_do(browser: Any) -> None:
    page = await (await browser("cv.skhcn")).page("/soan")
    assert "Cơ quan chưa có bản soạn nào" in page.text


async def test_the_list_shows_the_agencys_own_preparations_only(browser: Any) -> None:
    subject = f"Kế hoạch {uuid4().hex}"
    officer = await browser("cv.snv")
    at = await begun(officer)
    await step(officer, at, "noi-dung", subject=subject)
    assert subject in (await (await browser("gd.snv")).page("/soan")).text
    other = await browser("cv.stc")
    assert subject not in (await other.page("/soan")).text
    for path in (at, f"{at}/noi-dung", f"{at}/xem-lai"):
        await other.page(path, 404)
    await (await browser("vt.snv")).page("/soan", 403)
    await (await browser("thanhtra")).page(at, 403)


async def test_a_preparation_set_aside_leaves_the_list_and_keeps_its_words(browser: Any, province: World) -> None:
    officer = await browser("cv.snv")
    at = await begun(officer)
    subject = f"Kế hoạch {uuid4().hex}"
    await step(officer, at, "noi-dung", subject=subject)
    page = await officer.submit(await officer.page(at), f"{at}/bo")
    assert subject not in page.text
    kept = await province.services.compositions.find(at.rsplit("/", 1)[1])
    assert kept is not None
    assert kept.data["subject"] == subject


async def test_typing_is_saved_and_a_colleagues_newer_words_are_never_overwritten(browser: Any) -> None:
    one, two = await browser("cv.sgddt"), await browser("gd.sgddt")
    at = await begun(one)
    mine, theirs = await one.page(f"{at}/noi-dung"), await two.page(f"{at}/noi-dung")
    saved = await autosave(one, mine, at, subject="Trích yếu của chuyên viên")
    assert saved.status_code == 200
    assert saved.json()["saved"].startswith("Đã lưu lúc ")
    again = await autosave(one, mine, at, subject="Trích yếu của chuyên viên, sửa lần hai")
    assert again.status_code == 200, "a page's own saves never stand against each other"
    late = await autosave(two, theirs, at, subject="Trích yếu của giám đốc")
    assert late.status_code == 409
    assert "Người cv.sgddt" in late.json()["who"]
    assert "sửa lần hai" in late.json()["theirs"]
    shown = await two.submit(theirs, f"{at}/noi-dung", 409, subject="Trích yếu của giám đốc")
    assert "sửa lần hai" in shown.text
    assert shown.form(f"{at}/noi-dung").value("subject").strip() == "Trích yếu của giám đốc"
    won = await two.submit(shown, f"{at}/noi-dung")
    assert won.form(f"{at}/noi-dung").value("subject").strip() == "Trích yếu của giám đốc"


async def autosave(person: Browser, page: Read, at: str, **typed: str) -> Any:
    """What the page's script sends while typing."""
    name = page.url.rsplit("/", 1)[1].split("?")[0]
    fields = dict(page.form(f"{at}/{name}").filled(typed))
    return await person.http.post(f"{at}/{name}/luu-tam", data=fields, headers={"x-requested-with": "ykien"})


async def test_two_people_work_on_two_steps_at_once(browser: Any) -> None:
    one, two = await browser("cv.sgddt"), await browser("gd.sgddt")
    at = await begun(one)
    first, second = await one.page(f"{at}/noi-dung"), await two.page(f"{at}/chinh-kien")
    await one.submit(first, f"{at}/noi-dung", subject=SUBJECT)
    await two.submit(second, f"{at}/chinh-kien", **POSITION)
    page = await one.page(f"{at}/xem-lai")
    assert SUBJECT in page.text
    assert POSITION["own_position"] in page.text


STAMPED: list[tuple[str, dict[str, Any]]] = [
    ("noi-dung", {"subject": "MẬT - Phương án bảo vệ kho"}),
    ("noi-dung", {"subject": SUBJECT, "classification": "TỐI MẬT"}),
    ("chinh-kien", {"own_position": "TUYỆT MẬT\nChính kiến của Sở."}),
    ("du-thao", {"whole": "MẬT\nĐiều 1. Phạm vi"}),
]


@pytest.mark.parametrize(("name", "typed"), STAMPED, ids=["subject", "declared", "position", "text"])
async def test_a_text_with_a_secrecy_stamp_is_refused_and_nothing_is_stored(
    browser: Any, province: World, name: str, typed: dict[str, Any]
) -> None:
    officer = await browser("cv.sgddt")
    at = await begun(officer)
    page = await officer.page(f"{at}/{name}")
    silent = await autosave(officer, page, at, **typed)
    assert silent.json()["type"].endswith("classified")
    told = await officer.submit(page, f"{at}/{name}", 422, **typed)
    assert "văn thư mật" in told.text
    kept = await province.services.compositions.find(at.rsplit("/", 1)[1])
    assert kept is not None
    assert kept.version == 1
    assert not any(value in json.dumps(kept.data, ensure_ascii=False) for value in typed.values())


def word_file(*lines: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
        archive.writestr("word/document.xml", f"<w:document><w:body>{body}</w:body></w:document>")
    return made.getvalue()


async def test_a_classified_file_is_refused_with_the_lawful_channel_named(browser: Any, province: World) -> None:
    officer = await browser("cv.sgddt")
    at = await begun(officer)
    for bad in (file("ke-hoach_MẬT.txt"), file(text="TỐI MẬT\nĐiều 1."), file("a.docx", word_file("MẬT", "Điều 1. A"))):
        page = await officer.page(f"{at}/du-thao")
        told = await officer.submit(page, f"{at}/du-thao", 422, _lam="tai-len", file=bad, whole="Đang gõ dở")
        assert "văn thư mật" in told.text
        assert told.form(f"{at}/du-thao").value("whole").strip() == "Đang gõ dở"
    kept = await province.services.compositions.find(at.rsplit("/", 1)[1])
    assert kept is not None
    assert not kept.data["files"]


async def test_an_uploaded_file_is_cut_into_parts_and_later_versions_stand_beside_it(browser: Any) -> None:
    officer = await browser("cv.sgddt")
    at = await begun(officer)
    name = f"{uuid4().hex}.docx"
    text = ("QUYẾT ĐỊNH", "Điều 1. Phạm vi", "Sắp xếp trường lớp.", "Điều 2. Kinh phí &amp; tài sản", "Tiền.")
    page = await step(officer, at, "du-thao", _lam="tai-len", file=file(name, word_file(*text)))
    form = page.form(f"{at}/du-thao")
    labels = [form.value("parts.0.label"), form.value("parts.1.label")]
    assert labels == ["Điều 1. Phạm vi", "Điều 2. Kinh phí & tài sản"]
    page = await step(officer, at, "du-thao", _lam="tai-len", file=file(name, word_file(*text, "Điều 3. Mới")))
    assert "phiên bản 2" in page.text
    assert "phiên bản 1" in page.text
    assert page.form(f"{at}/du-thao").value("parts.1.label") == "Điều 2. Kinh phí & tài sản"


async def test_parts_are_added_split_off_and_taken_out_without_script(browser: Any) -> None:
    officer = await browser("cv.sgddt")
    at = await begun(officer)
    page = await step(officer, at, "du-thao", _lam="them-phan")
    page = await officer.submit(page, f"{at}/du-thao", **{"parts.0.label": "Phụ lục", "whole": DRAFT, "_lam": "tach"})
    form = page.form(f"{at}/du-thao")
    assert [form.value(f"parts.{n}.label") for n in range(3)] == ["Phụ lục", "Điều 1. Biên chế", "Điều 2. Kinh phí"]
    page = await officer.submit(page, f"{at}/du-thao", _lam="bo-phan:d1")
    assert page.form(f"{at}/du-thao").value("parts.0.label") == "Điều 1. Biên chế"


@pytest.mark.clause("H28", "G17")
async def test_one_click_on_a_suggestion_adds_agency_function_and_part(browser: Any) -> None:
    officer = await browser("cv.sgddt")
    at = await begun(officer)
    await step(officer, at, "noi-dung", **CONTENT)
    await step(officer, at, "du-thao", whole=DRAFT, _lam="tach")
    page = await officer.page(f"{at}/co-quan")
    suggested = [value for name, value in page.form(f"{at}/co-quan").buttons if value.startswith("them:STC")]
    assert suggested == ["them:STC:STC-01:d2"]
    page = await officer.submit(page, f"{at}/co-quan", _lam=suggested[0])
    form = page.form(f"{at}/co-quan")
    assert form.value("asks.0.agency") == "STC"
    assert form.value("asks.0.functions[]") == "STC-01"
    assert form.value("asks.0.parts[]") == "d2"
    assert "Điều 2. Kinh phí" in (form.value("asks.0.questions.0.text") or "")


async def test_an_agency_is_found_without_diacritics_and_its_function_taken(browser: Any) -> None:
    officer = await browser("cv.sgddt")
    at = await begun(officer)
    page = await officer.page(f"{at}/co-quan")
    found = await officer.submit(page, f"{at}/co-quan", _tim="so tu phap tham dinh", _lam="tim")
    assert "Sở Tư pháp" in found.text
    assert any(value.startswith("them:STP:STP-") for _, value in found.form(f"{at}/co-quan").buttons)
    nothing = await officer.submit(page, f"{at}/co-quan", _tim="zzz", _lam="tim")
    assert "Không tìm thấy" in nothing.text


@pytest.mark.clause("H28", "H29", "G17", "K04")
async def test_the_gates_findings_have_buttons_that_repair_the_plan(browser: Any) -> None:
    officer = await browser("cv.sgddt")
    at = await ready(officer)
    page = await step(officer, at, "co-quan", _lam="them:SKHDT::d2")
    assert "Cơ quan hoặc chức năng đã chuyển" in page.text
    assert next(s for s in page.links if s[0] == f"{at}/co-quan")[1].endswith("Cần sửa")
    repairs = [v for _, v in page.form(f"{at}/co-quan").buttons if v.startswith("thay:SKHDT:")]
    assert repairs == ["thay:SKHDT:STC:"]
    page = await officer.submit(page, f"{at}/co-quan", _lam=repairs[0])
    assert page.text.count("Bỏ Sở Tài chính") == 1, "merged with the entry that was there"
    page = await step(officer, at, "co-quan", _lam="them:SYT:SYT-01:d2")
    assert "Cơ quan không liên quan trực tiếp" in page.text
    buttons = [v for _, v in page.form(f"{at}/co-quan").buttons]
    assert any(v.startswith("thay:SYT:STC:STC-") for v in buttons)
    assert "ngoai-le:SYT" in buttons
    page = await officer.submit(page, f"{at}/co-quan", _lam="bo:SYT")
    assert "Bước này chưa có điểm nào bị cổng từ chối" in page.text


async def test_a_mandatory_agency_is_named_added_by_one_click_and_flagged(browser: Any) -> None:
    officer = await browser("cv.sgddt")
    at = await ready(officer, draft_kind="QD_CT")
    page = await officer.page(f"{at}/co-quan")
    assert "Thiếu cơ quan bắt buộc phải lấy ý kiến" in page.text
    wanted = [v for _, v in page.form(f"{at}/co-quan").buttons if v.startswith("them:") and v.endswith(":")]
    for act in dict.fromkeys(v for v in wanted if v.count(":") == 2):
        page = await step(officer, at, "co-quan", _lam=act)
    assert "Bắt buộc theo quy định" in page.text
    assert "Thiếu cơ quan bắt buộc" not in page.text


async def test_an_exception_waits_for_the_leader(browser: Any) -> None:
    head = await browser("gd.sgddt")
    at = await ready(head)
    await step(head, at, "co-quan", _lam="them:SYT:SYT-01:d2")
    await step(head, at, "co-quan", _lam="ngoai-le:SYT")
    page = await head.page(f"{at}/xem-lai")
    assert "Sở Y tế: chờ" in page.text
    sent = await head.submit(page, f"{at}/gui")
    assert sent.url.startswith("/lay-y-kien/c-")


async def test_the_gate_is_asked_while_typing_and_nothing_is_stored(browser: Any, province: World) -> None:
    officer = await browser("cv.sgddt")
    at = await ready(officer)
    before = await province.services.compositions.find(at.rsplit("/", 1)[1])
    page = await officer.page(f"{at}/co-quan")
    told = await officer.submit(page, f"{at}/co-quan", **{"asks.0.questions.0.text": " "})
    assert "Chưa có câu hỏi" in told.text
    fields = page.form(f"{at}/co-quan").filled({"asks.0.parts[]": None, "asks.0.questions.0.part": ""})
    part = await officer.send(f"{at}/co-quan/kiem-tra", fields)
    assert "Chưa nêu phần dự thảo cần hỏi" in part.text
    assert "<html" not in part.html
    after = await province.services.compositions.find(at.rsplit("/", 1)[1])
    assert before is not None
    assert after is not None
    assert after.version == before.version + 1


@pytest.mark.clause("K07")
async def test_the_deadline_is_explained_day_by_day_and_one_too_short_is_refused_at_once(browser: Any) -> None:
    officer = await browser("cv.sgddt")
    at = await ready(officer)
    page = await officer.page(f"{at}/thoi-han")
    assert "24:00 thứ Hai 04/05/2026" in page.text
    assert "là ngày nghỉ hằng tuần, không tính" in page.text
    typed = page.form(f"{at}/thoi-han").filled({"due.mode": "day", "due.day": "2026-04-23", "due.clock": "17:00"})
    part = await officer.send(f"{at}/thoi-han/kiem-tra", typed)
    assert "Thời hạn quá ngắn" in part.text
    page = await officer.send(f"{at}/thoi-han", typed)
    page = await officer.submit(page, f"{at}/thoi-han", _lam="theo-quy-tac")
    assert "Thời hạn quá ngắn" not in page.text


@pytest.mark.clause("K01", "G05")
async def test_an_own_matter_goes_out_only_with_a_reason_that_is_more_than_caution(browser: Any) -> None:
    head = await browser("gd.snv")
    at = await begun(head)
    content = {"subject": "Kết quả xét tuyển viên chức năm 2026", "field": "CONG_VU", "draft_kind": "QD_CB"}
    await step(head, at, "noi-dung", **content)
    await step(head, at, "chinh-kien", **POSITION)
    await step(head, at, "du-thao", _lam="tai-len", file=file(text=f"{DRAFT}{uuid4().hex}"))
    await step(head, at, "co-quan", _lam="them:STC:STC-01")
    page = await head.page(f"{at}/xem-lai")
    assert "Việc thuộc thẩm quyền của cơ quan chủ trì" in page.text
    reason = {"override.reason_code": "vuong_mac_phap_ly", "override.reason": "Để thận trọng"}
    page = await head.submit(page, f"{at}/xem-lai", **reason)
    assert "Thận trọng không phải là lý do" in page.text
    reason["override.reason"] = "Khoản 2 Điều 5 chưa rõ nguồn chi trả lương cho viên chức tuyển mới."
    page = await head.submit(page, f"{at}/xem-lai", **reason)
    assert "gửi theo quyết định của Thủ trưởng" in page.text
    assert (await head.submit(page, f"{at}/gui")).url.startswith("/lay-y-kien/c-")


async def test_a_rule_line_of_another_kind_of_draft_is_not_kept(browser: Any) -> None:
    officer = await browser("cv.sgddt")
    at = await begun(officer)
    page = await step(officer, at, "noi-dung", **CONTENT | {"draft_kind": "KE_HOACH", "rule": "HOA_TOC"})
    assert page.form(f"{at}/noi-dung").value("rule") == "HOA_TOC"
    page = await officer.submit(page, f"{at}/noi-dung", draft_kind="DE_AN")
    assert page.form(f"{at}/noi-dung").value("rule") != "HOA_TOC"


async def test_broken_characters_are_told_and_nothing_typed_is_lost(browser: Any) -> None:
    officer = await browser("cv.sgddt")
    at = await begun(officer)
    page = await officer.page(f"{at}/noi-dung")
    told = await officer.submit(page, f"{at}/noi-dung", 422, subject="Trích\x01yếu", summary="Tóm tắt dài")
    assert "ký tự điều khiển" in told.text
    assert told.form(f"{at}/noi-dung").value("summary").strip() == "Tóm tắt dài"
    silent = await autosave(officer, page, at, subject="Trích\x01yếu")
    assert silent.status_code == 422


async def test_a_new_preparation_copies_the_plan_of_a_consultation_the_agency_led(
    browser: Any, province: World
) -> None:
    id = await province.launch()
    officer = await browser("cv.sgddt")
    form = (await officer.page("/soan")).form("/soan")
    page = await officer.send("/soan", form.filled({"tu": id}))
    at = page.url.removesuffix("/noi-dung")
    assert page.form(f"{at}/noi-dung").value("subject").strip() == SUBJECT
    assert (await officer.page(f"{at}/co-quan")).form(f"{at}/co-quan").value("asks.1.agency") == "SNV"
    other = await browser("cv.stc")
    await other.send("/soan", (await other.page("/soan")).form("/soan").filled({"tu": id}), 403)


async def test_more_agencies_need_no_more_statements(browser: Any, province: World) -> None:
    officer = await browser("cv.sgddt")
    few, many = await ready(officer), await ready(officer)
    for code in ("SNV", "SXD", "SYT", "STP", "SCT", "SKHCN", "SNNMT"):
        await step(officer, many, "co-quan", _lam=f"them:{code}")
    for name in ("co-quan", "xem-lai"):
        counts = [await statements(province, officer, f"{at}/{name}") for at in (few, many)]
        assert counts[1] <= counts[0]


async def statements(world: World, person: Browser, path: str) -> int:
    """How many statements the page takes."""
    seen: list[str] = []

    def heard(*args: Any) -> None:
        seen.append(args[2])

    engines = [
        engine.sync_engine for engine in vars(world.services.database).values() if hasattr(engine, "sync_engine")
    ]
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", heard)
    await person.page(path)
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", heard)
    assert seen
    return len(seen)
