"""The life around the suggester through HTTP: lessons and their resets, one agency's judgement, the past of a draft."""

from uuid import uuid4

import pytest

from api.lessons import Lessons
from tests.api.world import AGREES, JSON, NOT_OURS, SAFETY, World

READERS = ("vpub", "danhgia", "cv.sxd", "thanhtra", "quantri")
WITHOUT = ("gd.stc", "vt.stc", "stc.pho", "pct1")
AGREEMENT = AGREES["STC"]


async def rerouted(world: World) -> str:
    """SVHTTDL points at the police, the lead accepts: the consultation's id."""
    id = await world.launch("skhcn", **SAFETY)
    body = await world.answer(id, "SVHTTDL", "out_of_function", text=NOT_OURS, pointer={"agency": "CAT"})
    await world.post("gd.svhttdl", f"/consultations/{id}/asks/SVHTTDL/reply", body)
    ruling = {"ruling": "accept_pointer", "reroute": {"agency": "CAT", "functions": ["CAT-03"]}}
    await world.post("gd.skhcn", f"/consultations/{id}/asks/SVHTTDL/ruling", ruling)
    # The minute in which lessons are kept is over.
    world.services.lessons.forget()
    return id


async def lessons(world: World, id: str, user: str = "vpub") -> list[JSON]:
    page = await world.get(user, "/relevance/lessons?limit=200")
    return [one for one in page["items"] if one["consultation"] == id]


async def test_an_accepted_re_route_is_shown_as_lessons_in_the_leads_words_only(world: World) -> None:
    id = await rerouted(world)
    away, to = await lessons(world, id)
    assert (away["function"], away["related"], away["in_use"]) == ("SVHTTDL-08", False, True)
    assert (to["agency"], to["agency_name"], to["related"]) == ("CAT", "Công an tỉnh", True)
    assert "Phương án an toàn thông tin điện tử" in to["words"]
    assert "Sở Văn hóa, Thể thao và Du lịch cho rằng" in to["why"]
    assert to["function_title"]
    assert "do Công an tỉnh quản lý" not in str((away, to))


@pytest.mark.parametrize("user", READERS)
async def test_lessons_are_open_to_those_who_watch_lead_and_administer(world: World, user: str) -> None:
    await world.get(user, "/relevance/lessons?limit=1")


@pytest.mark.parametrize("user", WITHOUT)
async def test_lessons_are_closed_to_others(world: World, user: str) -> None:
    await world.get(user, "/relevance/lessons", 403)


async def test_a_lesson_is_reset_with_a_name_a_day_and_a_reason_and_taken_back(world: World) -> None:
    id = await rerouted(world)
    path = f"/relevance/lessons/{(await lessons(world, id))[1]['id']}"
    before = await world.services.lessons.examples()
    assert id in [one.source for one in before if one.related]
    done = await world.post("vpub", f"{path}/reset", {"reason": "Hỏi nhầm phần của dự thảo."})
    assert done["lesson"]["in_use"] is False
    assert done["detail"].startswith("Đã bỏ bài học")
    assert id not in [one.source for one in await world.services.lessons.examples() if one.related]
    proof = await world.services.receipts.get(done["receipt"])
    assert proof is not None
    assert (proof.verb, proof.actor, proof.consultation, proof.state) == ("lesson_reset", "vpub", id, "done")

    back = await world.post("quantri", f"{path}/restore", {"reason": "Đã kiểm tra lại."})
    acts = back["lesson"]["acts"]
    assert [(one["by"], one["reset"], one["reason"]) for one in acts] == [
        ("vpub", True, "Hỏi nhầm phần của dự thảo."),
        ("quantri", False, "Đã kiểm tra lại."),
    ]
    assert back["lesson"]["in_use"] is True
    assert await world.services.lessons.examples() == before


