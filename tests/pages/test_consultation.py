"""A consultation's pages: who sees what, the acts on the whole, rulings, remarks answered in place, a new draft."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from tests.api.world import NOT_OURS, PARTS, SAFETY, SNV_ASK, STC_ASK, World

AMENDS = {
    "text": "Sở Tài chính thống nhất và đề nghị sửa kinh phí.",
    "amendments": [{"where": "Mục III", "what": "sửa 12,5 tỷ đồng thành 7,2 tỷ đồng", "why": "Dự phòng còn 7,2 tỷ."}],
}
DISAGREES = {
    "text": "Sở Nội vụ không thống nhất phương án biên chế.",
    "reason": "Vượt 64 biên chế so với số được giao năm 2026.",
    "basis": "Quyết định giao biên chế năm 2026 của UBND tỉnh.",
    "alternative": "Giữ nguyên biên chế các trường có dưới 10 lớp.",
}
SYT_ASK = {
    "agency": "SYT",
    "functions": ["SYT-01"],
    "parts": ["d1"],
    "questions": [{"id": "q1", "text": "Kinh phí y tế học đường đã tính đủ chưa?", "part": "d1"}],
    "request_exception": True,
}


async def remarked(province: World) -> str:
    """Both agencies have answered, each with one remark: the consultation's id."""
    id = await province.launch()
    await province.reply(id, "STC", "agree_with_amendments", **AMENDS)
    await province.reply(id, "SNV", "disagree", **DISAGREES)
    return id


@contextmanager
def statements(province: World) -> Iterator[list[str]]:
    """Every statement sent to the database meanwhile."""
    heard: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    engine = province.services.database.reader.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("user", "tabs"),
    [
        ("gd.sgddt", ["", "/ma-tran", "/tong-hop", "/dien-bien", "/so-cai"]),
        ("vt.sgddt", ["", "/ma-tran", "/tong-hop", "/dien-bien"]),
        ("gd.stc", ["", "/dien-bien"]),
        ("pct4", ["", "/ma-tran", "/tong-hop", "/dien-bien"]),
        ("thanhtra", ["", "/ma-tran", "/tong-hop", "/dien-bien", "/so-cai"]),
    ],
)
async def test_each_reader_is_shown_the_pages_the_policy_opens(
    browser: Any, province: World, user: str, tabs: list[str]
) -> None:
    path = f"/lay-y-kien/{await remarked(province)}"
    reader = await browser(user)
    page = await reader.page(path)
    shown = [link for link, text in page.links if text in TABS and link.startswith(path)]
    assert shown == [path + tab for tab in tabs]
    for tab in ("", "/ma-tran", "/tong-hop", "/tong-hop/ban-in", "/dien-bien", "/so-cai"):
        await reader.page(path + tab, 200 if tab.removesuffix("/ban-in") in tabs else 403)


TABS = ("Tổng quan", "Ma trận ý kiến", "Tiếp thu, giải trình", "Diễn biến", "Sổ cái")


@pytest.mark.parametrize("user", ["gd.syt", "pct2", "quantri"])
async def test_whoever_is_not_concerned_is_told_there_is_no_such_page(browser: Any, province: World, user: str) -> None:
    path = f"/lay-y-kien/{await province.launch()}"
    for tab in ("", "/ma-tran", "/co-quan/STC", "/dien-bien", "/so-cai"):
        await (await browser(user)).page(path + tab, 404)


@pytest.mark.clause("H30")
async def test_an_asked_agency_reads_its_own_part_and_nobody_elses_opinion(browser: Any, province: World) -> None:
    id = await remarked(province)
    reader = await browser("cv.stc")
    page = await reader.page(f"/lay-y-kien/{id}")
    assert "Sở Nội vụ" in page.text
    assert "Không thống nhất" not in page.text
    assert page.link("Mở trang trả lời") == f"/duoc-hoi/{id}"
    own = await reader.page(f"/lay-y-kien/{id}/co-quan/STC")
    assert "sửa 12,5 tỷ đồng thành 7,2 tỷ đồng" in own.text
    assert not [form for form in own.forms if f"/lay-y-kien/{id}" in form.action]
    await reader.page(f"/lay-y-kien/{id}/co-quan/SNV", 403)
    await reader.page(f"/lay-y-kien/{id}/co-quan/SXD", 403)


