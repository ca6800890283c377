"""The Office follows what is late across consultations and urges it from the list, which empties as replies come."""

import pytest

from tests.api.world import PLAN
from tests.scenarios.conftest import Open
from tests.scenarios.province import JSON, Province

WORDS = "Đề nghị trả lời trước phiên họp UBND tỉnh."


async def launched(p: Province) -> str:
    """One consultation of STC and SNV; due Mon 04/5/2026 24:00."""
    return await p.launch("SGDDT", **{key: PLAN[key] for key in ("subject", "field", "draft_kind", "parts", "asks")})


async def urge_all(p: Province, user: str, listed: list[JSON]) -> list[str]:
    """What became of urging everything on the list."""
    items = [{"consultation": one["consultation"], "agency": one["agency"]} for one in listed]
    answered = await p.post(user, "/urgings", {"items": items, "reason": WORDS})
    return [item["outcome"] for item in answered["items"]]


@pytest.mark.clause("H13")
async def test_the_office_urges_whoever_is_late_from_its_list(opened: Open) -> None:
    """Two consultations, three late agencies: most overdue first, urged once a working day, gone once they answer."""
    async with opened("2026-04-22 09:00") as p:
        first = await launched(p)
        await p.to("2026-04-22 15:00")
        second = await launched(p)
        await p.reply(second, "SNV", "agree", "Sở Nội vụ thống nhất với dự thảo.")
        await p.to("2026-05-04 16:00")
        assert (await p.get("vpub", "/overdue"))["counts"] == {"open": 3, "overdue": 0, "due_today": 3}
        await p.to("2026-05-05 08:10")
        late = await p.get("vpub", "/overdue")
        assert late["counts"] == {"open": 3, "overdue": 3, "due_today": 0}
        assert [one["agency_name"] for one in late["items"]].count("Sở Tài chính") == 2
        assert {one["last_urged_at"] for one in late["items"]} == {None}
        assert {one["consultation"] for one in late["items"]} == {first, second}
        assert [one["agency"] for one in (await p.get("vt.snv", "/overdue"))["items"]] == ["SNV"]

        assert await urge_all(p, "vpub", late["items"]) == ["urged"] * 3
        assert await urge_all(p, "vpub", late["items"]) == ["refused"] * 3
        assert await urge_all(p, "cv.sgddt", late["items"][:1]) == ["urged"]
        told = [n for n in (await p.get("gd.snv", "/notices"))["items"] if n["kind"] == "urged_overdue"]
        assert "Văn phòng UBND tỉnh" in {n["body"].split(" đôn đốc ")[0] for n in told}
        assert all("thời hạn đã hết lúc 24 giờ 00 ngày 04/5/2026" in n["body"] for n in told)

        await p.to("2026-05-06 08:30")
        again = (await p.get("vpub", "/overdue"))["items"]
        assert all(one["escalation"] and one["last_urged_at"] for one in again)
        assert await urge_all(p, "vpub", again) == ["urged"] * 3
        assert [f["data"]["times"] for f in await p.facts(second, "urged") if f["data"]["side"] == "office"] == [1, 2]
        for id, agency in ((first, "STC"), (first, "SNV"), (second, "STC")):
            await p.reply(id, agency, "agree", "Sở thống nhất với dự thảo.")
        assert (await p.get("vpub", "/overdue"))["items"] == []
