"""S9. The function moves during the term: the dated directory confirms it, nobody is late for the move."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import question, vietnamese

PARTS = [
    {"id": "d1", "label": "Mục I. Mỏ đất đắp", "text": "Khoáng sản: mỏ đất đắp sườn nam Lèn Trắng 12,4 ha, xã Đá Mẫu."},
    {"id": "d2", "label": "Mục II. Đất", "text": "Cho thuê đất, quy hoạch sử dụng đất của mỏ."},
    {"id": "d3", "label": "Mục III. Tài chính", "text": "Giá, phương án giá vật liệu; ngân sách."},
]
PLAN = {
    "subject": "Mỏ vật liệu đất đắp phục vụ đường bộ cao tốc",
    "field": "GIAO_THONG",
    "draft_kind": "CONG_VAN",
    "rule": "MAU_7",
    "parts": PARTS,
    "asks": [
        {
            "agency": "SNNMT",
            "functions": ["SNNMT-14", "SNNMT-10"],
            "parts": ["d1", "d2"],
            "questions": [
                question("Mỏ khoáng sản có đủ điều kiện cấp bản xác nhận không?", "d1", "ks"),
                question("Quy hoạch sử dụng đất, cho thuê đất có phù hợp không?", "d2", "dat"),
            ],
        },
        {
            "agency": "STC",
            "functions": ["STC-05"],
            "parts": ["d3"],
            "questions": [question("Phương án giá vật liệu có phù hợp không?", "d3", "gia")],
        },
        {
            "agency": "X06",
            "functions": ["X06-01"],
            "parts": ["d1"],
            "questions": [question("UBND xã Đá Mẫu có thống nhất vị trí mỏ không?", "d1", "xa")],
        },
    ],
}


@pytest.mark.clause("H31", "G19", "H25", "H32")
async def test_s9_the_moved_function_is_rerouted_and_the_rest_still_owed(opened: Open) -> None:
    """Due Mon 21/9; the undelegated signature is refused; minerals go to SCT until Tue 22/9; land is answered."""
    async with opened("2026-09-10 09:00") as p:
        id = await p.launch("SXD", **PLAN)
        assert vietnamese((await p.ask(id, "SNNMT"))["due_at"]) == "2026-09-22 00:00"
        await p.to("2026-09-17 09:00")
        sha = (await p.get("vpub", f"/consultations/{id}"))["draft"]["sha256"]
        moved = {
            "draft_sha256": sha,
            "answers": [
                {"question": "ks", "position": "out_of_function"},
                {"question": "dat", "position": "agree"},
            ],
            "text": "Từ ngày 15/9/2026 nội dung khoáng sản do Sở Công Thương tham mưu, đề nghị chuyển. Về đất đai: Sở "
            "thống nhất, phù hợp kế hoạch sử dụng đất.",
            "pointer": {"agency": "SCT", "question": "ks"},
        }
        path = f"/consultations/{id}/asks/SNNMT/reply"
        by_order = {**moved, "authority": "TL"}
        assert await p.refused("cv.snnmt", path, by_order) in ("no_signing_authority", "forbidden")
        signed = await p.post("gd.snnmt", path, moved)
        assert signed["decision"]["stage"] == "pointing"
        reroute = {"agency": "SCT", "functions": ["SCT-13"]}
        await p.post(
            "cv.sxd", f"/consultations/{id}/asks/SNNMT/ruling", {"ruling": "accept_pointer", "reroute": reroute}
        )
        assert vietnamese((await p.ask(id, "SCT"))["due_at"]) == "2026-09-23 00:00"
        await p.to("2026-09-18 09:00")
        await p.reply(id, "STC", "agree", "Sở Tài chính thống nhất phương án giá.")
        await p.to("2026-09-21 09:00")
        no = "UBND xã không nhất trí vì 37/52 hộ dân chưa đồng thuận."
        await p.reply(id, "X06", "disagree", no, reason="37/52 hộ dân chưa đồng thuận.")
        await p.to("2026-09-22 09:00")
        await p.reply(id, "SCT", "agree", "Sở Công Thương thống nhất cấp bản xác nhận.")
        totals = await p.totals(id)
        assert (totals["on_time"], totals["late"]) == (4, 0)
