"""S3. Evasive on money, twice: returned once, then before the leader with both texts; a reasoned no is no fault."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import ask, vietnamese
from tests.scenarios.rules import COMMUNES, commune_name
from tests.scenarios.test_s01_sent_to_everybody import name

SCHOOLS = COMMUNES[12:24]
PLAN = {
    "subject": "Đề án sắp xếp mạng lưới trường, lớp",
    "field": "PHO_THONG",
    "draft_kind": "DE_AN",
    "parts": [
        {
            "id": "d1",
            "label": "Mục III. Kinh phí",
            "text": "Tổng kinh phí 12,5 tỷ đồng từ dự toán ngân sách tỉnh 2026.",
        },
        {"id": "d2", "label": "Mục II. Biên chế", "text": "Vị trí việc làm, biên chế giáo viên dôi dư sau sắp xếp."},
        {"id": "d3", "label": "Mục IV. Vị trí", "text": "Vị trí trường mới theo quy hoạch đô thị và nông thôn."},
        {"id": "pl", "label": "Phụ lục", "text": "Trường sáp nhập tại " + "; ".join(map(commune_name, SCHOOLS))},
    ],
    "asks": [
        ask("SNV", "SNV-02", "Phương án biên chế, vị trí việc làm dôi dư có phù hợp không?", "d2"),
        ask("STC", "STC-01", "Ngân sách tỉnh năm 2026 có cân đối được 12,5 tỷ đồng không?", "d1"),
        ask("SXD", "SXD-01", "Vị trí trường mới có phù hợp quy hoạch đô thị và nông thôn không?", "d3"),
        *[ask(c, f"{c}-01", f"Việc sáp nhập trường tại {name(c)} có thống nhất không?", "pl") for c in SCHOOLS],
    ],
}
FIRST = "Đề nghị cân đối phù hợp khả năng ngân sách, thực hiện theo phân cấp hiện hành."
SECOND = "Đề nghị báo cáo UBND tỉnh xem xét, quyết định."


@pytest.mark.clause("H02", "H32", "H33", "G20", "G21", "T07", "T11", "H14", "Q20", "H35", "G22")
async def test_s3_two_evasive_replies_reach_the_leader_and_a_reasoned_no_settles(opened: Open) -> None:
    """Due Mon 04/5; returned to Tue 05/5; report on Wed 06/5; answered by order; disagreeing is no fault."""
    async with opened("2026-04-22 09:00") as p:
        id = await p.launch("SGDDT", **PLAN)
        assert vietnamese((await p.ask(id, "STC"))["due_at"]) == "2026-05-05 00:00"
        await p.to("2026-04-28 09:00")
        change = [{"part": "d2", "where": "Mục II", "what": "bổ sung lộ trình giải quyết 14 biên chế dôi dư"}]
        await p.reply(id, "SNV", "agree_with_amendments", "Sở thống nhất, đề nghị bổ sung.", amendments=change)
        await p.to("2026-04-29 09:00")
        await p.reply(id, "SXD", "agree", "Sở Xây dựng thống nhất vị trí nêu tại Mục IV.")
        for commune in SCHOOLS[:11]:
            await p.reply(id, commune, "agree", "UBND xã thống nhất việc sáp nhập.")
        evasive = await p.reply(id, "STC", "agree", FIRST)
        assert evasive["decision"]["stage"] == "returned"
        assert vietnamese((await p.ask(id, "STC"))["due_at"]) == "2026-05-06 00:00"

        await p.to("2026-05-05 16:30")
        await p.reply(id, "STC", "agree", SECOND)
        await p.to("2026-05-06 08:05")
        case = next(c for c in await p.cases("pct4") if c["kind"] == "unclear")
        assert (case["agencies"], case["copies"]) == (["STC"], ["PCT1"])
        page = await p.get("pct4", f"/escalations/{case['id']}")
        texts = [r["text"] for a in page["cases"] for r in a["replies"]]
        assert texts == [FIRST, SECOND]

        await p.to("2026-05-07 09:00")
        order = {"action": "order_reply", "until": "2026-05-11T17:00:00+07:00", "measures": ["remind"]}
        ruling = {**order, "reason": "Trả lời rõ khả năng cân đối."}
        assert await p.refused("pct1", f"/escalations/{case['id']}/decision", ruling) in ("forbidden", "not_the_leader")
        await p.post("pct4", f"/escalations/{case['id']}/decision", ruling)
        await p.to("2026-05-08 09:00")
        no = "Sở Tài chính không thống nhất mức 12,5 tỷ đồng; năm 2026 chỉ cân đối được 7,2 tỷ đồng, đề nghị hai năm."
        answered = await p.reply(
            id, "STC", "disagree", no, reason="Dự phòng còn 7,2 tỷ đồng.", alternative="Bố trí trong hai năm."
        )
        assert answered["decision"]["stage"] == "settled"
        stc = await p.ask(id, "STC")
        assert (stc["reply"]["late"], stc["unclear"], stc["outcome"]) == (False, 2, "replied")
