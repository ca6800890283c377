"""The administrator's pages: what needs attention, directory, calendar, leaders, signing register, rules, health."""

from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from temporalio.client import Client

from adapters.database import migrate
from adapters.tables import verifications
from api.gateway import Gateway
from api.pages.admin.attention import matters
from api.pages.admin.months import months
from api.pages.admin.vitals import Health, health
from api.services import Services
from bench.rig import free_port
from domain.clock import VIETNAM
from tests.api.conftest import gateway_to
from tests.api.test_amendments import province as amended_province
from tests.api.world import PLAN, World
from tests.pages.conftest import Browser
from tests.pages.reading import Form, Read
from tests.pages.test_consultation import statements
from tests.servers.databases import Databases

ADMIN = "quantri"
DAY = "/quan-tri/lich/2026-04-28"
NOTICE = {
    "data__kind": "off",
    "data__name": "Nghỉ bù thử",
    "data__basis": "Thông báo số 1/TB (giả định)",
    "data__status": "confirmed",
    "reason": "Theo thông báo mới nhận.",
}
AWAY = {
    "data__leader": "PCT4",
    "data__stand_in": "PCT2",
    "data__effective_from": "2026-04-20",
    "data__effective_to": "2026-04-24",
    "reason": "Đi công tác.",
}
LINE = {
    "data__agency": "STC",
    "data__officer": "cv.stc",
    "data__form": "TL",
    "data__basis": "Quyết định số 2/QĐ (giả định)",
    "data__effective_from": "2026-04-22",
    "reason": "Giao ký.",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(
    client: Client, databases_of: Callable[[str], Databases], parts: Callable[..., Services]
) -> AsyncIterator[World]:
    """A province whose rules only these tests amend."""
    url = databases_of("sqlite").empty()
    await migrate(url)
    queue = f"pages-{uuid4().hex[:8]}"
    async with amended_province(client, parts(url, gateway_to(client, queue)), queue) as world:
        yield world


async def seat(world: World, user: str = ADMIN) -> Browser:
    """That person's browser in the province."""
    found = Browser(world, user)
    await found.sign_in()
    return found


def sending(page: Read, path: str) -> Form:
    """The first form of the page that sends something to the path (others only look things up there)."""
    return next(form for form in page.forms if form.action == path and form.method == "post")


async def fill(person: Browser, path: str, status: int = 200, /, **typed: str) -> Read:
    """The form of the page filled in and looked ahead with."""
    action = path.partition("?")[0]
    changes = {name.replace("__", "."): value for name, value in typed.items()}
    return await person.send(action, sending(await person.page(path), action).filled(changes), status)


async def save(person: Browser, previewed: Read, status: int = 200) -> Read:
    """Save exactly what was previewed."""
    action = previewed.url.partition("?")[0]
    return await person.send(action, sending(previewed, action).filled({"_viec": "luu"}), status)


async def withdraw(person: Browser, saved: Read) -> Read:
    """Take an amendment back from its own page."""
    path = f"{saved.url.partition('?')[0]}/thu-hoi"
    return await person.submit(saved, path, reason="Hết bài thử.")


# --- who may


@pytest.mark.parametrize("path", ["/quan-tri", "/quan-tri/suc-khoe", "/quan-tri/suc-khoe/so-lieu"])
@pytest.mark.parametrize("user", ["gd.stc", "vpub", "thanhtra", "pct1"])
async def test_only_the_administrator_sees_how_the_system_is(browser: Any, user: str, path: str) -> None:
    await (await browser(user)).page(path, 403)


async def test_whoever_reads_the_directory_sees_it_without_any_form_to_change_it(browser: Any) -> None:
    reader = await browser("gd.stc")
    for path in ("danh-ba", "danh-ba/STC", "lanh-dao", "lich", "lich/2026-04-28", "quy-tac"):
        page = await reader.page(f"/quan-tri/{path}")
        assert [
            form.action for form in page.forms if form.action.startswith("/quan-tri") and form.method == "post"
        ] == []
    await reader.page("/quan-tri/uy-quyen", 403)


async def test_a_change_sent_by_anybody_else_is_refused_and_enters_nothing(office: World) -> None:
    person = await seat(office, "vpub")
    before = len(await office.services.amendments.all())
    token = (await person.page("/")).form("/dang-xuat").value("_ma")
    fields = [(name.replace("__", "."), value) for name, value in NOTICE.items()]
    sent = [("_ma", token or ""), ("data.date", "2026-04-28"), *fields]
    for extra in ([], [("_viec", "luu")]):
        await person.send(DAY, [*sent, *extra], 403)
    assert len(await office.services.amendments.all()) == before


# --- the first page


async def test_the_first_page_says_what_needs_attention_and_leads_everywhere(office: World) -> None:
    page = await (await seat(office)).page("/quan-tri")
    assert "Sổ cái chưa được kiểm tra lần nào" in page.text
    paths = [href for href, _ in page.links]
    for slug in ("danh-ba", "lanh-dao", "lich", "quy-tac", "uy-quyen", "tai-khoan", "phien", "suc-khoe"):
        assert f"/quan-tri/{slug}" in paths


async def test_what_ends_or_is_missing_soon_is_told_before_it_happens(office: World) -> None:
    services = office.services
    rulebook, now = services.rulebook, await health(services)
    told = {one.key: one for one in matters(rulebook, now, date(2026, 11, 22))}
    assert told["provisional"].params["first"] == date(2026, 11, 24)
    assert told["provisional"].path == "/quan-tri/lich/2026-11-24"
    assert "no_calendar" not in told
    last = {one.key: one for one in matters(rulebook, now, date(2027, 11, 22))}
    assert (last["no_calendar"].params["year"], last["no_calendar"].urgent) == (2028, False)
    december = {one.key: one for one in matters(rulebook, now, date(2026, 12, 15))}
    assert december["delegations"].params["first"] == date(2026, 12, 31)
    # A term that another term of the same leader follows is nothing to worry about.
    assert "term" not in {one.key for one in matters(rulebook, now, date(2026, 9, 15))}
    leaders = tuple(x for x in rulebook.directory.leaders if x.effective_from < date(2026, 10, 1))
    alone = rulebook.model_copy(update={"directory": rulebook.directory.model_copy(update={"leaders": leaders})})
    ending = [one.params["who"] for one in matters(alone, now, date(2026, 9, 15)) if one.key == "term"]
    assert any("Trần Giả Định" in str(who) for who in ending)


async def test_a_register_that_cannot_serve_is_the_first_thing_said(office: World) -> None:
    services = office.services
    nothing = Health(now=await services.now(), engine=False, queue=None, backlog=None, vitals=None, sessions=None)
    found = matters(services.rulebook, nothing, date(2026, 4, 22))
    assert (found[0].key, found[0].urgent) == ("register", True)


# --- directory


async def test_an_agency_is_found_without_diacritics_by_name_and_by_function(browser: Any) -> None:
    admin = await browser(ADMIN)
    page = await admin.page("/quan-tri/danh-ba?q=tai+chinh")
    assert page.link("Sở Tài chính") == "/quan-tri/danh-ba/STC"
    assert "<mark>Tài</mark> <mark>chính</mark>" in page.html
    by_function = await admin.page("/quan-tri/danh-ba?q=khoang+san")
    assert "<mark>khoáng</mark> <mark>sản</mark>" in by_function.html
    assert "Không tìm thấy cơ quan nào" in (await admin.page("/quan-tri/danh-ba?q=khong+he+co")).text


async def test_the_directory_is_that_of_the_chosen_day(browser: Any) -> None:
    admin = await browser(ADMIN)
    links = [href for href, _ in (await admin.page("/quan-tri/danh-ba?ngay=2024-06-01")).links]
    assert "/quan-tri/danh-ba/STNMT?ngay=2024-06-01" in links
    before = await admin.page("/quan-tri/danh-ba/SNNMT?ngay=2024-06-01")
    assert "Chưa bắt đầu" in before.text
    after = await admin.page("/quan-tri/danh-ba/SNNMT?ngay=2026-11-22")
    assert "Tiền thân: Sở Tài nguyên và Môi trường, hoạt động đến hết 28/02/2025" in after.text
    assert "Chuyển sang Sở Công Thương" in after.text
    assert "Đã hết hiệu lực: 1" in after.text
    gone = await admin.page("/quan-tri/danh-ba/STNMT")
    assert "Kế tục: Sở Nông nghiệp và Môi trường, từ 01/03/2025" in gone.text


async def test_a_central_agency_is_marked_with_what_that_means(browser: Any) -> None:
    page = await (await browser(ADMIN)).page("/quan-tri/danh-ba/THUE")
    assert "Cơ quan Trung ương trên địa bàn: khi chậm trả lời chỉ báo cáo" in page.text
    assert "Cục Thuế, Bộ Tài chính" in page.text


async def test_an_unknown_agency_is_not_found(browser: Any) -> None:
    await (await browser(ADMIN)).page("/quan-tri/danh-ba/KHONGCO", 404)


# --- the calendar


def test_every_day_of_the_year_stands_once_under_its_weekday(rules: dict[str, Any]) -> None:
    shown = months(2026, rules["rulebook"].calendar)
    cells = [(place, one) for month in shown for week in month.weeks for place, one in enumerate(week) if one]
    assert [one.day for _, one in cells] == [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert all(place == one.day.weekday() for place, one in cells)
    looks = {one.day: one.look for _, one in cells}
    assert [looks[date(2026, 1, n)] for n in (1, 5, 10, 11)] == ["off", "work", "makeup", "weekend"]
    named = [one.day for month in shown for stretch in month.stretches for one in stretch.cells]
    assert named == [notice.date for notice in rules["rulebook"].calendar.notices if notice.date.year == 2026]


async def test_each_month_is_a_table_with_its_notable_days_in_words_below(browser: Any) -> None:
    page = await (await browser(ADMIN)).page("/quan-tri/lich?nam=2026")
    assert [text for level, text in page.headings if level == 3] == [f"Tháng {n}" for n in range(1, 13)]
    assert page.html.count('class="month-grid"') == 12
    assert "nghỉ, Ngày Văn hóa Việt Nam tạm tính" in page.text
    assert "cần kiểm tra lại văn bản gốc" in page.text
    assert "Chưa có nguồn được phép trích dẫn" in page.text


async def test_a_year_without_a_calendar_is_never_guessed(browser: Any) -> None:
    admin = await browser(ADMIN)
    page = await admin.page("/quan-tri/lich?nam=2031")
    assert "Chưa có lịch năm 2031" in page.text
    assert "month-grid" not in page.html
    assert "Chưa có lịch năm 2031" in (await admin.page("/quan-tri/lich/2031-05-05")).text


@pytest.mark.clause("G18")
async def test_a_day_is_foreseen_saved_as_foreseen_confirmed_one_by_one_and_taken_back(office: World) -> None:
    id, admin = await office.launch(), await seat(office)
    ahead = await fill(admin, DAY, **NOTICE)
    assert id in ahead.text
    assert "kéo dài đến 24:00 thứ Ba 05/05/2026" in ahead.text
    assert len(await office.services.amendments.all()) == 0

    saved = await save(admin, ahead)
    assert "Đã ghi nhận và xử lý xong" in saved.text
    assert "Thông báo số 1/TB (giả định) (cần kiểm tra lại văn bản gốc)" in saved.text
    again = await save(admin, ahead)
    assert again.url == saved.url
    assert len(await office.services.amendments.all()) == 1

    path = saved.url.partition("?")[0]
    done = await admin.submit(saved, f"{path}/xac-nhan", **{"consultations[]": [id]})
    assert "2 hạn trả lời được kéo dài" in done.text
    assert "Đã xong" in done.text
    asks = (await office.get("vpub", f"/consultations/{id}"))["asks"]
    later = datetime(2026, 5, 6, tzinfo=VIETNAM)
    assert [datetime.fromisoformat(ask["due_at"]) for ask in asks] == [later, later]

    back = await withdraw(admin, await admin.page(path))
    assert "thu hồi mục số" in back.text
    assert "lẽ ra ngắn lại nhưng được giữ nguyên" in back.text
    assert "Đã thu hồi" in (await admin.page(path)).text
    listed = await admin.page("/quan-tri/lich?nam=2026")
    assert "Nghỉ bù thử" in listed.text
    assert "28/4<span" not in listed.html


async def test_the_administrator_is_shown_ids_and_never_a_subject_or_a_word(office: World) -> None:
    await office.launch()
    admin = await seat(office)
    ahead = await fill(admin, DAY, **NOTICE)
    saved = await save(admin, ahead)
    for page in (ahead, saved, await admin.page("/quan-tri"), await admin.page("/quan-tri/suc-khoe")):
        assert PLAN["subject"] not in page.text
        assert PLAN["asks"][0]["questions"][0]["text"] not in page.text
    await withdraw(admin, saved)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"data__name": ""}, "Tên: Thiếu trường này."),
        ({"reason": "  "}, "lý do"),
        ({"reason": "TỐI MẬT\nSố 12/UBND"}, "mật"),
    ],
)
async def test_what_is_refused_stays_typed_and_says_what_to_mend(
    office: World, changes: dict[str, str], said: str
) -> None:
    typed = {**NOTICE, "data__basis": "Thông báo số 7/TB (giả định)", **changes}
    page = await fill(await seat(office), DAY, 422, **typed)
    assert said.casefold() in page.text.casefold()
    form = page.form(DAY)
    assert {name: form.value(name.replace("__", ".")) for name in typed} == typed
    assert "Nếu lưu thì thay đổi gì" not in page.text


