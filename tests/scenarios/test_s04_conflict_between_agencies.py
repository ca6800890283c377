"""S4. Clear disagreement and a conflict: the rule deems silence, the conflict goes to the leader with both sides."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import ask, vietnamese

PLAN = {
    "subject": "Thành lập cụm công nghiệp 42 ha",
    "field": "CONG_NGHIEP",
    "draft_kind": "DU_AN",
    "rule": "R7",
    "parts": [
        {
            "id": "d1",
            "label": "Ranh giới cụm công nghiệp 42 ha",
            "text": "Ranh giới tại xã Đá Mẫu, chồng lấn mỏ khoáng sản, quy hoạch sử dụng đất, quy hoạch nông thôn.",
        },
        {
            "id": "d2",
            "label": "Năng lực chủ đầu tư, an ninh, phòng cháy chữa cháy",
            "text": "Chủ trương đầu tư, vốn chủ sở hữu; phòng cháy, chữa cháy của cụm.",
        },
    ],
    "asks": [
        ask("STC", "STC-11", "Nhà đầu tư có đủ năng lực tài chính theo chủ trương đầu tư không?", "d2"),
        ask("SXD", "SXD-01", "Ranh giới có phù hợp quy hoạch đô thị và nông thôn không?"),
        ask("SNNMT", "SNNMT-14", "Ranh giới có chồng lấn mỏ khoáng sản đã cấp phép không?"),
        ask("CAT", "CAT-02", "Phòng cháy, chữa cháy của cụm có đáp ứng không?", "d2"),
        ask("X06", "X06-01", "UBND xã Đá Mẫu có thống nhất ranh giới không?"),
    ],
}


@pytest.mark.clause("Q29", "H14", "T11", "H30")
async def test_s4_a_conflict_is_reported_once_with_both_sides_and_decided(opened: Open) -> None:
    """Due Mon 01/6; Công an deemed and late; meeting on 04/6; reported Mon 08/6; decided 10/6."""
    async with opened("2026-05-18 09:00") as p:
        id = await p.launch("SCT", **PLAN)
        assert vietnamese((await p.ask(id, "SXD"))["due_at"]) == "2026-06-02 00:00"
        await p.to("2026-05-27 09:00")
        await p.reply(id, "SXD", "agree", "Sở Xây dựng thống nhất ranh giới.")
        await p.to("2026-05-28 09:00")
        no = "Sở không thống nhất ranh giới: 6,8 ha chồng lấn mỏ đã cấp phép."
        await p.reply(id, "SNNMT", "disagree", no, reason="6,8 ha chồng lấn mỏ đã cấp phép.")
        view = await p.get("gd.sct", f"/consultations/{id}")
        assert [(c["part"], c["agree"], c["disagree"]) for c in view["conflicts"]] == [("d1", ["SXD"], ["SNNMT"])]
        await p.to("2026-05-29 09:00")
        change = [{"part": "d2", "where": "Mục vốn", "what": "bổ sung yêu cầu vốn chủ sở hữu tối thiểu 15%"}]
        await p.reply(id, "STC", "agree_with_amendments", "Sở thống nhất, đề nghị bổ sung.", amendments=change)
        await p.to("2026-06-01 09:00")
        await p.reply(id, "X06", "agree", "UBND xã thống nhất ranh giới.")
        await p.to("2026-06-02 08:00")
        cat = await p.ask(id, "CAT")
        assert (cat["outcome"], cat["position"]) == ("deemed", None)
        assert await p.when(id, "overdue", "CAT") == ["2026-06-02 00:00"]

        await p.to("2026-06-04 15:00")
        minutes = {"ruling": "minutes", "position": "agree_with_amendments", "reason": "Họp ngày 04/6/2026"}
        signed = {**minutes, "minutes": "Biên bản họp: đại diện Công an tỉnh thống nhất, bổ sung trụ nước chữa cháy."}
        await p.post("cv.sct", f"/consultations/{id}/asks/CAT/ruling", signed)
        await p.to("2026-06-08 09:00")
        report = {"ruling": "report_conflict", "part": "d1", "reason": "Hai phương án: cắt 6,8 ha hoặc giữ 42 ha."}
        await p.post("cv.sct", f"/consultations/{id}/asks/SNNMT/ruling", report)
        case = next(c for c in await p.cases("pct1") if c["kind"] == "conflict")
        assert case["agencies"] == ["SNNMT", "SXD", "X06"]
        assert await p.refused("gd.sct", f"/consultations/{id}/closure") == "remarks_unanswered"
        await p.to("2026-06-09 09:00")
        decision = {"action": "settle_conflict", "reason": "Cắt 6,8 ha chồng lấn khỏi ranh giới cụm."}
        await p.post("pct1", f"/escalations/{case['id']}/decision", decision)
        assert await p.cases("pct1") == []
