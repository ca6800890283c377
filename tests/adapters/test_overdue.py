"""What is past due, and for whom: in order, in pages that hold still, in one statement, found by an index."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.database import Database
from adapters.register.queries_overdue import due_counts, overdue_page
from adapters.register.viewing import EVERYTHING, Viewer
from adapters.tables import asks, consultations
from domain.advance import advance
from domain.clarity.model import Fault, Position
from domain.commands import ClaimIncomplete, Urge, Withdraw
from domain.refusals import Code, Refused
from tests.adapters.registers import counted, record, running
from tests.worlds import Desk, at

OFFICE = Viewer(roles=("office",), agency="VPUB")
LEAD = Viewer(roles=("lead_officer",), agency="SGDDT")
ASKED = Viewer(roles=("clerk",), agency="STC")
NOW = at("2026-01-15 10:00")


async def lived(db: Database, desk: Desk, until: datetime = NOW) -> Desk:
    """Recorded after time passed."""
    desk.now = until
    desk.keep(advance(desk.state, until))
    await record(db, desk, subject=f"Việc {desk.state.id}")
    return desk


async def late(db: Database, id: str, *agencies: str, now: str = "2026-01-05 09:00", **values: object) -> Desk:
    """Nobody answered; due five working days after the launch."""
    return await lived(db, running(id, *agencies, now=now, **values))


async def listed(db: Database, viewer: Viewer = OFFICE, now: datetime = NOW, **wanted: Any) -> list[str]:
    """Consultation and agency of what is past due."""
    page = await overdue_page(db, viewer, now=now, **wanted)
    return [f"{row.consultation}/{row.agency}" for row in page.items]


async def test_what_is_past_due_comes_most_overdue_first_with_what_a_list_must_say(db: Database) -> None:
    await late(db, "c2", "SNV", "STC", now="2026-01-06 09:00")
    desk = await late(db, "c1", "STC", field="Y_TE")
    assert await listed(db) == ["c1/STC", "c2/SNV", "c2/STC"]
    row = (await overdue_page(db, OFFICE, now=NOW)).items[0]
    ask = desk.ask("STC")
    assert (row.subject, row.doc_number, row.lead, row.field) == ("Việc c1", "12/SGDĐT-KH", "SGDDT", "Y_TE")
    assert (row.due_at, row.escalation, row.stage) == (ask.due_at, ask.escalation, "delivered")
    assert (row.escalation, row.urged, row.urged_at) == ("c1.e1", (), None)


async def test_the_last_urging_of_either_side_is_shown(db: Database) -> None:
    desk = await late(db, "c1", "STC")
    desk.do(Urge, "VPUB", asked="STC")
    desk.now += timedelta(hours=1)
    desk.do(Urge, asked="STC")
    await record(db, desk)
    [row] = (await overdue_page(db, OFFICE, now=NOW)).items
    assert [(one.side, one.times) for one in row.urged] == [("office", 1), ("lead", 1)]
    assert row.urged_at == desk.now


async def test_only_whoever_owes_a_reply_is_overdue(db: Database) -> None:
    """Not who has answered and waits for the lead, whose clock stands still, or whose consultation has ended."""
    desk = running("c1", "STC", "SNV", "BHXH", "SXD", "SYT")
    desk.reply("STC")
    desk.point("SNV", "SCT")
    desk.do(ClaimIncomplete, "BHXH", items=1, content="x")
    desk.reply("SXD", Position.AGREE, Fault.GENERIC)
    await lived(db, desk)
    gone = running("c2", "STC")
    gone.do(Withdraw, content="x")
    await lived(db, gone)
    assert await listed(db) == ["c1/SXD", "c1/SYT"]
    counts = await due_counts(db, OFFICE, now=NOW, today_ends=NOW)
    assert (counts.open, counts.overdue, counts.due_today) == (4, 2, 0)


async def test_the_due_instant_itself_is_past_due(db: Database) -> None:
    desk = await late(db, "c1", "STC")
    due_at = desk.ask("STC").due_at
    assert due_at is not None
    assert await listed(db, now=due_at) == ["c1/STC"]
    just_before = due_at - timedelta(microseconds=1)
    assert await listed(db, now=just_before) == []
    before = await due_counts(db, OFFICE, now=just_before, today_ends=due_at)
    assert (before.open, before.overdue, before.due_today) == (1, 0, 1)
    day_before = await due_counts(db, OFFICE, now=just_before, today_ends=just_before)
    assert (day_before.open, day_before.overdue, day_before.due_today) == (1, 0, 0)


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        (OFFICE, "c1/SNV c1/STC c2/BHXH"),
        (Viewer(roles=("inspector",)), "c1/SNV c1/STC c2/BHXH"),
        (EVERYTHING, "c1/SNV c1/STC c2/BHXH"),
        (LEAD, "c1/SNV c1/STC"),
        (ASKED, "c1/STC"),
        (Viewer(roles=("agency_head",), agency="BHXH"), "c2/BHXH"),
        (Viewer(roles=("lead_officer", "handler"), agency="SYT"), "c2/BHXH"),
        (Viewer(roles=("leader",), leader="PCT9", fields=("Y_TE",)), "c2/BHXH"),
        (Viewer(roles=("leader",), leader="PCT1"), "c1/SNV c1/STC c2/BHXH"),
        (Viewer(roles=("leader", "clerk"), leader="PCT9", fields=("Y_TE",), agency="STC"), "c1/STC c2/BHXH"),
        (Viewer(roles=("home_affairs",), agency="STC"), ""),
        (Viewer(roles=("admin",), agency="SGDDT"), ""),
        (Viewer(), ""),
    ],
)
async def test_everyone_sees_the_delays_they_follow_and_an_asked_agency_its_own_only(
    db: Database, viewer: Viewer, sees: str
) -> None:
    """Another agency's delay is no business of whoever was asked beside it; list and counts agree."""
    await late(db, "c1", "STC", "SNV")
    await late(db, "c2", "BHXH", lead="SYT", field="Y_TE", now="2026-01-06 09:00")
    assert await listed(db, viewer) == sees.split()
    assert (await due_counts(db, viewer, now=NOW, today_ends=NOW)).overdue == len(sees.split())


