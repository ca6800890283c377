"""The consulted agency's pages: one request on one page, the reply that is never lost, receipts that stay the same."""

import json
import re
from typing import Any
from uuid import uuid4

from sqlalchemy import event

from api.pages.protection import TOKEN_HEADER
from tests.api.world import PLAN, World
from tests.pages.reading import Read

VAGUE = "Đề nghị cân đối phù hợp khả năng ngân sách, thực hiện theo phân cấp hiện hành."
CLEAR = "Sở Tài chính thống nhất với dự thảo; ngân sách tỉnh năm 2026 cân đối được 12,5 tỷ đồng."


def form_of(id: str) -> str:
    """Where the reply form is sent."""
    return f"/duoc-hoi/{id}/tra-loi"


async def write(someone: Any, id: str, status: int = 200, **typed: Any) -> Read:
    """The reply form filled in and sent with the button `_viec`."""
    page = await someone.page(form_of(id))
    answered: Read = await someone.submit(page, form_of(id), status, **typed)
    return answered


async def saved(someone: Any, id: str, page: Read, **typed: Any) -> Any:
    """What the form's own script would send while typing."""
    fields = dict(page.form(form_of(id)).filled({k.replace("__", "."): v for k, v in typed.items()}))
    headers = {"x-requested-with": "ykien", TOKEN_HEADER: fields["_ma"]}
    return await someone.http.post(form_of(id) + "/luu", data=fields, headers=headers)


async def test_a_request_says_what_is_asked_why_us_until_when_and_what_silence_means(
    browser: Any, province: World
) -> None:
    id = await province.launch()
    page = await (await browser("gd.stc")).page(f"/duoc-hoi/{id}")
    asked = PLAN["asks"][0]["questions"][0]["text"]
    for said in (asked, "Mục III. Kinh phí", "Dự toán, phân bổ, cân đối ngân sách", "thống nhất với phương án"):
        assert said in page.text
    assert "là ngày nhận, không tính vào thời hạn" in page.text
    assert "không được coi là đồng ý" in page.text
    assert page.link("Tải dự thảo").startswith("/du-thao/")
    assert page.headings[0] == (1, "Đề án sắp xếp mạng lưới trường, lớp")


async def test_only_the_asked_agency_s_own_people_open_its_request(browser: Any, province: World) -> None:
    id = await province.launch()
    await (await browser("cv.sxd")).page(f"/duoc-hoi/{id}", 404)
    await (await browser("gd.sgddt")).page(f"/duoc-hoi/{id}", 404)
    await (await browser("quantri")).page(f"/duoc-hoi/{id}", 404)
    clerk = await browser("vt.stc")
    await clerk.page(form_of(id), 403)
    await clerk.page(f"/duoc-hoi/{id}/van-ban-giay")
    await (await browser("cv.stc")).page(f"/duoc-hoi/{id}/van-ban-giay", 403)


async def test_the_next_step_follows_from_the_role_and_the_state(browser: Any, province: World) -> None:
    id = await province.launch()
    clerk, head, officer = await browser("vt.stc"), await browser("gd.stc"), await browser("cv.stc")
    page = await clerk.page(f"/duoc-hoi/{id}")
    page = await clerk.submit(page, f"/duoc-hoi/{id}/tiep-nhan")
    assert "Giao người chuẩn bị trả lời" in page.text
    page = await head.page(f"/duoc-hoi/{id}")
    page = await head.submit(page, f"/duoc-hoi/{id}/giao-viec", handler="cv.stc")
    assert "Xem bản soạn và ký" in page.text
    page = await officer.page(f"/duoc-hoi/{id}")
    assert page.link("Soạn trả lời") == form_of(id)
    assert "Người cv.stc đang chuẩn bị trả lời" in (await clerk.page(f"/duoc-hoi/{id}")).text


async def test_a_request_cannot_be_given_to_a_stranger(browser: Any, province: World) -> None:
    id = await province.launch()
    head = await browser("gd.stc")
    page = await head.page(f"/duoc-hoi/{id}")
    page = await head.submit(page, f"/duoc-hoi/{id}/giao-viec", 422, handler="cv.snv")
    assert "handler" in page.text


