"""Lessons, records of saying nothing, and earlier consultations, as the register gives them, in few statements."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.database import Database
from adapters.register.accounting_findings import Ground
from adapters.register.accounting_receipts import answering
from adapters.register.contents import content_of, store
from adapters.register.queries_burden import burdens
from adapters.register.queries_earlier import MOST_CANDIDATES, asked_in, candidates
from adapters.register.queries_lessons import RESET, RESTORE, lesson_of, lessons_in_use, lessons_page
from adapters.register.receipts import Receipts
from adapters.register.viewing import EVERYTHING, Viewer
from adapters.rules import load_rulebook
from adapters.tables import ledger
from adapters.tables_ledger import TEACHES
from domain.clarity.model import Position
from domain.commands import Close, Decide, Discard, Prepare, Rule
from domain.refusals import Code, Refused
from domain.relevance.burden import History
from domain.state import Ask
from tests.adapters.registers import FixedClock, counted, record, running
from tests.worlds import Desk, at
from tests.worlds import consultation as prepared

DIRECTORY = load_rulebook(Path(__file__).parents[2] / "rules").directory
PLAN = {
    "asks": [
        {"agency": "STC", "questions": [{"id": "q1", "text": "Lối thoát hiểm có bảo đảm không?", "part": "d1"}]},
        {"agency": "SNV", "questions": [{"id": "q1", "text": "", "part": "d2"}]},
    ],
    "parts": [{"id": "d1", "label": "Mục I", "text_excerpt": "a"}, {"id": "d2", "label": "Mục II. Biên chế"}],
}
EVER = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


async def keep(db: Database, words: dict[str, Any]) -> str:
    """The hash under which the words are stored."""
    body = content_of(words)
    async with db.begin() as connection:
        await store(connection, [body], at("2026-01-05 09:00"))
    return body.sha256


async def launched(db: Database, id: str, *agencies: str, subject: str = "Kế hoạch chợ đêm", **more: Any) -> Desk:
    """A consultation whose launch's words are stored."""
    content = await keep(db, {"kind": "launch", "subject": subject, "summary": more.pop("summary", ""), "plan": PLAN})
    return running(id, *agencies, content=content, **more)


def rerouted(desk: Desk, origin: str = "STC", to: str = "CAT", function: str = "CAT-02") -> None:
    desk.point(origin, to)
    seed = Ask(agency=to, functions=(function,), parts=("d1",), questions=("q1",))
    desk.do(Rule, asked=origin, ruling="accept_pointer", reroute=seed)


async def act(db: Database, verb: str, lesson: str, by: str = "vpub", now: str = "2026-02-02 09:00") -> None:
    """What the API does when somebody resets a lesson or takes it back."""
    words = content_of({"kind": verb, "lesson": lesson, "reason": f"lý do của {by}"})
    await Receipts(db, FixedClock(now)).stamp(
        id=f"r-{verb}-{by}-{now[:10]}",
        consultation=lesson.split(".")[0],
        verb=verb,
        actor=by,
        agency="VPUB",
        key=f"{verb}-{now}",
        request="POST x",
        body_sha256=words.sha256,
        contents=[words],
    )


async def test_lessons_come_from_the_ledger_with_the_leads_own_words(db: Database) -> None:
    desk = await launched(db, "c1")
    rerouted(desk)
    await record(db, desk)
    page = await lessons_page(db, DIRECTORY)
    assert [(one.lesson.function, one.lesson.related, one.in_use) for one in page.items] == [
        ("STC-01", False, True),
        ("CAT-02", True, True),
    ]
    assert {one.lesson.words for one in page.items} == {"Kế hoạch chợ đêm\nLối thoát hiểm có bảo đảm không?"}
    assert page.next is None


async def test_where_a_question_has_no_words_those_of_its_part_are_taken(db: Database) -> None:
    desk = await launched(db, "c1")
    rerouted(desk, "SNV", "STP", "STP-01")
    await record(db, desk)
    [away, _] = (await lessons_page(db, DIRECTORY)).items
    assert away.lesson.words == "Kế hoạch chợ đêm\nMục II. Biên chế"


async def test_a_leaders_acceptance_is_read_too_and_other_decisions_are_not(db: Database) -> None:
    for id, action in (("c1", "accept_out_of_function"), ("c2", "excuse")):
        desk = await launched(db, id)
        desk.point("STC", "CAT")
        desk.do(Rule, asked="STC", ruling="dispute_pointer", content="x")
        desk.do(Decide, escalation=f"{id}.e1", leader="PCT1", action=action, content="x")
        await record(db, desk)
    assert [one.lesson.consultation for one in (await lessons_page(db, DIRECTORY)).items] == ["c1"]


async def many(db: Database, count: int) -> None:
    for n in range(count):
        desk = await launched(db, f"c{n}")
        rerouted(desk)
        await record(db, desk)