async def test_the_head_approves_once_however_often_the_button_is_pressed(browser: Any, province: World) -> None:
    id = (await province.post("cv.sgddt", "/consultations", await province.plan(), 201))["id"]
    path = f"/lay-y-kien/{id}"
    officer = await (await browser("cv.sgddt")).page(path)
    assert "Hồ sơ chờ Thủ trưởng" in officer.text
    assert f"{path}/phe-duyet" not in [form.action for form in officer.forms]
    head = await browser("gd.sgddt")
    page = await head.page(path)
    assert "cổng liên quan trực tiếp chấp nhận" in page.text
    first = await head.submit(page, f"{path}/phe-duyet")
    again = await head.submit(page, f"{path}/phe-duyet")
    assert first.url == again.url
    assert "bien-nhan=" in first.url
    assert "Đang lấy ý kiến" in first.text


async def test_the_gates_findings_of_the_day_are_shown_before_the_head_approves(browser: Any, province: World) -> None:
    body = await province.plan(asks=[STC_ASK, SYT_ASK])
    id = (await province.post("cv.sgddt", "/consultations", body, 201))["id"]
    path = f"/lay-y-kien/{id}"
    head = await browser("gd.sgddt")
    page = await head.page(path)
    assert "Còn chờ lãnh đạo cho phép hỏi: Sở Y tế." in page.text
    refused = await head.submit(page, f"{path}/phe-duyet", 422)
    assert "Cơ quan không liên quan trực tiếp" in refused.text
    leader = await browser("pct4")
    asked = await leader.page(path)
    blank = await leader.submit(asked, f"{path}/ngoai-le", 422)
    assert "lý do" in blank.text.lower()
    granted = await leader.submit(blank, f"{path}/ngoai-le", reason="Liên quan y tế học đường.")
    assert f"{path}/ngoai-le" not in [form.action for form in granted.forms]
    opened = await head.submit(await head.page(path), f"{path}/phe-duyet")
    assert "Đang lấy ý kiến" in opened.text


async def test_a_preparation_is_laid_aside_by_the_officer(browser: Any, province: World) -> None:
    id = (await province.post("cv.sgddt", "/consultations", await province.plan(), 201))["id"]
    officer = await browser("cv.sgddt")
    page = await officer.submit(await officer.page(f"/lay-y-kien/{id}"), f"/lay-y-kien/{id}/bo")
    assert "Đã bỏ bản chuẩn bị" in page.text


async def test_a_withdrawal_keeps_what_was_typed_and_wants_a_reason(browser: Any, province: World) -> None:
    id = await province.launch()
    path = f"/lay-y-kien/{id}"
    head = await browser("gd.sgddt")
    page = await head.page(path)
    await head.submit(page, f"{path}/rut", 422, reason="   ")
    secret = "TUYỆT MẬT\nChỉ đạo dừng xây dựng Đề án."
    kept = await head.submit(await head.page(path), f"{path}/rut", 422, reason=secret)
    assert kept.form(f"{path}/rut").value("reason") == secret
    done = await head.submit(kept, f"{path}/rut", reason="UBND tỉnh chỉ đạo dừng xây dựng Đề án.")
    assert "Đã rút" in done.text


@pytest.mark.clause("G19")
async def test_what_stands_in_the_way_of_closing_is_named_until_nothing_does(browser: Any, province: World) -> None:
    id = await province.launch()
    path = f"/lay-y-kien/{id}"
    head = await browser("gd.sgddt")
    page = await head.page(path)
    assert "2 cơ quan chưa xong: Sở Tài chính; Sở Nội vụ" in page.text
    assert f"{path}/ket-thuc" not in [form.action for form in page.forms]
    await province.reply(id, "STC", "agree_with_amendments", **AMENDS)
    await province.reply(id, "SNV")
    page = await head.page(path)
    assert page.link("1 ý kiến chưa được tiếp thu") == f"{path}/tong-hop?loc=cho"
    table = await head.page(f"{path}/tong-hop")
    form = next(form for form in table.forms if f"{path}/tong-hop/STC" in form.action)
    await head.submit(table, form.action, outcome="accepted", text="Tiếp thu, giảm còn 7,2 tỷ đồng.")
    closed = await head.submit(await head.page(path), f"{path}/ket-thuc")
    assert "Đã kết thúc" in closed.text