async def test_saving_while_typing_keeps_everything_and_the_button_does_the_same(browser: Any, province: World) -> None:
    id = await province.launch()
    officer = await browser("cv.stc")
    page = await officer.page(form_of(id))
    told = await saved(officer, id, page, text="Đang viết dở", answers__0__position="disagree", reason="Chưa đủ nguồn")
    assert told.status_code == 200
    assert told.json()["saved"].startswith("Đã lưu lúc")
    page = await officer.page(form_of(id))
    form = page.form(form_of(id))
    assert form.value("text") == "Đang viết dở"
    assert form.value("answers.0.position") == "disagree"
    page = await officer.submit(page, form_of(id), text="Viết tiếp", amendments__0__where="Mục III", _viec="luu")
    assert page.form(form_of(id)).value("text") == "Viết tiếp"
    assert page.form(form_of(id)).value("amendments.0.where") == "Mục III"
    waiting = (await (await browser("gd.stc")).page(f"/duoc-hoi/{id}")).text
    assert "Bản soạn đang chờ: Người cv.stc lưu lúc" in waiting


async def test_two_people_at_one_form_both_keep_their_words(browser: Any, province: World) -> None:
    id = await province.launch()
    officer, head = await browser("cv.stc"), await browser("gd.stc")
    await write(officer, id, text="Bản đầu", _viec="luu")
    first, second = await officer.page(form_of(id)), await head.page(form_of(id))
    assert (await saved(head, id, second, text="Chữ của thủ trưởng")).status_code == 200
    told = await saved(officer, id, first, text="Chữ của chuyên viên")
    assert told.status_code == 409
    assert "Người gd.stc đã lưu một bản khác" in told.json()["who"]
    assert "Chữ của thủ trưởng" in told.json()["theirs"]
    page = await officer.submit(first, form_of(id), 409, text="Chữ của chuyên viên", _viec="luu")
    assert "Chữ của thủ trưởng" in page.text
    assert page.form(form_of(id)).value("text") == "Chữ của chuyên viên"
    page = await officer.submit(page, form_of(id), _viec="luu")
    assert page.form(form_of(id)).value("text") == "Chữ của chuyên viên"


async def test_a_handler_hands_the_form_up_and_the_head_signs_the_same_form(browser: Any, province: World) -> None:
    id = await province.launch()
    officer, head = await browser("cv.stc"), await browser("gd.stc")
    assert "Ký và gửi" not in (await officer.page(form_of(id))).text
    await write(officer, id, text=CLEAR, answers__0__position="agree", note="Đã trao đổi với phòng.", _viec="trinh")
    page = await head.page(f"/duoc-hoi/{id}")
    assert "Người cv.stc đã trình ký lúc" in page.text
    page = await write(head, id, _viec="ky")
    assert page.url.startswith("/bien-nhan/")
    view = await province.get("gd.stc", f"/consultations/{id}")
    reply = view["asks"][0]["reply"]
    assert (reply["text"], reply["signer"], reply["handler"]) == (CLEAR, "gd.stc", "cv.stc")
    assert "Đã trao đổi" not in json.dumps(view, ensure_ascii=False)


async def test_whoever_may_not_sign_is_refused_and_keeps_every_word(browser: Any, province: World) -> None:
    id = await province.launch()
    page = await write(await browser("cv.stc"), id, 403, text=CLEAR, answers__0__position="agree", _viec="ky")
    assert "Người ký không có thẩm quyền" in page.text
    assert page.form(form_of(id)).value("text") == CLEAR


async def test_findings_are_shown_before_sending_and_may_be_overruled(browser: Any, province: World) -> None:
    id = await province.launch()
    head = await browser("gd.stc")
    page = await write(head, id, text=VAGUE, answers__0__position="agree", _viec="ky")
    assert "chưa rõ chính kiến" in page.text
    assert "Cách sửa:" in page.text
    assert page.form(form_of(id)).value("text") == VAGUE
    assert ("_viec", "van-gui") in page.form(form_of(id)).buttons
    page = await head.submit(page, form_of(id), _viec="van-gui")
    assert page.url.startswith("/bien-nhan/")
    page = await head.page(f"/duoc-hoi/{id}")
    assert "Trả lời được trả lại để làm rõ" in page.text
    page = await head.page(form_of(id))
    assert page.form(form_of(id)).value("text") == VAGUE


async def test_the_check_marks_the_phrase_while_typing(browser: Any, province: World) -> None:
    id = await province.launch()
    officer = await browser("cv.stc")
    fields = (await officer.page(form_of(id))).form(form_of(id)).filled({"text": VAGUE, "answers.0.position": "agree"})
    page = await officer.send(form_of(id) + "/kiem-tra", fields)
    assert '<mark class="fault">' in page.html
    assert "Cách sửa:" in page.text
    secret = [(name, "MẬT\n" + value if name == "text" else value) for name, value in fields]
    assert "độ mật" in (await officer.send(form_of(id) + "/kiem-tra", secret)).text