async def test_nothing_is_confirmed_where_nothing_was_chosen(office: World) -> None:
    await office.launch()
    admin = await seat(office)
    saved = await save(admin, await fill(admin, DAY, **NOTICE))
    path = saved.url.partition("?")[0]
    refused = await admin.submit(saved, f"{path}/xac-nhan", 422, **{"consultations[]": []})
    assert "Chưa chọn cuộc lấy ý kiến nào" in refused.text
    assert refused.form(f"{path}/xac-nhan").value("reason") == NOTICE["reason"]
    await withdraw(admin, saved)


async def test_the_last_word_about_a_day_counts_and_the_earlier_one_says_so(office: World) -> None:
    admin = await seat(office)
    first = await save(admin, await fill(admin, DAY, **NOTICE))
    last = await save(admin, await fill(admin, DAY, **{**NOTICE, "data__name": "Tên mới"}))
    number = last.url.partition("?")[0].rpartition("/")[2]
    assert f"Được thay bằng mục {number}" in (await admin.page(first.url)).text
    assert "Tên mới" in (await admin.page(DAY)).text
    await withdraw(admin, last)
    assert "Được thay bằng" not in (await admin.page(first.url)).text
    await withdraw(admin, first)


async def test_an_amendment_nobody_entered_is_not_found(office: World) -> None:
    await (await seat(office)).page("/quan-tri/muc/9999", 404)


