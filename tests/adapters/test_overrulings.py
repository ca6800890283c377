"""Overrulings: each reply a person has ruled on is one example with the last word; what nobody touched is none."""

from itertools import pairwise

import pytest

from adapters.database import Database
from adapters.register.paging import encode
from adapters.register.queries_overrulings import OverrulingRow, overrulings
from domain.clarity.model import Fault, Position
from domain.commands import Contest, Decide, Rule
from domain.refusals import Code, Refused
from domain.state import Verdict
from tests.adapters.registers import a_life, counted, record, running, silence
from tests.worlds import Desk

UNCLEAR = Fault.GENERIC


async def everything(db: Database, limit: int = 200) -> list[OverrulingRow]:
    """All pages put together."""
    rows: list[OverrulingRow] = []
    cursor: str | None = None
    while True:
        page = await overrulings(db, cursor, limit)
        assert len(page.items) <= limit
        rows += page.items
        cursor = page.next
        if cursor is None:
            return rows


async def told(db: Database) -> list[str]:
    """Each example in one line: whose reply, which version, and the last word on it."""
    return [_line(row) for row in await everything(db)]


def _line(row: OverrulingRow) -> str:
    label = row.label
    return f"{row.ask.agency}/{row.reply.version} {'rõ' if label.clear else 'chưa rõ'} {label.act} {label.by}"


def rule(desk: Desk, agency: str, ruling: str, content: str = "lý do") -> None:
    desk.do(Rule, asked=agency, ruling=ruling, content=content)


def decide(desk: Desk, action: str, *agencies: str, case: int = 1, content: str = "lý do") -> None:
    until = desk.now.replace(year=desk.now.year + 1)
    desk.do(
        Decide, escalation=f"c1.e{case}", leader="PCT1", action=action, agencies=agencies, until=until, content=content
    )


async def test_what_nobody_ruled_on_is_no_example(db: Database) -> None:
    desk = running("c1", "STC", "SNV")
    desk.reply("STC")
    desk.reply("SNV", Position.AGREE, UNCLEAR)
    await record(db, desk)

    assert await told(db) == []


@pytest.mark.clause("H33")
async def test_a_flagged_reply_the_lead_accepts_is_labelled_clear(db: Database) -> None:
    desk = running()
    desk.reply("STC", Position.AGREE, UNCLEAR, verdict=Verdict(clear=False, faults=(UNCLEAR,), version="abc"))
    rule(desk, "STC", "accept_clear", content="vì đã nêu số")
    await record(db, desk)

    [row] = await everything(db)
    assert _line(row) == "STC/1 rõ accepted_as_clear người.sgddt"
    assert (row.label.content, row.label.upholds, row.label.at) == ("vì đã nêu số", None, desk.now)
    assert row.reply.verdict == Verdict(clear=False, faults=(UNCLEAR,), version="abc")


async def test_an_unflagged_reply_the_lead_flags_is_labelled_not_clear(db: Database) -> None:
    desk = running()
    desk.reply("STC")
    rule(desk, "STC", "flag_unclear")
    await record(db, desk)

    assert await told(db) == ["STC/1 chưa rõ flagged_unclear người.sgddt"]


async def test_a_contest_is_the_agencys_word_until_the_leader_decides(db: Database) -> None:
    desk = running()
    desk.reply("STC", Position.AGREE, UNCLEAR)
    desk.do(Contest, "STC", content="đã rõ")
    await record(db, desk)
    assert await told(db) == ["STC/1 rõ contested người.stc"]

    decide(desk, "refuse", content="giữ nguyên")
    await record(db, desk)
    [row] = await everything(db)
    assert _line(row) == "STC/1 chưa rõ decided người.sgddt"
    assert (row.label.content, row.label.upholds) == ("giữ nguyên", None)


async def test_a_refused_contest_upholds_the_leads_flag(db: Database) -> None:
    desk = running()
    desk.reply("STC")
    rule(desk, "STC", "flag_unclear", content="lỗi của chủ trì")
    desk.do(Contest, "STC", content="đã rõ")
    decide(desk, "order_reply")
    await record(db, desk)

    [row] = await everything(db)
    assert (_line(row), row.label.upholds) == ("STC/1 chưa rõ decided người.sgddt", "lỗi của chủ trì")


