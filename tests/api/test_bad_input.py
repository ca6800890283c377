"""Whatever is sent, the answer is a problem document that names the field and what to do; never a fault of ours."""

import json
from typing import Any

import pytest

from api.errors import STATUS, Problem, document
from api.middleware import FORM_LIMIT, JSON_LIMIT
from domain.refusals import Code
from tests.api.world import World, problem

JSON_TYPE = {"Content-Type": "application/json"}


@pytest.mark.parametrize("code", list(Code))
async def test_every_refusal_has_a_status_and_its_sentences(world: World, code: Code) -> None:
    said = document(Problem(code), world.services)
    assert said["type"] == f"urn:ykien:refusal:{code}"
    assert 400 <= STATUS[code] <= 503
    assert all(said[part].strip() for part in ("title", "detail", "way_out"))


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"text": "\\ud800"}', 422),
        (b'{"text": "a\\u0000b"}', 422),
        (b'{"text": "a\\u0007b"}', 422),
        (b'{"text": 5}', 422),
        (b'{"text": null}', 422),
        (b'{"text": "x", "other": 1}', 422),
        (b'{"text": "x", "\\ud800": 1}', 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b'{"text": "   "}', 422),
        (b"[" * 5000 + b"]" * 5000, 400),
        (b'{"text": ' + b"9" * 5000 + b"}", 400),
        (b'{"text": NaN}', 422),
        (b"", 422),
        ('{"text": "' + "́" * 9000 + '"}', 422),
    ],
)
async def test_malformed_bodies_are_told_what_is_wrong(world: World, raw: Any, status: int) -> None:
    id = await world.launch()
    data = raw if isinstance(raw, bytes) else raw.encode()
    path = f"/consultations/{id}/asks/STC/interim"
    response = await world.call("gd.stc", "POST", path, content=data, headers=JSON_TYPE)
    said = problem(response, status, "body_invalid")
    assert said["errors"]
    assert all(e["message"] for e in said["errors"])


async def test_a_field_is_named_by_its_place(world: World) -> None:
    body = await world.plan()
    body["asks"][0] = {**body["asks"][0], "questions": [{"text": "x", "closed": "yes"}]}
    said = await world.refused("gd.sgddt", "/consultations", body, 422, "body_invalid")
    assert said["errors"] == [
        {"field": "asks[0].questions[0].closed", "message": "Phải là true hoặc false."},
    ]


@pytest.mark.parametrize(
    "instant",
    [
        "2026-05-08",
        "2026-05-08T17:00:00",
        1778230800,
        "1778230800",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00Z",
    ],
)
async def test_an_instant_is_rfc_3339_with_its_zone(world: World, instant: Any) -> None:
    body = {"received_at": instant, "limit": {"n": 5, "unit": "working_day"}}
    await world.refused("gd.stc", "/deadlines", body, 422, "body_invalid")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"limit": {"n": 0, "unit": "working_day"}}, "body_invalid"),
        ({"limit": {"n": True, "unit": "working_day"}}, "body_invalid"),
        ({"limit": {"n": 5, "unit": "week"}}, "body_invalid"),
        ({"rule": "MAU_5"}, "body_invalid"),
        ({"limit": None}, "body_invalid"),
        ({"limit": None, "rule": "KHONG"}, "rule_unknown"),
        ({"closes_at": "25:00"}, "body_invalid"),
    ],
)
async def test_a_limit_is_one_of_both_and_sane(world: World, changes: dict[str, Any], code: str) -> None:
    body = {"received_at": "2026-04-22T09:00:00+07:00", "limit": {"n": 5, "unit": "working_day"}} | changes
    body = {k: v for k, v in body.items() if v is not None}
    await world.refused("gd.stc", "/deadlines", body, 422, code)


