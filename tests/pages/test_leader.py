"""The leader's pages: two sentences, one decision with a reason, and nothing typed is lost."""

from typing import Any
from uuid import uuid4

import pytest

from domain.choices import MEASURES, OFFERED, choices, measures, quick
from domain.decide.leading import applies
from domain.state import Ask, Escalation, Stage
from tests.adapters.registers import counted
from tests.api.test_leader import contested
from tests.api.world import World, instant
from tests.worlds import at

REASON = "Yêu cầu trả lời rõ khả năng cân đối trước phiên họp."


@pytest.mark.clause("H35")
async def test_the_desk_says_what_was_asked_who_owes_what_and_what_happens_otherwise(
    browser: Any, province: World
) -> None:
    _, case = await contested(province)
    page = await (await browser("pct4")).page("/lanh-dao")
    assert page.link("Xem và quyết định")
    assert f"/vu-viec/{case}" in [href for href, _ in page.links]
    assert "Sở Giáo dục và Đào tạo hỏi Sở Tài chính: “Ngân sách tỉnh năm 2026" in page.text
    assert "Nếu không có quyết định trước" in page.text


@pytest.mark.clause("H35", "G22")
async def test_a_case_shows_both_sides_words_the_record_and_each_decisions_consequence(
    browser: Any, province: World
) -> None:
    _, case = await contested(province)
    page = await (await browser("pct4")).page(f"/vu-viec/{case}")
    assert "thực hiện theo quy định" in page.text
    assert "12,5 tỷ đồng từ dự toán" in page.text
    assert "trong 24 tháng qua" in page.text
    assert "phần của cơ quan này kết thúc" in page.text
    assert [text for level, text in page.headings if level == 1] == ["Đề án sắp xếp mạng lưới trường, lớp"]


async def test_a_decision_is_one_form_and_its_double_the_same_receipt(browser: Any, province: World) -> None:
    id, case = await contested(province)
    leader = await browser("pct4")
    page = await leader.page(f"/vu-viec/{case}")
    fields = page.form(f"/vu-viec/{case}").filled({"action": "accept_clear", "reason": REASON})
    first = await leader.send(f"/vu-viec/{case}", fields)
    again = await leader.send(f"/vu-viec/{case}", fields)
    assert first.url == again.url
    assert "bien-nhan=" in first.url
    assert "Đã ghi nhận và xử lý xong." in first.text
    assert REASON in first.text
    decided = (await province.get("pct4", f"/escalations/{case}"))["decisions"]
    assert [d["action"] for d in decided] == ["accept_clear"]
    assert (await province.get("gd.stc", f"/consultations/{id}"))["asks"][0]["outcome"] == "replied"


async def test_a_refused_decision_keeps_what_was_typed_and_says_what_to_do(browser: Any, province: World) -> None:
    _, case = await contested(province)
    leader = await browser("pct4")
    page = await leader.page(f"/vu-viec/{case}")
    typed = {"action": "order_reply", "until": "2026-04-01", "until_clock": "09:30", "reason": REASON}
    refused = await leader.submit(page, f"/vu-viec/{case}", 422, **typed)
    form = refused.form(f"/vu-viec/{case}")
    assert {name: form.value(name) for name in typed} == typed
    nothing = await leader.send(f"/vu-viec/{case}", page.form(f"/vu-viec/{case}").filled({"reason": REASON}), 422)
    assert nothing.form(f"/vu-viec/{case}").value("reason") == REASON
    without = await leader.submit(refused, f"/vu-viec/{case}", 422, action="accept_clear", reason="")
    assert "o-reason" in without.ids
    assert (await province.get("pct4", f"/escalations/{case}"))["decisions"] == []


async def test_an_order_from_the_page_carries_day_hour_and_measures(browser: Any, province: World) -> None:
    _, case = await contested(province)
    leader = await browser("pct4")
    page = await leader.page(f"/vu-viec/{case}")
    form = page.form(f"/vu-viec/{case}")
    # Two working days from 22/4/2026, at the end of the office day.
    assert (form.value("until"), form.value("until_clock")) == ("2026-04-24", "17:00")
    typed = {"action": "order_reply", "measures[]": ["remind"], "reason": REASON, "until": "2026-05-08"}
    await leader.send(f"/vu-viec/{case}", form.filled(typed))
    [decision] = (await province.get("pct4", f"/escalations/{case}"))["decisions"]
    assert instant(decision["until"]) == instant("2026-05-08T17:00:00+07:00")
    assert decision["measures"] == ["remind"]