# --- leaders


@pytest.mark.clause("T07")
async def test_an_absence_says_whose_charge_changes_and_shows_the_stand_in_on_the_day(office: World) -> None:
    id, admin = await office.launch(), await seat(office)
    ahead = await fill(admin, "/quan-tri/lanh-dao", **AWAY)
    assert id in ahead.text
    assert "Lê Thị Minh Họa, thay Phó Chủ tịch UBND tỉnh Hoàng Thị Mẫu" in ahead.text
    saved = await save(admin, ahead)
    on_day = await admin.page("/quan-tri/lanh-dao?ngay=2026-04-22")
    assert "Vắng từ 20/04/2026 đến hết 24/04/2026" in on_day.text
    assert "Xử lý thay Phó Chủ tịch UBND tỉnh Hoàng Thị Mẫu" in on_day.text
    assert "Vắng từ 20/04/2026 đến" not in (await admin.page("/quan-tri/lanh-dao?ngay=2026-04-27")).text
    await withdraw(admin, saved)
    assert "Vắng từ 20/04/2026 đến" not in (await admin.page("/quan-tri/lanh-dao?ngay=2026-04-22")).text


async def test_nobody_stands_in_for_oneself(office: World) -> None:
    page = await fill(await seat(office), "/quan-tri/lanh-dao", 422, **{**AWAY, "data__stand_in": "PCT4"})
    assert sending(page, "/quan-tri/lanh-dao").value("data.stand_in") == "PCT4"


