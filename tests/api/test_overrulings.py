"""Overrulings through HTTP: what people said of a reply against what the machine said, for those who may read it."""

import json

import pytest

from adapters.judge import Assessed, assess_lines, score_clarity
from tests.api.world import AGREES, JSON, World

EVASIVE = "Đề nghị thực hiện theo quy định."
LIST = "/overrulings?limit=200"


async def examples(world: World, id: str, user: str = "vpub") -> list[JSON]:
    """The examples of one consultation, as the user reads them, whatever else is in the register."""
    found: list[JSON] = []
    path: str | None = LIST
    while path:
        page = await world.get(user, path)
        found += [item for item in page["items"] if item["id"].startswith(f"{id}/")]
        path = f"{LIST}&cursor={page['next']}" if page["next"] else None
    return found


@pytest.mark.clause("H33")
async def test_a_flag_is_a_labelled_example_with_its_faults_reason_and_name(world: World) -> None:
    id = await world.launch()
    await world.reply(id, "STC")
    assert await examples(world, id) == []
    flag = {"ruling": "flag_unclear", "reason": "Chưa nêu số kinh phí.", "faults": ["hedged", "unanswered"]}
    await world.post("cv.sgddt", f"/consultations/{id}/asks/STC/ruling", flag)

    [found] = await examples(world, id)
    assert (found["id"], found["position"], found["text"]) == (f"{id}/STC/1", "agree", AGREES["STC"])
    assert (found["clear"], found["faults"]) == (False, ["hedged", "unanswered"])
    assert (found["act"], found["by"], found["why"]) == ("flagged_unclear", "cv.sgddt", "Chưa nêu số kinh phí.")
    version = world.services.instrument.version
    assert found["machine"] == {"clear": True, "faults": [], "version": version}
    assert found["agency"] == world.services.agency_name("STC")
    assert (found["questions"], found["answers"]) == (
        ["Ngân sách tỉnh năm 2026 có cân đối được 12,5 tỷ đồng không?"],
        ["agree"],
    )


async def test_the_leads_acceptance_says_the_machine_was_wrong(world: World) -> None:
    id = await world.launch()
    await world.reply(id, "STC", text=EVASIVE)
    accept = {"ruling": "accept_clear", "reason": "Sở đã trả lời rõ qua điện thoại."}
    await world.post("gd.sgddt", f"/consultations/{id}/asks/STC/ruling", accept)

    [found] = await examples(world, id)
    assert (found["clear"], found["faults"], found["by"]) == (True, [], "gd.sgddt")
    assert (found["machine"]["clear"], found["machine"]["faults"]) == (False, ["generic"])


@pytest.mark.clause("H33")
async def test_an_agency_may_insist_and_a_named_person_has_the_last_word(world: World) -> None:
    """Warned, returned once, insisted on; nothing is blocked, and the lead's name stands under the acceptance."""
    id = await world.launch()
    ticked = {"position": "agree", "subject": "Đề án", "questions": ["Có cân đối được không?"], "answers": ["agree"]}
    warned = await world.post("cv.stc", "/assessments", {**ticked, "text": EVASIVE})
    assert [finding["fault"] for finding in warned["findings"]] == ["generic"]
    first = await world.reply(id, "STC", text=EVASIVE)
    again = await world.reply(id, "STC", text=EVASIVE)
    assert (first["decision"]["stage"], again["decision"]["stage"]) == ("returned", "with_lead")
    assert again["ask"]["reply"]["findings"] == first["ask"]["reply"]["findings"] != []
    accept = {"ruling": "accept_clear", "reason": "Đã làm rõ tại cuộc họp."}
    done = await world.post("gd.sgddt", f"/consultations/{id}/asks/STC/ruling", accept)

    assert (done["decision"]["stage"], done["ask"]["reply"]["accepted_by"]) == ("settled", "gd.sgddt")
    [found] = await examples(world, id)
    assert (found["id"], found["clear"], found["machine"]["clear"]) == (f"{id}/STC/2", True, False)


async def test_a_refused_contest_upholds_the_machines_faults_in_the_leaders_name(world: World) -> None:
    id = await world.launch()
    await world.reply(id, "STC", text=EVASIVE)
    await world.post("gd.stc", f"/consultations/{id}/asks/STC/contest", {"reason": "Chính kiến đã rõ."})
    [contested] = await examples(world, id)
    assert (contested["act"], contested["by"], contested["clear"]) == ("contested", "gd.stc", True)
    case = (await world.get("pct4", f"/escalations?consultation={id}"))["items"][0]["id"]
    await world.post(
        "pct4", f"/escalations/{case}/decision", {"action": "refuse", "reason": "Chưa nêu được hay không."}
    )

    [found] = await examples(world, id)
    assert (found["act"], found["by"], found["why"]) == ("decided", "pct4", "Chưa nêu được hay không.")
    assert (found["clear"], found["faults"]) == (False, ["generic"])


async def test_form_parts_belong_to_what_was_judged(world: World) -> None:
    id = await world.launch()
    amendment = {"where": "Mục III", "what": "Giảm tổng kinh phí còn 7,2 tỷ đồng.", "why": "Theo dự toán đã giao."}
    amend = {"amendments": [amendment], "text": "Thống nhất, đề nghị sửa như biểu kèm theo."}
    await world.reply(id, "STC", "agree_with_amendments", **amend)
    no = {"reason": "Biên chế đã giao hết.", "basis": "Kế hoạch biên chế năm 2026.", "text": "Sở không thống nhất."}
    await world.reply(id, "SNV", "disagree", **no)
    for agency in ("STC", "SNV"):
        view = await world.get("cv.sgddt", f"/consultations/{id}")
        clear = next(a for a in view["asks"] if a["agency"] == agency)["reply"]["verdict"]["clear"]
        ruling = {"ruling": "flag_unclear" if clear else "accept_clear", "reason": "Theo ý kiến chủ trì."}
        await world.post("cv.sgddt", f"/consultations/{id}/asks/{agency}/ruling", ruling)

    stc, snv = await examples(world, id)
    assert stc["amendments"] == [amendment]
    assert (snv["reason"], snv["basis"]) == (no["reason"], no["basis"])
    assert snv["why"] == "Theo ý kiến chủ trì."


async def test_the_examples_are_lines_that_can_be_scored(world: World) -> None:
    id = await world.launch()
    await world.reply(id, "STC", text=EVASIVE)
    await world.post(
        "gd.sgddt", f"/consultations/{id}/asks/STC/ruling", {"ruling": "accept_clear", "reason": "Đã trao đổi."}
    )
    lines = [json.dumps(example) for example in await examples(world, id)]

    results = list(assess_lines(lines, world.services.instrument))

    assert all(isinstance(result, Assessed) for result in results)
    assert score_clarity(results)[0].name == "not_clear"
    assert sum(row.missed for row in score_clarity(results)) == 0


async def test_only_those_who_may_read_every_opinion_read_them(world: World) -> None:
    for user in ("vpub", "thanhtra", "danhgia"):
        assert "items" in await world.get(user, LIST)
    for user in ("quantri", "gd.stc", "cv.sgddt", "vt.stc", "pct4", "ct"):
        await world.get(user, LIST, 403)
    assert (await world.http.get("/api/v1/overrulings")).status_code == 401


async def test_an_unknown_fault_is_no_flag(world: World) -> None:
    id = await world.launch()
    await world.reply(id, "STC")
    flag = {"ruling": "flag_unclear", "reason": "Chưa rõ.", "faults": ["vague"]}
    await world.refused("cv.sgddt", f"/consultations/{id}/asks/STC/ruling", flag, 422, "body_invalid")