async def test_the_last_word_wins_and_an_accepted_reply_is_no_longer_flagged(db: Database) -> None:
    desk = running("c1", "STC", "SNV")
    desk.reply("STC")
    rule(desk, "STC", "flag_unclear", content="cờ")
    rule(desk, "STC", "accept_clear")
    await record(db, desk)

    [row] = await everything(db)
    assert (_line(row), row.label.upholds) == ("STC/1 rõ accepted_as_clear người.sgddt", None)


async def test_a_leader_rules_on_the_second_unclear_reply_and_not_on_silence(db: Database) -> None:
    desk = running("c1", "STC", "SNV")
    for _ in range(2):
        desk.reply("STC", Position.AGREE, UNCLEAR)
    silence(desk, 2)
    decide(desk, "order_reply", "STC")
    silence(desk)
    decide(desk, "excuse", "SNV", case=len(desk.state.escalations))
    await record(db, desk)

    assert await told(db) == ["STC/2 chưa rõ decided người.sgddt"]


async def test_each_version_is_an_example_of_its_own(db: Database) -> None:
    desk = running("c1", "STC", "SNV")
    desk.reply("STC", Position.AGREE, UNCLEAR)
    desk.do(Contest, "STC", content="đã rõ")
    desk.reply("STC")
    rule(desk, "STC", "flag_unclear")
    await record(db, desk)

    assert await told(db) == ["STC/1 rõ contested người.stc", "STC/2 chưa rõ flagged_unclear người.sgddt"]


async def test_a_secret_reply_is_no_example(db: Database) -> None:
    desk = running("c1", "STC", "SNV")
    desk.reply("STC", None, secret=True)
    rule(desk, "STC", "flag_unclear")
    await record(db, desk)

    assert await told(db) == []


async def test_one_decision_labels_many_and_pages_may_end_within_it(db: Database) -> None:
    agencies = ("STC", "SNV", "SXD", "SYT", "BHXH")
    desk = running("c1", *agencies)
    for _ in range(2):
        for agency in agencies:
            desk.reply(agency, Position.AGREE, UNCLEAR)
    silence(desk, 2)
    [case] = desk.state.escalations
    assert case.agencies == agencies
    decide(desk, "accept_clear")
    await record(db, desk)

    whole = await everything(db)
    assert sorted(row.ask.agency for row in whole) == sorted(agencies)
    for limit in (1, 2, 4):
        assert await everything(db, limit) == whole


@pytest.mark.parametrize("seed", range(3))
async def test_pages_of_any_size_show_every_labelled_reply_once(db: Database, seed: int) -> None:
    for n in range(4):
        await record(db, a_life(f"c{n}", seed * 10 + n, acts=40))

    whole = await everything(db)
    keys = [(row.consultation, row.ask.agency, row.reply.version) for row in whole]
    assert len(dict.fromkeys(keys)) == len(keys) > 0
    assert all(one.label.seq <= other.label.seq for one, other in pairwise(whole))
    for limit in (1, 3):
        assert await everything(db, limit) == whole


async def test_what_is_ruled_on_while_somebody_reads_comes_at_the_end(db: Database) -> None:
    for n in range(3):
        desk = running(f"c{n}", "STC", "SNV")
        desk.reply("STC")
        rule(desk, "STC", "flag_unclear")
        await record(db, desk)
    page = await overrulings(db, limit=2)
    late = running("c9", "STC", "SNV")
    late.reply("STC")
    rule(late, "STC", "flag_unclear")
    await record(db, late)

    rest = await overrulings(db, page.next, limit=2)
    assert [row.consultation for row in (*page.items, *rest.items)] == ["c0", "c1", "c2", "c9"]


async def test_a_pages_statements_do_not_grow_with_its_rows(db: Database) -> None:
    for n in range(6):
        desk = running(f"c{n}", "STC", "SNV")
        desk.reply("STC")
        rule(desk, "STC", "flag_unclear")
        await record(db, desk)
    sent_by_size = []
    for size in (1, 5):
        with counted(db) as sent:
            assert len((await overrulings(db, limit=size)).items) == size
        sent_by_size.append(len(sent))

    assert sent_by_size == [3, 3]


@pytest.mark.parametrize("cursor", ["x", "é", encode("a", "b"), encode(1)])
async def test_a_cursor_that_is_none_of_ours_is_refused(db: Database, cursor: str) -> None:
    with pytest.raises(Refused) as refused:
        await overrulings(db, cursor)

    assert refused.value.code is Code.BODY_INVALID