async def test_no_opinion_is_asked_about_once_before_it_is_filed(browser: Any, province: World) -> None:
    id = await province.launch()
    head = await browser("gd.stc")
    page = await write(head, id, text="Sở Tài chính không có ý kiến.", answers__0__position="agree", _viec="van-gui")
    assert "phải không?" in page.text
    assert page.form(form_of(id)).value("text") == "Sở Tài chính không có ý kiến."
    page = await head.submit(page, form_of(id), _viec="xac-nhan")
    assert page.url.startswith("/bien-nhan/")


async def test_a_secret_text_is_refused_and_kept_nowhere(browser: Any, province: World) -> None:
    id = await province.launch()
    officer = await browser("cv.stc")
    page = await write(officer, id, 422, text="MẬT\nNội dung", answers__0__position="agree", _viec="luu")
    assert "dấu chỉ độ mật" in page.text
    assert (await officer.page(form_of(id))).form(form_of(id)).value("text") == ""
    assert (await saved(officer, id, page)).status_code == 422


async def test_the_right_agency_is_found_without_diacritics_and_pointed_at(browser: Any, province: World) -> None:
    id = await province.launch()
    head = await browser("gd.stc")
    page = await write(head, id, answers__0__position="out_of_function", _tim_co_quan="truong lop", _viec="tim")
    assert "Sở Giáo dục và Đào tạo" in page.text
    assert page.form(form_of(id)).value("answers.0.position") == "out_of_function"
    fields = page.form(form_of(id)).filled({"_tim_co_quan": "KHONG CO CO QUAN NAY"})
    assert "Không tìm thấy" in (await head.send(form_of(id) + "/co-quan", fields)).text
    told = "Nội dung không thuộc chức năng của Sở Tài chính mà thuộc chức năng của Sở Giáo dục và Đào tạo."
    await head.submit(page, form_of(id), 200, text=told, pointer__agency="SGDDT", _viec="van-gui")
    view = await province.get("gd.stc", f"/consultations/{id}")
    assert view["asks"][0]["pointers"][0]["agency"] == "SGDDT"


async def test_out_of_function_without_a_pointer_is_refused_and_the_form_stays(browser: Any, province: World) -> None:
    id = await province.launch()
    typed = {"text": "Không thuộc chức năng của Sở.", "answers__0__position": "out_of_function", "_viec": "van-gui"}
    page = await write(await browser("gd.stc"), id, 422, **typed)
    assert "Chưa chỉ ra cơ quan có thẩm quyền" in page.text
    assert page.form(form_of(id)).value("text") == typed["text"]


async def test_an_unfinished_amendment_is_named_and_nothing_typed_is_lost(browser: Any, province: World) -> None:
    id = await province.launch()
    typed = {"answers__0__position": "agree_with_amendments", "text": CLEAR, "amendments__0__where": "Mục III"}
    page = await write(await browser("gd.stc"), id, 422, **typed, _viec="van-gui")
    assert page.form(form_of(id)).value("amendments.0.where") == "Mục III"
    assert page.form(form_of(id)).value("text") == CLEAR
    assert 'href="#o-amendments-0-what"' in page.html
    assert "o-amendments-0-what" in page.ids


async def test_when_the_draft_changed_meanwhile_the_words_stay_and_the_new_one_must_be_read(
    browser: Any, province: World
) -> None:
    id = await province.launch()
    head = await browser("gd.stc")
    page = await write(head, id, text=CLEAR, answers__0__position="agree", _viec="luu")
    new = (await province.draft("gd.sgddt"))["id"]
    parts = [{"id": "d1", "label": "Mục III. Kinh phí", "text": "Tổng kinh phí 15 tỷ đồng."}]
    await province.post("gd.sgddt", f"/consultations/{id}/redraft", {"draft": new, "parts": parts})
    page = await head.submit(page, form_of(id), 409, _viec="van-gui")
    assert "Trả lời sai phiên bản dự thảo" in page.text
    assert "phiên bản 2" in page.text
    assert page.form(form_of(id)).value("text") == CLEAR
    sha256 = (await province.get("gd.stc", f"/consultations/{id}"))["draft"]["sha256"]
    page = await head.submit(page, form_of(id), _theo_ban_moi=sha256, _viec="van-gui")
    assert page.url.startswith("/bien-nhan/")


