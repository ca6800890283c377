"""My account: password, sessions, role and agency; accounts and sessions as an administrator sees them."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.register.account_changes import changes_of
from adapters.register.accounts import Account
from api.new_passwords import fault_of, generated
from api.pages.identity.telling import browser_words
from api.pages.protection import COOKIE
from tests.adapters.registers import counted
from tests.api.world import PASSWORD, World
from tests.pages.conftest import HTML, Browser

FRESH = "Sáng nay trời nhiều mây 2026"
ADMIN = "quantri"


async def person(
    province: World, *, agency: str | None = "STC", roles: tuple[str, ...] = ("handler",), **more: Any
) -> str:
    """A new account of one test's own."""
    username = f"thu.{uuid4().hex[:10]}"
    secret = await province.services.passwords.hash(PASSWORD)
    account = Account(
        username=username, full_name="Đoàn Mẫu Khang", agency=agency, roles=roles, password_hash=secret, **more
    )
    assert await province.services.accounts.create_account(account)
    return username


async def signs_in(province: World, username: str, password: str, address: str = "10.0.0.9") -> int:
    """The status of signing in through the page, from an address."""
    app = province.http._transport.app  # type: ignore[attr-defined]
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://ykien.test", headers=HTML) as http:
        return (await http.post("/dang-nhap", data={"username": username, "password": password})).status_code


# --- who am I


async def test_the_account_page_says_who_i_am_in_words(browser: Any, province: World) -> None:
    page = await (await browser(await person(province, roles=("lead_officer", "handler")))).page("/tai-khoan")
    assert "Đoàn Mẫu Khang" in page.text
    assert "Sở Tài chính" in page.text
    assert "Chuyên viên được giao trả lời" in page.text
    assert [level for level, _ in page.headings] == [1, 2, 2, 2, 2]


async def test_a_leader_sees_the_fields_held_today(browser: Any) -> None:
    page = await (await browser("pct4")).page("/tai-khoan")
    assert "Lĩnh vực được phân công hôm nay" in page.text
    assert "hôm nay không phụ trách lĩnh vực nào" not in page.text


async def test_nobody_sees_an_account_without_signing_in(browser: Any) -> None:
    page = await (await browser()).page("/tai-khoan")
    assert page.form("/dang-nhap").value("tiep") == "/tai-khoan"


# --- password


async def test_a_new_password_counts_and_ends_every_other_sign_in(browser: Any, province: World) -> None:
    username = await person(province)
    here, elsewhere = await browser(username), await browser(username)
    page = await here.page("/tai-khoan")
    done = await here.submit(page, "/tai-khoan/mat-khau", current=PASSWORD, fresh=FRESH, again=FRESH)
    assert "Đã đổi mật khẩu" in done.text
    assert (await elsewhere.page("/tai-khoan")).form("/dang-nhap")
    assert await signs_in(province, username, PASSWORD) == 401
    assert await signs_in(province, username, FRESH) == 303


@pytest.mark.parametrize(
    ("current", "fresh", "again", "said"),
    [
        (PASSWORD, "ngắn quá", "ngắn quá", "ít nhất 12 ký tự"),
        (PASSWORD, FRESH, FRESH + "x", "không giống nhau"),
        (PASSWORD, "Doan Mau Khang 2026", "Doan Mau Khang 2026", "không được chứa họ tên"),
        (PASSWORD, "abababababab", "abababababab", "quá ít ký tự"),
        ("không phải mật khẩu", FRESH, FRESH, "Mật khẩu hiện tại không đúng"),
        ("", "", "", "ít nhất 12 ký tự"),
    ],
)
async def test_a_bad_new_password_is_refused_with_its_reason_and_never_shown_again(
    browser: Any, province: World, current: str, fresh: str, again: str, said: str
) -> None:
    username = await person(province)
    someone = await browser(username)
    page = await someone.page("/tai-khoan")
    refused = await someone.submit(page, "/tai-khoan/mat-khau", 422, current=current, fresh=fresh, again=again)
    assert said in refused.text
    assert not [value for name, value in refused.form("/tai-khoan/mat-khau").fields if name == "fresh" and value]
    assert await signs_in(province, username, PASSWORD) == 303