@pytest.mark.clause("G19", "H37")
async def test_a_remark_is_answered_in_place_and_nothing_typed_is_lost(browser: Any, province: World) -> None:
    id = await remarked(province)
    officer = await browser("cv.sgddt")
    page = await officer.page(f"/lay-y-kien/{id}/tong-hop?loc=cho")
    assert "Giữ nguyên biên chế các trường có dưới 10 lớp." in page.text
    action = next(form.action for form in page.forms if "/tong-hop/SNV" in form.action)
    unchosen = await officer.submit(page, action, 422, text="Đã đối chiếu số được giao.")
    assert unchosen.form(action).value("text") == "Đã đối chiếu số được giao."
    bare = await officer.submit(page, action, 422, outcome="not_accepted")
    assert bare.form(action).value("outcome") == "not_accepted"
    done = await officer.submit(bare, action, outcome="not_accepted", text="Số được giao đã gồm 64 biên chế này.")
    assert done.url.startswith(f"/lay-y-kien/{id}/tong-hop?loc=cho")
    assert "Chưa giải trình 1" in done.text
    table = await officer.page(f"/lay-y-kien/{id}/tong-hop/ban-in")
    assert "Số được giao đã gồm 64 biên chế này." in table.text
    assert "1 thống nhất và có ý kiến góp ý; 1 không thống nhất" in table.text


async def test_an_answered_remark_leads_back_to_itself(browser: Any, province: World) -> None:
    id = await remarked(province)
    officer = await browser("cv.sgddt")
    page = await officer.page(f"/lay-y-kien/{id}/tong-hop")
    form = next(form for form in page.forms if "/tong-hop/STC" in form.action)
    fields = form.filled({"outcome": "accepted", "text": "Tiếp thu."})
    answer = await officer.http.post(form.action, data=dict(fields))
    remark = form.action.rpartition("/")[2]
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"#y-{remark}")
    assert f"y-{remark}" in page.ids


@pytest.mark.clause("H42")
async def test_a_pointer_is_accepted_with_a_function_of_the_right_agency(browser: Any, province: World) -> None:
    id = await province.launch("skhcn", **SAFETY)
    await province.reply(id, "SVHTTDL", "out_of_function", text=NOT_OURS, pointer={"agency": "CAT"})
    path = f"/lay-y-kien/{id}/co-quan/SVHTTDL"
    lead = await browser("cv.skhcn")
    page = await lead.page(path)
    forms = [form for form in page.forms if form.value("ruling") == "accept_pointer"]
    assert (forms[0].value("reroute.agency"), forms[0].value("reroute.functions[]")) == ("CAT", "CAT-03")
    other = await lead.page(f"{path}?chuyen=SYT")
    assert "Sở Y tế đã được hỏi trong cuộc này." in other.text
    await lead.send(f"{path}/xu-ly", forms[0].filled({}))
    asked = (await province.get("gd.cat", f"/consultations/{id}"))["asks"][0]
    assert (asked["stage"], asked["functions"]) == ("delivered", ["CAT-03"])
    settled = await lead.page(path)
    assert "Chấp nhận, chuyển câu hỏi" not in settled.text


