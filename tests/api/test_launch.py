"""Launching through HTTP: what the gate refuses and says, previews, the head's approval, the leader's exception."""

import unicodedata
from typing import Any

import pytest

from adapters.register.contents import content
from tests.api.world import PARTS, PLAN, SNV_ASK, STC_ASK, World

SYT_ASK = {
    "agency": "SYT",
    "functions": ["SYT-01"],
    "parts": ["d1"],
    "questions": [{"text": "Sở Y tế có ý kiến gì không?", "part": "d1"}],
}


def asked(**changes: Any) -> dict[str, Any]:
    """A plan that asks STC in another way."""
    return {"asks": [STC_ASK | changes]}


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown agency", asked(agency="KHONGCO"), "agency_unknown"),
    ("an abolished agency", asked(agency="SKHDT", functions=[]), "agency_succeeded"),
    ("a function of another agency", asked(functions=["SNV-02"]), "function_of_another_agency"),
    ("an unknown function", asked(functions=["STC-99"]), "function_unknown"),
    ("asking oneself", asked(agency="SGDDT", functions=[]), "self_ask"),
    ("the same agency twice", {"asks": [STC_ASK, STC_ASK]}, "duplicate_ask"),
    ("no question", asked(questions=[]), "question_missing"),
    ("an unknown part", asked(parts=["d9"]), "part_unknown"),
    ("no own position", {"own_position": "  "}, "position_missing"),
    ("no draft", {"draft": None}, "draft_missing"),
    ("a draft that nobody uploaded", {"draft": "khong-co"}, "draft_missing"),
    ("nobody asked", {"asks": []}, "nobody_asked"),
    ("an unknown field", {"field": "KHONG"}, "field_unknown"),
    ("an unknown kind of draft", {"draft_kind": "KHONG"}, "draft_kind_unknown"),
    ("a due date before delivery", {"due_at": "2026-04-21T17:00:00+07:00"}, "deadline_before_delivery"),
    ("a due date below the rule's minimum", {"due_at": "2026-04-23T17:00:00+07:00"}, "deadline_too_short"),
    ("an agency that is not related", {"asks": [SYT_ASK]}, "not_directly_related"),
    ("a draft declared secret", {"classification": "Mật"}, "classified"),
    ("a secret subject", {"subject": "MẬT - Phương án phòng thủ"}, "classified"),
    ("a stamp on top of a part", {"parts": [{**PARTS[0], "text": "TỐI MẬT\nTổng kinh phí."}, PARTS[1]]}, "classified"),
    ("a mandatory agency left out", {"draft_kind": "QD_CT"}, "mandatory_missing"),
]


