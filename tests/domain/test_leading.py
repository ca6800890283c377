"""The leader's decisions: who may decide, what each decision does, and conflicts between positions."""

import pytest

from domain.advance import advance
from domain.clarity.model import Fault, Position
from domain.commands import AnswerRemark, Decide, Rule
from domain.refusals import Code
from domain.state import Ask, Outcome, Stage
from tests.domain.desks import desk, refusal
from tests.worlds import Desk, at


def escalated(*agencies: str, **values: object) -> Desk:
    """Silent agencies before the leader on Tue 05/5/2026 08:30."""
    d = desk(*agencies, **values)
    d.now = at("2026-05-05 08:30")
    d.keep(advance(d.state, d.now))
    return d


def decide(d: Desk, action: str, **values: object) -> None:
    """The leader PCT1 decides the first case."""
    base: dict[str, object] = {"escalation": "c1.e1", "leader": "PCT1", "action": action, "content": "lý do"}
    d.do(Decide, "UBT", **(base | values))


@pytest.mark.clause("H14", "H22", "Q20", "T11")
def test_an_ordered_reply_has_a_new_due_instant_and_goes_up_again_if_missed() -> None:
    """S3: answer before 17:00 Mon 11/5, with a reminder of responsibility recorded."""
    d = escalated("STC")
    decide(d, "order_reply", until=at("2026-05-11 17:00"), measures=("remind",))
    assert d.ask("STC").due_at == at("2026-05-11 17:00")
    assert d.state.escalations[0].decisions[0].measures == ("remind",)
    d.now = at("2026-05-12 08:30")
    d.keep(advance(d.state, d.now))
    assert [e.id for e in d.state.escalations] == ["c1.e1", "c1.e2"]


def test_a_clear_answer_to_an_order_settles_and_disagreeing_is_no_fault() -> None:
    """S3: STC disagrees with reasons: clear, accepted, not late."""
    d = escalated("STC")
    decide(d, "order_reply", until=at("2026-05-11 17:00"))
    d.now = at("2026-05-08 10:00")
    d.reply("STC", Position.DISAGREE)
    assert (d.ask("STC").outcome, d.ask("STC").replies[-1].late) == (Outcome.REPLIED, False)


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("proceed_without", Outcome.WITHOUT_REPLY),
        ("excuse", Outcome.EXCUSED),
        ("accept_out_of_function", Outcome.OUT_OF_FUNCTION),
    ],
)
def test_a_settling_decision_ends_the_waiting(action: str, outcome: Outcome) -> None:
    """A named person decides; the machine only follows."""
    d = escalated("STC")
    decide(d, action)
    assert d.ask("STC").outcome is outcome
    assert d.state.phase == "synthesis"
    assert d.state.escalations[0].closed_at == d.now


def test_a_decision_may_cover_some_agencies_and_leave_the_others_open() -> None:
    """Two silent agencies, one decision each."""
    d = escalated("STC", "SXD")
    decide(d, "excuse", agencies=("STC",))
    assert d.state.escalations[0].undecided == ("SXD",)
    assert refusal(decide, d, "excuse", agencies=("STC",)) is Code.ESCALATION_DECIDED


def test_only_who_holds_the_field_today_may_decide() -> None:
    """A leader who no longer holds the field is refused; the Chairman never is."""
    d = escalated("STC")
    assert refusal(decide, d, "excuse", leader="PCT2") is Code.NOT_THE_LEADER
    decide(d, "excuse", leader="CT")


def test_a_decision_needs_a_reason_and_an_order_an_instant_to_come() -> None:
    """No silent decisions, no due instants in the past."""
    d = escalated("STC")
    assert refusal(decide, d, "excuse", content=None) is Code.REASON_MISSING
    assert refusal(decide, d, "order_reply") is Code.DEADLINE_BEFORE_DELIVERY
    assert refusal(decide, d, "order_reply", until=at("2026-05-04 17:00")) is Code.DEADLINE_BEFORE_DELIVERY
    assert refusal(decide, d, "settle_conflict") is Code.DECISION_NOT_APPLICABLE