# --- the signing register


async def test_a_line_is_entered_for_an_account_of_the_agency_only(office: World) -> None:
    admin = await seat(office)
    bare = await admin.page("/quan-tri/uy-quyen")
    assert "Chọn cơ quan ở ô lọc" in bare.text
    path = "/quan-tri/uy-quyen?co_quan=STC"
    assert "gd.stc" not in (await admin.page(path)).html.partition('id="nhap"')[2].partition("</form>")[0]
    refused = await fill(admin, path, 422, **{**LINE, "data__officer": "cv.snv"})
    assert sending(refused, "/quan-tri/uy-quyen").value("data.basis") == LINE["data__basis"]
    saved = await save(admin, await fill(admin, path, **LINE))
    assert "cv.stc được ký thừa lệnh (TL.) tại Sở Tài chính" in saved.text
    listed = await admin.page(path)
    assert "cv.stc" in listed.text
    await withdraw(admin, saved)


async def test_a_line_is_ended_by_a_newer_one_of_the_same_beginning(office: World) -> None:
    admin = await seat(office)
    path = "/quan-tri/uy-quyen?co_quan=STC&nguoi=stc.pho&hinh_thuc=KT&tu=2025-07-01"
    begun = sending(await admin.page(path), "/quan-tri/uy-quyen")
    assert begun.value("data.officer") == "stc.pho"
    saved = await save(admin, await fill(admin, path, data__effective_to="2026-04-30", reason="Thôi giao ký."))
    later = await admin.page("/quan-tri/uy-quyen?co_quan=STC&ngay=2026-05-04")
    assert "Đã kết thúcTừ 01/07/2025 đến hết 30/04/2026" in later.text
    await withdraw(admin, saved)


