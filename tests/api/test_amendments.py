"""Amendments through HTTP: an administrator enters them, everybody's rules follow, what runs follows by confirming."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.client import Client

from adapters.clock import DatabaseClock
from adapters.database import migrate
from adapters.register.amendments import ENTERED
from adapters.register.contents import content_of
from adapters.register.recording import SqlRegister
from adapters.rules_amended import AmendedRules
from api.services import Services
from domain.clock import BusinessClock
from tests.api.conftest import START, gateway_to, http_to
from tests.api.world import JSON, World, problem
from tests.servers.databases import KINDS, Databases
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

PATH = "/amendments"
# Five working days from 22/4/2026: 23, 24, 28, 29/4 and 4/5.
DUE, LATER = "2026-05-04T17:00:00Z", "2026-05-05T17:00:00Z"
RECEIVED = {"received_at": "2026-04-22T09:00:00+07:00", "limit": {"n": 5, "unit": "working_day"}}


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=KINDS)
async def own(
    request: pytest.FixtureRequest,
    client: Client,
    databases_of: Callable[[str], Databases],
    parts: Callable[..., Services],
) -> AsyncIterator[World]:
    """A province whose rules only these tests amend."""
    url = databases_of(request.param).empty()
    await migrate(url)
    queue = f"api-{uuid4().hex[:8]}"
    async with province(client, parts(url, gateway_to(client, queue)), queue) as world:
        yield world


@asynccontextmanager
async def province(client: Client, services: Services, queue: str) -> AsyncIterator[World]:
    """A world with a worker that reads leaders as the product's does."""
    await make_current(client)
    register = SqlRegister(services.database, services.clock)
    leaders_of = AmendedRules(services.database, services.rulebook, seconds=0).leader_table
    worker = build_worker(client, register, queue, leaders_of=leaders_of, deployment=versioned())
    try:
        async with worker, http_to(services) as http:
            world = World(services, http)
            await world.populate()
            yield world
    finally:
        await services.database.close()


def day(date: str, kind: str = "off", **data: Any) -> JSON:
    notice = {"date": date, "kind": kind, "name": "Ngày thử", "basis": "Thông báo số 1/TB (giả định)", **data}
    return {"kind": "calendar_day", "data": notice, "reason": "Theo thông báo mới nhận."}


def away(leader: str = "PCT4", stand_in: str = "PCT2", first: str = "2026-04-20", last: str = "2026-04-24") -> JSON:
    data = {"leader": leader, "stand_in": stand_in, "effective_from": first, "effective_to": last}
    return {"kind": "absence", "data": data, "reason": "Đi công tác."}


def line(**data: Any) -> JSON:
    base = {"agency": "STC", "officer": "cv.stc", "form": "TL", "basis": "Quyết định số 2/QĐ (giả định)"}
    return {"kind": "delegation", "data": {**base, "effective_from": "2026-04-22", **data}, "reason": "Giao ký."}


async def enter(world: World, body: JSON) -> int:
    return int((await world.post("quantri", PATH, body))["amendment"]["number"])


async def revoke(world: World, number: int) -> JSON:
    return await world.post("quantri", f"{PATH}/{number}/revocation", {"reason": "Hết bài thử."})


async def due_now(world: World) -> str:
    return str((await world.post("gd.stc", "/deadlines", RECEIVED))["due_at"])


async def due_of(world: World, id: str, agency: str = "STC") -> str:
    view = await world.get("vpub", f"/consultations/{id}")
    return next(str(ask["due_at"]) for ask in view["asks"] if ask["agency"] == agency)


def same(found: str, wanted: str) -> bool:
    return datetime.fromisoformat(found) == datetime.fromisoformat(wanted)


# --- the calendar


@pytest.mark.clause("G18")
async def test_a_day_off_moves_a_fresh_deadline_at_once_until_it_is_revoked(own: World) -> None:
    assert same(await due_now(own), DUE)
    done = await own.post("quantri", PATH, day("2026-04-28"))
    number = done["amendment"]["number"]
    assert same(await due_now(own), LATER)
    assert done["detail"].startswith("Đã ghi vào sổ")
    calendar = await own.get("vpub", "/calendar?year=2026")
    [shown] = [one for one in calendar["items"] if one["date"] == "2026-04-28"]
    assert calendar["version"].endswith(f"+{number}")
    assert "Thông báo số 1/TB" in shown["source"]
    assert "cần kiểm tra lại văn bản gốc" in shown["source"]
    back = await revoke(own, number)
    assert same(await due_now(own), DUE)
    assert (back["amendment"]["revokes"], back["amendment"]["data"]) == (number, None)


