"""Replies through HTTP: by whom, on which draft, how clear, on paper and secret, in time and after the end."""

from datetime import date
from typing import Any

import pytest

from api.answered import Signer
from tests.api.world import AGREES, PLAN, World, instant

EVASIVE = "Đề nghị thực hiện theo quy định."
PATH = "/consultations/{}/asks/STC/reply"


async def test_a_reply_to_another_version_is_refused_but_kept(world: World) -> None:
    id = await world.launch()
    body = await world.answer(id, draft_sha256="0" * 64)
    said = await world.refused("gd.stc", PATH.format(id), body, 409, "wrong_draft_version")
    assert said["recorded"] is True
    assert (await world.get("gd.stc", f"/receipts/{said['receipt']}"))["state"] == "refused"


async def test_another_agency_may_not_answer_in_our_name(world: World) -> None:
    id = await world.launch()
    body = await world.answer(id)
    await world.refused("gd.snv", PATH.format(id), body, 403, "forbidden")
    await world.refused("gd.sgddt", PATH.format(id), body, 403, "forbidden")
    await world.refused("gd.syt", PATH.format(id), body, 404, "not_found")
    await world.refused("gd.syt", f"/consultations/{id}/asks/SYT/reply", body, 404, "not_found")


@pytest.mark.clause("H25")
async def test_nobody_signs_without_authority_on_that_day(world: World) -> None:
    id = await world.launch()
    body = await world.answer(id)
    said = await world.refused("cv.stc", PATH.format(id), body, 403, "no_signing_authority")
    assert said["recorded"] is True
    await world.refused("cv.stc", PATH.format(id), {**body, "authority": "TL"}, 403, "no_signing_authority")
    await world.refused("gd.stc", PATH.format(id), {**body, "authority": "TUQ"}, 403, "no_signing_authority")
    forged = {**body, "signer": "gd.stc"}
    await world.refused("cv.stc", PATH.format(id), forged, 403, "no_signing_authority")
    await world.refused("vt.stc", PATH.format(id), body, 403, "forbidden")
    deputy = await world.call("stc.pho", "POST", PATH.format(id), json={**body, "authority": "KT"})
    assert deputy.status_code == 200
    assert deputy.json()["ask"]["reply"]["authority"] == "KT"


@pytest.mark.parametrize(
    ("officer", "authority", "day", "field", "allowed"),
    [
        ("snnmt.khoangsan", "TL", date(2026, 9, 14), "KHOANG_SAN", True),
        ("snnmt.khoangsan", "TL", date(2026, 9, 15), "KHOANG_SAN", False),
        ("snnmt.khoangsan", "TL", date(2026, 9, 14), "DAT_DAI", False),
        ("snnmt.khoangsan", "KT", date(2026, 9, 14), "KHOANG_SAN", False),
        ("snnmt.datdai", "TL", date(2026, 1, 1), "DAT_DAI", True),
        ("snnmt.datdai", "TL", date(2025, 12, 31), "DAT_DAI", False),
        ("snnmt.pho", "KT", date(2026, 9, 15), "DAT_DAI", True),
    ],
)
async def test_a_delegation_holds_for_its_days_fields_and_form(
    world: World, officer: str, authority: str, day: date, field: str, allowed: bool
) -> None:
    signer = Signer(officer, head=False, known=True)
    assert signer.may_sign(world.services, "SNNMT", authority, day, field) is allowed


@pytest.mark.clause("H33", "G20")
async def test_an_unclear_reply_is_returned_with_the_quote_and_how_to_mend_it(world: World) -> None:
    id = await world.launch()
    back = await world.reply(id, "STC", text=EVASIVE)
    assert back["decision"]["stage"] == "returned"
    finding = back["ask"]["reply"]["findings"][0]
    assert finding["fault"] == "generic"
    assert EVASIVE[finding["start"] : finding["end"]] == finding["quote"] != ""
    assert finding["explanation"]
    assert finding["suggestion"]
    clear = await world.reply(id, "STC")
    assert clear["decision"]["stage"] == "settled"


async def test_the_check_before_sending_and_the_one_at_sending_agree(world: World) -> None:
    body = {"position": "agree", "subject": PLAN["subject"], "questions": [], "text": EVASIVE}
    checked = await world.post("cv.stc", "/assessments", body)
    assert (checked["clear"], checked["findings"][0]["fault"]) == (False, "generic")


async def test_no_opinion_asks_one_confirming_question_before_it_is_filed(world: World) -> None:
    id = await world.launch()
    body = await world.answer(id, text="Sở Tài chính không có ý kiến.")
    said = await world.refused("gd.stc", PATH.format(id), body, 409, "confirmation_needed")
    assert said["recorded"] is False
    filed = await world.post("gd.stc", PATH.format(id), {**body, "confirm": True})
    assert "replied" in filed["decision"]["kinds"]


@pytest.mark.clause("H42")
async def test_not_ours_must_name_whose_it_is(world: World) -> None:
    id = await world.launch()
    body = await world.answer(id, position="out_of_function", text="Không thuộc chức năng của Sở Tài chính.")
    await world.refused("gd.stc", PATH.format(id), body, 422, "pointer_missing")
    unknown = {**body, "pointer": {"agency": "KHONGCO"}}
    await world.refused("gd.stc", PATH.format(id), unknown, 422, "agency_unknown")


async def test_a_question_that_was_not_asked_cannot_be_answered(world: World) -> None:
    id = await world.launch()
    body = await world.answer(id, answers=[{"question": "q7", "position": "agree"}])
    await world.refused("gd.stc", PATH.format(id), body, 422, "question_unknown")


