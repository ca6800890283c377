"""S5. A right pointer and a wrong one: the lead's error is re-routed, an agency's own duty is returned."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import ask, vietnamese

PLAN = {
    "subject": "Kế hoạch bảo đảm an toàn thông tin hệ thống dùng chung",
    "field": "CHUYEN_DOI_SO",
    "parts": [
        {
            "id": "d1",
            "label": "Mục II. An toàn thông tin",
            "text": "An toàn thông tin mạng, thông tin điện tử của hệ thống dùng chung.",
        },
        {"id": "d2", "label": "Mục III. Kinh phí", "text": "Dự toán kinh phí từ ngân sách tỉnh."},
        {"id": "d3", "label": "Mục IV. Dữ liệu y tế", "text": "Dữ liệu khám, chữa bệnh của các cơ sở y tế."},
    ],
    "asks": [
        ask("SVHTTDL", "SVHTTDL-08", "Phương án an toàn thông tin điện tử có phù hợp không?"),
        ask("STC", "STC-01", "Dự toán ngân sách có cân đối được kinh phí Mục III không?", "d2"),
        ask("SYT", "SYT-01", "Dữ liệu khám, chữa bệnh tại Mục IV có yêu cầu bảo vệ riêng không?", "d3"),
    ],
}


@pytest.mark.clause("H31", "H33", "G19", "Q27", "H42", "G14")
async def test_s5_a_right_pointer_is_rerouted_and_a_wrong_one_returned(opened: Open) -> None:
    """Công an gets three working days of its own (Tue 09/6); SYT's pointer fails because health data is its own."""
    async with opened("2026-06-01 08:00") as p:
        id = await p.launch("SKHCN", **PLAN)
        assert vietnamese((await p.ask(id, "SYT"))["due_at"]) == "2026-06-09 00:00"
        await p.to("2026-06-03 09:00")
        text = "Nội dung không thuộc chức năng của Sở; an toàn thông tin do Công an tỉnh quản lý từ năm 2025."
        right = await p.reply(id, "SVHTTDL", "out_of_function", text, pointer={"agency": "CAT"})
        assert right["decision"]["stage"] == "pointing"
        await p.to("2026-06-04 09:00")
        reroute = {"agency": "CAT", "functions": ["CAT-03"]}
        await p.post(
            "cv.skhcn", f"/consultations/{id}/asks/SVHTTDL/ruling", {"ruling": "accept_pointer", "reroute": reroute}
        )
        assert (await p.ask(id, "SVHTTDL"))["outcome"] == "out_of_function"
        assert vietnamese((await p.ask(id, "CAT"))["due_at"]) == "2026-06-10 00:00"

        await p.to("2026-06-05 09:00")
        shifted = "Nội dung không thuộc chức năng của Sở Y tế, đề nghị lấy ý kiến BHXH tỉnh."
        wrong = await p.reply(id, "SYT", "out_of_function", shifted, pointer={"agency": "BHXH"})
        assert wrong["decision"]["stage"] == "returned"
        await p.to("2026-06-08 09:00")
        await p.reply(id, "STC", "agree", "Sở Tài chính thống nhất nguồn vốn tại Mục III.")
        await p.reply(id, "SYT", "agree", "Sở Y tế thống nhất nội dung Mục IV.")
        await p.reply(id, "CAT", "agree", "Công an tỉnh thống nhất phương án.")
        assert (await p.totals(id))["on_time"] == 4
