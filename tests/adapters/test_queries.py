"""Reading: lists by what one may see, in pages that hold still, in a fixed number of statements."""

import pytest

from adapters.database import Database
from adapters.register.notices import Address, Notices
from adapters.register.paging import encode
from adapters.register.queries_asks import ask, asks_of, inbox
from adapters.register.queries_consultations import (
    consultation,
    consultations_of_file,
    consultations_page,
    unended,
)
from adapters.register.queries_escalations import escalation, escalations_page
from adapters.register.viewing import EVERYTHING, Viewer
from domain.commands import Discard, Prepare, Withdraw
from domain.refusals import Code, Refused
from tests.adapters.registers import counted, record, running, silence
from tests.worlds import Desk
from tests.worlds import consultation as prepared

LEAD = Viewer(roles=("lead_officer",), agency="SGDDT")
ASKED = Viewer(roles=("handler",), agency="STC")
STRANGER = Viewer(roles=("agency_head", "clerk"), agency="SXD")
OFFICE = Viewer(roles=("office",), agency="VP")
INSPECTOR = Viewer(roles=("inspector",))
ADMIN = Viewer(roles=("admin",), agency="SGDDT")
IN_CHARGE = Viewer(roles=("leader",), leader="PCT1")
OF_FIELD = Viewer(roles=("leader",), leader="PCT9", fields=("PHO_THONG",))
WATCHER = Viewer(roles=("leader",), leader="PCT2")
CHAIRMAN = Viewer(roles=("leader",), leader="CT")
NOBODY = Viewer()


async def world(db: Database) -> None:
    """`nhap` is only prepared, `bo` discarded, `mo` open, `rut` withdrawn, `leo` escalated."""
    for id in ("nhap", "bo"):
        desk = Desk(prepared("STC", id=id), "2026-01-05 09:00")
        desk.do(Prepare)
        if id == "bo":
            desk.do(Discard)
        await record(db, desk)
    await record(db, running("mo", field="Y_TE"))
    withdrawn = running("rut", field="Y_TE")
    withdrawn.do(Withdraw, content="x")
    await record(db, withdrawn)
    late = running("leo", "STC", "SNV", field="Y_TE")
    watched = late.state.asks["STC"].model_copy(update={"watched_by": "PCT2"})
    late.state = late.state.model_copy(update={"asks": {**late.state.asks, "STC": watched}})
    silence(late)
    silence(late)
    await record(db, late)


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        (LEAD, "nhap bo mo rut leo"),
        (ASKED, "mo rut leo"),
        (STRANGER, ""),
        (OFFICE, "nhap bo mo rut leo"),
        (INSPECTOR, "nhap bo mo rut leo"),
        (ADMIN, ""),
        (IN_CHARGE, "leo"),
        (OF_FIELD, "nhap bo"),
        (WATCHER, "leo"),
        (CHAIRMAN, "nhap bo mo rut leo"),
        (NOBODY, ""),
        (EVERYTHING, "nhap bo mo rut leo"),
        (Viewer(roles=("home_affairs",), agency="SNV"), ""),
        (Viewer(roles=("leader",)), ""),
        (Viewer(agency="SGDDT"), ""),
    ],
)
async def test_everyone_sees_what_concerns_them_in_lists_and_alone(db: Database, viewer: Viewer, sees: str) -> None:
    """A list and a single page never disagree about what may be seen."""
    await world(db)
    listed = [row.id for row in (await consultations_page(db, viewer)).items]
    assert sorted(listed) == sorted(sees.split())
    for id in ("nhap", "bo", "mo", "rut", "leo"):
        assert (await consultation(db, id, viewer) is not None) == (id in listed)


@pytest.mark.clause("Q37")
async def test_the_inspectors_find_every_consultation_and_case(db: Database) -> None:
    """Kiểm tra, giám sát: reading is not limited to what somebody chose to show."""
    await world(db)
    assert len((await consultations_page(db, INSPECTOR)).items) == 5
    assert len((await escalations_page(db, INSPECTOR)).items) == len((await escalations_page(db, EVERYTHING)).items) > 0


async def test_a_list_filters_by_phase_lead_agency_and_field(db: Database) -> None:
    await world(db)
    await record(db, running("khac", "BHXH", lead="SYT"))

    async def ids(**filters: object) -> list[str]:
        page = await consultations_page(db, EVERYTHING, **filters)  # type: ignore[arg-type]
        return sorted(row.id for row in page.items)

    assert await ids(status=("open",)) == ["khac", "leo", "mo"]
    assert await ids(status=("draft", "withdrawn")) == ["nhap", "rut"]
    assert await ids(lead="SYT") == ["khac"]
    assert await ids(agency="BHXH") == ["khac"]
    assert await ids(field="PHO_THONG") == ["bo", "khac", "nhap"]
    assert await ids(field="PHO_THONG", status=("open",), agency="BHXH") == ["khac"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ke hoach", True),
        ("KẾ HOẠCH năm", True),
        ("hoạch kế", True),
        ("đường bộ", True),
        ("duong bo", True),
        ("12/SGDĐT-KH", True),
        ("sgddt", True),
        ("kế hoạch thủy lợi", False),
        ("100%", False),
        ("_", True),
        ("' OR 1=1", False),
        ("", True),
    ],
)
async def test_search_ignores_diacritics_case_and_order(db: Database, text: str, found: bool) -> None:
    await record(db, running(), subject="Kế hoạch năm 2026 về giao thông đường bộ")
    page = await consultations_page(db, EVERYTHING, text=text)
    assert bool(page.items) is found


