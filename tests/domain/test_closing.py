"""Launch approvals, redrafts, answers to remarks, closure: the frame around the asks."""

import pytest

from domain.clarity.model import Position
from domain.commands import AnswerRemark, Approve, Close, Discard, GrantException, KeepDissent, Prepare, Redraft
from domain.refusals import Code
from domain.state import Ask, Phase
from domain.synthesis import totals
from tests.domain.desks import desk, refusal
from tests.worlds import Desk, at, consultation, draft


def test_a_prepared_consultation_waits_for_the_head() -> None:
    """Nothing is sent before the approval; a discarded one can no longer be approved."""
    d = Desk(consultation("STC"), "2026-04-22 09:00")
    d.do(Prepare)
    assert (d.state.phase, d.notices) == (Phase.DRAFT, ["prepared>SGDDT"])
    assert refusal(d.reply, "STC") is Code.NOT_OPEN
    d.do(Discard)
    assert refusal(d.do, Approve) is Code.NOT_A_DRAFT


@pytest.mark.clause("H28", "H29", "G17")
def test_an_exception_is_the_leaders_alone_and_blocks_the_sending_until_given() -> None:
    """Not directly related: only the leader in charge, with a reason, recorded."""
    asks = {"SYT": Ask(agency="SYT", parts=("d1",), questions=("q1",), needs_exception=True)}
    d = Desk(consultation(asks=asks), "2026-04-22 09:00")
    d.do(Prepare)
    assert refusal(d.do, Approve) is Code.NOT_DIRECTLY_RELATED
    assert refusal(d.do, GrantException, asked="SYT", leader="PCT2", content="x") is Code.NOT_THE_LEADER
    assert refusal(d.do, GrantException, asked="SYT", leader="PCT1", content=None) is Code.REASON_MISSING
    d.do(GrantException, asked="SYT", leader="PCT1", content="lý do")
    d.do(Approve)
    assert d.ask("SYT").exception_by == "PCT1"


def test_a_redraft_asks_again_only_where_parts_changed() -> None:
    """S8: the others' opinions stand; the affected get a new clock; replies on the old draft are refused."""
    asks = {
        "STP": Ask(agency="STP", parts=("d1",), questions=("q1",)),
        "SNV": Ask(agency="SNV", parts=("d2",), questions=("q1",)),
    }
    d = desk(asks=asks, now="2026-08-19 09:00")
    d.reply("STP")
    d.reply("SNV")
    d.now = at("2026-08-26 09:00")
    d.do(Redraft, draft=draft(2, d1="đổi", d2="b"))
    assert d.state.phase == "open"
    assert d.ask("STP").due_at == at("2026-09-08 00:00")
    assert d.ask("SNV").outcome == "replied"
    assert refusal(d.reply, "STP", draft_sha256="draft-1") is Code.WRONG_DRAFT_VERSION
    d.reply("STP")
    assert d.state.phase == "synthesis"


def test_an_unchanged_draft_is_no_redraft() -> None:
    """The same file again asks nobody."""
    assert refusal(desk("STC").do, Redraft, draft=draft(1)) is Code.DRAFT_UNCHANGED


def test_closure_waits_for_every_agency_every_remark_and_every_conflict() -> None:
    """Each missing thing has its own refusal."""
    d = desk("STP", "SXD")
    assert refusal(d.do, Close) is Code.ASKS_UNSETTLED
    d.reply("SXD")
    d.reply("STP", Position.DISAGREE)
    assert refusal(d.do, Close) is Code.REMARKS_UNANSWERED
    d.do(AnswerRemark, remark="STP.1.1", outcome="accepted")
    d.do(Close)
    assert d.state.phase is Phase.CLOSED
    assert refusal(d.reply, "STP") is Code.CONSULTATION_CLOSED


@pytest.mark.clause("H04")
def test_not_accepting_needs_a_reason_and_the_agency_may_keep_its_dissent_once() -> None:
    """The agency sees the answer and may insist; the second time is refused."""
    d = desk("STP")
    d.reply("STP", Position.DISAGREE)
    assert refusal(d.do, AnswerRemark, remark="STP.1.1", outcome="not_accepted") is Code.REASON_MISSING
    assert refusal(d.do, KeepDissent, "STP", remark="STP.1.1") is Code.REMARK_NOT_ANSWERED
    d.do(AnswerRemark, remark="STP.1.1", outcome="not_accepted", content="lý do")
    assert refusal(d.do, KeepDissent, "SXD", remark="STP.1.1") is Code.REMARK_UNKNOWN
    d.do(KeepDissent, "STP", remark="STP.1.1")
    assert refusal(d.do, KeepDissent, "STP", remark="STP.1.1") is Code.DISSENT_ALREADY_KEPT
    assert refusal(d.do, AnswerRemark, remark="XXX.1.1", outcome="noted") is Code.REMARK_UNKNOWN


def test_totals_add_up() -> None:
    """On time, late, silent and waiting are all the asked agencies, each once."""
    d = desk("STC", "SNV", "SXD")
    d.reply("STC", Position.AGREE_WITH_AMENDMENTS)
    d.now = at("2026-05-06 09:00")
    d.reply("SNV")
    counted = totals(d.state)
    assert (counted.asked, counted.on_time, counted.late, counted.silent, counted.waiting) == (3, 1, 1, 0, 1)
    assert counted.positions["agree_with_amendments"] == 1