async def test_the_proof_is_a_receipt_and_the_list_tells_who_when_and_why(own: World) -> None:
    done = await own.post("quantri", PATH, day("2026-06-02", status="provisional"))
    number = done["amendment"]["number"]
    back = await revoke(own, number)
    proof = await own.services.receipts.get(done["receipt"])
    assert proof is not None
    assert (proof.verb, proof.actor, proof.state) == ("amendment", "quantri", "done")
    items = {one["number"]: one for one in (await own.get("thanhtra", PATH))["items"]}
    assert list(items) == sorted(items, reverse=True)
    first, last = items[number], items[back["amendment"]["number"]]
    assert (first["actor"], first["reason"], first["in_force"]) == ("quantri", "Theo thông báo mới nhận.", False)
    assert first["revoked_by"] == last["number"]
    assert first["data"]["status"] == "provisional"
    pages = await own.get("thanhtra", f"{PATH}?limit=1")
    rest = await own.get("thanhtra", f"{PATH}?limit=200&cursor={pages['next']}")
    assert [*pages["items"], *rest["items"]] == list(items.values())


@pytest.mark.clause("G18")
async def test_a_day_is_foreseen_then_confirmed_one_by_one_and_moves_running_due_instants_later(own: World) -> None:
    ids = [await own.launch(), await own.launch()]
    await own.reply(ids[1], "SNV")
    body = day("2026-04-29")
    ahead = await own.post("quantri", f"{PATH}/preview", body)
    mine = {one["consultation"]: one for one in ahead["items"] if one["consultation"] in ids}
    assert [m["agency"] for m in mine[ids[0]]["moves"]] == ["STC", "SNV"]
    assert [m["agency"] for m in mine[ids[1]]["moves"]] == ["STC"]
    assert all(same(m["computed"], LATER) and not m["stays"] for m in mine[ids[0]]["moves"])
    assert (ahead["confirms"], ahead["stays"], ahead["more"]) == (["calendar"], 0, False)
    assert "subject" not in str(ahead)
    assert same(await due_now(own), DUE)

    number = await enter(own, body)
    assert same(await due_of(own, ids[0]), DUE)
    key, asked = {"Idempotency-Key": uuid4().hex}, {"consultations": [*ids, "khong-co"], "reason": "Thông báo."}
    first = (await own.call("quantri", "POST", f"{PATH}/{number}/confirmation", json=asked, headers=key)).json()
    assert [(one["outcome"], one["extended"], one["code"]) for one in first["items"]] == [
        ("done", 2, None),
        ("done", 1, None),
        ("refused", 0, "not_found"),
    ]
    assert first["items"][0]["detail"].endswith("2 hạn trả lời được kéo dài.")
    assert [same(await due_of(own, id), LATER) for id in ids] == [True, True]
    again = (await own.call("quantri", "POST", f"{PATH}/{number}/confirmation", json=asked, headers=key)).json()
    assert again == first
    left = await own.get("quantri", f"{PATH}/{number}/preview")
    assert [one for one in left["items"] if one["consultation"] in ids] == []
    told = [one["sentence"] for one in (await own.get("vpub", f"/consultations/{ids[0]}/timeline"))["items"]]
    assert sum("do lịch thay đổi" in sentence for sentence in told) == 2
    await revoke(own, number)


@pytest.mark.clause("G18")
async def test_what_would_be_shortened_stays(own: World) -> None:
    id = await own.launch()
    number = await enter(own, day("2026-04-25", "work"))
    ahead = await own.get("quantri", f"{PATH}/{number}/preview")
    [mine] = [one for one in ahead["items"] if one["consultation"] == id]
    assert [(m["agency"], m["stays"]) for m in mine["moves"]] == [("STC", True), ("SNV", True)]
    assert ahead["stays"] >= 2
    done = await own.post("quantri", f"{PATH}/{number}/confirmation", {"consultations": [id], "reason": "Làm bù."})
    assert (done["items"][0]["outcome"], done["items"][0]["extended"]) == ("done", 0)
    assert same(await due_of(own, id), DUE)
    await revoke(own, number)


# --- absences


