"""What cannot be handled is set aside, holds up nobody, and takes effect once when the administrator has it retried."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from temporalio.client import Client

from adapters.database import migrate
from adapters.register.outbox import LARGEST, MOST_TRIES, Waiting
from adapters.tables import outbox
from api.mailer import Mailer
from api.relay import TOGETHER, Relay, abreast
from api.services import Services
from domain.commands import Submission
from tests.api.conftest import http_to
from tests.api.test_outage import NO_AGE, Line, healed
from tests.api.world import JSON, World, problem
from tests.servers.databases import Databases
from tests.servers.mail import Sink

AT_ONCE = timedelta(0)
# Nobody but the administrator: one account of every other kind.
OTHERS = ("gd.stc", "cv.sgddt", "vt.stc", "pct1", "vpub", "thanhtra", "danhgia")
ADMIN = "quantri"
NOW = datetime(2026, 4, 22, 2, tzinfo=UTC)
UNSAID = "Thông báo chưa hiển thị được; mở cuộc lấy ý kiến để xem nội dung."


@pytest.fixture
async def island(databases: Databases, client: Client, parts: Callable[..., Services]) -> AsyncIterator[World]:
    """A province of its own with a worker; `line` pulls the engine out and puts it back."""
    url = databases.empty()
    await migrate(url)
    line = Line(client)
    services = parts(url, line.plugged, task_queue=line.queue)
    async with http_to(services) as http:
        world = World(services, http)
        await world.populate()
        async with healed(world, line, client):
            world.line = line  # type: ignore[attr-defined]
            yield world
    await services.database.close()
    databases.drop(url)


async def cut(world: World, whole: bool) -> None:
    """Take the engine away, or give it back."""
    line: Line = world.line  # type: ignore[attr-defined]
    world.services.gateway = line.dead if whole else line.plugged


async def interims(world: World, id: str, many: int) -> list[str]:
    """Receipts of acts that wait because the engine is away."""
    path = f"/consultations/{id}/asks/STC/interim"
    posts = [await world.post("gd.stc", path, {"text": f"Đang xử lý, lần {n}."}, 202) for n in range(many)]
    return [post["receipt"] for post in posts]


async def stored(world: World, receipt: str) -> JSON:
    """The submission as it lies in the outbox."""
    async with world.services.database.read() as connection:
        found = await connection.scalar(sa.select(outbox.c.submission).where(outbox.c.receipt == receipt))
    return dict(found or {})


async def put(world: World, receipt: str, submission: Any) -> None:
    """What somebody with the keys to the database writes there."""
    async with world.services.database.begin() as connection:
        change = sa.update(outbox).where(outbox.c.receipt == receipt).values(submission=submission)
        await connection.execute(change)


def poisoned(kind: str, good: JSON) -> Any:
    """A submission that cannot be handled; the last two can be read, and fail with the engine there and in the API."""
    command = good["command"]
    return {
        "no submission": "chữ",
        "unknown verb": {"command": {**command, "kind": "không có"}},
        "too large": {"command": {**command, "content": "x" * LARGEST}},
        "engine": {"command": {**command, "kind": "extension", "until": "2026-06-01T09:00:00"}},
        "api": {"command": {**command, "kind": "prepare"}},
    }[kind]


KINDS = ("no submission", "unknown verb", "too large", "engine", "api")
TRIED = ("engine", "api")


async def spread(world: World, relay: Relay) -> None:
    """Rounds until nothing waits."""
    async with asyncio.timeout(60):
        while (await world.services.receipts.backlog()).count:
            await relay.deliver_once(NO_AGE)


async def states(world: World, receipts: list[str]) -> list[str]:
    """How the receipts stand, as the Office sees them."""
    return [(await world.get("vpub", f"/receipts/{id}"))["state"] for id in receipts]


async def facts(world: World, ids: list[str]) -> list[str]:
    """The receipts of all interim answers in the ledger."""
    found: list[str] = []
    for id in ids:
        entries = (await world.get("thanhtra", f"/consultations/{id}/ledger?limit=200"))["items"]
        found += [entry["receipt"] for entry in entries if entry["kind"] == "interim"]
    return found


async def test_twenty_poisoned_receipts_among_good_ones_hold_up_nobody_and_are_applied_once_when_mended(
    island: World,
) -> None:
    ids = [await island.launch() for _ in range(4)]
    await cut(island, True)
    waiting = [await interims(island, id, 10) for id in ids]
    await cut(island, False)
    bad = {receipt: KINDS[n % 5] for row in waiting for n, receipt in enumerate(row) if n < 5}
    good = [receipt for row in waiting for receipt in row if receipt not in bad]
    before = {receipt: await stored(island, receipt) for receipt in bad}
    for receipt, kind in bad.items():
        await put(island, receipt, poisoned(kind, before[receipt]))
    assert (len(bad), len(good)) == (20, 20)

    relay = Relay(island.services, first_pause=AT_ONCE)
    await spread(island, relay)

    assert await states(island, good) == ["done"] * 20
    assert await states(island, list(bad)) == ["set_aside"] * 20
    assert sorted(await facts(island, ids)) == sorted(good)
    listed = (await island.get(ADMIN, "/undeliverable?limit=200"))["items"]
    assert {item["id"]: item["tries"] for item in listed} == {
        receipt: MOST_TRIES if kind in TRIED else 1 for receipt, kind in bad.items()
    }
    assert {(item["kind"], item["what"], item["consultation"] in ids) for item in listed} == {
        ("receipt", "interim", True)
    }
    assert all(item["last_error"] and item["detail"] for item in listed)
    assert "chữ" not in json.dumps(listed, ensure_ascii=False).replace("bằng chữ", "")
    by_id = {item["id"]: item["last_error"] for item in listed}
    assert all("EngineFault" in by_id[receipt] for receipt, kind in bad.items() if kind == "engine")
    assert (await island.http.get("/readyz")).json()["set_aside"] == 20
    assert 'ykien_set_aside_total{kind="receipt"} 20' in (await island.http.get("/metrics")).text

    for receipt, submission in before.items():
        await put(island, receipt, submission)
        retried = await island.post(ADMIN, f"/undeliverable/receipt/{receipt}/retry")
        assert (retried["retried"], retried["state"]) == (True, "pending")
    await spread(island, relay)
    assert await relay.deliver_once(NO_AGE) == 0
    assert await states(island, list(bad)) == ["done"] * 20
    assert sorted(await facts(island, ids)) == sorted([*good, *bad])
    assert (await island.get(ADMIN, "/undeliverable"))["items"] == []


async def test_whoever_sent_it_reads_that_it_is_recorded_and_what_happens_next(island: World) -> None:
    id = await island.launch()
    await cut(island, True)
    (receipt,) = await interims(island, id, 1)
    said = await island.get("gd.stc", f"/receipts/{receipt}")
    assert (said["state"], said["detail"]) == ("pending", "Đã ghi nhận, đang xử lý.")
    await cut(island, False)
    await put(island, receipt, "chữ")
    assert await Relay(island.services).deliver_once(NO_AGE) == 0
    said = await island.get("gd.stc", f"/receipts/{receipt}")
    assert (said["state"], said["status"], said["answer"]) == ("set_aside", None, None)
    assert "quản trị hệ thống" in said["detail"]


async def test_an_engine_that_is_away_sets_nothing_aside_however_long(island: World) -> None:
    id = await island.launch()
    await cut(island, True)
    receipts = await interims(island, id, 3)
    relay = Relay(island.services, first_pause=AT_ONCE)
    for _ in range(3 * MOST_TRIES):
        assert await relay.deliver_once(NO_AGE) == 0
        for receipt in receipts:
            await island.services.receipts.mark_silence(receipt, "no answer")
    assert await states(island, receipts) == ["pending"] * 3
    await cut(island, False)
    assert await relay.deliver_once(NO_AGE) == 3
    assert await states(island, receipts) == ["done"] * 3


async def test_between_tries_a_failing_receipt_rests_longer_and_longer(island: World) -> None:
    id = await island.launch()
    await cut(island, True)
    first, second = await interims(island, id, 2)
    await cut(island, False)
    await put(island, first, poisoned("engine", await stored(island, first)))
    relay = Relay(island.services, first_pause=timedelta(hours=1))
    for _ in range(3):
        assert await relay.deliver_once(NO_AGE) == 0
    (row, _) = await island.services.receipts.waiting()
    assert (row.receipt, row.tries) == (first, 1)
    assert await states(island, [second]) == ["pending"]


async def test_nobody_but_the_administrator_sees_or_retries(island: World) -> None:
    id = await island.launch()
    await cut(island, True)
    (receipt,) = await interims(island, id, 1)
    await island.services.receipts.set_aside(receipt, "x")
    for user in OTHERS:
        problem(await island.call(user, "GET", "/undeliverable"), 403, "forbidden")
        problem(await island.call(user, "POST", f"/undeliverable/receipt/{receipt}/retry"), 403, "forbidden")
    assert await states(island, [receipt]) == ["set_aside"]
    problem(await island.call(ADMIN, "POST", "/undeliverable/receipt/r-0/retry"), 404, "not_found")
    problem(await island.call(ADMIN, "POST", "/undeliverable/mail/x/retry"), 404, "not_found")
    problem(await island.call(ADMIN, "POST", f"/undeliverable/reply/{receipt}/retry"), 422, "body_invalid")


async def test_a_retry_repeated_with_its_key_is_the_same_retry_and_leaves_who_and_when(island: World) -> None:
    id = await island.launch()
    await cut(island, True)
    one, two = await interims(island, id, 2)
    for receipt in (one, two):
        await island.services.receipts.set_aside(receipt, "x")
    key = {"Idempotency-Key": uuid4().hex}
    path = f"/undeliverable/receipt/{one}/retry"
    first = (await island.call(ADMIN, "POST", path, headers=key)).json()
    await island.services.receipts.set_aside(one, "y")
    again = await island.call(ADMIN, "POST", path, headers=key)
    assert (again.status_code, again.json()) == (200, first)
    assert await states(island, [one]) == ["set_aside"]
    other = await island.call(ADMIN, "POST", f"/undeliverable/receipt/{two}/retry", headers=key)
    problem(other, 422, "key_reused")
    proof = await island.services.receipts.get(first["receipt"])
    assert proof is not None
    assert (proof.verb, proof.actor, proof.consultation) == ("retry", ADMIN, id)
    assert proof.request.endswith(path)
    nothing = await island.post(ADMIN, f"/undeliverable/receipt/{first['receipt']}/retry", status=404)
    assert nothing["type"].endswith("not_found")


def acts(*given: str) -> list[Waiting]:
    """Rows of one consultation, each `kind AGENCY`."""
    rows = []
    for number, words in enumerate(given):
        kind, agency = words.split()
        command = {"kind": kind, "receipt": f"r{number}", "at": NOW, "actor": "x", "agency": agency, "content": "x"}
        submission = Submission.model_validate({"command": command})
        row = {"number": number, "receipt": f"r{number}", "consultation": "c", "received_at": NOW, "tries": 0}
        rows.append(Waiting(**row, submission=submission))
    return rows


@pytest.mark.parametrize(
    ("given", "runs"),
    [
        (["interim STC", "interim SNV", "contest SYT"], [3]),
        (["interim STC", "interim STC", "interim SNV"], [1, 2]),
        (["interim STC", "withdraw SGDDT", "interim SNV"], [1, 1, 1]),
        (["withdraw SGDDT", "close SGDDT", "interim SNV", "interim STC"], [1, 1, 2]),
        ([f"interim XA{n}" for n in range(2 * TOGETHER + 1)], [TOGETHER, TOGETHER, 1]),
        ([], []),
    ],
)
def test_only_acts_of_different_asked_agencies_travel_together(given: list[str], runs: list[int]) -> None:
    rows = acts(*given)
    made = list(abreast(rows))
    assert [len(run) for run in made] == runs
    assert [row for run in made for row in run] == rows


async def test_a_notice_nobody_can_put_into_words_does_not_hide_the_others_from_the_reader(island: World) -> None:
    await island.launch()
    await island.launch()
    await change(island, "UPDATE notices SET kind = 'khong-co' WHERE number = (SELECT min(number) FROM notices)")
    items = (await island.get("gd.stc", "/notices"))["items"] + (await island.get("gd.snv", "/notices"))["items"]
    assert len(items) == 4
    assert [item["subject"] for item in items if item["kind"] == "khong-co"] == [UNSAID]
    assert all(item["subject"].startswith("Lấy ý kiến") for item in items if item["kind"] == "launched")


async def change(world: World, statement: str, **values: str) -> None:
    """What somebody with the keys to the database changes."""
    async with world.services.database.begin() as connection:
        await connection.execute(sa.text(statement), values)


async def mailbox(world: World, user: str) -> None:
    """Give the account an address."""
    account = await world.services.accounts.find(user)
    assert account is not None
    named = account.model_copy(update={"email": f"{user}@so.mau"})
    await world.services.accounts.put_accounts([named])


async def test_mails_that_failed_are_listed_and_sent_again(island: World, smtp_sink: Sink) -> None:
    """One stumbles while it is put into words; the other goes out all the same."""
    id = await island.launch()
    for user in ("vt.stc", "vt.snv"):
        await mailbox(island, user)
    key = f"{id}/SNV/launched"
    at = {"smtp_host": smtp_sink.host, "smtp_port": smtp_sink.port, "smtp_from": "ykien@mau.vn"}
    mailer = Mailer(replace(island.services, settings=island.services.settings.model_copy(update=at)))
    spoil = "UPDATE notices SET kind = 'escalation', key = 'không có vụ việc' WHERE addressee = 'SNV'"
    await change(island, spoil)

    assert await mailer.send_once() == 1
    (listed,) = (await island.get(ADMIN, "/undeliverable"))["items"]
    assert (listed["kind"], listed["what"], listed["tries"]) == ("mail", "escalation", 1)
    assert listed["last_error"].startswith("IndexError")
    assert await mailer.send_once() == 0
    await change(island, "UPDATE notices SET kind = 'launched', key = :key WHERE addressee = 'SNV'", key=key)
    retried = await island.post(ADMIN, f"/undeliverable/mail/{listed['id']}/retry")
    assert (retried["retried"], retried["state"]) == (True, "waiting")
    assert await mailer.send_once() == 1
    assert [e.rcpt_tos for e in smtp_sink.envelopes] == [["vt.stc@so.mau"], ["vt.snv@so.mau"]]
    again = await island.post(ADMIN, f"/undeliverable/mail/{listed['id']}/retry")
    assert (again["retried"], again["state"]) == (False, "sent")
