"""Nobody waits for ever and nobody decides what is decided: the ends of every case, one by one."""

import pytest

from domain.advance import advance
from domain.clarity.model import Fault, Position
from domain.commands import ClaimIncomplete, Contest, Decide, Deliver, Redraft, Rule
from domain.refusals import Code
from domain.state import Answer, Ask, Channel, Outcome, Stage
from domain.synthesis import totals
from domain.terms import LeaderTable, LeaderTerm
from tests.domain.desks import desk, refusal
from tests.worlds import Desk, at, consultation, draft, terms


def pass_to(d: Desk, instant: str) -> None:
    """Let time pass."""
    d.now = at(instant)
    d.keep(advance(d.state, d.now))


def decide(d: Desk, case: str, action: str) -> None:
    """The Chairman decides a case."""
    d.do(Decide, "UBT", escalation=case, leader="CT", action=action, content="lý do")


def test_a_chosen_due_instant_gives_way_to_the_rule_where_the_request_arrived_too_late_for_it() -> None:
    """Chosen for 29/4; proved to have arrived on 05/5: the rule's five working days run from there."""
    ask = Ask(
        agency="X01", parts=("d1",), questions=("q1",), channel=Channel.EXCHANGE, fixed_due=at("2026-04-29 17:00")
    )
    d = desk(asks={"X01": ask})
    d.now = at("2026-05-05 09:00")
    d.do(Deliver, "X01")
    assert d.ask("X01").due_at == at("2026-05-13 00:00")


def test_a_case_sent_back_to_the_lead_is_asked_again_or_comes_back() -> None:
    """The lead has one working day; then the leader has it again, as the lead's own idleness."""
    d = desk("STC")
    pass_to(d, "2026-05-05 08:30")
    decide(d, "c1.e1", "back_to_lead")
    pass_to(d, "2026-05-07 00:00")
    assert d.state.escalations[-1].kind == "lead_idle"
    decide(d, "c1.e2", "back_to_lead")
    assert refusal(d.do, Rule, asked="STC", ruling="ask_again") is Code.REASON_MISSING
    d.do(Rule, asked="STC", ruling="ask_again", content="Câu hỏi rõ hơn")
    assert (d.ask("STC").stage, d.ask("STC").due_at) == (Stage.DELIVERED, at("2026-05-13 00:00"))
    assert "asked_again>STC" in d.notices


def test_an_incomplete_claim_the_lead_never_rules_on_goes_up() -> None:
    """A pause has an end: the lead's one working day."""
    d = desk("STC")
    d.do(ClaimIncomplete, "STC", items=1, content="x")
    pass_to(d, "2026-04-24 00:00")
    assert d.state.escalations[0].kind == "incomplete_unruled"
    d.do(Rule, asked="STC", ruling="dossier_completed", content="đã bổ sung")
    assert d.state.escalations[0].closed_at == d.now
    assert d.ask("STC").wake_at is not None


def test_a_reply_ends_the_agencys_own_claim_of_an_incomplete_dossier() -> None:
    """Whoever answers has enough to answer on."""
    d = desk("STC")
    d.do(ClaimIncomplete, "STC", items=1, content="x")
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    assert d.ask("STC").open_pause is None
    assert d.ask("STC").wake_at is not None


def test_a_redraft_takes_the_agency_out_of_the_old_case() -> None:
    """The Chairman is not told of a case that started over."""
    d = desk("STC")
    pass_to(d, "2026-05-05 08:30")
    d.do(Redraft, draft=draft(2, d1="đổi", d2="b"))
    assert d.state.escalations[0].closed_at == d.now
    assert refusal(decide, d, "c1.e1", "excuse") is Code.ESCALATION_DECIDED


def test_a_contest_is_one_case_and_ends_with_a_clear_reply() -> None:
    """A second contest adds nothing; the clear reply closes it; deciding it afterwards cannot overwrite the outcome."""
    d = desk("STC")
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    d.do(Contest, "STC", content="đã rõ")
    d.do(Contest, "STC", content="đã rõ")
    assert len(d.state.escalations) == 1
    d.reply("STC")
    assert refusal(decide, d, "c1.e1", "excuse") is Code.ESCALATION_DECIDED
    assert d.ask("STC").outcome is Outcome.REPLIED


def test_the_leader_may_refuse_a_contest_and_the_clock_goes_on() -> None:
    """Refusing is a decision too; it cannot be used to leave a silence undecided."""
    d = desk("STC")
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    d.do(Contest, "STC", content="đã rõ")
    decide(d, "c1.e1", "refuse")
    assert d.state.escalations[0].closed_at == d.now
    pass_to(d, "2026-05-05 08:30")
    assert refusal(decide, d, "c1.e2", "refuse") is Code.DECISION_NOT_APPLICABLE


