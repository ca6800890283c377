"""S8. A make-up Saturday, a conditional reply, and a reply about the wrong draft."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import ask, vietnamese

PARTS = [
    {"id": "d1", "label": "Điều 2. Mức chi tập huấn", "text": "Chế độ, định mức, mức chi tập huấn giáo viên, y tế."},
    {"id": "d2", "label": "Điều 5. Hiệu lực", "text": "Đào tạo, bồi dưỡng cán bộ, công chức, viên chức."},
]
PLAN = {
    "subject": "Nghị quyết của HĐND tỉnh quy định mức chi tập huấn",
    "field": "NGAN_SACH",
    "draft_kind": "NQ_HDND",
    "parts": PARTS,
    "asks": [
        ask("SNV", "SNV-03", "Đối tượng đào tạo, bồi dưỡng cán bộ tại Điều 5 có phù hợp không?", "d2"),
        ask("STP", "STP-01", "Mức chi tại Điều 2 của dự thảo văn bản quy phạm có đúng thẩm quyền không?"),
        ask("SGDDT", "SGDDT-03", "Mức chi tập huấn nhà giáo tại Điều 2 có phù hợp không?"),
        ask("SYT", "SYT-01", "Mức chi tập huấn khám, chữa bệnh tại Điều 2 có phù hợp không?"),
    ],
}


@pytest.mark.clause("H30", "H33", "G18", "G21")
async def test_s8_the_make_up_saturday_counts_and_a_reply_is_bound_to_its_draft(opened: Open) -> None:
    """Sat 22/8 is a working day: due Tue 25/8; SYT is one day late; draft 2 gets its own clock to Mon 07/9."""
    async with opened("2026-08-19 09:00") as p:
        id = await p.launch("STC", **PLAN)
        assert vietnamese((await p.ask(id, "SYT"))["due_at"]) == "2026-08-26 00:00"
        await p.to("2026-08-24 09:00")
        change = [{"part": "d2", "where": "Điều 5", "what": "bổ sung đối tượng viên chức hợp đồng"}]
        await p.reply(id, "SNV", "agree_with_amendments", "Sở thống nhất, đề nghị bổ sung.", amendments=change)
        await p.to("2026-08-25 09:00")
        await p.reply(id, "STP", "agree", "Sở Tư pháp thống nhất với dự thảo.")
        conditional = await p.reply(id, "SGDDT", "agree", "Thống nhất nếu các sở khác thống nhất.")
        assert conditional["decision"]["stage"] == "returned"
        assert vietnamese((await p.ask(id, "SGDDT"))["due_at"]) == "2026-08-28 00:00"
        await p.to("2026-08-26 08:00")
        await p.reply(id, "SYT", "agree", "Sở Y tế thống nhất với dự thảo.")
        assert (await p.ask(id, "SYT"))["reply"]["days_late"] == 1

        first = (await p.get("vpub", f"/consultations/{id}"))["draft"]["sha256"]
        await p.to("2026-08-26 09:00")
        second = await p.draft("gd.stc")
        changed = [{**PARTS[0], "text": "Mức chi tập huấn giảm 10%."}, PARTS[1]]
        await p.post("cv.stc", f"/consultations/{id}/redraft", {"draft": second["id"], "parts": changed})
        assert vietnamese((await p.ask(id, "STP"))["due_at"]) == "2026-09-08 00:00"
        assert (await p.ask(id, "SNV"))["stage"] == "settled"

        await p.to("2026-09-04 09:00")
        old = await p.reply_body(id, "STP", "agree", "Sở Tư pháp thống nhất với dự thảo lần 1.")
        path = f"/consultations/{id}/asks/STP/reply"
        assert await p.refused("gd.stp", path, {**old, "draft_sha256": first}) == "wrong_draft_version"
        await p.to("2026-09-07 09:00")
        await p.reply(id, "STP", "agree", "Sở Tư pháp thống nhất với dự thảo lần 2.")
        assert (await p.ask(id, "STP"))["reply"]["late"] is False
