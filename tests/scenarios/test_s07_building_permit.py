"""S7. Two working days for a building permit: an unlisted refusal stops no clock, the night is still in time."""

import pytest

from tests.scenarios.conftest import Open
from tests.scenarios.province import ask, vietnamese

PLAN = {
    "subject": "Cấp giấy phép xây dựng nhà máy, hồ sơ H99.07-260710-0021",
    "field": "HOAT_DONG_XD",
    "draft_kind": "TTHC",
    "rule": "R10",
    "parts": [
        {
            "id": "d1",
            "label": "Hồ sơ cấp phép xây dựng nhà máy",
            "text": "Phòng cháy, chữa cháy của nhà máy; đánh giá tác động môi trường, giấy phép môi trường.",
        }
    ],
    "asks": [
        ask("CAT", "CAT-02", "Hồ sơ phòng cháy, chữa cháy có đáp ứng không?"),
        ask("SNNMT", "SNNMT-15", "Hồ sơ đánh giá tác động môi trường có đáp ứng không?"),
    ],
}


@pytest.mark.clause("Q17", "H30", "H38", "G24", "T09", "Q03", "H36")
async def test_s7_a_refusal_without_a_list_is_none_and_silence_is_deemed(opened: Open) -> None:
    """Due Wed 15/7 24:00; Công an at 22:40 is in time; SNNMT is deemed, liable and late at 00:00."""
    async with opened("2026-07-13 10:00") as p:
        id = await p.launch("SXD", **PLAN)
        assert vietnamese((await p.ask(id, "CAT"))["due_at"]) == "2026-07-16 00:00"
        await p.to("2026-07-14 09:00")
        path = f"/consultations/{id}/asks/SNNMT/incomplete"
        assert await p.refused("vt.snnmt", path, {"items": []}) == "items_missing"
        await p.to("2026-07-15 22:40")
        change = [{"part": "d1", "where": "Bản vẽ PC-03", "what": "bổ sung khoảng cách an toàn 12 m"}]
        night = await p.reply(
            id, "CAT", "agree_with_amendments", "Công an tỉnh thống nhất, đề nghị bổ sung.", amendments=change
        )
        assert night["decision"]["stage"] == "settled"
        assert (await p.ask(id, "CAT"))["reply"]["late"] is False
        await p.to("2026-07-16 08:00")
        assert await p.when(id, "deemed", "SNNMT") == ["2026-07-16 00:00"]
        assert (await p.ask(id, "SNNMT"))["position"] is None