async def test_ten_megabytes_of_text_are_refused_before_they_are_read(world: World) -> None:
    id = await world.launch()
    path = f"/api/v1/consultations/{id}/asks/STC/reply"
    headers = {**await world.headers("gd.stc"), **JSON_TYPE}
    body = json.dumps({"text": "a" * 10 * 1024 * 1024}).encode()
    said = problem(await world.http.post(path, content=body, headers=headers), 413, "too_large")
    assert "4 MB" in said["detail"]

    async def drip() -> Any:
        for _ in range(JSON_LIMIT // 65536 + 2):
            yield b" " * 65536

    problem(await world.http.post(path, content=drip(), headers=headers), 413, "too_large")
    long = await world.answer(id, text="a" * 64_001)
    said = await world.refused("gd.stc", path.removeprefix("/api/v1"), long, 422, "body_invalid")
    assert said["errors"] == [{"field": "text", "message": "Dài quá 64000 ký tự."}]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"MZ", "file_not_accepted"),
        ("a", b"x", "file_not_accepted"),
        ("a.pdf", b"<html>", "file_not_accepted"),
        ("a.docx", b"", "file_not_accepted"),
        ("a.txt", b"\xff\xfe\xfa", "file_not_accepted"),
        ("kh_TOI_MAT.txt", b"x", "classified"),
    ],
)
async def test_a_file_must_be_what_its_name_says(world: World, name: str, data: bytes, code: str) -> None:
    response = await world.call("gd.sgddt", "POST", "/drafts", files={"file": (name, data, "text/plain")})
    problem(response, 415 if code == "file_not_accepted" else 422, code)


async def test_a_file_name_keeps_no_folder_and_no_control_character(world: World) -> None:
    assert (await world.draft("gd.sgddt", "../../etc/Dự thảo\u200b.txt", b"x y"))["name"] == "Dự thảo.txt"
    long = await world.draft("gd.sgddt", "a" * 300 + ".txt", b"x y z")
    assert (len(long["name"]), long["name"][-4:]) == (200, ".txt")


async def test_a_file_over_the_limit_is_refused(world: World) -> None:
    big = b"%PDF-" + b"0" * FORM_LIMIT
    response = await world.call("gd.sgddt", "POST", "/drafts", files={"file": ("a.pdf", big, "application/pdf")})
    assert "25 MB" in problem(response, 413, "too_large")["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/khong-co", 404, "not_found"),
        ("DELETE", "/api/v1/consultations/x", 405, "method_not_allowed"),
        ("GET", "/api/v1/consultations/a%00b", 422, "body_invalid"),
        ("GET", "/api/v1/consultations/..%2f..%2fetc", 404, "not_found"),
        ("GET", "/api/v1/consultations?limit=0", 422, "body_invalid"),
        ("GET", "/api/v1/consultations?limit=abc", 422, "body_invalid"),
        ("GET", "/api/v1/consultations?cursor=abc", 422, "body_invalid"),
        ("GET", "/api/v1/consultations?status=late", 422, "body_invalid"),
        ("GET", "/api/v1/agencies?on=2026-02-30", 422, "body_invalid"),
        ("GET", "/api/v1/agencies?on=0001-01-01", 422, "body_invalid"),
        ("GET", "/api/v1/receipts/r-0", 404, "not_found"),
        ("GET", "/api/v1/drafts/x/file", 404, "not_found"),
        ("GET", "/api/v1/escalations/x.e1", 404, "not_found"),
    ],
)
async def test_addresses_that_lead_nowhere(world: World, method: str, path: str, status: int, code: str) -> None:
    response = await world.http.request(method, path, headers=await world.headers("vpub"))
    problem(response, status, code)


async def test_a_search_for_anything_finds_nothing_and_fails_nothing(world: World) -> None:
    for text in ("%00", "a%00b", "%25", "_", "' OR 1=1", "%F0%9F%98%80", "{{7*7}}"):
        response = await world.call("vpub", "GET", f"/consultations?q={text}")
        assert response.status_code in (200, 422), (text, response.text)


async def test_markup_is_text_and_comes_back_as_it_went(world: World) -> None:
    text = 'Sở Tài chính thống nhất với dự thảo. <b>&amp;</b> {{7*7}} #read("/etc/passwd") {subject}'
    id = await world.launch()
    replied = await world.reply(id, "STC", text=text)
    assert replied["ask"]["reply"]["text"] == text
    assert (await world.get("gd.sgddt", f"/consultations/{id}/timeline"))["items"]


async def test_answers_carry_protective_headers(world: World) -> None:
    response = await world.http.get("/healthz")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    assert "x-ykien-mode" not in response.headers


async def test_what_was_done_is_counted(world: World) -> None:
    id = await world.launch()
    await world.reply(id)
    text = (await world.http.get("/metrics")).text
    assert 'ykien_receipts_total{verb="reply",result="done"}' in text
    assert 'route="/api/v1/consultations/{id}/asks/{agency}/reply",status="200"' in text
    assert id not in text


async def test_the_first_page_leads_to_the_description(world: World) -> None:
    page = (await world.http.get("/docs")).text
    assert "Gửi ý kiến trả lời" in page
    assert "//cdn" not in page
    assert "<script" not in page