async def test_who_only_gets_a_copy_reads_and_sees_no_form(browser: Any, province: World) -> None:
    _, case = await contested(province)
    for user in ("vpub", "thanhtra"):
        page = await (await browser(user)).page(f"/vu-viec/{case}")
        assert f"/vu-viec/{case}" not in [form.action for form in page.forms]
    await (await browser("pct2")).page(f"/vu-viec/{case}", 404)
    await (await browser("gd.stc")).page(f"/vu-viec/{case}", 403)
    await (await browser("vt.stc")).page("/lanh-dao", 403)
    await (await browser("quantri")).page("/lanh-dao", 403)


async def test_an_exception_is_granted_from_the_desk_with_a_reason(browser: Any, province: World) -> None:
    unrelated = {
        "agency": "SYT",
        "functions": ["SYT-01"],
        "parts": ["d1"],
        "questions": [{"id": "q1", "text": "Có bảo đảm y tế học đường không?", "part": "d1"}],
        "request_exception": True,
    }
    plan = await province.plan()
    plan["asks"].append(unrelated)
    plan["subject"] = f"Đề án {uuid4().hex[:8]}"
    answer = await province.call("gd.sgddt", "POST", "/consultations", json=plan)
    assert answer.status_code == 201, answer.text
    id = answer.json()["id"]
    leader = await browser("pct4")
    page = await leader.page("/lanh-dao")
    assert "xin hỏi Sở Y tế: “Có bảo đảm y tế học đường không?”" in page.text
    refused = await leader.submit(page, f"/lanh-dao/ngoai-le/{id}", 422)
    assert "Lý do" in refused.text
    done = await leader.submit(refused, f"/lanh-dao/ngoai-le/{id}", reason="Y tế học đường tại điểm trường sáp nhập.")
    assert "bien-nhan=" in done.url
    assert f"/lanh-dao/ngoai-le/{id}" not in [form.action for form in done.forms]


async def test_the_digest_has_one_line_a_case_and_the_decided_are_found_again(browser: Any, province: World) -> None:
    _, open_case = await contested(province)
    _, case = await contested(province)
    body = {"action": "accept_clear", "reason": REASON}
    await province.post("pct4", f"/escalations/{case}/decision", body)
    leader = await browser("pct4")
    digest = await leader.page("/lanh-dao/diem-tin")
    for one in (open_case, case):
        assert [href for href, _ in digest.links].count(f"/vu-viec/{one}") == 1
    decided = await leader.page("/lanh-dao/da-quyet-dinh")
    assert f"/vu-viec/{case}" in [href for href, _ in decided.links]
    assert f"/vu-viec/{open_case}" not in [href for href, _ in decided.links]


async def test_the_desk_asks_as_much_for_ten_cases_as_for_one(browser: Any, province: World) -> None:
    leader = await browser("pct4")
    counts = []
    for _ in range(2):
        await contested(province)
        await leader.page("/lanh-dao")
        with counted(province.services.database) as sent:
            await leader.page("/lanh-dao")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_every_offer_can_be_made_and_every_kind_ends_with_having_seen_it() -> None:
    for kind, offered in OFFERED.items():
        assert all(applies(kind, action) for action in offered), kind
        assert offered[-1] == "note"


def case_of(kind: str, path: str = "decide") -> Escalation:
    """A case about one agency."""
    moment = at("2026-05-04 09:00")
    return Escalation(
        id="c1.e1",
        kind=kind,
        path=path,
        agencies=("STC",),
        raised_at=moment,
        notified_at=moment,
        leader="PCT4",
        due_at=moment,
    )


def test_a_reply_is_accepted_as_clear_only_where_there_is_one_and_nobody_orders_a_central_agency() -> None:
    asked = Ask(agency="STC", stage=Stage.DELIVERED)
    assert "accept_clear" not in choices(case_of("unclear"), [asked])
    assert "accept_out_of_function" not in choices(case_of("pointer_disputed"), [asked])
    assert "order_reply" not in choices(case_of("silence", "report_only"), [asked])
    assert measures(case_of("silence", "report_only")) == MEASURES[:1]
    assert measures(case_of("conflict")) == ()
    assert quick(case_of("silence"))
    assert quick(case_of("silence", "report_only")) == quick(case_of("conflict")) == ()