def test_a_central_agency_cannot_be_criticised_from_here() -> None:
    """F49: report to its superior, no discipline."""
    d = escalated(asks={"BHXH": Ask(agency="BHXH", parts=("d1",), questions=("q1",), central=True)})
    assert refusal(decide, d, "note", measures=("criticise",)) is Code.DECISION_NOT_APPLICABLE
    decide(d, "proceed_without")
    assert d.ask("BHXH").outcome is Outcome.WITHOUT_REPLY


def test_an_answer_that_comes_before_the_decision_closes_the_case() -> None:
    """Late and recorded, but nothing is left to decide; the leader may still add a note."""
    d = escalated("STC")
    d.now = at("2026-05-06 09:00")
    d.reply("STC")
    case = d.state.escalations[0]
    assert (case.answered, case.closed_at) == (("STC",), d.now)
    decide(d, "note", measures=("remind",))
    assert d.state.escalations[0].decisions[0].measures == ("remind",)


def test_sent_back_to_the_lead_waits_for_the_lead() -> None:
    """The question was bad: the lead must rule."""
    d = escalated("STC")
    decide(d, "back_to_lead")
    assert d.ask("STC").stage is Stage.WITH_LEAD


@pytest.mark.clause("Q29")
def test_opposite_positions_on_one_part_are_one_conflict_and_go_up_once() -> None:
    """S4: everybody has answered on 29/4; five working days later (Fri 08/5) the conflict is the leader's."""
    d = desk("SXD", "SNNMT")
    d.now = at("2026-04-29 09:00")
    d.reply("SXD")
    d.reply("SNNMT", Position.DISAGREE)
    assert [(c.agree, c.disagree) for c in d.state.conflicts] == [(("SXD",), ("SNNMT",))]
    d.now = at("2026-05-09 00:00")
    d.keep(advance(d.state, d.now))
    case = d.state.escalations[0]
    assert (case.kind, case.part, case.agencies) == ("conflict", "d1", ("SNNMT", "SXD"))
    decide(d, "call_meeting", until=at("2026-05-13 08:00"))
    decide(d, "settle_conflict")
    assert d.state.conflicts[0].resolved_at == d.now
    assert d.state.escalations[0].closed_at == d.now


def test_the_lead_may_report_a_conflict_itself() -> None:
    """T11: the lead's own report, with its choice."""
    d = desk("SXD", "SNNMT")
    d.reply("SXD")
    d.reply("SNNMT", Position.DISAGREE)
    d.do(Rule, asked="SNNMT", ruling="report_conflict", part="d1", content="hai phương án")
    assert d.state.escalations[0].kind == "conflict"
    assert refusal(d.do, Rule, asked="SNNMT", ruling="report_conflict", part="d1", content="x") is Code.NO_CONFLICT


@pytest.mark.clause("H35", "G22")
def test_taking_up_the_dissent_dissolves_the_conflict() -> None:
    """S1: the lead accepts and narrows; nobody needs to decide, and dissent costs nothing."""
    d = desk("SXD", "STP")
    d.reply("SXD")
    d.reply("STP", Position.DISAGREE)
    d.do(AnswerRemark, remark="STP.1.1", outcome="accepted")
    assert d.state.conflicts[0].resolved_at == d.now


def test_minutes_of_a_meeting_carry_the_official_position() -> None:
    """R4: the opinion of the person sent to a meeting is the agency's; the lead files the signed minutes."""
    d = escalated("CAT")
    assert refusal(d.do, Rule, asked="CAT", ruling="minutes", content="biên bản") is Code.REASON_MISSING
    d.do(Rule, asked="CAT", ruling="minutes", position=Position.AGREE, content="biên bản")
    assert (d.ask("CAT").outcome, d.ask("CAT").position) == (Outcome.MINUTES, Position.AGREE)


def test_an_unclear_case_can_be_accepted_by_the_leader() -> None:
    """The leader overrules the check."""
    d = desk("STC")
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    d.now = at("2026-04-23 09:00")
    d.keep(advance(d.state, d.now))
    decide(d, "accept_clear")
    assert d.ask("STC").outcome is Outcome.REPLIED