async def test_only_rulings_that_can_be_made_now_are_offered(browser: Any, province: World) -> None:
    id = await province.launch()
    lead = await browser("cv.sgddt")
    path = f"/lay-y-kien/{id}/co-quan/STC"

    async def offered() -> set[str]:
        page = await lead.page(path)
        fixed = {form.value("ruling") for form in page.forms}
        return {name for name in fixed | {v for f in page.forms for n, v in f.buttons if n == "ruling"} if name}

    assert await offered() == {"minutes"}
    until = {"until": "2026-05-20T17:00:00+07:00", "reason": "Cần đối chiếu dự toán của 12 xã."}
    await province.post("gd.stc", f"/consultations/{id}/asks/STC/extension", until)
    assert await offered() == {"grant_extension", "refuse_extension", "minutes"}
    page = await lead.page(path)
    form = next(form for form in page.forms if ("ruling", "refuse_extension") in form.buttons)
    after = await lead.send(f"{path}/xu-ly", form.filled({"ruling": "refuse_extension"}))
    assert "không cho" in after.text
    await province.reply(id, "STC")
    assert await offered() == {"flag_unclear", "minutes"}


async def test_a_flag_without_a_reason_is_refused_and_keeps_what_was_ticked(browser: Any, province: World) -> None:
    id = await province.launch()
    await province.reply(id, "STC")
    path = f"/lay-y-kien/{id}/co-quan/STC"
    lead = await browser("cv.sgddt")
    page = await lead.page(path)
    form = next(form for form in page.forms if form.value("ruling") == "flag_unclear")
    refused = await lead.send(f"{path}/xu-ly", form.filled({"faults[]": ["hedged"]}), 422)
    kept = next(form for form in refused.forms if form.value("ruling") == "flag_unclear")
    assert kept.value("faults[]") == "hedged"
    why = "Chưa nêu số kinh phí cân đối được."
    done = await lead.send(f"{path}/xu-ly", kept.filled({"reason": why}))
    assert "Đã trả lại để làm rõ" in done.text
    assert why in done.text


async def test_the_lead_and_the_office_urge_from_the_page_once_a_day(browser: Any, province: World) -> None:
    id = await province.launch()
    path = f"/lay-y-kien/{id}/co-quan/STC"
    for user, side in (("cv.sgddt", "Cơ quan chủ trì: 1 lần"), ("vpub", "Văn phòng UBND tỉnh: 1 lần")):
        someone = await browser(user)
        page = await someone.submit(await someone.page(path), f"{path}/don-doc", reason="Sắp họp UBND tỉnh.")
        assert side in page.text
        again = await someone.submit(await someone.page(path), f"{path}/don-doc", 409, reason="Lần nữa.")
        assert again.form(f"{path}/don-doc").value("reason") == "Lần nữa."
    assert f"{path}/don-doc" not in [form.action for form in (await (await browser("gd.stc")).page(path)).forms]


async def test_signed_minutes_are_filed_as_the_agencys_opinion(browser: Any, province: World) -> None:
    id = await province.launch()
    path = f"/lay-y-kien/{id}/co-quan/STC"
    lead = await browser("cv.sgddt")
    form = next(form for form in (await lead.page(path)).forms if form.value("ruling") == "minutes")
    words = "Đại diện Sở Tài chính thống nhất bố trí 7,2 tỷ đồng."
    done = await lead.send(f"{path}/xu-ly", form.filled({"position": "agree", "minutes": words}))
    assert "Theo biên bản họp" in done.text
    assert words in done.text


async def test_the_matrix_shows_who_stands_against_whom(browser: Any, province: World) -> None:
    snv = {**SNV_ASK, "parts": ["d1", "d2"], "questions": [{**SNV_ASK["questions"][0], "part": "d1"}]}
    id = await province.launch(asks=[STC_ASK, snv])
    await province.reply(id, "STC")
    await province.reply(id, "SNV", "disagree", **DISAGREES)
    reader = await browser("gd.sgddt")
    page = await reader.page(f"/lay-y-kien/{id}/ma-tran")
    assert page.text.count("trái nhau") == 2
    assert "Không hỏi" in page.text
    narrowed = await reader.page(f"/lay-y-kien/{id}/ma-tran?ten=noi vu")
    assert "Sở Tài chính" not in narrowed.text.split("Chú giải")[-1].split("Các câu hỏi")[0]
    overview = await reader.page(f"/lay-y-kien/{id}")
    assert "Ý kiến trái nhau" in overview.text


