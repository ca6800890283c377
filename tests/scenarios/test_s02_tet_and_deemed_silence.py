"""S2. Tết inside the limit, a rule that deems silence, a secret letter, an evasive ward, a late letter against."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import ask, vietnamese

PLAN = {
    "subject": "Nhiệm vụ quy hoạch khu đô thị ven sông",
    "field": "QUY_HOACH_XD",
    "draft_kind": "QUY_HOACH",
    "rule": "R11",
    "parts": [
        {
            "id": "d1",
            "label": "Ranh giới quy hoạch khu đô thị",
            "text": "Ranh giới phường Bến Mẫu, giáp đê sông; cách đền (di tích xếp hạng) 120 m; quy hoạch sử dụng đất "
            "lúa, hành lang thoát lũ đê điều; phòng cháy chữa cháy; giáp khu quân sự, đất quốc phòng.",
        }
    ],
    "asks": [
        ask("SNNMT", "SNNMT-10", "Quy hoạch sử dụng đất và hành lang thoát lũ có cho phép ranh giới này không?"),
        ask("SVHTTDL", "SVHTTDL-01", "Ranh giới có nằm ngoài khu vực bảo vệ di tích không?"),
        ask("CAT", "CAT-02", "Phòng cháy, chữa cháy của khu đô thị có yêu cầu gì về ranh giới không?"),
        ask("BCHQS", "BCHQS-01", "Ranh giới có ảnh hưởng đất quốc phòng, khu quân sự không?"),
        ask("X03", "X03-01", "Phường Bến Mẫu có thống nhất ranh giới không?"),
    ],
}


@pytest.mark.clause("H30", "H33", "H15", "H02", "G21")
async def test_s2_tet_is_skipped_silence_is_deemed_and_the_late_letter_is_kept(opened: Open) -> None:
    """Due Thu 26/02 24:00; the ward is returned; the secret letter is one line; SNNMT is deemed and late."""
    async with opened("2026-02-10 09:00") as p:
        id = await p.launch_delivered("SXD", **PLAN)
        assert vietnamese((await p.ask(id, "SNNMT"))["due_at"]) == "2026-02-27 00:00"

        await p.to("2026-02-12 09:00")
        text = "Sở thống nhất: ranh giới nằm ngoài khu vực bảo vệ II của di tích."
        await p.reply(id, "SVHTTDL", "agree", text)
        await p.to("2026-02-24 10:00")
        ward = await p.reply(id, "X03", "agree", "Đề nghị thực hiện theo quy định.")
        assert ward["decision"]["stage"] == "returned"
        assert vietnamese((await p.ask(id, "X03"))["due_at"]) == "2026-02-27 00:00"

        await p.to("2026-02-25 09:00")
        bchqs = await p.ask(id, "BCHQS")
        paper = {"number": "15/BCH-TM", "date": "2026-02-25", "arrived_at": "2026-02-25T08:30:00+07:00", "secret": True}
        words = {"draft_sha256": (await p.get("vpub", f"/consultations/{id}"))["draft"]["sha256"]}
        told = await p.refused(
            "vt.bchqs", f"/consultations/{id}/asks/BCHQS/reply", {**words, "paper": paper, "text": "nội dung văn bản"}
        )
        assert told == "classified"
        secret = await p.post("vt.bchqs", f"/consultations/{id}/asks/BCHQS/reply", {**words, "paper": paper})
        assert (secret["decision"]["stage"], bchqs["stage"]) == ("settled", "delivered")

        await p.to("2026-02-26 09:00")
        await p.reply(id, "X03", "agree", "UBND phường thống nhất với ranh giới quy hoạch.")
        await p.to("2026-02-26 21:50")
        change = [{"part": "d1", "where": "Mục ranh giới", "what": "bổ sung đường cho xe chữa cháy rộng tối thiểu 4 m"}]
        evening = await p.reply(
            id, "CAT", "agree_with_amendments", "Công an tỉnh thống nhất, đề nghị bổ sung.", amendments=change
        )
        assert evening["decision"]["stage"] == "settled"
        assert (await p.ask(id, "CAT"))["reply"]["late"] is False

        await p.to("2026-02-27 08:00")
        assert [w[:10] for w in await p.when(id, "reminded", "SNNMT")] == ["2026-02-23", "2026-02-25", "2026-02-26"]
        assert await p.when(id, "deemed", "SNNMT") == ["2026-02-27 00:00"]
        snnmt = await p.ask(id, "SNNMT")
        assert (snnmt["outcome"], snnmt["position"]) == ("deemed", None)
        assert await p.cases("pct3") == []

        await p.to("2026-03-02 09:00")
        letter = "Sở không thống nhất vì ranh giới lấn hành lang thoát lũ."
        await p.reply(id, "SNNMT", "disagree", letter, reason="Lấn 41 ha hành lang thoát lũ.")
        snnmt = await p.ask(id, "SNNMT")
        assert (snnmt["outcome"], snnmt["reply"]["late"]) == ("deemed", True)
        assert await p.refused("gd.sxd", f"/consultations/{id}/closure") == "remarks_unanswered"
        totals = await p.totals(id)
        assert (totals["deemed"], totals["late"]) == (1, 1)
