"""Signing in to the pages: sessions, other sites' forms, what was typed when a session ended."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from adapters.register.sessions import Sessions
from adapters.settings import Profile, Settings
from api.pages.cast import people
from api.pages.protection import COOKIE
from tests.api.world import PASSWORD, World


async def test_whoever_is_not_signed_in_is_asked_to_and_goes_on_where_they_wanted(browser: Any) -> None:
    nobody = await browser()
    page = await nobody.page("/duoc-hoi?tat_ca=true")
    form = page.form("/dang-nhap")
    assert form.value("tiep") == "/duoc-hoi?tat_ca=true"
    landed = await nobody.submit(page, "/dang-nhap", 200, username="gd.stc", password=PASSWORD)
    assert landed.url == "/duoc-hoi?tat_ca=true"
    assert "Người gd.stc" in landed.text


async def test_a_wrong_password_keeps_the_name_and_says_no_more(browser: Any) -> None:
    nobody = await browser()
    page = await nobody.submit(await nobody.page("/"), "/dang-nhap", 401, username="gd.stc", password="sai")
    assert page.form("/dang-nhap").value("username") == "gd.stc"
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in page.text


async def test_nobody_is_sent_on_to_another_site(browser: Any) -> None:
    nobody = await browser()
    for elsewhere in ("https://noi-khac.example/", "//noi-khac.example", "/\\noi-khac.example"):
        page = await nobody.page("/dang-nhap?tiep=" + elsewhere)
        assert page.form("/dang-nhap").value("tiep") == "/"


async def test_signing_out_ends_the_session_on_the_server(browser: Any, province: World) -> None:
    someone = await browser("gd.snv")
    secret = someone.http.cookies[COOKIE]
    await someone.submit(await someone.page("/"), "/dang-xuat")
    someone.http.cookies.set(COOKIE, secret)
    assert (await someone.page("/")).form("/dang-nhap")


async def test_the_cookie_is_a_secret_no_script_can_read(browser: Any) -> None:
    nobody = await browser()
    page = await nobody.page("/")
    fields = page.form("/dang-nhap").filled({"username": "gd.stc", "password": PASSWORD})
    answer = await nobody.http.post("/dang-nhap", data=dict(fields))
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_a_form_of_another_site_changes_nothing(browser: Any) -> None:
    someone = await browser("gd.stc")
    page = await someone.page("/")
    fields = page.form("/dang-xuat").filled({})
    await someone.send("/dang-xuat", fields, 403, headers={"origin": "https://noi-khac.example"})
    await someone.send("/dang-xuat", fields, 403, headers={"sec-fetch-site": "cross-site"})
    await someone.send("/dang-xuat", [], 403)
    await someone.send("/dang-xuat", [("_ma", "A" * 88)], 403)
    assert "Người gd.stc" in (await someone.page("/")).text


async def test_the_token_of_another_session_does_not_count(browser: Any) -> None:
    one, other = await browser("gd.stc"), await browser("gd.snv")
    fields = (await other.page("/")).form("/dang-xuat").filled({})
    await one.send("/dang-xuat", fields, 403)


async def test_what_was_typed_when_the_session_ended_is_sent_on_after_signing_in(browser: Any, province: World) -> None:
    someone, id = await browser("vt.stc"), await province.launch()
    path = f"/duoc-hoi/{id}/tiep-nhan"
    fields = (await someone.page(f"/duoc-hoi/{id}")).form(path).filled({"ghi_chu": "Đã nhận đủ hồ sơ"})
    await province.services.sessions.end_all("vt.stc")
    asked = await someone.send(path, fields, 401)
    onward = await someone.submit(asked, "/dang-nhap", 200, username="vt.stc", password=PASSWORD)
    assert "Đã nhận đủ hồ sơ" in onward.text
    landed = await someone.submit(onward, path)
    assert "Đã ghi nhận" in landed.text
    assert (await province.get("vt.stc", f"/consultations/{id}"))["asks"][0]["acknowledged_at"]


async def test_a_session_ends_by_idleness_and_by_age(province: World) -> None:
    services = province.services
    short = Sessions(services.database, idle=timedelta(0), lifetime=timedelta(hours=1))
    await short.start(sha256="a" * 64, id="p-thu-1", username="gd.stc", role=None, source="", browser="")
    assert await short.find("a" * 64) is None
    old = Sessions(services.database, idle=timedelta(hours=1), lifetime=timedelta(0))
    await old.start(sha256="b" * 64, id="p-thu-2", username="gd.stc", role=None, source="", browser="")
    assert await old.find("b" * 64) is None


async def test_an_invented_person_is_acted_as_only_where_there_are_any(browser: Any, province: World) -> None:
    nobody = await browser()
    await nobody.send("/dang-nhap/thu-vai", [("username", "stc.khong-co")], 403)
    landed = await nobody.send("/dang-nhap/thu-vai", [("username", "gd.stc")])
    assert "Người gd.stc" in landed.text


async def test_an_error_is_a_page_with_code_time_and_whether_anything_was_recorded(browser: Any) -> None:
    someone = await browser("gd.stc")
    page = await someone.page("/khong-co-trang-nay", 404)
    assert "not_found" in page.text
    assert "Chưa có nội dung nào được ghi vào sổ" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_every_page_forbids_foreign_script_and_frames(browser: Any) -> None:
    someone = await browser("gd.stc")
    policy = (await someone.page("/")).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_loading_a_forms_own_address_leads_to_the_page_the_form_is_on(browser: Any, province: World) -> None:
    id, head = await province.launch(), await browser("gd.sgddt")
    assert (await head.page(f"/lay-y-kien/{id}/phe-duyet")).url == f"/lay-y-kien/{id}"
    assert (await (await browser("vpub")).page("/theo-doi/don-doc/gui")).url == "/theo-doi"


async def test_nobody_is_acted_as_on_a_provinces_own_copy(province: World, tmp_path: Path) -> None:
    address = SecretStr("postgresql+asyncpg://ykien@127.0.0.1/ykien")
    own = Settings(profile=Profile.PRODUCTION, demo=True, database_url=address, payload_keys_dir=tmp_path)
    assert people(replace(province.services, settings=own)) == {}
    assert people(province.services)