@pytest.mark.parametrize("changes", [{"answers": []}, {"position": "disagree"}], ids=["no position", "two positions"])
async def test_one_position_a_question_and_the_overall_follows(world: World, changes: dict[str, Any]) -> None:
    id = await world.launch()
    said = await world.refused("gd.stc", PATH.format(id), await world.answer(id) | changes, 422, "body_invalid")
    assert said["errors"][0]["field"] in ("answers", "position")


async def test_a_single_overall_position_stands_for_every_question(world: World) -> None:
    id = await world.launch()
    filed = await world.post("gd.stc", PATH.format(id), await world.answer(id) | {"answers": [], "position": "agree"})
    assert filed["ask"]["reply"]["answers"] == [{"question": "q1", "position": "agree"}]


@pytest.mark.clause("H15")
async def test_of_a_secret_letter_only_the_line_of_the_register_is_kept(world: World) -> None:
    id = await world.launch()
    arrived = (await world.services.now()).isoformat()
    paper = {"number": "15/STC", "date": "2026-04-22", "arrived_at": arrived, "secret": True}
    sha = (await world.answer(id))["draft_sha256"]
    told = {"draft_sha256": sha, "paper": paper, "text": "Nội dung văn bản"}
    said = await world.refused("vt.stc", PATH.format(id), told, 422, "classified")
    assert said["recorded"] is False
    await world.refused("gd.stc", PATH.format(id), await world.answer(id, text="MẬT\nThống nhất."), 422, "classified")
    filed = await world.post("vt.stc", PATH.format(id), {"draft_sha256": sha, "paper": paper})
    reply = filed["ask"]["reply"]
    assert (filed["decision"]["stage"], reply["secret"], reply["text"], reply["position"]) == (
        "settled",
        True,
        "",
        None,
    )


async def test_a_paper_reply_counts_from_the_day_it_came_in_and_not_from_tomorrow(world: World) -> None:
    id = await world.launch()
    sent = (await world.services.now()).isoformat()
    body = await world.answer(id, paper={"number": "16/STC", "date": "2026-04-22", "arrived_at": sent})
    filed = await world.post("vt.stc", PATH.format(id), body)
    assert filed["ask"]["reply"]["channel"] == "paper"
    tomorrow = {"number": "16/STC", "date": "2026-04-22", "arrived_at": "2027-04-23T09:00:00+07:00"}
    await world.refused("vt.stc", PATH.format(id), {**body, "paper": tomorrow}, 422, "body_invalid")


async def test_nothing_is_accepted_after_closure_or_withdrawal(world: World) -> None:
    closed = await world.closed()
    body = await world.answer(closed)
    await world.refused("gd.stc", PATH.format(closed), body, 409, "consultation_closed")
    await world.refused("gd.sgddt", f"/consultations/{closed}/closure", {}, 409, "consultation_closed")
    gone = await world.launch()
    await world.post("gd.sgddt", f"/consultations/{gone}/withdrawal", {"reason": "Dừng xây dựng Đề án."})
    said = await world.refused("gd.stc", PATH.format(gone), await world.answer(gone), 409, "consultation_withdrawn")
    assert said["recorded"] is True


async def test_a_correction_is_a_new_version_and_the_old_one_stays(world: World) -> None:
    id = await world.launch()
    await world.reply(id, "STC")
    no = "Sở Tài chính không thống nhất mức 12,5 tỷ đồng; năm 2026 chỉ cân đối được 7,2 tỷ đồng."
    again = await world.reply(id, "STC", "disagree", text=no, reason="Dự phòng còn 7,2 tỷ đồng.")
    texts = [(r["version"], r["text"]) for r in again["ask"]["replies"]]
    assert texts == [(1, AGREES["STC"]), (2, no)]


@pytest.mark.clause("H38", "G24")
async def test_requests_that_are_not_replies_have_their_rules(world: World) -> None:
    id = await world.launch()
    path = f"/consultations/{id}/asks/STC"
    await world.refused("vt.stc", f"{path}/incomplete", {"items": []}, 422, "items_missing")
    until = {"until": "2026-05-08T17:00:00+07:00", "reason": "Cần đối chiếu số liệu."}
    await world.refused("gd.stc", f"{path}/extension", {**until, "reason": " "}, 422, "reason_missing")
    early = {**until, "until": "2026-04-30T17:00:00+07:00"}
    await world.refused("gd.stc", f"{path}/extension", early, 422, "extension_not_later")
    await world.refused("cv.sgddt", f"{path}/ruling", {"ruling": "grant_extension"}, 409, "no_extension_pending")
    await world.post("gd.stc", f"{path}/extension", until)
    await world.refused("gd.stc", f"{path}/extension", until, 409, "extension_pending")
    granted = await world.post("cv.sgddt", f"{path}/ruling", {"ruling": "grant_extension"})
    assert instant(granted["ask"]["due_at"]) == instant(until["until"])
    paused = await world.post("gd.stc", f"{path}/incomplete", {"items": ["Bảng tính chi tiết kinh phí"]})
    assert (paused["ask"]["standing"], paused["ask"]["due_at"]) == ("paused", None)
    done = await world.post("cv.sgddt", f"{path}/ruling", {"ruling": "dossier_completed"})
    assert done["ask"]["standing"] == "waiting"
    await world.refused("gd.stc", f"{path}/assignment", {"handler": "cv.snv"}, 422, "body_invalid")
    await world.refused(
        "gd.sgddt", f"/consultations/{id}/asks/SYT/ruling", {"ruling": "accept_clear"}, 404, "not_asked"
    )