async def test_guessing_the_current_password_is_limited_too(browser: Any, province: World) -> None:
    username = await person(province)
    someone = await browser(username)
    page = await someone.page("/tai-khoan")
    for _ in range(5):
        await someone.submit(page, "/tai-khoan/mat-khau", 422, current="đoán mò", fresh=FRESH, again=FRESH)
    await someone.submit(page, "/tai-khoan/mat-khau", 429, current=PASSWORD, fresh=FRESH, again=FRESH)


def test_a_name_in_a_password_is_found_however_it_is_written() -> None:
    account = Account(username="dinh.van", full_name="Đinh Văn Mẫu", password_hash="x")
    assert fault_of("ĐinhVănMẫu-2026!", account) == "name"
    assert fault_of("toi la dinh van", account) == "name"
    assert fault_of("Một câu ngắn dễ nhớ", account) is None
    assert fault_of(generated(), account) is None
    short = account.model_copy(update={"username": "ct"})
    assert fault_of("Thời tiết, thật tốt", short) is None


# --- signing in


async def test_an_unknown_name_and_a_wrong_password_are_answered_alike(browser: Any, province: World) -> None:
    username, nobody = await person(province), await browser()
    pages = []
    for name in (username, "khong.co.ai"):
        page = await nobody.submit(await nobody.page("/dang-nhap"), "/dang-nhap", 401, username=name, password="sai")
        pages.append(re.sub(r'value="[^"]*"', "", page.html).replace(name, ""))
    assert pages[0] == pages[1]


async def test_five_wrong_passwords_stop_that_address_and_not_the_owner_elsewhere(province: World) -> None:
    username = await person(province)
    tries = [await signs_in(province, username, "đoán mò", "10.0.0.1") for _ in range(6)]
    assert tries == [401] * 5 + [429]
    assert await signs_in(province, username, PASSWORD, "10.0.0.1") == 429
    assert await signs_in(province, username, PASSWORD, "10.0.0.2") == 303


# --- sessions


async def test_somebody_sees_and_ends_their_sign_ins(browser: Any, province: World) -> None:
    username = await person(province)
    here, elsewhere = await browser(username), await browser(username)
    page = await here.page("/tai-khoan")
    assert page.text.count("phiên này") == 1
    ends = [form.action for form in page.forms if re.fullmatch(r"/tai-khoan/phien/[^/]+/ket-thuc", form.action)]
    assert len(ends) == 1
    await here.submit(page, ends[0])
    assert (await elsewhere.page("/tai-khoan")).form("/dang-nhap")
    assert "Đã kết thúc phiên" in (await here.page("/tai-khoan?da=phien")).text


async def test_all_other_sign_ins_end_at_once(browser: Any, province: World) -> None:
    username = await person(province)
    here, one, two = [await browser(username) for _ in range(3)]
    await here.submit(await here.page("/tai-khoan"), "/tai-khoan/phien-khac/ket-thuc")
    assert len(await province.services.sessions.live(username)) == 1
    for other in (one, two):
        assert (await other.page("/")).form("/dang-nhap")


async def test_nobody_ends_another_persons_sign_in(browser: Any, province: World) -> None:
    victim, other = await person(province), await person(province)
    theirs, mine = await browser(victim), await browser(other)
    id = (await province.services.sessions.live(victim))[0].id
    token = (await mine.page("/tai-khoan")).form("/dang-xuat").value("_ma")
    await mine.send(f"/tai-khoan/phien/{id}/ket-thuc", [("_ma", token)])
    assert "Đoàn Mẫu Khang" in (await theirs.page("/tai-khoan")).text


def test_a_browser_is_named_in_plain_words(province: World) -> None:
    messages = province.services.messages
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"
    phone = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1"
    )
    assert browser_words(edge, messages) == "Microsoft Edge trên Windows"
    assert browser_words(phone, messages) == "Safari trên iPhone"
    assert browser_words("curl/8", messages) == "Không rõ trình duyệt"


# --- role and agency


async def test_whoever_has_one_role_in_one_agency_has_no_choice(browser: Any, province: World) -> None:
    page = await (await browser(await person(province))).page("/tai-khoan")
    assert "/tai-khoan/vai" not in [form.action for form in page.forms]
    assert "Đổi vai trò, cơ quan" not in page.text


