"""The whole way of a consultation through HTTP: launch, replies, synthesis, closure, and what readers see of it."""

import hashlib

import pytest

from tests.api.world import NOT_OURS, SAFETY, World, instant


async def test_a_consultation_runs_from_launch_to_closure(world: World) -> None:
    id = await world.launch()
    assert (await world.get("gd.sgddt", f"/consultations/{id}"))["phase"] == "open"
    await world.post("vt.stc", f"/consultations/{id}/asks/STC/receipt")
    await world.post("gd.stc", f"/consultations/{id}/asks/STC/assignment", {"handler": "cv.stc"})
    await world.post("cv.stc", f"/consultations/{id}/asks/STC/interim", {"text": "Đang rà soát số liệu."})
    change = {
        "part": "d1",
        "where": "Mục III",
        "what": "giảm tổng kinh phí còn 7,2 tỷ đồng",
        "why": "Cân đối ngân sách",
    }
    text = "Sở Tài chính thống nhất, đề nghị sửa tổng kinh phí tại Mục III thành 7,2 tỷ đồng."
    replied = await world.reply(id, "STC", "agree_with_amendments", text=text, amendments=[change])
    assert (replied["decision"]["stage"], replied["ask"]["position"]) == ("settled", "agree_with_amendments")
    await world.reply(id, "SNV")
    await world.refused("gd.sgddt", f"/consultations/{id}/closure", {}, 409, "remarks_unanswered")

    table = await world.get("gd.sgddt", f"/consultations/{id}/synthesis")
    remark = table["remarks"][0]
    assert (remark["words"]["what"], remark["part_label"]) == (
        "giảm tổng kinh phí còn 7,2 tỷ đồng",
        "Mục III. Kinh phí",
    )
    path = f"/consultations/{id}/remarks/{remark['id']}"
    await world.refused("cv.sgddt", f"{path}/answer", {"outcome": "partly"}, 422, "reason_missing")
    await world.post("cv.sgddt", f"{path}/answer", {"outcome": "partly", "text": "Giảm còn 9 tỷ đồng, bố trí hai năm."})
    seen = await world.get("gd.stc", f"/consultations/{id}")
    assert seen["asks"][0]["remarks"][0]["answer"] == "Giảm còn 9 tỷ đồng, bố trí hai năm."
    await world.post("gd.stc", f"{path}/dissent", {"reason": "Chưa nêu nguồn phần còn thiếu."})

    closed = await world.post("gd.sgddt", f"/consultations/{id}/closure")
    assert closed["decision"]["phase"] == "closed"
    table = await world.get("vpub", f"/consultations/{id}/synthesis")
    totals = table["totals"]
    assert [totals[k] for k in ("asked", "on_time", "late", "silent", "remarks", "dissents")] == [2, 2, 0, 0, 1, 1]
    assert table["remarks"][0]["dissent"] == "Chưa nêu nguồn phần còn thiếu."


async def test_the_way_is_told_in_sentences_and_proved_by_the_ledger(world: World) -> None:
    id = await world.closed()
    told = (await world.get("cv.sgddt", f"/consultations/{id}/timeline"))["items"]
    sentences = [item["sentence"] for item in told]
    assert "Sở Tài chính trả lời: Thống nhất." in sentences
    assert sentences[-1] == "Thủ trưởng cơ quan chủ trì ký bản tổng hợp, kết thúc lấy ý kiến."
    assert all(s.endswith(".") and "{" not in s for s in sentences)
    entries = (await world.get("thanhtra", f"/consultations/{id}/ledger?limit=200"))["items"]
    assert [e["number"] for e in entries] == list(range(1, len(entries) + 1))
    assert all(len(e["hash"]) == 64 for e in entries)


async def test_lists_come_in_pages_and_find_words_without_diacritics(world: World) -> None:
    for n in range(3):
        await world.launch(subject=f"Phương án lớp ghép số {n} vùng Mẫu Sơn Trang")
    first = await world.get("cv.sgddt", "/consultations?q=mau+son+trang&limit=2&status=open")
    assert len(first["items"]) == 2
    rest = await world.get("cv.sgddt", f"/consultations?q=mau+son+trang&limit=2&cursor={first['next']}")
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    assert {i["lead_name"] for i in first["items"]} == {"Sở Giáo dục và Đào tạo"}


async def test_an_agency_finds_what_it_owes(world: World) -> None:
    id = await world.launch()
    owed = (await world.get("vt.stc", "/asks?limit=200"))["items"]
    assert id in [row["consultation"] for row in owed]
    await world.reply(id, "STC")
    assert id not in [row["consultation"] for row in (await world.get("vt.stc", "/asks?limit=200"))["items"]]
    assert (await world.get("vpub", "/asks"))["items"] == []


@pytest.mark.clause("H30", "G18")
async def test_the_due_instant_is_exact_and_the_same_everywhere(world: World) -> None:
    id = await world.launch()
    due = (await world.get("gd.stc", f"/consultations/{id}"))["asks"][0]["due_at"]
    computed = await world.post(
        "gd.stc",
        "/deadlines",
        {"received_at": "2026-04-22T09:00:00+07:00", "limit": {"n": 5, "unit": "working_day"}},
    )
    assert instant(due) == instant(computed["due_at"]) == instant("2026-05-05T00:00:00+07:00")
    assert computed["due_on"] == "2026-05-04"
    holiday = next(d for d in computed["days"] if d["date"] == "2026-04-30")
    assert (holiday["counted"], "30/4/2026" in holiday["reason"]) == (False, True)