@pytest.mark.clause("T07")
async def test_an_absence_makes_the_stand_in_in_charge_of_a_new_case(own: World) -> None:
    number = await enter(own, away())
    leaders = await own.get("vpub", "/leaders?on=2026-04-22")
    assert leaders["in_charge"]["PHO_THONG"] == "PCT2"
    case = await contested(own, "pct2")
    page = await own.get("pct2", f"/escalations/{case}")
    assert (page["leader"], page["acting_for"]) == ("PCT2", "PCT4")
    body = {"action": "accept_clear", "reason": "Chấp nhận là rõ."}
    assert (await own.post("pct2", f"/escalations/{case}/decision", body))["escalation"]["closed_at"]
    await revoke(own, number)


async def test_confirming_the_leaders_lets_the_stand_in_decide_a_case_that_was_there_before(own: World) -> None:
    case = await contested(own, "pct4")
    id = case.partition(".")[0]
    body = {"action": "accept_clear", "reason": "Chấp nhận là rõ."}
    ahead = await own.post("quantri", f"{PATH}/preview", away())
    [mine] = [one for one in ahead["items"] if one["consultation"] == id]
    assert (mine["in_charge"], mine["in_charge_after"]) == (
        {"leader": "PCT4", "acting_for": None},
        {"leader": "PCT2", "acting_for": "PCT4"},
    )
    number = await enter(own, away())
    await own.refused("pct2", f"/escalations/{case}/decision", body, 403, "not_the_leader")
    done = await own.post("quantri", f"{PATH}/{number}/confirmation", {"consultations": [id], "reason": "Vắng."})
    assert done["items"][0]["outcome"] == "done"
    left = await own.get("quantri", f"{PATH}/{number}/preview")
    assert id not in [one["consultation"] for one in left["items"]]
    assert (await own.post("pct2", f"/escalations/{case}/decision", body))["escalation"]["closed_at"]
    await revoke(own, number)


async def contested(world: World, leader: str) -> str:
    """A case on the leader's desk."""
    id = await world.launch()
    await world.reply(id, "STC", text="Đề nghị thực hiện theo quy định.")
    await world.post("gd.stc", f"/consultations/{id}/asks/STC/contest", {"reason": "Chính kiến đã rõ."})
    [case] = (await world.get(leader, f"/escalations?consultation={id}"))["items"]
    return str(case["id"])


@pytest.mark.clause("T07")
async def test_the_worker_reports_to_the_stand_in_without_anybody_confirming(
    client: Client, databases_of: Callable[[str], Databases], parts: Callable[..., Services]
) -> None:
    """The absence is entered while the consultation runs; silence is reported some weeks later, in seconds."""
    url = databases_of("sqlite").empty()
    await migrate(url)
    business = BusinessClock(real_anchor=datetime.now(UTC), business_anchor=START, rate=432_000)
    queue = f"api-{uuid4().hex[:8]}"
    slow = parts(url, gateway_to(client, queue))
    async with province(client, replace(slow, business=business, clock=DatabaseClock(business)), queue) as world:
        id = await world.launch()
        await enter(world, away(stand_in="PCT1", last="2026-08-31"))
        path = f"/escalations?consultation={id}&all=true"
        async with asyncio.timeout(30):
            while not (cases := (await world.get("vpub", path))["items"]):
                pass
        assert {(case["leader"], case["acting_for"]) for case in cases} == {("PCT1", "PCT4")}


# --- the signing register


@pytest.mark.clause("H32")
async def test_an_officer_may_sign_once_the_line_is_entered_and_not_after_it_is_revoked(own: World) -> None:
    id = await own.launch()
    path, body = f"/consultations/{id}/asks/STC/reply", await own.answer(id, "STC", authority="TL")
    await own.refused("cv.stc", path, body, 403, "no_signing_authority")
    number = await enter(own, line())
    assert (await own.post("cv.stc", path, body))["ask"]["outcome"] == "replied"
    ahead = await own.get("quantri", f"{PATH}/{number}/preview")
    assert (ahead["items"], ahead["confirms"]) == ([], [])
    asked = {"consultations": [id], "reason": "x"}
    await own.refused("quantri", f"{PATH}/{number}/confirmation", asked, 422, "body_invalid")
    await revoke(own, number)
    other = await own.launch()
    path, body = f"/consultations/{other}/asks/STC/reply", await own.answer(other, "STC", authority="TL")
    await own.refused("cv.stc", path, body, 403, "no_signing_authority")


# --- who may, what may not, and once


