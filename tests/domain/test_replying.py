"""Replies: when they are accepted, what an unclear one leads to, and what a pointer does."""

import pytest

from domain.advance import advance
from domain.clarity.model import Fault, Position
from domain.commands import Contest, Deliver, Interim, Rule, Withdraw
from domain.refusals import Code
from domain.state import Answer, Ask, Channel, Outcome, Stage
from domain.synthesis import totals
from tests.domain.desks import desk, refusal
from tests.worlds import at, draft


@pytest.mark.clause("H30", "G18")
def test_a_clear_reply_in_time_settles_the_ask() -> None:
    """One clear position before the due instant is all that is owed."""
    d = desk("STC", "SNV")
    d.reply("STC")
    assert (d.ask("STC").stage, d.ask("STC").outcome) == (Stage.SETTLED, Outcome.REPLIED)
    assert d.state.phase == "open"


@pytest.mark.clause("H01", "H30")
def test_a_late_reply_is_kept_and_marked_late() -> None:
    """Due Mon 04/5 24:00: a reply on Wed 06/5 is two working days late and still accepted."""
    d = desk("STC")
    d.now = at("2026-05-06 09:00")
    d.reply("STC")
    reply = d.ask("STC").replies[-1]
    assert (reply.late, reply.days_late, d.ask("STC").outcome) == (True, 2, Outcome.REPLIED)
    assert totals(d.state).late == 1


@pytest.mark.parametrize(("instant", "late"), [("2026-05-04 23:59", False), ("2026-05-05 00:00", True)])
def test_the_last_day_ends_at_midnight(instant: str, late: bool) -> None:
    """Civil Code 148(6): 24:00 of the last day is the border, and the border itself is late."""
    d = desk("STC")
    d.now = at(instant)
    d.reply("STC")
    assert d.ask("STC").replies[-1].late is late


@pytest.mark.clause("H02", "H32", "H33", "G20", "G21")
def test_an_unclear_reply_is_returned_once_for_a_short_window() -> None:
    """Returned on 29/4 with two working days: Tue 05/5 (30/4 and 1/5 are off)."""
    d = desk("STC")
    d.now = at("2026-04-29 10:00")
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    ask = d.ask("STC")
    assert (ask.stage, ask.due_at) == (Stage.RETURNED, at("2026-05-06 00:00"))
    assert "returned>STC" in d.notices


def test_a_return_never_shortens_what_is_left() -> None:
    """Returned on the first day: the original due instant stands."""
    d = desk("STC")
    before = d.ask("STC").due_at
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    assert d.ask("STC").due_at == before


@pytest.mark.clause("H33", "T07")
def test_a_second_unclear_reply_goes_to_the_leader_after_the_grace() -> None:
    """Two unclear replies: one working hour later the leader in charge has the case."""
    d = desk("STC")
    d.now = at("2026-04-29 10:00")
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    d.now = at("2026-05-05 16:30")
    d.reply("STC", Position.AGREE, Fault.DEFERRING)
    d.now = at("2026-05-06 08:00")
    d.keep(advance(d.state, d.now))
    case = d.state.escalations[0]
    assert (case.kind, case.leader, case.agencies) == ("unclear", "PCT1", ("STC",))
    assert d.ask("STC").unclear == 2


def test_the_lead_may_accept_a_flagged_reply_as_clear_with_a_reason() -> None:
    """The check is advisory: a named officer overrules it."""
    d = desk("STC")
    d.reply("STC", Position.AGREE, Fault.GENERIC)
    assert refusal(d.do, Rule, asked="STC", ruling="accept_clear") is Code.REASON_MISSING
    d.do(Rule, asked="STC", ruling="accept_clear", content="lý do")
    assert d.ask("STC").outcome is Outcome.REPLIED
    assert d.ask("STC").replies[-1].accepted_by == "người.sgddt"


def test_the_lead_may_flag_an_unflagged_reply_and_the_agency_may_contest() -> None:
    """The flag returns the reply once; a contest goes to the leader without stopping the clock."""
    d = desk("STC")
    d.reply("STC")
    d.do(Rule, asked="STC", ruling="flag_unclear", content="lý do")
    assert d.ask("STC").stage is Stage.RETURNED
    d.do(Contest, "STC", content="đã rõ")
    assert d.state.escalations[0].kind == "contest"
    assert d.ask("STC").wake_at is not None


@pytest.mark.clause("H31", "G19")
def test_a_competent_pointer_accepted_reroutes_with_a_clock_of_its_own() -> None:
    """Received Mon 01/6, pointed on 03/6, re-routed Thu 04/6 with three working days: Tue 09/6."""
    d = desk("SVHTTDL", now="2026-06-01 08:00")
    d.now = at("2026-06-03 09:00")
    d.point("SVHTTDL", to="CAT")
    assert d.ask("SVHTTDL").stage is Stage.POINTING
    d.now = at("2026-06-04 09:00")
    seed = Ask(agency="CAT", functions=("CAT-01",), parts=("d1",), questions=("q1",), central=True)
    d.do(Rule, asked="SVHTTDL", ruling="accept_pointer", reroute=seed)
    assert d.ask("SVHTTDL").outcome is Outcome.OUT_OF_FUNCTION
    assert d.ask("CAT").due_at == at("2026-06-10 00:00")
    assert d.ask("CAT").routed_from == ("SVHTTDL",)


@pytest.mark.clause("H33", "Q27")
def test_a_pointer_to_an_agency_without_the_function_is_returned() -> None:
    """Shifting one's own duty is not an answer."""
    d = desk("SYT")
    d.point("SYT", to="BHXH", competent=False)
    assert d.ask("SYT").stage is Stage.RETURNED


