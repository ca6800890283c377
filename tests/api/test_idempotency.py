"""Sending twice: the same key with the same body gets the same answer, with another body a refusal; nothing doubles."""

import asyncio
from typing import Any
from uuid import uuid4

from tests.api.world import World, problem


def keyed(key: str) -> dict[str, Any]:
    """The header."""
    return {"headers": {"Idempotency-Key": key}}


async def test_the_same_key_and_body_get_the_same_answer_once_more(world: World) -> None:
    id = await world.launch()
    path, body, key = f"/consultations/{id}/asks/STC/reply", await world.answer(id), uuid4().hex
    first = await world.call("gd.stc", "POST", path, json=body, **keyed(key))
    again = await world.call("gd.stc", "POST", path, json=body, **keyed(key))
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (200, first.json())
    versions = (await world.get("gd.stc", f"/consultations/{id}"))["asks"][0]["replies"]
    assert len(versions) == 1


async def test_a_launch_repeated_is_the_same_consultation(world: World) -> None:
    body, key = await world.plan(subject="Kế hoạch gửi hai lần Trảng Gió"), uuid4().hex
    first = await world.call("gd.sgddt", "POST", "/consultations", json=body, **keyed(key))
    again = await world.call("gd.sgddt", "POST", "/consultations", json=body, **keyed(key))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.headers["location"] == again.headers["location"] == f"/api/v1/consultations/{first.json()['id']}"
    assert len((await world.get("gd.sgddt", "/consultations?q=trang+gio"))["items"]) == 1


async def test_the_same_key_with_another_body_or_path_is_refused(world: World) -> None:
    id = await world.launch()
    path, body, key = f"/consultations/{id}/asks/STC/interim", {"text": "Đang xử lý."}, uuid4().hex
    await world.call("gd.stc", "POST", path, json=body, **keyed(key))
    other = await world.call("gd.stc", "POST", path, json={"text": "Khác."}, **keyed(key))
    assert problem(other, 422, "key_reused")["recorded"] is False
    elsewhere = await world.call(
        "gd.stc", "POST", path.replace("interim", "contest"), json={"reason": "x"}, **keyed(key)
    )
    problem(elsewhere, 422, "key_reused")


async def test_keys_belong_to_their_account(world: World) -> None:
    id = await world.launch()
    key, body = uuid4().hex, {"text": "Đang xử lý."}
    mine = await world.call("gd.stc", "POST", f"/consultations/{id}/asks/STC/interim", json=body, **keyed(key))
    theirs = await world.call("gd.snv", "POST", f"/consultations/{id}/asks/SNV/interim", json=body, **keyed(key))
    assert (mine.status_code, theirs.status_code) == (200, 200)
    assert mine.json()["receipt"] != theirs.json()["receipt"]


async def test_a_refusal_is_repeated_as_it_was(world: World) -> None:
    id = await world.launch()
    path, body, key = f"/consultations/{id}/asks/STC/reply", await world.answer(id, draft_sha256="f" * 64), uuid4().hex
    first = await world.call("gd.stc", "POST", path, json=body, **keyed(key))
    again = await world.call("gd.stc", "POST", path, json=body, **keyed(key))
    problem(again, 409, "wrong_draft_version")
    assert first.json() == again.json()


async def test_the_same_request_at_the_same_time_happens_once(world: World) -> None:
    id = await world.launch()
    path, body, key = f"/consultations/{id}/asks/STC/reply", await world.answer(id), uuid4().hex
    sent = await asyncio.gather(
        *(world.call("gd.stc", "POST", path, json=body, **keyed(key)) for _ in range(5)),
    )
    done = [r for r in sent if r.status_code == 200]
    waiting = [problem(r, 409, "key_in_progress") for r in sent if r.status_code != 200]
    assert len(done) + len(waiting) == 5
    assert done
    assert len({r.json()["receipt"] for r in done}) == 1
    assert len((await world.get("gd.stc", f"/consultations/{id}"))["asks"][0]["replies"]) == 1


async def test_a_draft_sent_twice_is_one_file_and_its_key_binds(world: World) -> None:
    key, name = uuid4().hex, f"{uuid4().hex}.txt"
    one = {"file": (name, "Dự thảo một".encode(), "text/plain")}
    two = {"file": (name, "Dự thảo hai".encode(), "text/plain")}
    first = await world.call("gd.sgddt", "POST", "/drafts", files=one, **keyed(key))
    again = await world.call("gd.sgddt", "POST", "/drafts", files=one, **keyed(key))
    assert first.json() == again.json()
    problem(await world.call("gd.sgddt", "POST", "/drafts", files=two, **keyed(key)), 422, "key_reused")
    next_version = await world.call("gd.sgddt", "POST", "/drafts", files=two)
    assert (first.json()["version"], next_version.json()["version"]) == (1, 2)


async def test_a_gate_refusal_uses_no_key_up(world: World) -> None:
    key = uuid4().hex
    wrong = await world.plan(own_position="")
    problem(await world.call("gd.sgddt", "POST", "/consultations", json=wrong, **keyed(key)), 422, "position_missing")
    mended = wrong | {"own_position": "Thống nhất với phương án trong dự thảo."}
    assert (await world.call("gd.sgddt", "POST", "/consultations", json=mended, **keyed(key))).status_code == 201


async def test_a_malformed_key_is_refused(world: World) -> None:
    id = await world.launch()
    path, body = f"/consultations/{id}/asks/STC/interim", {"text": "Đang xử lý."}
    problem(await world.call("gd.stc", "POST", path, json=body, **keyed("a b")), 422, "body_invalid")
    problem(await world.call("gd.stc", "POST", path, json=body, **keyed("k" * 201)), 422, "body_invalid")