# --- rules


async def test_a_rule_stands_beside_its_clause_and_what_was_not_seen_is_never_shown_as_law(browser: Any) -> None:
    admin = await browser(ADMIN)
    own = await admin.page("/quan-tri/quy-tac")
    assert "“trả lời đúng hạn”" in own.text
    assert "do tỉnh tự quyết định" in own.text
    assert "Quy chế quản lý cụm công nghiệp của tỉnh Mẫu" not in own.text
    seed = await admin.page("/quan-tri/quy-tac?bo=ha-tinh-2023")
    assert "là mặc định của sản phẩm, không phải quy định" in seed.text
    matters_page = await admin.page("/quan-tri/quy-tac/tham-quyen")
    assert "Quyết định ủy quyền số 45" not in matters_page.text
    await admin.page("/quan-tri/quy-tac?bo=khong-co", 404)


async def test_only_national_rules_that_were_seen_are_shown_the_second_hand_ones_with_their_caveat(
    browser: Any, rules: dict[str, Any]
) -> None:
    page = await (await browser(ADMIN)).page("/quan-tri/quy-tac/trung-uong")
    for rule in rules["rulebook"].national:
        row = f'{rule.citation} (cần kiểm tra lại văn bản gốc) <span class="text-body-secondary fw-normal">{rule.code}<'
        assert (row in page.html) is (rule.confidence == "S2")
        assert (f'fw-normal">{rule.code}</span></th>' in page.html) is (rule.confidence in ("S", "S2"))


async def test_each_clause_says_what_carries_it_or_that_nothing_does(browser: Any) -> None:
    admin = await browser(ADMIN)
    page = await admin.page("/quan-tri/quy-tac/dieu-khoan/ha-tinh-2023")
    assert "H30" in page.ids
    assert "Báo cáo lãnh đạo khi quá hạn" in page.text
    assert "Chưa có phần nào thực hiện" in page.text
    assert "engine:" not in page.text
    await admin.page("/quan-tri/quy-tac/dieu-khoan/mau", 404)