async def test_pages_without_rows_say_what_will_stand_there(browser: Any, province: World) -> None:
    path = f"/lay-y-kien/{await province.launch()}"
    reader = await browser("vpub")
    assert "Không có ý kiến nào phải giải trình." in (await reader.page(f"{path}/tong-hop")).text
    assert "Không có ý kiến nào phải giải trình." in (await reader.page(f"{path}/tong-hop/ban-in")).text
    assert "Sở Tài chính chưa trả lời." in (await reader.page(f"{path}/co-quan/STC")).text
    assert "Không có cơ quan nào phù hợp." in (await reader.page(f"{path}?ten=zzz")).text
    assert "Chưa có cơ quan nào để đối chiếu." in (await reader.page(f"{path}/ma-tran?ten=zzz")).text


@pytest.mark.clause("H44")
async def test_a_new_draft_is_previewed_and_asks_only_those_concerned_again(browser: Any, province: World) -> None:
    id = await remarked(province)
    path = f"/lay-y-kien/{id}/du-thao-moi"
    lead = await browser("cv.sgddt")
    page = await lead.page(path)
    assert page.form(path).value("parts.0.text") == PARTS[0]["text"]
    bare = await lead.submit(page, path, 422, _lam="xem", parts__0__text="Tổng kinh phí 7,2 tỷ đồng.")
    assert bare.form(path).value("parts.0.text") == "Tổng kinh phí 7,2 tỷ đồng."
    file = ("du-thao-2.txt", "Dự thảo lần hai.".encode(), "text/plain")
    ahead = await lead.submit(bare, path, 200, _lam="xem", file=file)
    assert "Phải trả lời lại 1 Sở Tài chính Ý kiến còn giá trị 1 Sở Nội vụ" in ahead.text
    assert "Đã giữ tệp du-thao-2.txt" in ahead.text
    issued = await lead.submit(ahead, path, 200, _lam="phat-hanh")
    assert issued.url.startswith(f"/lay-y-kien/{id}?bien-nhan=")
    assert "Phiên bản 2 đang lấy ý kiến" in issued.text
    assert (await lead.page(path)).form(path).value("parts.0.text") == "Tổng kinh phí 7,2 tỷ đồng."
    standings = {a["agency"]: a["stage"] for a in (await province.get("gd.sgddt", f"/consultations/{id}"))["asks"]}
    assert standings == {"STC": "delivered", "SNV": "settled"}


async def test_a_drafts_file_comes_as_an_attachment_that_runs_nothing(browser: Any, province: World) -> None:
    id = await province.launch()
    asked = await browser("cv.stc")
    link = (await asked.page(f"/lay-y-kien/{id}")).link("Tải phiên bản 1")
    answer = await asked.http.get(link)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.startswith("Dự thảo")
    assert (await (await browser("gd.syt")).http.get(link)).status_code == 404
    assert (await (await browser("quantri")).http.get(link)).status_code == 404


async def test_the_ledgers_page_shows_a_chain_without_a_gap(browser: Any, province: World) -> None:
    id = await province.closed()
    inspector = await browser("thanhtra")
    page = await inspector.page(f"/lay-y-kien/{id}/so-cai")
    kept = (await province.get("thanhtra", f"/consultations/{id}/ledger"))["items"]
    assert all(entry["hash"] in page.html and entry["prev_hash"] in page.html for entry in kept)
    story = await inspector.page(f"/lay-y-kien/{id}/dien-bien")
    assert "Thủ trưởng cơ quan chủ trì ký bản tổng hợp, kết thúc lấy ý kiến." in story.text


@pytest.mark.parametrize("tab", ["", "/ma-tran", "/tong-hop", "/tong-hop/ban-in", "/dien-bien", "/so-cai"])
async def test_more_agencies_and_remarks_cost_no_more_statements(browser: Any, province: World, tab: str) -> None:
    few = await province.launch(asks=[STC_ASK])
    await province.reply(few, "STC", "agree_with_amendments", **AMENDS)
    many = await remarked(province)
    reader = await browser("thanhtra")
    counts = []
    for id in (few, many):
        with statements(province) as heard:
            await reader.page(f"/lay-y-kien/{id}{tab}")
        counts.append(len(heard))
    assert counts[0] == counts[1]