async def test_acting_in_one_role_takes_the_others_away_until_all_are_chosen_again(
    browser: Any, province: World
) -> None:
    username = await person(province, roles=("lead_officer", "clerk"))
    someone = await browser(username)
    assert "Soạn lấy ý kiến" in (await someone.page("/")).text
    first = await someone.submit(await someone.page("/tai-khoan"), "/tai-khoan/vai", chon=f"{username}|clerk")
    assert "Soạn lấy ý kiến" not in first.text
    assert "Đang làm với một vai trò" in first.text
    again = await someone.submit(await someone.page("/tai-khoan"), "/tai-khoan/vai", chon=f"{username}|")
    assert "Soạn lấy ý kiến" in again.text


async def test_choosing_rotates_the_session(browser: Any, province: World) -> None:
    username = await person(province, roles=("lead_officer", "clerk"))
    someone = await browser(username)
    old = someone.http.cookies[COOKIE]
    until = (await province.services.sessions.live(username))[0].expires_at
    await someone.submit(await someone.page("/tai-khoan"), "/tai-khoan/vai", chon=f"{username}|clerk")
    live = await province.services.sessions.live(username)
    assert (len(live), live[0].expires_at) == (1, until)
    stale = Browser(province, None)
    stale.http.cookies.set(COOKIE, old)
    assert (await stale.page("/tai-khoan")).form("/dang-nhap")


async def test_one_persons_accounts_are_chosen_between_and_nobody_elses(browser: Any, province: World) -> None:
    who = f"nguoi-{uuid4().hex[:8]}"
    here = await person(province, person=who, roles=("clerk",))
    there = await person(province, person=who, agency="SNV", roles=("handler",))
    barred = await person(province, person=who, agency="SXD")
    await province.services.accounts.disable(barred)
    someone = await browser(here)
    page = await someone.page("/tai-khoan")
    assert "Sở Nội vụ" in page.text
    assert [value for _, value in page.form("/tai-khoan/vai").buttons] == [f"{there}|"]
    landed = await someone.submit(page, "/tai-khoan/vai", chon=f"{there}|")
    assert "Sở Nội vụ" in landed.text
    for foreign in (f"{barred}|", "gd.stc|", f"{there}|admin", ""):
        await someone.submit(await someone.page("/tai-khoan"), "/tai-khoan/vai", 403, chon=foreign)


# --- the administrator


async def test_accounts_and_sessions_are_the_administrators_alone(browser: Any) -> None:
    paths = ("/quan-tri/tai-khoan", "/quan-tri/tai-khoan-moi", "/quan-tri/tai-khoan/gd.stc", "/quan-tri/phien")
    for user in ("gd.stc", "thanhtra", "vpub", "ct"):
        someone = await browser(user)
        token = (await someone.page("/tai-khoan")).form("/dang-xuat").value("_ma")
        for path in paths:
            await someone.page(path, 403)
        for path in ("/khoa", "/mo-lai", "/mat-khau", "/phien", ""):
            await someone.send(f"/quan-tri/tai-khoan/gd.snv{path}", [("_ma", token), ("reason", "thử")], 403)


async def test_accounts_are_found_without_diacritics_and_by_agency_role_and_standing(
    browser: Any, province: World
) -> None:
    username = await person(province, agency="SXD", email=f"{uuid4().hex}@example.vn")
    admin = await browser(ADMIN)
    for query in (f"q={username}", "q=doan+khang&co_quan=SXD", "q=khang&vai=handler&co_quan=SXD"):
        assert username in (await admin.page(f"/quan-tri/tai-khoan?{query}")).text
    for query in ("q=khong+co+ai+ten+nay", "q=doan+khang&vai=admin", f"q={username}&tinh_trang=khoa"):
        assert username not in (await admin.page(f"/quan-tri/tai-khoan?{query}")).text
    await province.services.accounts.disable(username)
    assert "Đã khóa từ" in (await admin.page(f"/quan-tri/tai-khoan?q={username}&tinh_trang=khoa")).text


async def test_a_list_of_many_accounts_has_pages_and_asks_as_often_as_for_few(browser: Any, province: World) -> None:
    admin = await browser(ADMIN)
    mark = f"dot{uuid4().hex[:6]}"
    with counted(province.services.database) as few:
        await admin.page(f"/quan-tri/tai-khoan?q={mark}")
    many = [
        Account(username=f"{mark}.{number:03}", full_name="Rất Nhiều Người", agency="STC", password_hash="x")
        for number in range(120)
    ]
    await province.services.accounts.put_accounts(many)
    with counted(province.services.database) as more:
        page = await admin.page(f"/quan-tri/tai-khoan?q={mark}")
    assert len(more) == len(few)
    assert "120 tài khoản" in page.text
    second = await admin.page("/quan-tri/tai-khoan" + page.link("Xem tiếp"))
    third = await admin.page("/quan-tri/tai-khoan" + second.link("Xem tiếp"))
    shown = re.findall(rf"{mark}\.\d{{3}}(?= )", page.text + second.text + third.text)
    assert shown == [one.username for one in many]