async def test_pages_show_every_lesson_once_the_newest_first_and_never_more_than_asked_for(db: Database) -> None:
    await many(db, 5)
    shown: list[str] = []
    cursor = None
    while True:
        page = await lessons_page(db, DIRECTORY, cursor, 3)
        assert len(page.items) <= 3
        shown += [one.lesson.id for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert [id.split(".")[0] for id in shown] == ["c4", "c4", "c3", "c3", "c2", "c2", "c1", "c1", "c0", "c0"]
    assert len(set(shown)) == 10
    with pytest.raises(Refused) as refused:
        await lessons_page(db, DIRECTORY, "khong-phai", 3)
    assert refused.value.code is Code.BODY_INVALID


async def test_the_number_of_statements_does_not_grow_with_the_lessons(db: Database) -> None:
    await many(db, 1)
    with counted(db) as few:
        await lessons_in_use(db, DIRECTORY)
    for n in range(1, 6):
        desk = await launched(db, f"d{n}")
        rerouted(desk)
        await record(db, desk)
    with counted(db) as more:
        assert len(await lessons_in_use(db, DIRECTORY)) == 12
    assert len(few) == len(more) == 4
    assert len(await lessons_in_use(db, DIRECTORY, most=2)) == 4


async def test_an_acts_place_in_the_chain_is_found_by_an_index(db: Database) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    query = sa.select(ledger.c.seq).where(TEACHES).order_by(ledger.c.seq.desc()).limit(5)
    text = query.compile(db.engine.sync_engine, compile_kwargs={"literal_binds": True})
    async with db.read() as connection:
        plan = (await connection.execute(sa.text(f"EXPLAIN QUERY PLAN {text}"))).all()
    assert "ix_ledger_teaches" in str(plan)


async def test_a_reset_lesson_is_out_of_use_until_it_is_restored_and_every_act_stays(db: Database) -> None:
    desk = await launched(db, "c1")
    rerouted(desk)
    await record(db, desk)
    away, to = await lessons_in_use(db, DIRECTORY)
    await act(db, RESET, to.id, "vpub", "2026-02-02 09:00")
    assert [one.id for one in await lessons_in_use(db, DIRECTORY)] == [away.id]
    known = await lesson_of(db, DIRECTORY, to.id)
    assert known is not None
    assert not known.in_use
    assert (known.acts[0].by, known.acts[0].reason, known.acts[0].at) == (
        "vpub",
        "lý do của vpub",
        at("2026-02-02 09:00"),
    )
    await act(db, RESTORE, to.id, "quantri", "2026-02-03 09:00")
    again = await lesson_of(db, DIRECTORY, to.id)
    assert again is not None
    assert again.in_use
    assert [(one.by, one.reset) for one in again.acts] == [("vpub", True), ("quantri", False)]
    assert len(await lessons_in_use(db, DIRECTORY)) == 2


async def test_an_accounting_finds_nothing_amiss_with_a_reset(db: Database) -> None:
    """It is a receipt that no engine decides, and that is no receipt that was lost on its way."""
    desk = await launched(db, "c1")
    rerouted(desk)
    await record(db, desk)
    lesson = (await lessons_in_use(db, DIRECTORY))[0].id
    for verb in (RESET, RESTORE):
        await act(db, verb, lesson)
    ground = Ground(now=at("2026-03-01 09:00"))
    async with db.read() as connection:
        found = await answering(connection, ground)
    assert [one.what for one in found.differences] == []


@pytest.mark.parametrize("id", ["", "c1", "c1.", "c1.x.STC-01", "c1.99999999999.STC-01", "c9.3.STC-01", "c1.1.STC-01"])
async def test_an_id_that_is_no_lessons_finds_nothing(db: Database, id: str) -> None:
    desk = await launched(db, "c1")
    rerouted(desk)
    await record(db, desk)
    assert await lesson_of(db, DIRECTORY, id) is None


# --- records of saying nothing


async def replied(db: Database, desk: Desk, agency: str, text: str | None, **more: Any) -> None:
    content = "khong-co" if text is None else await keep(db, {"kind": "reply", "text": text, "n": desk.state.id})
    desk.reply(agency, content=content, **more)


async def history(
    db: Database, *fields: str, kind: str = "KE_HOACH", agencies: tuple[str, ...] = ("STC", "SNV")
) -> Any:
    return await burdens(db, agencies, fields or ("PHO_THONG",), kind, *EVER)


@pytest.mark.clause("G17")
async def test_plain_agreement_and_accepted_out_of_function_are_nothing_to_say(db: Database) -> None:
    plain = running("c1")
    await replied(db, plain, "STC", "Sở Tài chính thống nhất với dự thảo.")
    await replied(db, plain, "SNV", "Thống nhất với dự thảo; đề nghị bổ sung căn cứ.")
    away = await launched(db, "c2")
    rerouted(away)
    silent, unknown, long = running("c3"), running("c4"), running("c5")
    await replied(db, unknown, "STC", None)
    await replied(db, long, "STC", "Thống nhất với dự thảo. " * 300)
    remarked = running("c6")
    await replied(db, remarked, "STC", "Thống nhất.", position=Position.AGREE_WITH_AMENDMENTS)
    for desk in (plain, away, silent, unknown, long, remarked):
        await record(db, desk)
    assert await history(db) == {
        "STC": History(asked=6, nothing_to_say=2),
        "SNV": History(asked=6, nothing_to_say=0),
    }


async def test_a_later_version_that_says_something_counts(db: Database) -> None:
    desk = running("c1")
    await replied(db, desk, "STC", "Thống nhất với dự thảo.")
    await replied(db, desk, "STC", "Thống nhất; lưu ý nguồn vốn.")
    await record(db, desk)
    assert (await history(db))["STC"] == History(asked=1, nothing_to_say=0)


async def test_only_such_drafts_count_and_nobody_a_rule_obliged_to_ask(db: Database) -> None:
    for id, values in (("c1", {}), ("c2", {"field": "Y_TE"}), ("c3", {"draft_kind": "QD_CT"})):
        await record(db, running(id, **values))
    obliged = prepared("STC", id="c4")
    obliged = obliged.model_copy(update={"asks": {"STC": obliged.asks["STC"].model_copy(update={"mandatory": True})}})
    desk = Desk(obliged, "2026-01-05 09:00")
    desk.launch()
    await record(db, desk)
    unsent = Desk(prepared("STC", id="c5"), "2026-01-05 09:00")
    unsent.do(Prepare)
    await record(db, unsent)
    assert (await history(db))["STC"].asked == 1
    assert (await history(db, "PHO_THONG", "Y_TE"))["STC"].asked == 2
    assert await history(db, agencies=()) == {}
    sent = at("2026-01-05 09:00")
    assert await burdens(db, ("STC",), ("PHO_THONG",), "KE_HOACH", sent + timedelta(days=1), EVER[1]) == {}
    assert await burdens(db, ("STC",), ("PHO_THONG",), "KE_HOACH", EVER[0], sent) == {}


async def test_all_records_take_one_statement(db: Database) -> None:
    for n in range(4):
        desk = running(f"c{n}")
        await replied(db, desk, "STC", "Sở Tài chính thống nhất với dự thảo.")
        await record(db, desk)
    with counted(db) as sent:
        assert (await history(db))["STC"] == History(asked=4, nothing_to_say=4)
    assert len(sent) == 1


# --- earlier consultations

STRANGER = Viewer(roles=("lead_officer",), agency="SXD")


async def test_candidates_hold_one_of_the_phrases_and_say_whether_the_viewer_may_see_them(db: Database) -> None:
    market = await launched(db, "cho", subject="Kế hoạch sắp xếp chợ đêm ven sông", summary="Di dời 38 quầy.")
    market.reply("STC")
    market.reply("SNV")
    market.do(Close)
    await record(db, market)
    await record(db, await launched(db, "khac", subject="Đề án bãi rác"))
    await record(db, await launched(db, "ho", "SXD", subject="Quy chế chợ đêm"))
    for id, kind in (("nhap", None), ("bo", Discard)):
        desk = Desk(prepared("STC", id=id, content=market.state.content), "2026-01-05 09:00")
        desk.do(Prepare)
        if kind:
            desk.do(kind)
        await record(db, desk)
    with counted(db) as sent:
        found = await candidates(db, STRANGER, ("cho dem", "ven song"), *EVER)
    assert len(sent) == 1
    assert [(one.id, one.closed, one.seen, one.summary) for one in found] == [
        ("cho", True, False, "Di dời 38 quầy."),
        ("ho", False, True, ""),
    ]
    assert found[0].sent_at == at("2026-01-05 09:00")
    assert all(one.seen for one in await candidates(db, EVERYTHING, ("cho dem",), *EVER))
    assert await candidates(db, EVERYTHING, (), *EVER) == ()
    assert await candidates(db, EVERYTHING, ("cho dem",), EVER[0], at("2026-01-05 09:00")) == ()
    assert await asked_in(db, ["cho", "ho"]) == {"cho": ("STC", "SNV"), "ho": ("SXD",)}


async def test_candidates_are_bounded_the_nearest_and_newest_kept(db: Database) -> None:
    for n in range(MOST_CANDIDATES + 3):
        await record(db, await launched(db, f"c{n:02}", subject="Chợ đêm"))
    await record(db, await launched(db, "gan", subject="Chợ đêm ven sông", now="2025-11-03 09:00"))
    found = await candidates(db, EVERYTHING, ("cho dem", "ven song"), *EVER)
    assert len(found) == MOST_CANDIDATES
    assert found[0].id == "gan"
