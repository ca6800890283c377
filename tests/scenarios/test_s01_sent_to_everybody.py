"""S1. Sent to everybody: the gate lets only the directly related through; silence is reported, never consent."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import ask, vietnamese
from tests.scenarios.rules import COMMUNES, commune_name

DIRECT = COMMUNES[:41]
PARTS = [
    {
        "id": "d1",
        "label": "Điều 5. Phối hợp vận hành công trình thủy lợi",
        "text": "Phối hợp vận hành hồ chứa thủy lợi với hồ chứa thủy điện; thoát nước đô thị qua kênh tiêu; "
        "công trình thủy lợi giao đường bộ.",
    },
    {"id": "d9", "label": "Điều 9. Nguồn kinh phí bảo trì", "text": "Dự toán bảo trì từ ngân sách tỉnh."},
    {"id": "d19", "label": "Điều 19, 20. Trách nhiệm", "text": "Trách nhiệm của các cơ quan, tổ chức, cá nhân."},
    {
        "id": "pl",
        "label": "Phụ lục: công trình giao cấp xã quản lý",
        "text": "Công trình trên địa bàn: " + "; ".join(commune_name(c) for c in DIRECT),
    },
]
LAW = [
    ask("STC", "STC-01", "Nguồn kinh phí bảo trì tại Điều 9 có cân đối được trong dự toán ngân sách không?", "d9"),
    ask("SNV", None, "Phân công tại Điều 19 có phù hợp tổ chức bộ máy không?", "d19"),
    ask("STP", None, "Điều 19, 20 có đúng thẩm quyền không?", "d19"),
    ask("SKHCN", None, "Dự thảo có nội dung công nghệ cần điều chỉnh không?", "d1"),
]
DIRECTLY = [
    ask("SXD", "SXD-05", "Thoát nước đô thị qua kênh tiêu thủy lợi phối hợp như Điều 5 được không?"),
    ask("SCT", "SCT-07", "Vận hành hồ chứa thủy điện phối hợp như Điều 5 được không?"),
]


def communes(codes: tuple[str, ...]) -> list[dict[str, object]]:
    """One question to each commune whose works pass to it."""
    return [ask(c, f"{c}-01", f"Công trình trên địa bàn {name(c)} tiếp nhận được không?", "pl") for c in codes]


def name(code: str) -> str:
    """The commune's name as the directory has it, without the prefix."""
    shipped = {
        "X01": "phường Mẫu Trung",
        "X02": "phường Mẫu Đông",
        "X03": "phường Bến Mẫu",
        "X04": "xã Cửa Mẫu",
        "X05": "đặc khu Hòn Mẫu",
        "X06": "xã Đá Mẫu",
        "X07": "xã Hồ Mẫu",
        "X08": "xã Rừng Mẫu",
        "X09": "xã Bản Mẫu",
        "X10": "xã Đồng Mẫu",
        "X11": "xã Thành Mẫu",
        "X12": "xã Chợ Mẫu",
    }
    return shipped.get(code, commune_name(code))


PLAN = {
    "subject": "Quyết định của Chủ tịch UBND tỉnh về phối hợp vận hành công trình thủy lợi",
    "field": "THUY_LOI",
    "draft_kind": "QD_CT",
    "parts": PARTS,
}


@pytest.mark.clause("H28", "H29", "G17", "K04", "H30", "H31", "G18", "T07", "H06")
async def test_s1_only_the_directly_related_are_asked_and_silence_is_reported(opened: Open) -> None:
    """47 asked, 37 on time, 1 late, 9 none; STP's dissent is taken up; the leader hears of silence by itself."""
    async with opened("2026-03-13 16:10") as p:
        strangers = [ask("SYT", "SYT-01", "Ý kiến về Điều 5?"), ask("SNgV", "SNgV-01", "Ý kiến về Điều 5?")]
        for stranger in strangers:
            plan = await p.request("SNNMT", **PLAN, asks=[*LAW, *DIRECTLY, stranger])
            assert await p.refused("gd.snnmt", "/consultations", plan) == "not_directly_related"
        forgotten = await p.request("SNNMT", **PLAN, asks=[*LAW[:3], *DIRECTLY])
        assert await p.refused("gd.snnmt", "/consultations", forgotten) == "mandatory_missing"

        id = await p.launch_delivered("SNNMT", **PLAN, asks=[*LAW, *DIRECTLY, *communes(DIRECT)])
        stc = await p.ask(id, "STC")
        assert (vietnamese(stc["due_at"]), stc["mandatory"]) == ("2026-03-21 00:00", True)
        assert (await p.ask(id, "SXD"))["mandatory"] is False

        await p.to("2026-03-18 09:00")
        change = [{"part": "d9", "where": "Điều 9", "what": "bổ sung nguồn bảo trì từ giá sản phẩm, dịch vụ công ích"}]
        text = "Sở Tài chính thống nhất và đề nghị tại Điều 9 bổ sung nguồn bảo trì."
        await p.reply(id, "STC", "agree_with_amendments", text, amendments=change)
        await p.to("2026-03-19 09:00")
        for agency in ("SNV", "SXD", "SCT", *DIRECT[:32]):
            await p.reply(id, agency, "agree", "Thống nhất với nội dung dự thảo.")
        await p.to("2026-03-20 15:30")
        against = "Sở Tư pháp không thống nhất Điều 19, 20 vì vượt thẩm quyền; đề nghị thu hẹp phạm vi điều chỉnh."
        await p.reply(id, "STP", "disagree", against, reason="Quy định vượt thẩm quyền của Chủ tịch UBND tỉnh.")

        await p.to("2026-03-23 09:00")
        assert await p.when(id, "overdue", "SKHCN") == ["2026-03-21 00:00"]
        assert await p.when(id, "escalated", "SKHCN") == ["2026-03-23 08:30"]
        cases = [c for c in await p.cases("pct2") if c["consultation"] == id]
        assert len(cases) == 1
        assert len(cases[0]["agencies"]) == 10

        await p.to("2026-03-24 10:00")
        late = await p.reply(id, "SKHCN", "agree", "Thống nhất với nội dung dự thảo.")
        assert late["decision"]["stage"] == "settled"
        skhcn = await p.ask(id, "SKHCN")
        assert (skhcn["reply"]["late"], skhcn["reply"]["days_late"]) == (True, 2)

        silent = list(DIRECT[32:])
        decision = {"action": "proceed_without", "agencies": silent, "reason": "Tổng hợp, không chờ các xã còn lại."}
        await p.post("pct2", f"/escalations/{cases[0]['id']}/decision", decision)
        totals = await p.totals(id)
        assert [totals[k] for k in ("asked", "on_time", "late", "silent", "deemed")] == [47, 37, 1, 9, 0]

        for remark in (await p.get("gd.snnmt", f"/consultations/{id}/synthesis"))["remarks"]:
            answer = {"outcome": "accepted", "text": "Tiếp thu, đã chỉnh lý dự thảo."}
            await p.post("cv.snnmt", f"/consultations/{id}/remarks/{remark['id']}/answer", answer)
        closed = await p.post("gd.snnmt", f"/consultations/{id}/closure")
        assert closed["decision"]["phase"] == "closed"