@pytest.mark.clause("H28", "H29", "G17", "K04")
@pytest.mark.parametrize(("changes", "code"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
async def test_the_gate_says_what_why_and_the_way_out(world: World, changes: dict[str, Any], code: str) -> None:
    body = await world.plan(**changes)
    body = {k: v for k, v in body.items() if v is not None}
    said = await world.refused("gd.sgddt", "/consultations", body, 422, code)
    assert said["recorded"] is False
    assert said["findings"][0]["type"].endswith(code) if "findings" in said else code == "classified"


async def test_the_nearest_functions_are_shown_with_who_holds_them(world: World) -> None:
    said = await world.refused(
        "gd.sgddt", "/consultations", await world.plan(asks=[SYT_ASK]), 422, "not_directly_related"
    )
    nearest = said["findings"][0]["nearest"]
    assert nearest
    assert all(way["agency_name"] and way["title"] for way in nearest)


async def test_all_findings_are_told_at_once(world: World) -> None:
    body = await world.plan(own_position="", asks=[STC_ASK, STC_ASK, SYT_ASK])
    said = await world.refused("gd.sgddt", "/consultations", body, 422, "position_missing")
    codes = [f["type"].rpartition(":")[2] for f in said["findings"]]
    assert codes == ["position_missing", "duplicate_ask", "not_directly_related"]


async def test_nothing_of_a_secret_draft_is_stored(world: World) -> None:
    subject = "MẬT - Phương án bảo vệ kho vũ khí"
    await world.refused("gd.sgddt", "/consultations", await world.plan(subject=subject), 422, "classified")
    file = {"file": ("ke-hoach_MẬT.txt", "Nội dung".encode(), "text/plain")}
    response = await world.call("gd.sgddt", "POST", "/drafts", files=file)
    assert response.json()["type"].endswith("classified")
    stamped = {"file": ("ke-hoach.txt", "TUYỆT MẬT\n\nNội dung".encode(), "text/plain")}
    assert (await world.call("gd.sgddt", "POST", "/drafts", files=stamped)).status_code == 422
    found = await world.get("vpub", "/consultations?q=bao+ve+kho+vu+khi")
    assert found["items"] == []


async def test_a_preview_shows_the_whole_timeline_and_records_nothing(world: World) -> None:
    subject = "Phương án xem trước Tùng Lâm Quế"
    preview = await world.post("cv.sgddt", "/consultations?dry_run=true", await world.plan(subject=subject))
    stc = preview["timeline"][0]
    assert [r["rung"] for r in stc["reminders"]] == ["half_time", "one_day_before", "due_morning", "overdue_head"]
    assert stc["due_at"].startswith("2026-05-04T17:00:00")
    assert (stc["leader"], stc["escalated_at"] > stc["due_at"]) == ("PCT4", True)
    assert preview["findings"] == []
    wrong = await world.post("cv.sgddt", "/consultations?dry_run=true", await world.plan(asks=[SYT_ASK]))
    assert wrong["findings"][0]["type"].endswith("not_directly_related")
    assert (await world.get("vpub", "/consultations?q=tung+lam+que"))["items"] == []


async def test_an_officer_prepares_and_the_head_approves(world: World) -> None:
    prepared = await world.post("cv.sgddt", "/consultations", await world.plan(), 201)
    id = prepared["id"]
    assert prepared["decision"]["phase"] == "draft"
    assert prepared["consultation"]["awaits"] == [
        {"role": "agency_head", "agency": "SGDDT", "leader": None, "about": []}
    ]
    await world.get("gd.stc", f"/consultations/{id}", 404)
    await world.refused("cv.sgddt", f"/consultations/{id}/approval", {}, 403, "forbidden")
    approved = await world.post("gd.sgddt", f"/consultations/{id}/approval")
    assert approved["decision"]["phase"] == "open"
    await world.get("gd.stc", f"/consultations/{id}")
    await world.refused("gd.sgddt", f"/consultations/{id}/approval", {}, 409, "not_a_draft")


async def test_a_prepared_consultation_can_be_laid_aside(world: World) -> None:
    id = (await world.post("cv.sgddt", "/consultations", await world.plan(), 201))["id"]
    assert (await world.post("cv.sgddt", f"/consultations/{id}/discard"))["decision"]["phase"] == "discarded"
    await world.refused("gd.sgddt", f"/consultations/{id}/approval", {}, 409, "consultation_discarded")


async def test_only_the_leader_in_charge_allows_an_exception(world: World) -> None:
    body = await world.plan(asks=[STC_ASK, {**SYT_ASK, "request_exception": True}])
    launched = await world.post("gd.sgddt", "/consultations", body, 201)
    id = launched["id"]
    assert launched["decision"]["phase"] == "draft"
    assert launched["consultation"]["awaits"][0] == {
        "role": "leader",
        "agency": None,
        "leader": "PCT4",
        "about": ["SYT"],
    }
    await world.refused("gd.sgddt", f"/consultations/{id}/approval", {}, 422, "not_directly_related")
    ask = {"agency": "SYT", "reason": "Liên quan y tế học đường."}
    await world.refused("pct2", f"/consultations/{id}/exception", ask, 404, "not_found")
    await world.refused("ct", f"/consultations/{id}/exception", ask, 403, "not_the_leader")
    await world.refused("pct4", f"/consultations/{id}/exception", {"agency": "SYT"}, 422, "reason_missing")
    await world.post("pct4", f"/consultations/{id}/exception", ask)
    assert (await world.post("gd.sgddt", f"/consultations/{id}/approval"))["decision"]["phase"] == "open"


async def test_decomposed_text_is_stored_composed_and_found_without_diacritics(world: World) -> None:
    subject = "Phương án bố trí ký túc xá Hòa Nhơn"
    id = await world.launch(subject=unicodedata.normalize("NFD", subject))
    found = await world.get("cv.sgddt", "/consultations?q=ky+tuc+xa+hoa+nhon")
    assert [(i["id"], i["subject"]) for i in found["items"]] == [(id, subject)]
    assert (await world.get("cv.sgddt", "/consultations?q=" + unicodedata.normalize("NFD", "túc xá hoà nhơn")))["items"]


async def test_the_words_of_the_launch_are_kept_under_their_hash(world: World) -> None:
    launched = await world.post("gd.sgddt", "/consultations", await world.plan(), 201)
    kept = await content(world.services.database, launched["content_sha256"])
    assert kept is not None
    assert PLAN["own_position"].encode() in kept.data


async def test_questions_without_an_id_are_numbered(world: World) -> None:
    questions = [{"text": q, "part": "d1"} for q in ("Dự toán ngân sách đủ không?", "Nguồn vốn ngân sách nào?")]
    id = await world.launch(asks=[{**STC_ASK, "questions": questions}, SNV_ASK])
    ask = (await world.get("gd.stc", f"/consultations/{id}"))["asks"][0]
    assert [q["id"] for q in ask["questions"]] == ["q1", "q2"]


async def test_withdrawal_needs_a_reason_and_deletes_nothing(world: World) -> None:
    id = await world.launch()
    said = await world.refused("gd.sgddt", f"/consultations/{id}/withdrawal", {}, 422, "reason_missing")
    assert said["recorded"] is True
    assert (await world.get("gd.sgddt", f"/receipts/{said['receipt']}"))["state"] == "refused"
    withdrawn = await world.post("gd.sgddt", f"/consultations/{id}/withdrawal", {"reason": "UBND tỉnh chỉ đạo dừng."})
    assert withdrawn["decision"]["phase"] == "withdrawn"
    assert (await world.get("gd.stc", f"/consultations/{id}"))["phase"] == "withdrawn"
