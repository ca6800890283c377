"""Amendments in the register: only ever added, entered and revoked once; and the rules in force that follow them."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.database import Database, RegisterUnavailable, connect, migrate
from adapters.register.amendments import ENTERED, Amendments
from adapters.register.contents import content_of
from adapters.register.queries_running import running_after, running_in
from adapters.register.receipts import Receipt, Receipts
from adapters.rules_amended import AmendedRules
from adapters.tables import amendments
from domain.amendments import Amendment, standing
from domain.calendar import DayNotice
from domain.terms import Absence
from tests.adapters.registers import FixedClock, count, counted, record, running, tell
from tests.domain.plans import rulebook
from tests.worlds import at

MONDAY = date(2026, 5, 18)
DAY = DayNotice(date=MONDAY, kind="off", name="Ngày thử", basis="Thông báo thử", confidence="S2")
AWAY = Absence(leader="PCT4", stand_in="PCT1", effective_from=MONDAY, effective_to=MONDAY)


async def stamped(db: Database, id: str) -> Receipt:
    """A receipt of the administrator's."""
    words = content_of({"kind": ENTERED, "id": id})
    store = Receipts(db, FixedClock("2026-04-22 09:00"))
    stamped = await store.stamp(
        id=id,
        consultation="",
        verb=ENTERED,
        actor="quantri",
        agency=None,
        key=f"k-{id}",
        request="POST",
        body_sha256=words.sha256,
        contents=[words],
    )
    return stamped.receipt


async def entered(db: Database, id: str = "r1") -> Amendment:
    return await Amendments(db).append(await stamped(db, id), "calendar_day", DAY, "Theo thông báo.")


async def test_an_amendment_comes_back_with_who_when_and_why(db: Database) -> None:
    row = await entered(db)
    assert (row.number, row.kind, row.change, row.reason) == (1, "calendar_day", DAY, "Theo thông báo.")
    assert (row.actor, row.at, row.receipt, row.revokes) == ("quantri", at("2026-04-22 09:00"), "r1", None)
    assert await Amendments(db).all() == (row,)


async def test_told_twice_it_is_one_row(db: Database) -> None:
    receipt, kept = await stamped(db, "r1"), Amendments(db)
    both = [kept.append(receipt, "absence", AWAY, "x") for _ in range(2)]
    first, second = await asyncio.gather(*both)
    assert first == second
    assert await kept.revision() == await count(db, amendments) == 1


async def test_of_two_who_revoke_at_once_one_does(db: Database) -> None:
    row, kept = await entered(db), Amendments(db)
    receipts = [await stamped(db, id) for id in ("r2", "r3")]
    done = await asyncio.gather(*(kept.revoke(receipt, row, "Nhầm.") for receipt in receipts))
    assert sorted(one is None for one in done) == [False, True]
    [revocation] = [one for one in done if one]
    assert (revocation.kind, revocation.change, revocation.revokes) == ("calendar_day", None, row.number)
    assert await kept.revoke(receipts[done.index(revocation)], row, "Nhầm.") == revocation
    assert standing(await kept.all()) == ()


async def test_a_row_cannot_be_changed_or_removed(db: Database) -> None:
    await entered(db)
    for statement in (sa.update(amendments).values(reason="x"), sa.delete(amendments)):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            await tell(db, statement)


async def test_going_down_and_up_again_keeps_the_rows_their_guard_and_their_numbers(register_url: str) -> None:
    db = connect(register_url)
    row = await entered(db)
    await Amendments(db).revoke(await stamped(db, "r2"), row, "Nhầm.")
    before = await Amendments(db).all()
    await db.close()
    await migrate(register_url, "base")
    await migrate(register_url)
    db = connect(register_url)
    assert await Amendments(db).all() == before
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        await tell(db, sa.delete(amendments))
    assert (await entered(db, "r3")).number == 3
    await db.close()


# --- the rules in force


async def test_another_process_sees_an_amendment_when_it_asks_again(db: Database, register_url: str) -> None:
    other = connect(register_url)
    here, there = AmendedRules(db, rulebook()), AmendedRules(other, rulebook(), seconds=0)
    before = await here.rulebook()
    assert before is await there.rulebook() is rulebook()
    await entered(db)
    assert not (await there.rulebook()).calendar.is_working(MONDAY)
    assert await here.rulebook() is before
    here.forget()
    assert not (await here.rulebook()).calendar.is_working(MONDAY)
    await other.close()


async def test_the_register_is_asked_once_for_many_and_not_again_for_a_while(db: Database) -> None:
    rules = AmendedRules(db, rulebook())
    await entered(db)
    with counted(db) as sent:
        found = await asyncio.gather(*(rules.rulebook() for _ in range(20)))
    assert len(sent) == 2
    assert all(one is found[0] for one in found)
    with counted(db) as sent:
        await rules.rulebook()
    assert sent == []


async def test_asked_again_without_a_change_the_rules_are_the_very_same(db: Database) -> None:
    rules = AmendedRules(db, rulebook(), seconds=0)
    await entered(db)
    before = await rules.rulebook()
    with counted(db) as sent:
        assert await rules.rulebook() is before
    assert len(sent) == 1


async def test_a_leader_table_shows_an_absence_entered_a_moment_ago(db: Database) -> None:
    rules = AmendedRules(db, rulebook(), seconds=0)
    noon = at("2026-05-18 12:00")
    assert (await rules.leader_table("PHO_THONG", MONDAY)).in_charge(noon).leader == "PCT4"
    await Amendments(db).append(await stamped(db, "r1"), "absence", AWAY, "Đi công tác.")
    assert (await rules.leader_table("PHO_THONG", MONDAY)).in_charge(noon).leader == "PCT1"


async def test_without_the_register_the_rules_last_known_stay_and_unknown_ones_are_not_guessed(
    db: Database, broken: Callable[[], Database]
) -> None:
    rules = AmendedRules(db, rulebook(), seconds=0)
    await entered(db)
    before = await rules.rulebook()
    rules._amendments = Amendments(broken())
    assert await rules.rulebook() is before
    with pytest.raises(RegisterUnavailable):
        await AmendedRules(broken(), rulebook()).rulebook()


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[], Database]:
    """A register that is not there."""
    return lambda: connect(f"sqlite+aiosqlite:///{tmp_path}/khong-co/x.db")


# --- what runs


async def test_only_what_runs_and_is_due_after_the_instant_is_weighed(db: Database) -> None:
    desk = running("c1")
    due = desk.ask("STC").due_at
    assert due is not None
    desk.reply("SNV")
    await record(db, desk)
    await record(db, running("c2", now="2025-12-01 09:00"))
    [found] = await running_after(db, at("2026-01-08 00:00"))
    assert (found.id, [ask.agency for ask in found.asks]) == ("c1", ["STC"])
    assert (found.terms, found.asks[0]) == (desk.state.terms, desk.ask("STC"))
    assert await running_after(db, due) == ()
    assert sorted(one.id for one in await running_in(db, ["PHO_THONG"])) == ["c1", "c2"]
    assert len(await running_in(db, ["PHO_THONG"], 1)) == 1
    assert await running_in(db, ["DAT_DAI"]) == ()
