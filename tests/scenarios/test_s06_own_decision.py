"""S6. Asking others to share one's own decision: refused, or overridden by a named head and then nobody's fault."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import ask

PLAN = {
    "subject": "Kết quả xét tuyển 02 viên chức",
    "field": "CONG_VU",
    "draft_kind": "QD_CB",
    "parts": [
        {
            "id": "d1",
            "label": "Kết quả xét tuyển viên chức",
            "text": "Xét tuyển 02 viên chức; chương trình, nhà giáo; quỹ tiền lương trong dự toán ngân sách.",
        }
    ],
    "asks": [
        ask("STC", "STC-01", "Quỹ tiền lương trong dự toán ngân sách có đáp ứng không?"),
        ask("SGDDT", "SGDDT-03", "Tiêu chuẩn nhà giáo của người trúng tuyển có phù hợp không?"),
    ],
}


@pytest.mark.clause("H29", "K01", "K02", "K04", "Q27", "G05", "G06")
async def test_s6_the_leads_own_decision_is_not_everybodys(opened: Open) -> None:
    """Caution is no reason; an override is logged and seen, and silence under it is not escalated or scored."""
    async with opened("2026-06-08 08:00") as p:
        plan = await p.request("SNV", **PLAN)
        assert await p.refused("gd.snv", "/consultations", plan) == "own_authority"
        cautious = {**plan, "override": {"reason_code": "than_trong", "reason": "Để thận trọng."}}
        assert await p.refused("gd.snv", "/consultations", cautious) == "caution_is_no_reason"
        reason = {"reason_code": "vuong_mac_phap_ly", "reason": "Hồ sơ có vướng mắc về quỹ tiền lương."}
        launched = await p.post("gd.snv", "/consultations", {**plan, "override": reason})
        id = await p.follow(launched["id"])
        view = await p.get("vpub", f"/consultations/{id}")
        assert view["own_authority"] is True

        await p.to("2026-06-10 09:00")
        await p.reply(id, "STC", "agree", "Sở Tài chính thống nhất, quỹ tiền lương đã được giao.")
        await p.to("2026-06-17 09:00")
        assert await p.cases("ct") == []
        assert (await p.ask(id, "SGDDT"))["outcome"] == "without_reply"
