"""Notices: they reach those they name, are read once, and are mailed by one relay at a time, whatever fails."""

import asyncio
from datetime import timedelta

from adapters.database import Database, connect
from adapters.register.notices import Address, Notices
from tests.adapters.registers import FixedClock, record, running, silence
from tests.worlds import at

TO_STC = [Address("agency", "STC"), Address("handler", "STC")]


async def test_notices_are_for_those_they_name_and_are_read_once(db: Database) -> None:
    desk = running()
    silence(desk, 4)
    await record(db, desk, subject="Kế hoạch")
    box = Notices(db)
    first = await box.page(TO_STC, limit=1)
    rest = await box.page(TO_STC, cursor=first.next)
    found = [*first.items, *rest.items]
    assert {row.kind for row in found} == {"launched", "reminder"}
    assert {(row.addressee, row.subject) for row in found} == {("STC", "Kế hoạch")}
    assert [row.number for row in found] == sorted((row.number for row in found), reverse=True)
    numbers = [row.number for row in found]
    assert await box.mark_read(numbers, [Address("agency", "SNV")], "cv.snv") == 0
    assert await box.mark_read(numbers[:1], TO_STC, "cv.stc") == 1
    assert await box.mark_read(numbers[:1], TO_STC, "vt.stc") == 0
    assert len((await box.page(TO_STC, unread_only=True)).items) == len(found) - 1
    assert (await box.page(TO_STC)).items[0].read_by == "cv.stc"
    assert (await box.page([])).items == ()


async def test_a_mail_is_claimed_by_one_relay_only(db: Database, register_url: str) -> None:
    """Relays that reach for the same mails at once may come away with fewer, never with another's."""
    await record(db, running("c1", *(f"XA{n}" for n in range(40))))
    other = connect(register_url)
    taken: list[int] = []
    for _ in range(40):
        claims = await asyncio.gather(*(Notices((db, other)[n % 2]).claim(7) for n in range(4)))
        taken += [row.number for claim in claims for row in claim]
    await other.close()
    assert len(taken) == len(set(taken)) == 40


async def test_a_claim_that_nobody_finished_is_due_again_and_a_failure_stops_nobody_else(db: Database) -> None:
    await record(db, running("c1", "A", "B", "C"))
    clock = FixedClock()
    box = Notices(db, clock)
    a, b, c = await box.claim(10, timedelta(minutes=5))
    await box.sent(a.number)
    await box.failed(b.number, "550 không có hộp thư này", None)
    await box.failed(c.number, "451 bận", timedelta(minutes=1))
    assert await box.claim() == ()
    clock.instant += timedelta(minutes=2)
    assert [(row.number, row.tries) for row in await box.claim()] == [(c.number, 2)]
    clock.instant += timedelta(minutes=6)
    assert [(row.number, row.tries, row.last_error) for row in await box.claim()] == [(c.number, 3, "451 bận")]
    states = {row.number: row.mail_state for row in (await box.page([Address("agency", x) for x in "ABC"])).items}
    assert states == {a.number: "sent", b.number: "failed", c.number: "claimed"}


async def test_a_mail_once_sent_stays_sent(db: Database) -> None:
    await record(db, running("c1", "A"))
    box = Notices(db, FixedClock())
    (row,) = await box.claim()
    await box.sent(row.number)
    await box.failed(row.number, "muộn", timedelta(0))
    found = (await box.page([Address("agency", "A")])).items[0]
    assert (found.mail_state, found.mailed_at) == ("sent", at("2026-01-05 09:00"))


async def test_notices_that_are_not_mailed_are_not_claimed(db: Database) -> None:
    desk = running()
    await record(db, desk)
    await Notices(db).claim(100)
    silence(desk, 3)
    quiet = {n.key for step in desk.steps for n in step.notices if not n.mail}
    await record(db, desk)
    assert quiet
    assert not quiet & {row.key for row in await Notices(db).claim(100)}
