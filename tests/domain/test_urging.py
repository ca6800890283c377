"""Urging by hand: who may be urged, how often, who hears of it, and that it moves nothing."""

import pytest

from domain.advance import advance
from domain.clarity.model import Fault, Position
from domain.commands import Assign, ClaimIncomplete, Close, Decide, Interim, Urge, Withdraw
from domain.refusals import Code, Refused
from domain.state import Ask, Channel, Outcome, Urged
from domain.step import Step
from domain.terms import Silence
from tests.domain.desks import desk, refusal
from tests.worlds import Desk, at, consultation, terms

OFFICE = "VPUB"


def urge(d: Desk, agency: str = "STC", by: str = OFFICE, **values: object) -> Step:
    """The Office, or the lead by its code, urges."""
    return d.do(Urge, by, asked=agency, **values)


def past_due(d: Desk) -> Desk:
    """Tue 05/5/2026 08:10: due since midnight, not yet before the leader."""
    d.now = at("2026-05-05 08:10")
    d.keep(advance(d.state, d.now))
    return d


def told(step: Step) -> list[tuple[str, str, str, bool]]:
    """Kind, audience, addressee and whether mailed, of a step's notices."""
    return [(n.kind, n.audience, n.to, n.mail) for n in step.notices]


@pytest.mark.clause("H13")
def test_an_urging_is_a_named_persons_deed_kept_with_its_words_and_told_once() -> None:
    d = desk("STC", "SNV")
    step = urge(d, content="sha")
    [fact] = step.facts
    assert (fact.kind, fact.agency, fact.actor) == ("urged", "STC", "người.vpub")
    assert fact.data == {"side": "office", "times": 1, "content": "sha"}
    assert told(step) == [("urged", "agency", "STC", True)]
    assert step.notices[0].data == {"side": "office", "due_at": "2026-05-04T17:00:00+00:00"}


def test_words_are_welcome_and_not_demanded() -> None:
    assert urge(desk("STC")).facts[0].data["content"] is None


def test_an_urging_moves_no_clock_and_no_other_ask() -> None:
    d = desk("STC", "SNV")
    before = d.state
    urge(d)
    plain = d.ask("STC").model_copy(update={"urged": ()})
    assert (plain, d.ask("SNV")) == (before.asks["STC"], before.asks["SNV"])


def test_whoever_drafts_the_reply_is_told_else_the_agencys_desk() -> None:
    d = desk("STC")
    d.do(Assign, "STC", handler="cv.stc")
    assert told(urge(d)) == [("urged", "handler", "STC", True)]


@pytest.mark.parametrize(("handler", "first"), [(None, "agency"), ("cv.stc", "handler")])
def test_after_the_due_instant_the_head_is_told_too(handler: str | None, first: str) -> None:
    d = desk("STC")
    if handler:
        d.do(Assign, "STC", handler=handler)
    step = urge(past_due(d))
    assert told(step) == [("urged_overdue", first, "STC", True), ("urged_overdue", "head", "STC", True)]
    assert len({n.key for n in step.notices}) == 2


def test_the_due_instant_itself_is_past_due() -> None:
    d = desk("STC")
    d.now = at("2026-05-05 00:00")
    d.keep(advance(d.state, d.now))
    assert {n.kind for n in urge(d).notices} == {"urged_overdue"}


def test_where_arrival_is_not_proved_the_desk_is_asked_to_confirm_it() -> None:
    paper = Ask(agency="STC", functions=("STC-01",), parts=("d1",), questions=("q1",), channel=Channel.PAPER)
    d = Desk(consultation("STC").model_copy(update={"asks": {"STC": paper}}), "2026-04-22 09:00")
    d.launch()
    step = urge(d)
    assert told(step) == [("urged_arrival", "agency", "STC", True)]
    assert step.notices[0].data["due_at"] is None


def test_a_side_urges_once_a_working_day_and_the_other_side_as_well() -> None:
    d = desk("STC", "SNV")
    urge(d)
    d.now = at("2026-04-22 16:59")
    assert refusal(urge, d) is Code.URGED_TODAY
    urge(d, by="SGDDT")
    assert refusal(urge, d, by="SGDDT") is Code.URGED_TODAY
    urge(d, "SNV")
    d.now = at("2026-04-23 00:00")
    urge(d)
    assert d.ask("STC").urged == (
        Urged(side="lead", times=1, last_at=at("2026-04-22 16:59")),
        Urged(side="office", times=2, last_at=at("2026-04-23 00:00")),
    )


