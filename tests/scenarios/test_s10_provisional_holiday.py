"""S10. A provisional holiday, uneven delivery, an evasive commune, a silent central agency."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import ask, vietnamese
from tests.scenarios.rules import COMMUNES, commune_name
from tests.scenarios.test_s01_sent_to_everybody import name

ZONE = COMMUNES[18:48]
SLOW = ("X47", "X48")
PLAN = {
    "subject": "Kế hoạch ứng phó dịch cúm",
    "field": "Y_TE_DP",
    "draft_kind": "KE_HOACH",
    "parent_task": {"name": "Báo cáo Bộ Y tế", "due_at": "2026-11-30T17:00:00+07:00"},
    "parts": [
        {
            "id": "d1",
            "label": "Mục II. Nhiệm vụ",
            "text": "Phòng, chống dịch bệnh trong trường học; an ninh, trật tự địa bàn; thanh toán khám, chữa bệnh "
            "bảo hiểm y tế; tuyển sinh, hoạt động giáo dục.",
        },
        {"id": "d2", "label": "Mục III. Kinh phí", "text": "Dự toán 2,1 tỷ đồng từ dự phòng ngân sách tỉnh."},
        {"id": "pl", "label": "Phụ lục: vùng dịch", "text": "Vùng dịch: " + "; ".join(map(commune_name, ZONE))},
    ],
    "asks": [
        ask("STC", "STC-01", "Dự phòng ngân sách có cân đối được 2,1 tỷ đồng không?", "d2"),
        ask("SGDDT", "SGDDT-02", "Hoạt động giáo dục tại trường học trong vùng dịch như Mục II được không?"),
        ask("CAT", "CAT-01", "Phương án an ninh, trật tự trên địa bàn có phù hợp không?"),
        ask("BHXH", "BHXH-02", "Thanh toán khám, chữa bệnh bảo hiểm y tế như Mục II được không?"),
        *[ask(c, f"{c}-01", f"{name(c)} có đáp ứng được nhiệm vụ trên địa bàn không?", "pl") for c in ZONE],
    ],
}


@pytest.mark.clause("H06", "H30", "H33", "T07", "H16")
async def test_s10_per_recipient_clocks_and_a_central_agency_that_is_only_reported(opened: Open) -> None:
    """25/11 (24/11 if worked), never shortened; two communes' own due on 26/11; BHXH on a report-only path."""
    async with opened("2026-11-17 09:00") as p:
        asked = await p.post(
            "gd.syt",
            "/deadlines",
            {"received_at": "2026-11-17T09:00:00+07:00", "limit": {"n": 5, "unit": "working_day"}},
        )
        assert (asked["provisional"], vietnamese(asked["due_at"])) == (True, "2026-11-26 00:00")
        id = await p.launch("SYT", **PLAN)
        assert vietnamese((await p.ask(id, "STC"))["due_at"]) == "2026-11-26 00:00"
        await p.to("2026-11-17 09:02")
        await p.deliver(id, "BHXH", "2026-11-17T09:02:00+07:00")
        assert (await p.ask(id, "X47"))["due_at"] is None
        await p.to("2026-11-18 08:15")
        for commune in SLOW:
            await p.deliver(id, commune, "2026-11-18T08:10:00+07:00")
        assert vietnamese((await p.ask(id, "X47"))["due_at"]) == "2026-11-27 00:00"

        await p.to("2026-11-20 09:00")
        await p.reply(id, "SGDDT", "agree", "Sở thống nhất phương án tại Mục II.")
        for commune in ZONE[:27]:
            await p.reply(id, commune, "agree", "UBND xã thống nhất, đáp ứng được nhiệm vụ.")
        evasive = await p.reply(id, ZONE[27], "agree", "UBND xã ghi nhận và sẽ phối hợp.")
        assert evasive["decision"]["stage"] == "returned"
        await p.to("2026-11-25 09:00")
        await p.reply(id, "STC", "agree", "Sở Tài chính thống nhất 2,1 tỷ đồng từ nguồn dự phòng.")
        await p.reply(id, "CAT", "agree", "Công an tỉnh thống nhất.")

        await p.to("2026-11-26 08:35")
        cases = await p.cases("pct4")
        assert {(c["path"], tuple(c["agencies"])) for c in cases} >= {("report_only", ("BHXH",))}
        central = next(c for c in cases if c["path"] == "report_only")
        blame = {"action": "note", "measures": ["criticise"], "reason": "Phê bình."}
        path = f"/escalations/{central['id']}/decision"
        assert await p.refused("pct4", path, blame) == "decision_not_applicable"
        await p.post("pct4", path, {"action": "proceed_without", "reason": "Trình, không chờ BHXH tỉnh."})
        assert (await p.ask(id, "BHXH"))["outcome"] == "without_reply"
