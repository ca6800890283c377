"""The stamp: a request is accepted once, with the words and the database's time, whatever happens around it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.database import Database, connect
from adapters.register.contents import Content, content, content_of, content_of_bytes
from adapters.register.receipts import Receipts, Stamped
from adapters.register.recording import SqlRegister
from adapters.tables import contents, outbox, receipts
from domain.commands import Submission
from domain.refusals import Code, Refused
from tests.adapters.registers import FixedClock, count, submission
from tests.worlds import at

WORDS = content_of({"text": "Nhất trí với dự thảo"})


async def stamp(db: Database, id: str = "r1", clock: FixedClock | None = None, **changes: Any) -> Stamped:
    """Stamp a small command."""
    consultation = changes.get("consultation", "c1")

    def command(received_at: datetime) -> Submission:
        return submission(consultation, id, received_at)

    given: dict[str, Any] = {
        "id": id,
        "consultation": consultation,
        "verb": "interim",
        "actor": "cv.stc",
        "agency": "STC",
        "key": f"khóa-{id}",
        "request": f"POST /api/v1/consultations/{consultation}/asks/STC/interim",
        "body_sha256": WORDS.sha256,
        "contents": (WORDS,),
        "command": command,
    }
    return await Receipts(db, clock).stamp(**(given | changes))


async def test_a_stamp_keeps_words_time_and_task_in_one_transaction(db: Database) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    stamped = await stamp(db)
    assert before < stamped.receipt.received_at < datetime.now(UTC) + timedelta(minutes=1)
    assert stamped.submission is not None
    assert stamped.submission.command.at == stamped.receipt.received_at
    assert (stamped.replayed, stamped.receipt.state) == (False, "pending")
    assert await Receipts(db).get("r1") == stamped.receipt
    assert await content(db, WORDS.sha256) == WORDS
    waiting = await Receipts(db).waiting()
    assert [(w.receipt, w.submission) for w in waiting] == [("r1", stamped.submission)]


async def test_the_time_of_receipt_is_the_clock_ports(db: Database) -> None:
    stamped = await stamp(db, clock=FixedClock("2026-05-04 23:59"))
    assert stamped.receipt.received_at == at("2026-05-04 23:59")


async def test_a_command_that_is_refused_while_it_is_stamped_leaves_nothing(db: Database) -> None:
    def refuse(_: datetime) -> Submission:
        raise Refused(Code.CLASSIFIED)

    with pytest.raises(Refused):
        await stamp(db, command=refuse)
    assert [await count(db, table) for table in (receipts, contents, outbox)] == [0, 0, 0]


async def test_the_same_key_again_gets_the_first_answer(db: Database) -> None:
    first = await stamp(db)
    pending = await stamp(db, "r2", key="khóa-r1")
    assert (pending.replayed, pending.receipt, pending.submission) == (True, first.receipt, None)
    await Receipts(db).answer("r1", 200, {"seq": 7, "text": "Đã nhận"}, "done")
    await Receipts(db).answer("r1", 409, {"type": "other"}, "refused")
    again = await stamp(db, "r3", key="khóa-r1")
    assert (again.replayed, again.receipt.id) == (True, "r1")
    assert (again.receipt.state, again.receipt.status) == ("done", 200)
    assert again.receipt.answer == {"seq": 7, "text": "Đã nhận"}
    assert await count(db, receipts) == 1


@pytest.mark.parametrize("change", [{"body_sha256": "0" * 64}, {"request": "POST /api/v1/consultations"}])
async def test_the_same_key_with_something_else_is_refused(db: Database, change: dict[str, Any]) -> None:
    await stamp(db)
    with pytest.raises(Refused) as caught:
        await stamp(db, "r2", key="khóa-r1", **change)
    assert (caught.value.code, caught.value.params) == (Code.KEY_REUSED, {"key": "khóa-r1"})


async def test_two_officers_may_use_the_same_key(db: Database) -> None:
    await stamp(db)
    assert not (await stamp(db, "r2", key="khóa-r1", actor="cv.snv")).replayed


async def test_a_receipts_id_belongs_to_one_receipt(db: Database) -> None:
    await stamp(db)
    with pytest.raises(ValueError, match="belongs to another"):
        await stamp(db, "r1", key="khóa khác")


async def test_of_many_at_once_with_one_key_exactly_one_is_accepted(db: Database, register_url: str) -> None:
    """Two programs, thirty callers; the others learn the first one's receipt."""
    other = connect(register_url)
    doors = [db, other]
    stamped = await asyncio.gather(*(stamp(doors[n % 2], f"r{n}", key="một khóa") for n in range(30)))
    await other.close()
    assert sum(not s.replayed for s in stamped) == 1
    assert len({s.receipt.id for s in stamped}) == 1
    assert [await count(db, table) for table in (receipts, contents, outbox)] == [1, 1, 1]