async def test_counts_and_next_due_are_those_of_the_asks(db: Database) -> None:
    desk = running("c1", "STC", "SNV", "BHXH")
    await record(db, desk)
    due = desk.ask("STC").due_at
    [row] = (await consultations_page(db, EVERYTHING)).items
    assert (row.asked, row.settled, row.next_due) == (3, 0, due)
    for agency in ("STC", "SNV", "BHXH"):
        desk.reply(agency)
    await record(db, desk)
    [row] = (await consultations_page(db, EVERYTHING)).items
    assert (row.asked, row.settled, row.next_due, row.phase) == (3, 3, None, "synthesis")


async def many(db: Database, ids: range, now: str = "2026-01-05 09:00") -> None:
    """Consultations prepared at the same instant."""
    for n in ids:
        await record(db, running(f"c{n:03}", now=now))


async def test_pages_neither_repeat_nor_skip_while_others_come_in(db: Database) -> None:
    await many(db, range(7))
    seen: list[str] = []
    cursor: str | None = None
    for round in range(4):
        page = await consultations_page(db, EVERYTHING, cursor=cursor, limit=2)
        seen += [row.id for row in page.items]
        cursor = page.next
        await many(db, range(100 + round, 101 + round), now="2026-01-06 09:00")
        if cursor is None:
            break
    assert seen == [f"c{n:03}" for n in reversed(range(7))]


async def test_a_pages_statements_do_not_grow_with_its_rows(db: Database) -> None:
    await many(db, range(12))
    sent_by_size = []
    for size in (1, 10):
        with counted(db) as sent:
            assert len((await consultations_page(db, ASKED, limit=size, text="c0")).items) == size
        sent_by_size.append(len(sent))
    assert sent_by_size == [2, 2]
    with counted(db) as sent:
        await inbox(db, "STC")
        await escalations_page(db, OFFICE)
        await Notices(db).page([Address("agency", "STC")])
        await asks_of(db, "c001")
    assert len(sent) == 4


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!",
        "é",
        "",
        encode("2026-01-01"),
        encode(1, "c1"),
        encode("2026-01-01", "c1"),
        encode("hôm qua", "c1"),
        "A" * 9,
    ],
)
async def test_a_cursor_that_is_none_of_ours_is_refused(db: Database, cursor: str) -> None:
    if not cursor:
        assert (await consultations_page(db, EVERYTHING, cursor=cursor)).items == ()
        return
    with pytest.raises(Refused) as caught:
        await consultations_page(db, EVERYTHING, cursor=cursor)
    assert caught.value.code is Code.BODY_INVALID


async def test_a_page_holds_at_least_one_and_at_most_two_hundred_rows(db: Database) -> None:
    await many(db, range(3))
    assert len((await consultations_page(db, EVERYTHING, limit=0)).items) == 1
    assert len((await consultations_page(db, EVERYTHING, limit=10**9)).items) == 3


async def test_an_agency_finds_what_it_owes_soonest_due_first(db: Database) -> None:
    await record(db, running("sau", now="2026-01-07 09:00"))
    await record(db, running("truoc", now="2026-01-05 09:00"))
    done = running("xong")
    done.reply("STC")
    await record(db, done)
    draft = Desk(prepared("STC", id="nhap"), "2026-01-05 09:00")
    draft.do(Prepare)
    await record(db, draft)
    first = await inbox(db, "STC", limit=1)
    rest = await inbox(db, "STC", cursor=first.next)
    assert [row.consultation for row in (*first.items, *rest.items)] == ["truoc", "sau"]
    assert [row.consultation for row in (await inbox(db, "STC", open_only=False)).items] == ["truoc", "xong", "sau"]
    assert (await inbox(db, "STC", handler="cv.stc")).items == ()
    assert (await inbox(db, "SXD")).items == ()


async def test_an_ask_comes_back_as_the_engine_left_it(db: Database) -> None:
    desk = running()
    desk.reply("STC")
    await record(db, desk)
    assert await ask(db, "c1", "STC") == desk.ask("STC")
    assert await ask(db, "c1", "SXD") is None
    assert await asks_of(db, "c1") == tuple(desk.state.asks.values())


async def test_leaders_find_the_cases_on_their_desk(db: Database) -> None:
    await world(db)
    case = (await escalations_page(db, EVERYTHING)).items[0]
    assert (case.consultation, case.escalation.leader, case.escalation.rung) == ("leo", "PCT1", 2)
    for viewer, sees in ((IN_CHARGE, 1), (WATCHER, 1), (CHAIRMAN, 1), (OF_FIELD, 0), (LEAD, 1), (ASKED, 0), (ADMIN, 0)):
        assert len((await escalations_page(db, viewer)).items) == sees, viewer
        assert (await escalation(db, case.escalation.id, viewer) is not None) == bool(sees)
    assert len((await escalations_page(db, EVERYTHING, leader="PCT1", open_only=True)).items) == 1
    assert (await escalations_page(db, EVERYTHING, leader="PCT9")).items == ()
    assert (await escalations_page(db, EVERYTHING, consultation="mo")).items == ()
    assert await escalation(db, "không có") is None


async def test_a_leader_who_takes_over_the_field_finds_its_open_cases(db: Database) -> None:
    await world(db)
    successor = Viewer(roles=("leader",), leader="PCT9", fields=("Y_TE",))
    assert len((await escalations_page(db, successor, open_only=True)).items) == 1


async def test_what_is_not_ended_must_have_a_workflow(db: Database) -> None:
    await world(db)
    assert sorted(await unended(db)) == ["leo", "mo", "nhap"]


async def test_a_draft_file_leads_to_its_consultations(db: Database) -> None:
    await world(db)
    assert len(await consultations_of_file(db, "f1")) == 5
    assert await consultations_of_file(db, "f9") == ()