@pytest.mark.parametrize("user", ["vpub", "thanhtra", "danhgia", "pct4", "gd.stc", "cv.sgddt"])
async def test_only_an_administrator_amends(own: World, user: str) -> None:
    for path, body in {
        PATH: day("2026-04-28"),
        f"{PATH}/preview": day("2026-04-28"),
        f"{PATH}/1/revocation": {"reason": "x"},
        f"{PATH}/1/confirmation": {"consultations": ["c1"], "reason": "x"},
    }.items():
        await own.refused(user, path, body, 403, "forbidden")
    problem(await own.call(user, "GET", f"{PATH}/1/preview"), 403, "forbidden")


async def test_those_who_watch_read_and_others_do_not(own: World) -> None:
    for user in ("quantri", "vpub", "thanhtra", "danhgia"):
        await own.get(user, PATH)
    for user in ("gd.stc", "cv.sgddt", "pct4", "vt.stc"):
        await own.get(user, PATH, 403)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (day("2031-01-01"), "calendar_year_missing"),
        (day("2026-04-28") | {"reason": " "}, "reason_missing"),
        (day("2026-04-28") | {"reason": "TỐI MẬT\nSố 12/UBND"}, "classified"),
        (day("2026-04-28", "holiday"), "body_invalid"),
        (day("2026-04-28", confidence="S"), "body_invalid"),
        (day("2026-04-28") | {"kind": "absence"}, "body_invalid"),
        (day("2026-04-28") | {"kind": "khac"}, "body_invalid"),
        (away(last="2026-04-19"), "dates_reversed"),
        (away(leader="PCT9"), "leader_unknown"),
        (away(stand_in="PCT4"), "stand_in_unfit"),
        (line(officer="khong.co"), "officer_unknown"),
        (line(officer="cv.snv"), "officer_unknown"),
        (line(agency="KHONG"), "agency_unknown"),
        (line(fields=["KHONG"]), "field_unknown"),
    ],
)
async def test_what_may_not_be_entered_is_refused_and_leaves_nothing(own: World, body: JSON, code: str) -> None:
    before = await own.services.amendments.revision()
    await own.refused("quantri", PATH, body, 422, code)
    assert await own.services.amendments.revision() == before


async def test_a_refusal_names_the_people_it_is_about(own: World) -> None:
    said = await own.refused("quantri", PATH, away(stand_in="PCT4"), 422, "stand_in_unfit")
    assert "Hoàng Thị Mẫu không thể xử lý thay" in said["detail"]


async def test_one_key_is_one_amendment_and_one_revocation(own: World) -> None:
    key, body = {"Idempotency-Key": uuid4().hex}, day("2026-07-06")
    first = await own.call("quantri", "POST", PATH, json=body, headers=key)
    again = await own.call("quantri", "POST", PATH, json=body, headers=key)
    assert (first.status_code, first.json()) == (200, again.json())
    other = await own.call("quantri", "POST", PATH, json=day("2026-07-07"), headers=key)
    problem(other, 422, "key_reused")
    number = first.json()["amendment"]["number"]
    path, why, key = f"{PATH}/{number}/revocation", {"reason": "Nhầm."}, {"Idempotency-Key": uuid4().hex}
    first = await own.call("quantri", "POST", path, json=why, headers=key)
    again = await own.call("quantri", "POST", path, json=why, headers=key)
    assert (first.status_code, first.json()) == (200, again.json())
    await own.refused("quantri", path, why, 409, "amendment_revoked")
    back = first.json()["amendment"]["number"]
    await own.refused("quantri", f"{PATH}/{back}/revocation", why, 404, "not_found")
    await own.refused("quantri", f"{PATH}/999999/revocation", why, 404, "not_found")


async def test_an_act_cut_off_after_its_stamp_is_finished_by_the_same_key(own: World) -> None:
    """The stamp is in the register, the amendment is not: what an API that dies between the two leaves behind."""
    key, body, store = uuid4().hex, day("2026-07-08"), own.services.receipts
    data = {**body["data"], "confidence": "S2", "status": "confirmed"}
    words = content_of({"kind": ENTERED, "change": body["kind"], "data": data, "reason": body["reason"]})
    names = {"id": f"r-{key}", "consultation": "", "verb": ENTERED, "actor": "quantri", "agency": None, "key": key}
    made = {"request": f"POST /api/v1{PATH}", "body_sha256": words.sha256, "contents": [words]}
    await store.stamp(**names, **made)  # type: ignore[arg-type]
    done = await own.call("quantri", "POST", PATH, json=body, headers={"Idempotency-Key": key})
    assert (done.status_code, done.json()["receipt"]) == (200, f"r-{key}")
    assert done.json()["amendment"]["in_force"]
    await revoke(own, done.json()["amendment"]["number"])