async def test_of_many_at_once_with_one_key_and_other_words_one_is_accepted_and_the_others_refused(
    db: Database,
) -> None:
    tries = (stamp(db, f"r{n}", key="một khóa", body_sha256=f"{n}") for n in range(10))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(o, Stamped) and not o.replayed for o in outcomes) == 1
    assert sum(isinstance(o, Refused) and o.code is Code.KEY_REUSED for o in outcomes) == 9


async def test_callers_that_store_the_same_contents_in_another_order_do_not_wait_for_each_other(
    db: Database, register_url: str
) -> None:
    other = connect(register_url)
    words = [content_of({"n": n}) for n in range(6)]
    stamps = [stamp((db, other)[n % 2], f"r{n}", contents=words if n % 2 else list(reversed(words))) for n in range(20)]
    await asyncio.gather(*stamps)
    await other.close()
    assert (await count(db, receipts), await count(db, contents)) == (20, 6)


async def test_contents_are_kept_byte_for_byte_and_once(db: Database) -> None:
    raw = content_of_bytes(bytes(range(256)) * 4096, "application/octet-stream")
    await stamp(db, contents=(raw, WORDS))
    await stamp(db, "r2", contents=(raw,))
    assert await content(db, raw.sha256) == raw
    assert await count(db, contents) == 2
    assert await content(db, "0" * 64) is None
    assert repr(raw.data) not in repr(raw)


def test_equal_bodies_have_equal_hashes() -> None:
    """Whatever the order of their keys; the bytes are readable Vietnamese."""
    one, two = content_of({"a": 1, "b": "đồng ý"}), content_of({"b": "đồng ý", "a": 1})
    assert one == two
    assert one == Content(sha256=one.sha256, media_type="application/json", data='{"a":1,"b":"đồng ý"}'.encode())


async def test_what_waits_is_delivered_in_order_and_a_stuck_consultation_holds_up_nobody(db: Database) -> None:
    for id, consultation in (("r1", "c1"), ("r2", "c2"), ("r3", "c1"), ("r4", "c3"), ("r5", "c2")):
        await stamp(db, id, consultation=consultation)
    box = Receipts(db)
    assert [w.receipt for w in await box.waiting()] == ["r1", "r3", "r2", "r5", "r4"]
    await box.mark_try("r1", "Temporal không trả lời")
    assert [w.receipt for w in await box.waiting(3)] == ["r2", "r5", "r4"]
    stuck = (await box.waiting())[-2]
    assert (stuck.receipt, stuck.tries, stuck.last_error) == ("r1", 1, "Temporal không trả lời")
    for id in ("r2", "r5"):
        await box.answer(id, 200, {}, "done")
    assert [w.receipt for w in await box.waiting()] == ["r4", "r1", "r3"]
    assert (await box.backlog()).count == 3


async def test_the_relay_may_leave_the_newest_to_whoever_is_just_sending_them(db: Database) -> None:
    await stamp(db, "r1", FixedClock("2026-05-04 08:00"))
    await stamp(db, "r2", FixedClock("2026-05-04 09:00"))
    assert [w.receipt for w in await Receipts(db).waiting(before=at("2026-05-04 09:00"))] == ["r1"]


async def test_a_request_without_a_command_waits_for_no_workflow(db: Database) -> None:
    assert (await stamp(db, command=None)).submission is None
    assert await Receipts(db).waiting() == ()
    await Receipts(db).answer("r1", 201, {"id": "f1"}, "done")
    found = await Receipts(db).get("r1")
    assert found is not None
    assert found.answer == {"id": "f1"}


async def test_the_workflow_finds_receipts_that_never_reached_it_oldest_first(db: Database) -> None:
    """Lateness follows from the receipt, so a reply in time that got stuck is found before anyone is held overdue."""
    for id, time in (("r1", "09:00"), ("r2", "08:00"), ("r3", "10:00")):
        await stamp(db, id, FixedClock(f"2026-05-04 {time}"))
    await stamp(db, "r4", consultation="c2")
    await Receipts(db).answer("r3", 422, {"type": "not_open"}, "refused")
    pending = await SqlRegister(db).undelivered("c1")
    assert [s.command.receipt for s in pending.submissions] == ["r2", "r1"]
    assert (await SqlRegister(db).undelivered("không có")).submissions == ()


async def test_an_unknown_receipt_is_none(db: Database) -> None:
    assert await Receipts(db).get("không có") is None
