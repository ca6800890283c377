"""The launch gate: whom a rule obliges to be asked, and the deadline the lead may choose."""

from datetime import timedelta

import pytest

from domain.gate import ParentTask, gate
from domain.refusals import Code, Refused
from tests.domain.plans import NOW, PLAN, ask, at, changed, codes, findings, part, rulebook

# --- duties


DECISION = changed(
    lead="SNNMT",
    draft_kind="QD_CT",
    field="THUY_LOI",
    subject="Quyết định quy định phối hợp vận hành công trình thủy lợi",
    parts=[part("p1", "Điều 9. Kinh phí bảo trì công trình thủy lợi").model_dump()],
    asks=[],
)


def duty(agency: str, question: str = "Có thống nhất không?"):
    return ask(agency, None, None, question)


@pytest.mark.clause("H28", "G17")
def test_agencies_a_rule_obliges_to_ask_are_missed_by_name_and_need_no_function():
    some = DECISION.model_copy(update={"asks": (duty("STC"), duty("STP"), duty("SNV"))})
    (finding,) = findings(some, at("2026-03-13"))
    assert (finding.code, finding.agency) == (Code.MANDATORY_MISSING, "SKHCN")
    assert "Điều 51a" in finding.params["basis"]
    assert finding.params["about"] == "khoa học, công nghệ, chuyển đổi số"


def test_mandatory_agencies_are_marked_and_never_need_an_exception():
    all_four = DECISION.model_copy(update={"asks": tuple(duty(code) for code in ("STC", "SNV", "STP", "SKHCN"))})
    launch = gate(all_four, rulebook(), "mau", at("2026-03-13"))
    assert [a.mandatory for a in launch.asks] == [True] * 4
    assert not launch.needs_exception
    assert launch.terms.rule.citation is not None
    assert launch.due_at == at("2026-03-21T00:00")  # S1: seven days, the last of them is 20/3


def test_a_lead_that_is_itself_mandatory_does_not_ask_itself():
    plan = DECISION.model_copy(
        update={"lead": "STC", "field": "GIA", "asks": (duty("SNV"), duty("STP"), duty("SKHCN"))}
    )
    assert codes(plan, at("2026-03-13")) == []


def test_nobody_was_mandatory_before_the_rule_was_in_force():
    plan = DECISION.model_copy(update={"asks": (ask("STC", "STC-01", "p1", "Thống nhất kinh phí ngân sách không?"),)})
    assert codes(plan, at("2025-06-30")) == []


# --- deadlines


@pytest.mark.clause("K07")
def test_a_chosen_deadline_leaves_at_least_the_days_of_the_rule():
    (finding,) = findings(changed(chosen_due_at=at("2026-04-24T17:00")))
    assert finding.code is Code.DEADLINE_TOO_SHORT
    assert finding.params["minimum"] == "3 wd"
    assert codes(changed(chosen_due_at=at("2026-04-28T17:00"))) == []  # the day is the rule's, the hour the lead's


def test_a_deadline_before_delivery_is_refused():
    assert codes(changed(chosen_due_at=NOW - timedelta(minutes=1))) == [Code.DEADLINE_BEFORE_DELIVERY]


def test_a_chosen_deadline_is_the_launchs():
    chosen = at("2026-05-08T16:00")
    assert gate(changed(chosen_due_at=chosen), rulebook(), "mau", NOW).due_at == chosen


def test_a_year_without_a_calendar_is_refused_not_guessed():
    with pytest.raises(Refused) as refused:
        gate(PLAN, rulebook(), "mau", at("2031-01-05"))
    assert refused.value.code is Code.CALENDAR_YEAR_MISSING


def test_the_parent_task_and_the_innovation_flag_travel_with_the_plan():
    task = ParentTask(name="Báo cáo Bộ", due_at=at("2026-05-20"))
    launch = gate(changed(parent_task=task, innovation=True), rulebook(), "mau", NOW)
    assert launch.plan.parent_task == task
    assert launch.plan.innovation