@pytest.mark.clause("H42", "G14", "K10")
def test_a_pointer_back_along_the_chain_is_a_loop() -> None:
    """SVHTTDL → CAT → SVHTTDL is refused; the dispute goes to the leader."""
    d = desk("SVHTTDL")
    d.point("SVHTTDL", to="CAT")
    d.do(Rule, asked="SVHTTDL", ruling="accept_pointer", reroute=Ask(agency="CAT", parts=("d1",), questions=("q1",)))
    d.point("CAT", to="SVHTTDL")
    back = Ask(agency="SVHTTDL", parts=("d1",), questions=("q1",))
    assert refusal(d.do, Rule, asked="CAT", ruling="accept_pointer", reroute=back) is Code.POINTER_LOOP
    d.do(Rule, asked="CAT", ruling="dispute_pointer", content="lý do")
    assert d.state.escalations[0].kind == "pointer_disputed"


def test_a_pointer_nobody_rules_on_goes_up_by_itself() -> None:
    """The lead has one working day for it."""
    d = desk("SVHTTDL", now="2026-06-01 08:00")
    d.point("SVHTTDL", to="CAT")
    d.keep(advance(d.state, at("2026-06-03 00:00")))
    assert d.state.escalations[0].kind == "pointer_unruled"


def test_an_interim_answer_stops_nothing() -> None:
    """It is kept, and overdue stays overdue."""
    d = desk("STC")
    before = d.ask("STC").wake_at
    d.do(Interim, "STC", content="đang nghiên cứu")
    assert (d.ask("STC").wake_at, d.ask("STC").interims) == (before, 1)


def test_a_correction_is_a_new_version_and_not_late() -> None:
    """A timely clear reply stays timely when it is corrected after the due instant; replaced remarks do not count."""
    d = desk("STC", "SNV")
    d.reply("STC", Position.AGREE_WITH_AMENDMENTS)
    d.now = at("2026-05-07 09:00")
    d.reply("STC", Position.AGREE_WITH_AMENDMENTS)
    ask = d.ask("STC")
    assert [r.late for r in ask.replies] == [False, False]
    assert [r.id for r in ask.live_remarks] == ["STC.2.1"]


def test_a_secret_letter_is_registered_by_number_without_its_words() -> None:
    """The position is in the letter; the system holds none."""
    d = desk("BCHQS")
    d.reply("BCHQS", None, secret=True, channel=Channel.PAPER)
    assert (d.ask("BCHQS").outcome, d.ask("BCHQS").position) == (Outcome.REPLIED, None)


def test_the_worst_part_is_the_overall_position() -> None:
    """Disagreement on one question is disagreement; out-of-function parts are neutral."""
    two = {"STC": Ask(agency="STC", parts=("d1",), questions=("q1", "q2"))}
    d = desk(asks=two)
    answers = (Answer(question="q1", position=Position.OUT_OF_FUNCTION), Answer(question="q2", position=Position.AGREE))
    d.reply("STC", answers=answers)
    assert d.ask("STC").position is Position.AGREE


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"authorised": False}, Code.NO_SIGNING_AUTHORITY),
        ({"draft_sha256": "an older draft"}, Code.WRONG_DRAFT_VERSION),
        ({"answers": (Answer(question="q9", position=Position.AGREE),)}, Code.QUESTION_UNKNOWN),
    ],
)
def test_a_reply_that_does_not_fit_is_refused_and_changes_nothing(values: dict[str, object], code: Code) -> None:
    """Each refusal names its reason; the state is the same object afterwards."""
    d = desk("STC")
    before = d.state
    assert refusal(d.reply, "STC", **values) is code
    assert d.state is before


def test_only_an_asked_agency_may_reply() -> None:
    """The wrong agency is told so."""
    assert refusal(desk("STC").reply, "SYT") is Code.NOT_ASKED


def test_nothing_is_accepted_after_withdrawal() -> None:
    """Withdrawn is an end; the reason is kept and everyone asked is told."""
    d = desk("STC")
    assert refusal(d.do, Withdraw, content=None) is Code.REASON_MISSING
    d.do(Withdraw, content="lý do")
    assert "withdrawn>STC" in d.notices
    assert refusal(d.reply, "STC") is Code.CONSULTATION_WITHDRAWN


def test_delivery_starts_the_clock_where_arrival_is_not_proved_by_the_record() -> None:
    """Two communes' endpoint was down: their own due is one day later (S10)."""
    asks = {a: Ask(agency=a, parts=("d1",), questions=("q1",), channel=Channel.EXCHANGE) for a in ("X01", "X02")}
    d = desk(asks=asks, now="2026-11-17 09:00")
    d.do(Deliver, "X01")
    d.now = at("2026-11-18 08:15")
    d.do(Deliver, "X02", arrived_at=at("2026-11-18 08:10"))
    assert d.ask("X01").due_at == at("2026-11-26 00:00")
    assert d.ask("X02").due_at == at("2026-11-27 00:00")
    assert refusal(d.do, Deliver, "X01") is Code.ALREADY_DELIVERED


def test_a_late_receipt_never_changes_a_reply() -> None:
    """Delivery and reply are two machines."""
    d = desk("STC")
    d.reply("STC")
    d.do(Deliver, "STC")
    assert d.ask("STC").stage is Stage.SETTLED
    assert d.ask("STC").acknowledged_at == d.now


def test_a_reply_before_delivery_is_refused() -> None:
    """Nothing was received that could be answered."""
    d = desk(asks={"X01": Ask(agency="X01", parts=("d1",), questions=("q1",), channel=Channel.EXCHANGE)})
    assert refusal(d.reply, "X01") is Code.NOT_DELIVERED
    assert d.state.drafts == (draft(),)