async def test_a_double_click_and_the_way_back_give_the_same_receipt(browser: Any, province: World) -> None:
    id = await province.launch()
    head = await browser("gd.stc")
    page = await head.page(form_of(id))
    fields = page.form(form_of(id)).filled({"text": CLEAR, "answers.0.position": "agree", "_viec": "van-gui"})
    first = await head.send(form_of(id), fields)
    second = await head.send(form_of(id), fields)
    assert first.url == second.url
    other = [(name, value + " Thêm." if name == "text" else value) for name, value in fields]
    third = await head.send(form_of(id), other, 409)
    assert third.form(form_of(id)).value("text") == CLEAR + " Thêm."
    assert "chưa được gửi đi" in third.text
    view = await province.get("gd.stc", f"/consultations/{id}")
    assert len(view["asks"][0]["replies"]) == 1


async def test_a_receipt_says_number_second_hash_and_why_it_is_in_time(browser: Any, province: World) -> None:
    id = await province.launch()
    head = await browser("gd.stc")
    page = await write(head, id, text=CLEAR, answers__0__position="agree", _viec="van-gui")
    number = page.url.rsplit("/", 1)[-1]
    receipt = await province.get("gd.stc", f"/receipts/{number}")
    for said in (number, receipt["content_sha256"], "Gửi trả lời", "Người gd.stc", "trước khi hết hạn"):
        assert said in page.text
    assert re.search(r"\d\d:\d\d:\d\d \d\d/04/2026", page.text)
    assert "hx-trigger" not in page.html
    await (await browser("gd.snv")).page(f"/bien-nhan/{number}", 404)
    assert number in (await (await browser("thanhtra")).page(f"/bien-nhan/{number}")).text


async def test_a_refused_receipt_says_why_and_opens_the_words_again(browser: Any, province: World) -> None:
    id = await province.launch()
    body = await province.answer(id, text=CLEAR) | {"authority": "TUQ"}
    refused = await province.refused("gd.stc", f"/consultations/{id}/asks/STC/reply", body, 403, "no_signing_authority")
    page = await (await browser("gd.stc")).page(f"/bien-nhan/{refused['receipt']}")
    assert "không được chấp nhận" in page.text
    assert "Người ký không có thẩm quyền" in page.text
    again = await (await browser("gd.stc")).page(page.link("Mở lại nội dung"))
    assert again.form(form_of(id)).value("text") == CLEAR


async def test_requests_that_are_not_replies_are_small_pages_that_keep_what_was_typed(
    browser: Any, province: World
) -> None:
    id = await province.launch()
    head = await browser("gd.stc")
    at = f"/duoc-hoi/{id}/gia-han"
    page = await head.submit(await head.page(at), at, 422, day="2026-04-20", reason="Cần đối chiếu 12 xã.")
    assert page.form(at).value("reason") == "Cần đối chiếu 12 xã."
    page = await head.submit(page, at, 200, day="2026-05-08")
    assert "chờ cơ quan chủ trì quyết định" in page.text
    at = f"/duoc-hoi/{id}/dang-xu-ly"
    assert "không dừng" in (await head.submit(await head.page(at), at, text="Đang rà soát.")).text
    at = f"/duoc-hoi/{id}/thieu-ho-so"
    await head.submit(await head.page(at), at, 422, items="  ")
    page = await head.submit(await head.page(at), at, items="- Bản vẽ mặt bằng\n- Thuyết minh")
    assert "chờ cơ quan chủ trì xử lý" in page.text
    await (await browser("vt.stc")).page(f"/duoc-hoi/{id}/gia-han", 403)


async def test_an_unclear_reply_may_be_contested(browser: Any, province: World) -> None:
    id = await province.launch()
    await province.reply(id, text=VAGUE)
    head = await browser("gd.stc")
    page = await head.page(f"/duoc-hoi/{id}")
    at = page.link("Khiếu nại")
    page = await head.submit(await head.page(at), at, reason="Đã nêu rõ ở đoạn 2.")
    assert "khiếu nại kết quả kiểm tra" in page.text


async def test_an_answered_remark_shows_the_answer_and_dissent_is_kept_once(browser: Any, province: World) -> None:
    id = await province.launch()
    reason = "Dự phòng ngân sách tỉnh năm 2026 chỉ còn 7,2 tỷ đồng."
    await province.reply(id, position="disagree", text="Sở Tài chính không thống nhất mức 12,5 tỷ đồng.", reason=reason)
    given = {"outcome": "not_accepted", "text": "Đã có nguồn bổ sung."}
    await province.post("gd.sgddt", f"/consultations/{id}/remarks/STC.1.1/answer", given)
    head, at = await browser("gd.stc"), f"/duoc-hoi/{id}/bao-luu"
    page = await head.page(f"/duoc-hoi/{id}")
    assert "Đã có nguồn bổ sung." in page.text
    assert all(form.action != at for form in (await (await browser("cv.stc")).page(f"/duoc-hoi/{id}")).forms)
    page = await head.submit(page, at, reason="Chưa nêu nguồn cụ thể.")
    assert "Đã bảo lưu lúc" in page.text
    assert "Chưa nêu nguồn cụ thể." in page.text
    assert all(form.action != at for form in page.forms)