async def test_an_account_is_created_with_a_password_shown_once(browser: Any, province: World) -> None:
    admin, username = await browser(ADMIN), f"moi.{uuid4().hex[:8]}"
    page = await admin.page("/quan-tri/tai-khoan-moi")
    typed = {"username": username, "full_name": "Mạc Mẫu Nhi", "agency": "STC", "roles[]": ["clerk", "handler"]}
    fields = page.form("/quan-tri/tai-khoan-moi").filled(typed)
    done = await admin.send("/quan-tri/tai-khoan-moi", fields)
    password = re.search(r'secret-once">([^<]+)<', done.html)
    assert password
    assert await signs_in(province, username, password[1]) == 303
    # A double click, or a reload of the page: the same act, and the password is nowhere any more.
    again = await admin.send("/quan-tri/tai-khoan-moi", fields)
    assert "mật khẩu chỉ hiện một lần" in again.text
    assert password[1] not in again.html
    found = await province.services.accounts.find(username)
    assert found is not None
    assert (found.roles, found.agency) == (("clerk", "handler"), "STC")
    kept = await changes_of(province.services.database, username)
    assert [(one.actor, one.act) for one in kept] == [(ADMIN, "created")]
    receipt = await province.services.receipts.get(kept[0].receipt)
    assert receipt is not None
    assert password[1] not in str(receipt.answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"username": "gd.stc"}, "đã có người dùng"),
        ({"username": "có dấu"}, "Dữ liệu"),
        ({"roles[]": []}, "ít nhất một vai trò"),
        ({"roles[]": ["vua"]}, "không nằm trong danh mục"),
        ({"agency": "KHONGCO"}, "không có trong danh bạ"),
        ({"agency": ""}, "phải gắn với một cơ quan"),
        ({"roles[]": ["leader"], "agency": ""}, "Chọn chức danh"),
        ({"leader": "PCT1"}, "chỉ đi với vai trò lãnh đạo"),
        ({"leader": "AIDO", "roles[]": ["leader"]}, "không có chức danh này"),
        ({"email": "không phải thư"}, ""),
    ],
)
async def test_an_account_that_cannot_be_is_refused_and_what_was_typed_stays(
    browser: Any, province: World, typed: dict[str, Any], said: str
) -> None:
    admin, username = await browser(ADMIN), f"sai.{uuid4().hex[:8]}"
    page = await admin.page("/quan-tri/tai-khoan-moi")
    base = {"username": username, "full_name": "Mạc Mẫu Nhi", "agency": "STC", "roles[]": ["clerk"], "person": "ma-1"}
    fields = page.form("/quan-tri/tai-khoan-moi").filled(base | typed)
    refused = await admin.send("/quan-tri/tai-khoan-moi", fields, 422)
    assert said in refused.text
    kept = refused.form("/quan-tri/tai-khoan-moi")
    assert (kept.value("full_name"), kept.value("person")) == ("Mạc Mẫu Nhi", "ma-1")
    assert await province.services.accounts.find(username) is None


async def test_other_rights_are_recorded_and_their_owner_signs_in_anew(browser: Any, province: World) -> None:
    username = await person(province, roles=("handler",))
    admin, owner = await browser(ADMIN), await browser(username)
    path = f"/quan-tri/tai-khoan/{username}"
    fields = (await admin.page(path)).form(path).filled({"agency": "SNV", "roles[]": ["clerk"]})
    done = await admin.send(path, fields)
    assert "Đã ghi nhận" in done.text
    assert "Sở Tài chính → Sở Nội vụ" in done.text
    assert (await owner.page("/")).form("/dang-nhap")
    # The same form sent twice is one act.
    await admin.send(path, fields)
    assert len(await changes_of(province.services.database, username)) == 1


async def test_another_name_leaves_its_owner_signed_in(browser: Any, province: World) -> None:
    username = await person(province)
    admin, owner = await browser(ADMIN), await browser(username)
    path = f"/quan-tri/tai-khoan/{username}"
    await admin.submit(await admin.page(path), path, full_name="Đoàn Mẫu Khang An")
    assert "Đoàn Mẫu Khang An" in (await owner.page("/")).text


