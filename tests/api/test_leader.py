"""The leader's desk through HTTP: the one-page report, decisions by the one in charge, and nobody else's."""

import pytest

from tests.api.world import World

EVASIVE = "Đề nghị thực hiện theo quy định."


async def contested(world: World) -> tuple[str, str]:
    """A returned reply that the agency contests goes to the leader at once: consultation and case."""
    id = await world.launch()
    await world.reply(id, "STC", text=EVASIVE)
    await world.refused("gd.stc", f"/consultations/{id}/asks/STC/contest", {}, 422, "reason_missing")
    await world.post("gd.stc", f"/consultations/{id}/asks/STC/contest", {"reason": "Chính kiến đã rõ."})
    cases = (await world.get("pct4", f"/escalations?consultation={id}"))["items"]
    assert len(cases) == 1
    return id, cases[0]["id"]


@pytest.mark.clause("H35", "G22")
async def test_the_report_is_one_page_with_the_question_and_the_words(world: World) -> None:
    id, case = await contested(world)
    page = await world.get("pct4", f"/escalations/{case}")
    assert (page["kind"], page["leader"], page["agencies"]) == ("contest", "PCT4", ["STC"])
    assert page["cases"][0]["replies"][0]["text"] == EVASIVE
    assert "12,5 tỷ đồng" in page["cases"][0]["questions"][0]["text"]
    assert page["own_position"]
    assert [a["agency"] for a in page["answers"]] == ["SNV"]
    assert page["consultation"] == id


async def test_a_case_is_seen_by_those_it_concerns(world: World) -> None:
    _, case = await contested(world)
    for user, status in {"pct4": 200, "ct": 200, "vpub": 200, "thanhtra": 200, "cv.sgddt": 200}.items():
        await world.get(user, f"/escalations/{case}", status)
    for user, status in {"gd.stc": 403, "pct2": 404, "gd.syt": 404, "quantri": 404}.items():
        await world.get(user, f"/escalations/{case}", status)
    await world.get("vt.stc", "/escalations", 403)


async def test_only_who_is_in_charge_decides(world: World) -> None:
    id, case = await contested(world)
    path, body = f"/escalations/{case}/decision", {"action": "accept_clear", "reason": "Chấp nhận là rõ."}
    await world.refused("pct2", path, body, 404, "not_found")
    await world.refused("vpub", path, body, 403, "forbidden")
    await world.refused("gd.sgddt", path, body, 403, "forbidden")
    await world.refused("pct4", path, {"action": "accept_clear"}, 422, "reason_missing")
    past = {"action": "order_reply", "until": "2026-04-01T17:00:00+07:00", "reason": "x"}
    await world.refused("pct4", path, past, 422, "deadline_before_delivery")
    decided = await world.post("pct4", path, body)
    assert decided["escalation"]["decisions"][0]["reason"] == "Chấp nhận là rõ."
    assert decided["escalation"]["closed_at"]
    assert (await world.get("gd.stc", f"/consultations/{id}"))["asks"][0]["outcome"] == "replied"
    await world.refused("pct4", path, body, 409, "escalation_decided")
    assert (await world.get("pct4", f"/escalations?consultation={id}"))["items"] == []
    assert len((await world.get("pct4", f"/escalations?consultation={id}&all=true"))["items"]) == 1
    await world.refused("pct4", "/escalations/khong-co/decision", body, 404, "not_found")


async def test_an_order_sets_a_new_due_instant_and_everyone_is_told(world: World) -> None:
    id, case = await contested(world)
    order = {
        "action": "order_reply",
        "until": "2026-05-08T17:00:00+07:00",
        "measures": ["remind"],
        "agencies": ["STC"],
        "reason": "Trả lời rõ khả năng cân đối kinh phí.",
    }
    await world.post("pct4", f"/escalations/{case}/decision", order)
    told = [n["kind"] for n in (await world.get("gd.stc", "/notices?limit=200"))["items"] if n["consultation"] == id]
    assert told[0] == "decided"
    told = (await world.get("cv.sgddt", f"/consultations/{id}/timeline?limit=200"))["items"]
    decided = next(item for item in told if item["kind"] == "decided")
    assert (decided["actor"], decided["words"]) == ("pct4", "Trả lời rõ khả năng cân đối kinh phí.")