async def test_a_list_filters_by_lead_agency_and_field(db: Database) -> None:
    await late(db, "c1", "STC", "SNV")
    await late(db, "c2", "STC", lead="SYT", field="Y_TE", now="2026-01-06 09:00")
    assert await listed(db, agency="STC") == ["c1/STC", "c2/STC"]
    assert await listed(db, lead="SYT") == await listed(db, field="Y_TE") == ["c2/STC"]
    assert await listed(db, lead="SGDDT", agency="STC") == ["c1/STC"]
    assert (await due_counts(db, OFFICE, now=NOW, today_ends=NOW, agency="STC")).overdue == 2
    assert (await due_counts(db, OFFICE, now=NOW, today_ends=NOW, field="KHAC")).open == 0


async def test_pages_hold_still_and_lose_nobody(db: Database) -> None:
    """Five at the same instant and two before them, two at a time; one comes in between."""
    await late(db, "c1", "A", "B", "C", "D", "E", now="2026-01-06 09:00")
    await late(db, "c0", "A", "B")
    seen, cursor = [], None
    while True:
        page = await overdue_page(db, OFFICE, now=NOW, cursor=cursor, limit=2)
        seen += [f"{row.consultation}/{row.agency}" for row in page.items]
        cursor = page.next
        if cursor is None:
            break
        if len(seen) == 2:
            await late(db, "b9", "A")
    assert seen == ["c0/A", "c0/B", "c1/A", "c1/B", "c1/C", "c1/D", "c1/E"]
    with pytest.raises(Refused) as refused:
        await overdue_page(db, OFFICE, now=NOW, cursor="khong-phai")
    assert refused.value.code is Code.BODY_INVALID


async def test_list_and_counts_take_one_statement_each(db: Database) -> None:
    await late(db, "c1", *(f"X{n}" for n in range(30)))
    with counted(db) as sent:
        assert len((await overdue_page(db, ASKED.model_copy(update={"agency": "SGDDT"}), now=NOW)).items) == 30
        await due_counts(db, OFFICE, now=NOW, today_ends=NOW)
    assert len(sent) == 2


async def test_what_is_open_is_found_by_an_index_beside_years_of_what_is_settled(db: Database) -> None:
    """From the running consultations to their open asks; nothing settled is looked at. The planners are asked."""
    sqlite = db.engine.dialect.name == "sqlite"
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    await _years(db)
    sa.event.listen(db.reader.sync_engine, "before_cursor_execute", note)
    await overdue_page(db, OFFICE, now=NOW, limit=50)
    await due_counts(db, OFFICE, now=NOW, today_ends=NOW)
    sa.event.remove(db.reader.sync_engine, "before_cursor_execute", note)
    queries = [(statement, values) for statement, values in sent if statement.startswith("SELECT")]
    assert len(queries) == 2
    async with db.read() as connection:
        for statement, values in queries:
            asked = f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{statement}"
            plan = str((await connection.exec_driver_sql(asked, values)).all())
            assert "ix_asks_consultation_stage_due_at" in plan, plan
            assert "SCAN asks" not in plan
            assert "Seq Scan on asks" not in plan


async def _years(db: Database) -> None:
    """A thousand ended consultations of ten settled asks each, and one that runs."""
    await late(db, "c1", "STC")
    async with db.begin() as connection:
        whole = (await connection.execute(sa.select(consultations))).one()._asdict()
        ask = (await connection.execute(sa.select(asks))).one()._asdict()
        ended = [{**whole, "id": f"e{n}", "phase": "closed"} for n in range(1000)]
        settled = {**ask, "stage": "settled"}
        rows = [{**settled, "consultation": row["id"], "agency": f"X{n}"} for row in ended for n in range(10)]
        await connection.execute(sa.insert(consultations), ended)
        await connection.execute(sa.insert(asks), rows)
    async with db.begin() as connection:
        await connection.execute(sa.text("ANALYZE"))
