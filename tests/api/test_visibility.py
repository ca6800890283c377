"""Who sees what through HTTP: existence is hidden, opinions stay with those concerned, lists and pages agree."""

from typing import Any

import pytest

from tests.api.world import SAFETY, World

READERS = ("cv.sgddt", "gd.stc", "gd.snv", "gd.syt", "pct4", "pct2", "ct", "vpub", "thanhtra", "danhgia", "quantri")


@pytest.mark.parametrize(
    ("user", "path", "status"),
    [
        *((user, "", 200) for user in ("cv.sgddt", "vt.stc", "gd.snv", "pct4", "ct", "vpub", "thanhtra")),
        *((user, "", 404) for user in ("gd.syt", "pct2", "danhgia", "quantri")),
        ("gd.stc", "/synthesis", 403),
        ("gd.stc", "/ledger", 403),
        ("pct4", "/ledger", 403),
        ("gd.syt", "/synthesis", 404),
        ("quantri", "/ledger", 404),
        ("vpub", "/ledger", 200),
        ("cv.sgddt", "/ledger", 200),
        ("gd.stc", "/timeline", 200),
        ("danhgia", "/timeline", 404),
    ],
)
async def test_a_page_is_open_to_those_who_may_and_absent_for_others(
    world: World, user: str, path: str, status: int
) -> None:
    await world.get(user, f"/consultations/{await world.launch()}{path}", status)


async def test_lists_show_exactly_what_pages_would(world: World) -> None:
    running, other = await world.launch(), await world.launch("skhcn", **SAFETY)
    prepared = (await world.post("cv.sgddt", "/consultations", await world.plan(), 201))["id"]
    for user in READERS:
        listed = [i["id"] for i in (await world.get(user, "/consultations?limit=200"))["items"]]
        for id in (running, other, prepared):
            seen = (await world.call(user, "GET", f"/consultations/{id}")).status_code == 200
            assert (id in listed) is seen, (user, id)


async def test_opinions_of_others_are_hidden_until_closure(world: World) -> None:
    id = await world.launch()
    await world.reply(id, "STC")
    seen = await world.get("gd.snv", f"/consultations/{id}")
    assert [a["agency"] for a in seen["asks"]] == ["SNV"]
    assert [set(o) for o in seen["others"]] == [{"agency", "agency_name", "mandatory", "stage"}]
    assert seen["totals"] is None
    told = (await world.get("gd.snv", f"/consultations/{id}/timeline"))["items"]
    assert {item["agency"] for item in told} == {None, "SNV"}
    await world.reply(id, "SNV")
    await world.post("gd.sgddt", f"/consultations/{id}/closure")
    after = await world.get("gd.snv", f"/consultations/{id}")
    assert [a["agency"] for a in after["asks"]] == ["STC", "SNV"]
    assert after["totals"]["on_time"] == 2


@pytest.mark.parametrize(
    ("user", "path", "body"),
    [
        ("cv.sgddt", "closure", {}),
        ("vt.sgddt", "redraft", {"draft": "x", "parts": [{"id": "d1", "label": "x"}]}),
        ("cv.sgddt", "withdrawal", {"reason": "x"}),
        ("vpub", "withdrawal", {"reason": "x"}),
        ("thanhtra", "closure", {}),
        ("pct4", "closure", {}),
        ("gd.stc", "closure", {}),
        ("gd.stc", "asks/STC/ruling", {"ruling": "accept_clear"}),
        ("gd.sgddt", "terms", {"confirm": ["calendar"], "reason": "x"}),
        ("gd.snv", "asks/STC/interim", {"text": "x"}),
        ("vt.stc", "asks/STC/interim", {"text": "x"}),
        ("pct4", "asks/STC/ruling", {"ruling": "accept_clear"}),
    ],
)
async def test_acts_of_others_are_forbidden(world: World, user: str, path: str, body: dict[str, Any]) -> None:
    id = await world.launch()
    said = await world.refused(user, f"/consultations/{id}/{path}", body, 403, "forbidden")
    assert said["recorded"] is False


async def test_a_person_confirms_a_new_calendar_and_sees_no_opinion_by_it(world: World) -> None:
    id = await world.launch()
    body = {"confirm": ["calendar", "leaders"], "reason": "Thông báo chính thức."}
    confirmed = await world.post("quantri", f"/consultations/{id}/terms", body)
    assert confirmed["decision"]["kinds"][0] == "terms_changed"
    assert "consultation" not in confirmed
    await world.refused("quantri", "/consultations/khong-co/terms", body, 404, "not_found")


async def test_the_directory_holds_as_of_the_day(world: World) -> None:
    before = await world.get("gd.syt", "/functions?on=2026-09-14&agency=SNNMT&field=KHOANG_SAN")
    after = await world.get("gd.syt", "/functions?on=2026-09-15&agency=SNNMT&field=KHOANG_SAN")
    assert "SNNMT-14" in [f["id"] for f in before["items"]]
    assert "SNNMT-14" not in [f["id"] for f in after["items"]]
    away = await world.get("gd.syt", "/leaders?on=2026-08-05")
    assert away["in_charge"]["THUY_LOI"] == "PCT3"
    assert (await world.get("gd.syt", "/leaders?on=2026-08-17"))["in_charge"]["THUY_LOI"] == "PCT2"
    rules = await world.get("gd.syt", "/rule-sets?on=2026-04-22")
    assert [s["code"] for s in rules["items"] if s["in_use"]] == ["mau"]
    assert len((await world.get("gd.syt", "/agencies"))["items"]) > 30


async def test_the_calendar_names_its_sources_and_refuses_years_it_does_not_know(world: World) -> None:
    days = (await world.get("gd.syt", "/calendar?year=2026"))["items"]
    assert any(d["provisional"] for d in days)
    response = await world.call("gd.syt", "GET", "/calendar?year=2031")
    assert response.json()["type"].endswith("calendar_year_missing")
    body = {"received_at": "2031-01-05T09:00:00+07:00", "limit": {"n": 5, "unit": "working_day"}}
    await world.refused("gd.syt", "/deadlines", body, 422, "calendar_year_missing")


async def test_suggestions_name_agencies_with_reasons(world: World) -> None:
    body = {
        "subject": "Nhiệm vụ quy hoạch phân khu đô thị bãi bồi",
        "text": "Ranh giới lấy vào 41 ha bãi hoa màu ngoài đê, thấp hơn mực nước lũ thiết kế 0,8 m, phải chừa "
        "hành lang thoát lũ; phải thu hồi đất, chuyển mục đích đất nông nghiệp. Góc nam cách miếu đã xếp hạng 150 m.",
        "field": "QUY_HOACH_XD",
        "lead": "SXD",
        "on": "2026-03-18",
    }
    found = (await world.post("cv.sxd", "/relevance", body))["suggestions"]
    assert "SNNMT" in [s["agency"] for s in found]
    assert all(s["agency_name"] and s["reason"] for s in found)
    await world.refused("cv.sxd", "/relevance", {**body, "field": "KHONG"}, 422, "field_unknown")