async def test_a_reset_sent_twice_under_one_key_is_one_reset(world: World) -> None:
    id = await rerouted(world)
    path, key = f"/relevance/lessons/{(await lessons(world, id))[0]['id']}/reset", {"Idempotency-Key": uuid4().hex}
    first = await world.call("vpub", "POST", path, json={"reason": "Hỏi nhầm."}, headers=key)
    again = await world.call("vpub", "POST", path, json={"reason": "Hỏi nhầm."}, headers=key)
    assert (first.status_code, first.json()) == (200, again.json())
    assert len((await lessons(world, id))[0]["acts"]) == 1


@pytest.mark.parametrize("user", ["cv.sgddt", "thanhtra", "danhgia", "gd.stc"])
async def test_only_the_office_and_the_administrator_reset(world: World, user: str) -> None:
    await world.refused(user, "/relevance/lessons/c1.1.STC-01/reset", {"reason": "x"}, 403, "forbidden")


async def test_a_reset_needs_a_lesson_and_a_reason(world: World) -> None:
    await world.refused("vpub", "/relevance/lessons/c1.1.STC-01/reset", {"reason": "x"}, 404, "not_found")
    id = await rerouted(world)
    path = f"/relevance/lessons/{(await lessons(world, id))[0]['id']}"
    for verb in ("reset", "restore"):
        await world.refused("vpub", f"{path}/{verb}", {"reason": " "}, 422, "reason_missing")
    await world.refused("vpub", f"{path}/reset", {"reason": "TỐI MẬT\nSố 12/UBND"}, 422, "classified")


async def test_what_was_taught_is_read_once_until_it_changes(world: World) -> None:
    taught = Lessons(world.services.database, world.services.rulebook.directory)
    first = await taught.examples()
    assert await taught.examples() is first
    taught.forget()
    assert await taught.examples() is first
    await rerouted(world)
    taught.forget()
    assert len(await taught.examples()) > len(first)


# --- one agency


@pytest.mark.clause("H28")
async def test_one_agency_is_judged_with_its_nearest_functions(world: World) -> None:
    matter = {"subject": "Kế hoạch chợ đêm", "text": "Cần phương án chữa cháy, lối thoát hiểm bị lấn.", "agency": "CAT"}
    found = await world.post("gd.sgddt", "/relevance/judgement", matter)
    assert (found["verdict"], found["function"], found["on"]) == ("related", "CAT-02", "2026-04-22")
    assert found["agency_name"] == "Công an tỉnh"
    assert found["nearest"][0]["function_title"] == found["function_title"]
    unrelated = await world.post("gd.sgddt", "/relevance/judgement", {**matter, "agency": "BHXH"})
    assert unrelated["verdict"] == "not_related"
    obliged = await world.post("gd.sgddt", "/relevance/judgement", {**matter, "agency": "STP", "draft_kind": "QD_CT"})
    assert obliged["verdict"] == "mandatory"


async def test_an_agency_that_is_no_more_is_named_with_its_successors(world: World) -> None:
    found = await world.post("gd.sgddt", "/relevance/judgement", {"subject": "Kho dữ liệu", "agency": "STTTT"})
    assert found["verdict"] == "not_related"
    assert "nay là Sở Khoa học và Công nghệ" in found["reason"]
    assert found["successors"][0] == {"agency": "SKHCN", "agency_name": "Sở Khoa học và Công nghệ"}


async def test_what_cannot_be_judged_is_refused(world: World) -> None:
    path, matter = "/relevance/judgement", {"subject": "Kho dữ liệu", "agency": "STC"}
    await world.refused("gd.stc", path, {**matter, "agency": "KHONG"}, 422, "agency_unknown")
    await world.refused("gd.stc", path, {**matter, "lead": "STC"}, 422, "self_ask")
    await world.refused("gd.stc", path, {**matter, "text": "TỐI MẬT\nSố 12/UBND"}, 422, "classified")


# --- the past of a draft


def place() -> str:
    """A subject nobody else's test has."""
    return " ".join(f"x{uuid4().hex[:6]}" for _ in range(6))