def test_a_case_before_the_leader_is_no_longer_the_leads() -> None:
    """Accepting the reply as clear is then the leader's."""
    d = desk("STC")
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    pass_to(d, "2026-04-22 10:00")
    assert refusal(d.do, Rule, asked="STC", ruling="accept_clear", content="x") is Code.RULING_NOT_APPLICABLE


def test_paper_counts_from_its_arrival_only_if_it_was_registered_by_the_next_working_day() -> None:
    """Arrived on the due day, registered the day after: in time; registered a week later: when it was registered."""
    for registered, late in (("2026-05-05 09:00", False), ("2026-05-12 09:00", True)):
        d = desk("STC")
        d.now = at(registered)
        d.reply("STC", channel=Channel.PAPER, arrived_at=at("2026-05-04 15:00"))
        assert d.ask("STC").replies[-1].late is late
    d = desk("STC")
    assert refusal(d.reply, "STC", arrived_at=at("2026-04-22 08:00")) is Code.DELIVERED_BEFORE_SENT


def test_a_returned_pointer_says_that_the_pointer_was_the_reason() -> None:
    """Every finding shows its reason."""
    d = desk("SYT")
    d.point("SYT", to="BHXH", competent=False)
    returned = d.ask("SYT").returned
    assert returned is not None
    assert returned.why == "pointer"


def test_an_evasive_correction_does_not_replace_a_clear_position() -> None:
    """It is kept as a version and changes nothing."""
    d = desk("STC", "SNV")
    d.reply("STC", Position.DISAGREE)
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    assert (d.ask("STC").position, len(d.ask("STC").replies)) == (Position.DISAGREE, 2)


def test_a_conflict_is_about_the_part_the_agencies_disagree_on() -> None:
    """STC disagrees on d1 and agrees on d2; SNV agrees on both: only d1 is in conflict."""
    both = {"parts": ("d1", "d2"), "questions": ("q1", "q2"), "question_parts": {"q1": "d1", "q2": "d2"}}
    d = desk(asks={a: Ask.model_validate({"agency": a, **both}) for a in ("STC", "SNV")})
    no = (Answer(question="q1", position=Position.DISAGREE), Answer(question="q2", position=Position.AGREE))
    yes = tuple(Answer(question=q, position=Position.AGREE) for q in ("q1", "q2"))
    d.reply("STC", answers=no)
    d.reply("SNV", answers=yes)
    assert [c.part for c in d.state.conflicts] == ["d1"]


def test_an_excused_agency_is_neither_late_nor_on_time() -> None:
    """Its timely but unclear reply is not held against it."""
    d = desk("STC")
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    pass_to(d, "2026-04-22 10:00")
    decide(d, "c1.e1", "excuse")
    counted = totals(d.state)
    assert (counted.on_time, counted.late, counted.excused) == (0, 0, 1)


@pytest.mark.clause("G10", "H17")
def test_the_task_from_above_is_remembered_two_working_days_before() -> None:
    """S10: report due Mon 30/11 17:00; on Thu 26/11 the lead and the office are told, once."""
    d = desk("STC", now="2026-11-17 09:00", parent_due=at("2026-11-30 17:00"))
    pass_to(d, "2026-11-26 08:00")
    assert [n for n in d.notices if n.startswith("parent")] == ["parent_task_near>SGDDT", "parent_task_near>office"]
    pass_to(d, "2026-11-30 08:00")
    assert d.kinds.count("parent_task_near") == 1


def test_a_case_goes_to_whoever_leads_the_field_on_the_day_it_is_raised() -> None:
    """The directory of the day replaces the launch's copy, and the change is recorded."""
    d = desk("STC")
    today = LeaderTable(terms=(LeaderTerm(leader="PCT4", effective_from=at("2026-05-01 00:00").date()),))
    d.now = at("2026-05-05 08:30")
    d.keep(advance(d.state, d.now, leaders=today))
    assert d.state.escalations[0].leader == "PCT4"
    assert "leaders_refreshed" in d.kinds


def test_the_head_is_told_of_a_prepared_consultation_and_the_leader_of_a_wanted_exception() -> None:
    """Nobody has to remember to look."""
    asks = {"SYT": Ask(agency="SYT", parts=("d1",), questions=("q1",), needs_exception=True)}
    d = Desk(consultation(asks=asks, terms=terms()), "2026-04-22 09:00")
    d.launch_prepared()
    assert d.notices == ["prepared>SGDDT", "exception_asked>PCT1"]