async def test_the_draft_is_bound_by_its_hash_and_can_be_read_by_those_asked(world: World) -> None:
    words = "Dự thảo Đề án sắp xếp trường, lớp".encode()
    uploaded = await world.draft("cv.sgddt", "Dự thảo đề án.txt", words)
    assert uploaded["sha256"] == hashlib.sha256(words).hexdigest()
    id = await world.launch(draft=uploaded["id"])
    assert (await world.get("gd.stc", f"/consultations/{id}"))["draft"]["sha256"] == uploaded["sha256"]
    file = await world.call("gd.stc", "GET", f"/drafts/{uploaded['id']}/file")
    assert file.content == words
    assert file.headers["content-disposition"].startswith("attachment")
    await world.get("gd.syt", f"/drafts/{uploaded['id']}/file", 404)


async def test_notices_reach_those_they_are_for_and_are_read_once(world: World) -> None:
    id = await world.launch()
    mine = [n for n in (await world.get("vt.stc", "/notices?limit=200"))["items"] if n["consultation"] == id]
    assert [n["kind"] for n in mine] == ["launched"]
    assert "Sở Tài chính" in mine[0]["body"]
    numbers = {"numbers": [mine[0]["number"]]}
    assert await world.post("vt.syt", "/notices/read", numbers) == {"read": 0}
    assert await world.post("vt.stc", "/notices/read", numbers) == {"read": 1}
    assert await world.post("gd.stc", "/notices/read", numbers) == {"read": 0}


async def test_a_receipt_says_what_became_of_it(world: World) -> None:
    id = await world.launch()
    replied = await world.reply(id, "STC")
    receipt = await world.get("vt.stc", f"/receipts/{replied['receipt']}")
    assert (receipt["state"], receipt["status"], receipt["verb"]) == ("done", 200, "reply")
    assert receipt["answer"]["decision"] == replied["decision"]
    assert receipt["content_sha256"] == replied["content_sha256"]
    await world.get("gd.syt", f"/receipts/{replied['receipt']}", 404)
    await world.get("thanhtra", f"/receipts/{replied['receipt']}")


@pytest.mark.clause("H31", "Q27")
async def test_only_agencies_whose_part_changed_are_asked_again(world: World) -> None:
    id = await world.launch()
    await world.reply(id, "STC")
    await world.reply(id, "SNV")
    second = await world.draft("cv.sgddt")
    parts = [{"id": "d1", "label": "Mục III", "text": "Tổng kinh phí 7,2 tỷ đồng."}, PLAN_PART_2]
    view = await world.post("cv.sgddt", f"/consultations/{id}/redraft", {"draft": second["id"], "parts": parts})
    stages = {a["agency"]: a["stage"] for a in view["consultation"]["asks"]}
    assert stages == {"STC": "delivered", "SNV": "settled"}


PLAN_PART_2 = {
    "id": "d2",
    "label": "Mục II. Biên chế",
    "text": "Vị trí việc làm, biên chế giáo viên dôi dư sau sắp xếp.",
}


@pytest.mark.clause("H42", "G19")
async def test_an_accepted_pointer_asks_the_right_agency_with_the_same_question(world: World) -> None:
    id = await world.launch("skhcn", **SAFETY)
    pointed = await world.reply(id, "SVHTTDL", "out_of_function", text=NOT_OURS, pointer={"agency": "CAT"})
    assert pointed["decision"]["stage"] == "pointing"
    await world.post("cv.skhcn", f"/consultations/{id}/asks/SVHTTDL/ruling", {"ruling": "accept_pointer"})
    asked = (await world.get("gd.cat", f"/consultations/{id}"))["asks"][0]
    assert (asked["stage"], asked["routed_from"], asked["functions"]) == ("delivered", ["SVHTTDL"], ["CAT-03"])
    assert asked["questions"][0]["text"] == SAFETY["asks"][0]["questions"][0]["text"]


async def test_a_rerouted_question_keeps_apart_from_the_agencys_own(world: World) -> None:
    id = await world.launch("skhcn", **SAFETY)
    await world.reply(id, "SVHTTDL", "out_of_function", text=NOT_OURS, pointer={"agency": "CAT"})
    reroute = {"agency": "SYT", "functions": ["SYT-01"]}
    path = f"/consultations/{id}/asks/SVHTTDL/ruling"
    await world.post("cv.skhcn", path, {"ruling": "accept_pointer", "reroute": reroute})
    asked = (await world.get("gd.syt", f"/consultations/{id}"))["asks"][0]
    texts = {q["id"]: q["text"] for q in asked["questions"]}
    assert texts == {
        "q1": SAFETY["asks"][1]["questions"][0]["text"],
        "SVHTTDL.q1": SAFETY["asks"][0]["questions"][0]["text"],
    }
    answered = await world.reply(id, "SYT", text="Sở Y tế thống nhất với dự thảo.")
    assert answered["decision"]["stage"] == "settled"


@pytest.mark.clause("H42", "G14")
async def test_a_pointer_that_fails_is_returned_and_may_be_contested_before_the_leader(world: World) -> None:
    id = await world.launch("skhcn", **SAFETY)
    shifted = "Nội dung không thuộc chức năng của Sở Y tế, đề nghị lấy ý kiến Sở Tư pháp."
    back = await world.reply(id, "SYT", "out_of_function", text=shifted, pointer={"agency": "STP"})
    assert back["decision"]["stage"] == "returned"
