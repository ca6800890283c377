"""Urging through HTTP: by the lead and the Office, alone and from a list; repeating a list does no harm."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.bodies.urging import UrgedItemBody
from api.urging import key_of
from tests.api.world import JSON, World, problem

WORDS = "Đề nghị trả lời trước phiên họp UBND tỉnh."


async def urge(world: World, user: str, id: str, agency: str = "STC", **body: Any) -> httpx.Response:
    """One urging, whatever becomes of it."""
    return await world.call(user, "POST", f"/consultations/{id}/asks/{agency}/urging", json=body)


async def urge_all(world: World, user: str, *items: tuple[str, str], key: str | None = None, reason: str = "") -> JSON:
    """The answer to a list."""
    body = {"items": [{"consultation": id, "agency": agency} for id, agency in items], "reason": reason}
    headers = {"Idempotency-Key": key} if key else {}
    response = await world.call(user, "POST", "/urgings", json=body, headers=headers)
    assert response.status_code == 200, response.text
    answered: JSON = response.json()
    return answered


async def told(world: World, user: str, id: str) -> list[JSON]:
    """The urgings a user is owed about the consultation."""
    found = (await world.get(user, "/notices?limit=200"))["items"]
    return [n for n in found if n["consultation"] == id and n["kind"].startswith("urged")]


@pytest.mark.clause("H13")
async def test_the_office_urges_by_name_and_the_agency_reads_who_and_why(world: World) -> None:
    id = await world.launch()
    done = (await urge(world, "vpub", id, reason=WORDS)).json()
    assert done["decision"]["kinds"] == ["urged"]
    assert [(u["side"], u["times"]) for u in done["ask"]["urged"]] == [("office", 1)]
    told_so = next(
        i for i in (await world.get("gd.stc", f"/consultations/{id}/timeline"))["items"] if i["kind"] == "urged"
    )
    assert (told_so["actor"], told_so["words"], told_so["agency"]) == ("vpub", WORDS, "STC")
    assert told_so["sentence"] == "Văn phòng UBND tỉnh đôn đốc Sở Tài chính (lần 1)."
    for user in ("gd.stc", "vt.stc", "cv.stc"):
        [notice] = await told(world, user, id)
        assert notice["body"].startswith("Văn phòng UBND tỉnh đôn đốc Sở Tài chính trả lời về: ")
        assert "{" not in notice["body"] + notice["subject"]
    assert await told(world, "gd.snv", id) == []


async def test_the_lead_urges_too_and_each_side_once_a_working_day(world: World) -> None:
    id = await world.launch()
    for user in ("cv.sgddt", "vpub"):
        assert (await urge(world, user, id)).status_code == 200
    again = problem(await urge(world, "gd.sgddt", id), 409, "urged_today")
    assert again["recorded"] is True
    assert "Sở Tài chính" in again["detail"]
    problem(await urge(world, "vpub", id), 409, "urged_today")
    assert (await urge(world, "gd.sgddt", id, "SNV")).status_code == 200
    sentences = [i["sentence"] for i in (await world.get("vpub", f"/consultations/{id}/timeline"))["items"]]
    assert "Cơ quan chủ trì đôn đốc Sở Nội vụ (lần 1)." in sentences


@pytest.mark.parametrize(
    ("user", "status", "code"),
    [
        ("vt.sgddt", 403, "forbidden"),
        ("gd.stc", 403, "forbidden"),
        ("thanhtra", 403, "forbidden"),
        ("pct4", 403, "forbidden"),
        ("gd.syt", 404, "not_found"),
        ("danhgia", 404, "not_found"),
        ("quantri", 404, "not_found"),
    ],
)
async def test_nobody_else_urges(world: World, user: str, status: int, code: str) -> None:
    problem(await urge(world, user, await world.launch()), status, code)


async def test_what_is_not_owed_is_not_urged(world: World) -> None:
    id = await world.launch()
    await world.reply(id, "STC")
    problem(await urge(world, "vpub", id), 409, "already_settled")
    problem(await urge(world, "vpub", id, "SYT"), 404, "not_asked")
    prepared = (await world.post("cv.sgddt", "/consultations", await world.plan(), 201))["id"]
    problem(await urge(world, "vpub", prepared), 409, "not_open")
    await world.refused("vpub", f"/consultations/{id}/asks/SNV/urging", {"reason": "TUYỆT MẬT\n\nx"}, 422, "classified")
    await world.refused("vpub", f"/consultations/{id}/asks/SNV/urging", {"reasons": "x"}, 422, "body_invalid")


async def test_a_list_is_urged_item_by_item(world: World) -> None:
    id, other = await world.launch(), await world.launch()
    await world.reply(other, "STC")
    items = ((id, "STC"), (other, "STC"), (id, "SYT"), ("khong-co", "STC"), (other, "SNV"))
    done = (await urge_all(world, "vpub", *items, reason=WORDS))["items"]
    assert [(i["consultation"], i["agency"]) for i in done] == list(items)
    assert [i["outcome"] for i in done] == ["urged", "refused", "refused", "refused", "urged"]
    refused = [i["problem"]["type"].rpartition(":")[2] for i in done if i["problem"]]
    assert refused == ["already_settled", "not_asked", "not_found"]
    assert [i["problem"]["recorded"] for i in done if i["problem"]] == [True, True, False]
    assert [bool(i["receipt"]) for i in done] == [True, True, True, False, True]
    receipt = await world.get("vpub", f"/receipts/{done[0]['receipt']}")
    assert (receipt["verb"], receipt["state"]) == ("urge", "done")


async def test_the_same_list_with_the_same_key_gets_the_same_answers_and_urges_once(world: World) -> None:
    id, key = await world.launch(), uuid4().hex
    first = await urge_all(world, "vpub", (id, "STC"), (id, "SYT"), (id, "SNV"), key=key, reason=WORDS)
    again = await urge_all(world, "vpub", (id, "STC"), (id, "SYT"), (id, "SNV"), key=key, reason=WORDS)
    assert first == again
    assert [i["outcome"] for i in first["items"]] == ["urged", "refused", "urged"]
    assert len(await told(world, "gd.stc", id)) == 1
    # Another list under the key: what it shares is answered as before, the rest is new.
    shared = await urge_all(world, "vpub", (id, "SNV"), (id, "CAT"), key=key, reason=WORDS)
    assert shared["items"][0] == first["items"][2]
    assert shared["items"][1]["problem"]["type"].endswith("not_asked")
    # Other words under the key are another act.
    other = await urge_all(world, "vpub", (id, "STC"), key=key, reason="Khác.")
    assert other["items"][0]["problem"]["type"].endswith("key_reused")


async def test_without_a_key_the_day_itself_keeps_a_list_from_urging_twice(world: World) -> None:
    id = await world.launch()
    await urge_all(world, "cv.sgddt", (id, "STC"), (id, "SNV"))
    again = await urge_all(world, "gd.sgddt", (id, "STC"), (id, "SNV"))
    assert [i["problem"]["type"].rpartition(":")[2] for i in again["items"]] == ["urged_today", "urged_today"]


async def test_a_list_that_cannot_be_leaves_nothing_behind(world: World) -> None:
    id = await world.launch()
    item = {"consultation": id, "agency": "STC"}
    lists: list[list[JSON]] = [[], [item] * 201, [item, item], [item, {"agency": "SNV"}]]
    for items in lists:
        await world.refused("vpub", "/urgings", {"items": items}, 422, "body_invalid")
    await world.refused("vpub", "/urgings", {"items": [item], "reason": "TỐI MẬT\n\nx"}, 422, "classified")
    assert (await urge_all(world, "vpub", (id, "STC")))["items"][0]["outcome"] == "urged"


async def test_whoever_may_not_urge_is_told_so_item_by_item(world: World) -> None:
    id = await world.launch()
    [seen, hidden] = (await urge_all(world, "gd.stc", (id, "STC"), ("khong-co", "STC")))["items"]
    assert seen["problem"]["type"].endswith("forbidden")
    assert hidden["problem"]["type"].endswith("not_found")


def test_an_items_key_is_its_own() -> None:
    """Of the same caller's key, consultation and agency, and of nothing else."""
    items = [UrgedItemBody(consultation=c, agency=a) for c, a in (("c-1", "STC"), ("c-1", "SNV"), ("c-2", "STC"))]
    keys = [key_of(key, item) for key in ("k", "k2") for item in items]
    assert len(set(keys)) == 6
    assert keys[0] == key_of("k", items[0])
    assert key_of(None, items[0]) is None


async def test_nothing_is_overdue_before_its_time_and_the_counts_say_what_is_open(world: World) -> None:
    """Time stands at the launch's day here; what lies past due is proved where time moves."""
    id = await world.launch()
    before = await world.get("gd.stc", "/overdue?lead=SGDDT&agency=STC")
    assert before["items"] == []
    assert (before["counts"]["overdue"], before["counts"]["open"] >= 1) == (0, True)
    await world.reply(id, "STC")
    after = await world.get("gd.stc", "/overdue?lead=SGDDT&agency=STC")
    assert after["counts"]["open"] == before["counts"]["open"] - 1
    assert (await world.get("danhgia", "/overdue"))["counts"] == {"open": 0, "overdue": 0, "due_today": 0}
    assert (await world.get("quantri", "/overdue"))["counts"]["open"] == 0
    problem(await world.call("vpub", "GET", "/overdue?cursor=x"), 422, "body_invalid")