async def test_kinds_of_draft_name_who_decides_and_who_must_be_asked(browser: Any) -> None:
    page = await (await browser(ADMIN)).page("/quan-tri/quy-tac/loai-du-thao?ngay=2026-04-22")
    assert "Quyết định (văn bản quy phạm) của Chủ tịch UBND tỉnh" in page.text
    assert "Điều 51a" in page.text


# --- health


async def test_the_health_page_says_of_each_part_whether_it_runs(office: World) -> None:
    admin = await seat(office)
    page = await admin.page("/quan-tri/suc-khoe")
    for part in ("Sổ đăng ký", "Bộ máy điều phối", "Tiến trình xử lý", "Hàng việc", "Bản sao lưu", "Phiên đăng nhập"):
        assert part in page.text
    assert "1 tiến trình; hỏi việc lần cuối lúc" in page.text
    assert "Chưa kiểm tra lần nào" in page.text
    assert office.services.rulebook.version in page.text
    figures = await admin.page("/quan-tri/suc-khoe/so-lieu")
    assert "<html" not in figures.html
    assert "Hệ thống đang chạy bình thường" in figures.text


async def test_an_engine_that_does_not_answer_is_told_as_not_asked(office: World) -> None:
    services, kept = office.services, office.services.gateway
    services.gateway = Gateway.at(f"127.0.0.1:{free_port()}", "ykien", "nobody", timedelta(seconds=1))
    try:
        page = await (await seat(office)).page("/quan-tri/suc-khoe")
        first = await (await seat(office)).page("/quan-tri")
    finally:
        services.gateway = kept
    assert page.text.count("Không hỏi được trong 2 giây") == 2
    assert "Có phần cần xem ngay" in page.text
    assert "Không hỏi được bộ máy điều phối" in first.text


async def test_the_last_verification_of_the_ledger_is_told_and_what_it_found(office: World) -> None:
    admin = await seat(office)
    told = []
    for problems in ([], [{"why": "hash"}]):
        async with office.services.database.begin() as connection:
            now = (await health(office.services)).vitals
            assert now is not None
            row = {"asked_by": "thanhtra", "started_at": now.now, "checked": 12, "entries": 12}
            await connection.execute(sa.insert(verifications).values(**row, finished_at=now.now, problems=problems))
        told.append((await admin.page("/quan-tri/suc-khoe")).text)
    assert "12 bút toán, không phát hiện sai khác" in told[0]
    assert "CÓ PHÁT HIỆN SAI KHÁC" in told[1]
    assert "Lần kiểm tra sổ cái gần nhất có phát hiện sai khác" in (await admin.page("/quan-tri")).text


async def stranded(world: World) -> str:
    """A receipt that was set aside."""
    id, kept = await world.launch(), world.services.gateway
    world.services.gateway = Gateway.at(f"127.0.0.1:{free_port()}", "ykien", "nobody", timedelta(seconds=1))
    try:
        path = f"/consultations/{id}/asks/STC/interim"
        receipt = (await world.post("gd.stc", path, {"text": "Đang xử lý nội dung kín."}, 202))["receipt"]
    finally:
        world.services.gateway = kept
    await world.services.receipts.set_aside(receipt, "không xử lý được")
    return str(receipt)


async def test_a_receipt_set_aside_is_listed_without_words_and_tried_again_once(office: World) -> None:
    receipt, admin = await stranded(office), await seat(office)
    assert "được để riêng" in (await admin.page("/quan-tri")).text
    page = await admin.page("/quan-tri/suc-khoe")
    assert "Đang xử lý nội dung kín" not in page.text
    action = f"/quan-tri/suc-khoe/thu-lai/receipt/{receipt}"
    done = await admin.submit(page, action)
    again = await admin.submit(page, action)
    assert done.url == again.url
    assert "Mọi thứ đã đến nơi" in done.text
    backlog = await office.services.receipts.backlog()
    assert (backlog.set_aside, backlog.count >= 1) == (0, True)


async def test_more_that_did_not_arrive_costs_no_more_statements(office: World) -> None:
    admin = await seat(office)
    counts = []
    for _ in range(2):
        await stranded(office)
        with statements(office) as heard:
            await admin.page("/quan-tri/suc-khoe")
        counts.append(len(heard))
    assert counts[0] == counts[1]