async def test_a_barred_account_is_out_at_once_and_may_come_back(browser: Any, province: World) -> None:
    username = await person(province)
    admin, owner = await browser(ADMIN), await browser(username)
    path = f"/quan-tri/tai-khoan/{username}"
    await admin.submit(await admin.page(path), f"{path}/khoa", 422, reason=" ")
    assert "Đoàn Mẫu Khang" in (await owner.page("/")).text
    done = await admin.submit(await admin.page(path), f"{path}/khoa", reason="Chuyển công tác")
    assert "Chuyển công tác" in done.text
    assert (await owner.page("/")).form("/dang-nhap")
    assert await signs_in(province, username, PASSWORD) == 401
    await admin.submit(await admin.page(path), f"{path}/mo-lai", reason="Trở lại đơn vị")
    assert (await owner.page("/")).form("/dang-nhap")
    assert await signs_in(province, username, PASSWORD) == 303
    kept = await changes_of(province.services.database, username)
    assert [(one.act, one.reason) for one in kept] == [("enabled", "Trở lại đơn vị"), ("disabled", "Chuyển công tác")]


async def test_a_password_given_anew_is_shown_once_and_ends_sign_ins(browser: Any, province: World) -> None:
    username = await person(province)
    admin, owner = await browser(ADMIN), await browser(username)
    path = f"/quan-tri/tai-khoan/{username}"
    page = await admin.page(path)
    done = await admin.submit(page, f"{path}/mat-khau")
    password = re.search(r'secret-once">([^<]+)<', done.html)
    assert password
    assert (await owner.page("/")).form("/dang-nhap")
    again = await admin.submit(page, f"{path}/mat-khau")
    assert password[1] not in again.html
    assert await signs_in(province, username, password[1]) == 303


async def test_an_administrator_does_not_lock_themselves_out(browser: Any, province: World) -> None:
    username = await person(province, agency="VPUB", roles=("admin", "office"))
    admin = await browser(username)
    path = f"/quan-tri/tai-khoan/{username}"
    page = await admin.page(path)
    refused = await admin.send(path, page.form(path).filled({"roles[]": ["office"]}), 422)
    assert "nhờ một quản trị khác" in refused.text
    token, key = page.form(path).value("_ma"), uuid4().hex
    await admin.send(f"{path}/khoa", [("_ma", token or ""), ("_khoa", key), ("reason", "thử")], 422)
    assert not (await province.services.accounts.find(username)).disabled  # type: ignore[union-attr]


async def test_an_administrator_sees_and_ends_any_sign_in(browser: Any, province: World) -> None:
    username = await person(province)
    admin, owner = await browser(ADMIN), await browser(username)
    page = await admin.page(f"/quan-tri/phien?q={username}")
    ends = [form.action for form in page.forms if form.action.startswith(f"/quan-tri/phien/{username}/")]
    assert len(ends) == 1
    done = await admin.submit(page, ends[0])
    assert "Đã ghi nhận" in done.text
    assert (await owner.page("/")).form("/dang-nhap")
    kept = await changes_of(province.services.database, username)
    assert [one.act for one in kept] == ["signed_out"]


async def test_an_unknown_account_is_not_found(browser: Any) -> None:
    admin = await browser(ADMIN)
    await admin.page("/quan-tri/tai-khoan/khong.co.ai", 404)


# --- the demonstration's door


async def test_a_newcomer_is_offered_one_person_for_each_of_eight_roles(browser: Any) -> None:
    page = await (await browser()).page("/dang-nhap")
    start = page.text.partition("Bắt đầu từ đây")[2].partition("Tất cả mọi người")[0]
    named = [
        *("Chuyên viên cơ quan chủ trì", "Thủ trưởng, cấp phó ký thay", "Văn thư", "Chuyên viên được giao trả lời"),
        *("Lãnh đạo UBND tỉnh", "Văn phòng UBND tỉnh", "Cơ quan thanh tra, kiểm tra", "Quản trị hệ thống"),
    ]
    assert [role for role in named if role not in start] == []
    assert "kiểm chứng sổ cái" in start
    first = next(form for form in page.forms if form.action == "/dang-nhap/thu-vai")
    assert first.value("username") == "cv.sgddt"