def test_days_off_belong_to_the_working_day_before_them() -> None:
    """Fri 24/4, then Hùng Kings' day off on Mon 27/4: the next working day is Tue 28/4."""
    d = desk("STC")
    d.now = at("2026-04-24 15:00")
    urge(d)
    for day_off in ("2026-04-25 09:00", "2026-04-27 09:00"):
        d.now = at(day_off)
        with pytest.raises(Refused) as caught:
            urge(d)
        assert caught.value.params["day"] == "2026-04-28"
    d.now = at("2026-04-28 08:00")
    urge(d)


def test_an_urging_that_reaches_the_engine_late_counts_by_its_receipt() -> None:
    """A second of the same day that was stamped first does not slip through."""
    d = desk("STC")
    d.now = at("2026-04-23 09:00")
    urge(d)
    d.now = at("2026-04-22 15:00")
    assert refusal(urge, d) is Code.URGED_TODAY


def test_only_an_agency_that_still_owes_a_reply_is_urged() -> None:
    d = desk("STC", "SNV", "SXD", "BHXH")
    d.reply("STC")
    assert refusal(urge, d, "STC") is Code.ALREADY_SETTLED
    d.do(ClaimIncomplete, "SNV", items=1, content="x")
    assert refusal(urge, d, "SNV") is Code.RULING_NOT_APPLICABLE
    d.point("SXD", "SCT")
    assert refusal(urge, d, "SXD") is Code.RULING_NOT_APPLICABLE
    d.reply("BHXH", Position.AGREE, Fault.GENERIC)
    assert d.ask("BHXH").stage == "returned"
    urge(d, "BHXH")
    assert refusal(urge, d, "SYT") is Code.NOT_ASKED


def test_an_interim_answer_is_no_reply_and_may_be_urged() -> None:
    d = desk("STC")
    d.do(Interim, "STC", content="sha")
    urge(d)


def test_an_agency_before_the_leader_still_owes_and_may_be_urged() -> None:
    d = desk("STC")
    d.now = at("2026-05-06 09:00")
    d.keep(advance(d.state, d.now))
    assert d.ask("STC").escalation
    urge(d)
    assert d.ask("STC").escalation


def test_a_consultation_that_is_not_sent_or_has_ended_is_not_urged() -> None:
    d = Desk(consultation("STC"), "2026-04-22 09:00")
    d.launch_prepared()
    assert refusal(urge, d) is Code.NOT_OPEN
    gone = desk("STC")
    gone.do(Withdraw, content="x")
    assert refusal(urge, gone) is Code.CONSULTATION_WITHDRAWN
    done = desk("STC")
    done.reply("STC")
    done.do(Close)
    assert refusal(urge, done) is Code.CONSULTATION_CLOSED


def test_what_was_urged_outlives_a_new_round() -> None:
    d = desk("STC")
    d.now = at("2026-05-06 09:00")
    d.keep(advance(d.state, d.now))
    urge(d)
    order = {"escalation": "c1.e1", "leader": "PCT1", "action": "order_reply", "content": "x"}
    d.do(Decide, "UBT", until=at("2026-05-11 17:00"), **order)
    assert refusal(urge, d) is Code.URGED_TODAY
    d.now = at("2026-05-07 09:00")
    assert "/2/urged/office/2" in urge(d).notices[0].key


def test_an_urging_is_no_warning_in_the_sense_of_a_rule_on_silence() -> None:
    """Whoever was only urged by hand is warned by the rule's own clock before silence settles anything."""
    only_at_due = tuple(r for r in terms().rule.ladder.rungs if r.code == "overdue")
    ladder = terms().rule.ladder.model_copy(update={"rungs": only_at_due})
    d = desk("STC", terms=terms(silence=Silence.DEEMED_AGREE_LIABLE, ladder=ladder))
    urge(d)
    assert past_due(d).ask("STC").outcome is None
    d.now = at("2026-05-07 09:00")
    d.keep(advance(d.state, d.now))
    assert d.ask("STC").outcome is Outcome.DEEMED


def test_a_reply_after_an_urging_settles_as_ever() -> None:
    d = desk("STC")
    urge(d)
    d.reply("STC")
    assert (d.ask("STC").outcome, d.state.phase) == (Outcome.REPLIED, "synthesis")


def test_a_state_without_urgings_says_nothing_of_them() -> None:
    """Thousands of asks travel in one payload; an older one reads as it was."""
    ask = desk("STC").ask("STC")
    assert "urged" not in ask.model_dump(mode="json")
    assert Ask.model_validate(ask.model_dump(mode="json")) == ask