async def test_a_paper_reply_is_entered_by_the_clerk(browser: Any, province: World) -> None:
    id = await province.launch()
    clerk, at = await browser("vt.stc"), f"/duoc-hoi/{id}/van-ban-giay"
    page = await clerk.page(at)
    typed = {"text": CLEAR, "answers__0__position": "agree", "paper__date": "2026-04-22"}
    page = await clerk.submit(page, at, 422, **typed)
    assert page.form(at).value("text") == CLEAR
    page = await clerk.submit(page, at, paper__number="512/STC-NS")
    assert page.url.startswith("/bien-nhan/")
    reply = (await province.get("gd.stc", f"/consultations/{id}"))["asks"][0]["reply"]
    assert (reply["channel"], reply["paper"]["number"], reply["text"]) == ("paper", "512/STC-NS", CLEAR)


async def test_of_a_secret_letter_no_word_is_stored(browser: Any, province: World) -> None:
    id = await province.launch()
    clerk, at = await browser("vt.stc"), f"/duoc-hoi/{id}/van-ban-giay"
    typed = {"paper__number": "03/STC", "paper__date": "2026-04-22", "paper__secret": "1"}
    await clerk.submit(await clerk.page(at), at, **typed, text="Nội dung lỡ nhập", answers__0__position="agree")
    view = json.dumps(await province.get("gd.stc", f"/consultations/{id}"), ensure_ascii=False)
    assert "03/STC" in view
    assert "lỡ nhập" not in view


async def test_the_list_is_filtered_by_handler_standing_and_due(browser: Any, province: World) -> None:
    mine = await province.launch(subject="Đề án chỉ dành cho bộ lọc")
    await province.post("gd.snv", f"/consultations/{mine}/asks/SNV/assignment", {"handler": "cv.snv"})
    officer, head = await browser("cv.snv"), await browser("gd.snv")
    at = f"/duoc-hoi/{mine}"
    assert at in [href for href, _ in (await officer.page("/duoc-hoi?cua_toi=true&tinh_trang=waiting")).links]
    assert at not in [href for href, _ in (await head.page("/duoc-hoi?cua_toi=true")).links]
    for nothing in ("tinh_trang=overdue", "tinh_trang=returned", "han=qua-han", "han=hom-nay"):
        assert at not in [href for href, _ in (await officer.page(f"/duoc-hoi?{nothing}")).links]
    assert "Không có văn bản nào khớp" in (await officer.page("/duoc-hoi?tinh_trang=paused")).text
    assert "Không có văn bản nào đang chờ" in (await (await browser("cv.skhcn")).page("/duoc-hoi")).text


async def test_the_list_asks_the_register_as_often_for_many_rows_as_for_few(browser: Any, province: World) -> None:
    head, engine = await browser("gd.sxd"), province.services.database.reader.sync_engine
    counted: list[int] = []
    for path in ("/duoc-hoi", "/duoc-hoi?tat_ca=true"):
        for someone in (head, await browser("gd.stc")):
            seen: list[str] = []

            def note(*given: Any, seen: list[str] = seen) -> None:
                seen.append(str(given[2]))

            event.listen(engine, "before_cursor_execute", note)
            await someone.page(path)
            event.remove(engine, "before_cursor_execute", note)
            counted.append(len(seen))
    assert len(set(counted)) == 1, counted


async def test_a_receipt_that_waits_looks_again_by_itself_and_says_not_to_send_again(
    browser: Any, province: World
) -> None:
    id, receipts = await province.launch(), province.services.receipts
    number, key = f"r-{uuid4().hex[:20]}", uuid4().hex
    stamp: dict[str, Any] = {
        "id": number,
        "consultation": id,
        "verb": "reply",
        "actor": "gd.stc",
        "agency": "STC",
        "key": key,
    }
    await receipts.stamp(**stamp, request="POST /", body_sha256="0" * 64)
    head = await browser("gd.stc")
    page = await head.page(f"/bien-nhan/{number}")
    assert "không cần gửi lại" in page.text
    assert 'hx-trigger="every 3s"' in page.html
    await receipts.answer(number, 200, {}, "done")
    assert "hx-trigger" not in (await head.page(f"/bien-nhan/{number}")).html