@pytest.mark.clause("G17")
async def test_an_agency_that_only_agreed_is_shown_so_before_it_is_asked_again(world: World) -> None:
    before = await preview(world)
    id = await world.launch()
    await world.reply(id, "STC", text=AGREEMENT)
    await world.reply(id, "SNV", text="Sở Nội vụ thống nhất với dự thảo; đủ biên chế để bố trí.")
    after = await preview(world)
    assert after["STC"] == {"asked": before["STC"]["asked"] + 1, "nothing_to_say": before["STC"]["nothing_to_say"] + 1}
    assert after["SNV"] == {"asked": before["SNV"]["asked"] + 1, "nothing_to_say": before["SNV"]["nothing_to_say"]}
    matter = {"subject": "Phân bổ ngân sách tỉnh, dự toán kinh phí sự nghiệp", "field": "PHO_THONG"}
    suggested = await world.post("gd.sgddt", "/relevance", {**matter, "draft_kind": "DE_AN"})
    assert {one["agency"]: one["history"] for one in suggested["suggestions"]}["STC"] == after["STC"]
    without = await world.post("gd.sgddt", "/relevance", matter)
    assert all(one["history"] is None for one in without["suggestions"])


async def preview(world: World) -> JSON:
    ahead = await world.post("gd.sgddt", "/consultations?dry_run=true", await world.plan())
    return {one["agency"]: one["history"] for one in ahead["timeline"]}


async def test_a_similar_consultation_is_shown_with_how_long_ago_it_was(world: World) -> None:
    subject = f"Đề án {place()}"
    id = await world.launch(subject=subject)
    asked = {"subject": f"Kế hoạch {subject.removeprefix('Đề án ')} giai đoạn mới", "on": "2026-08-25"}
    [found] = (await world.post("cv.sgddt", "/relevance", asked))["earlier"]
    assert (found["id"], found["subject"], found["lead"], found["closed"]) == (id, subject, "SGDDT", False)
    assert found["agencies"] == ["STC", "SNV"]
    assert found["sentence"] == f"Đã hỏi 4 tháng trước: “{subject}”, Sở Giáo dục và Đào tạo chủ trì."
    assert 0.4 <= found["similarity"] <= 1
    ahead = await world.post("gd.sgddt", "/consultations?dry_run=true", await world.plan(subject=asked["subject"]))
    assert [one["id"] for one in ahead["earlier"]] == [id]
    refused = await world.plan(subject=asked["subject"], own_position="")
    ahead = await world.post("gd.sgddt", "/consultations?dry_run=true", refused)
    assert ahead["findings"]
    assert [one["id"] for one in ahead["earlier"]] == [id]


@pytest.mark.parametrize("user", ["gd.syt", "quantri", "danhgia"])
async def test_of_a_consultation_one_may_not_see_one_learns_only_that_it_was(world: World, user: str) -> None:
    subject = f"Đề án {place()}"
    id = await world.launch(subject=subject)
    [found] = (await world.post(user, "/relevance", {"subject": subject, "on": "2026-08-25"}))["earlier"]
    assert found.pop("sentence") == (
        "4 tháng trước đã có một cuộc lấy ý kiến về nội dung tương tự, ngoài phạm vi được xem."
    )
    assert found.pop("agencies") == found.pop("words") == []
    assert set(found.values()) == {None}
    [seen] = (await world.post("vpub", "/relevance", {"subject": subject, "on": "2026-08-25"}))["earlier"]
    assert seen["id"] == id


async def test_a_hidden_one_never_takes_the_place_of_one_that_may_be_seen(world: World) -> None:
    subject = f"Đề án {place()}"
    for _ in range(3):
        await world.launch(subject=subject)
    asks = [{**SAFETY["asks"][1], "agency": "SYT"}]
    own = await world.launch("skhcn", **{**SAFETY, "subject": f"{subject} và cụm khác", "asks": asks})
    found = (await world.post("gd.skhcn", "/relevance", {"subject": subject}))["earlier"]
    assert [one["id"] for one in found] == [own, None, None]
