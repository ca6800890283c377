"""Time passing: reminders, overdue, escalation, second rung, deemed silence, and outages of any length."""

from datetime import date

import pytest

from domain.advance import advance, wake_at
from domain.clock import VIETNAM
from domain.refusals import Code
from domain.state import Ask, Channel, Outcome, Stage
from domain.synthesis import Standing, standing
from domain.terms import Absence, LeaderTable, LeaderTerm, Silence
from tests.domain.desks import desk, refusal
from tests.worlds import Desk, at, consultation, terms


def pass_to(d: Desk, *instants: str) -> None:
    """Wake at each instant, as the workflow's timer would."""
    for text in instants:
        d.now = at(text)
        d.keep(advance(d.state, d.now))


def told(d: Desk, kind: str) -> list[str]:
    """The instants at which a kind of fact was recorded, in Vietnamese time."""
    return [f"{f.at.astimezone(VIETNAM):%d/%m %H:%M}" for s in d.steps for f in s.facts if f.kind == kind]


@pytest.mark.clause("H13", "H50", "T02", "G09")
def test_the_ladder_is_climbed_rung_by_rung() -> None:
    """Half time, one working day before, the due morning, overdue, escalation, second rung: each at its instant."""
    d = desk("STC")
    while (wake := wake_at(d.state)) is not None and wake < at("2026-06-01 00:00"):
        d.now = wake
        d.keep(advance(d.state, wake))
    assert told(d, "reminded") == ["28/04 08:00", "29/04 08:00", "04/05 08:00"]
    assert told(d, "overdue") == ["05/05 00:00"]
    assert told(d, "escalated") == ["05/05 08:30"]
    assert told(d, "second_rung") == ["07/05 00:00"]


@pytest.mark.clause("T07", "T11", "Q29")
def test_silence_reaches_the_leader_of_the_field_without_anybody_pressing_a_button() -> None:
    """The case names the leader, the watcher gets a copy, the office is told."""
    asks = {"STC": Ask(agency="STC", parts=("d1",), questions=("q1",), watched_by="PCT2")}
    d = desk(asks=asks)
    pass_to(d, "2026-05-05 08:30")
    case = d.state.escalations[0]
    assert (case.kind, case.leader, case.copies) == ("silence", "PCT1", ("PCT2",))
    assert {"escalation>PCT1", "escalation>PCT2", "escalation>office"} <= set(d.notices)
    assert standing(d.ask("STC"), d.now) is Standing.ESCALATED


def test_the_stand_in_acts_while_the_leader_is_away() -> None:
    """The field stays the absent leader's; the stand-in gets the case."""
    away = Absence(leader="PCT1", stand_in="PCT3", effective_from=date(2026, 5, 1), effective_to=date(2026, 5, 31))
    table = LeaderTable(terms=(LeaderTerm(leader="PCT1", effective_from=date(2025, 7, 1)),), absences=(away,))
    d = desk("STC", terms=terms().model_copy(update={"leaders": table}))
    pass_to(d, "2026-05-05 08:30")
    assert (d.state.escalations[0].leader, d.state.escalations[0].acting_for) == ("PCT3", "PCT1")


def test_agencies_silent_at_one_instant_are_one_case_and_central_ones_are_only_reported() -> None:
    """F49: the province cannot discipline a central agency; its superior is written to."""
    asks = {a: Ask(agency=a, parts=("d1",), questions=("q1",), central=a == "BHXH") for a in ("STC", "SXD", "BHXH")}
    d = desk(asks=asks)
    pass_to(d, "2026-05-05 08:30")
    assert [(e.path, e.agencies) for e in d.state.escalations] == [
        ("decide", ("STC", "SXD")),
        ("report_only", ("BHXH",)),
    ]


@pytest.mark.clause("K07")
def test_forty_days_without_a_worker_remind_or_escalate_everybody_once() -> None:
    """Facts carry the instants that were due; each agency gets one notice, the leader one case, nobody is settled."""
    d = desk("STC", "SNV")
    pass_to(d, "2026-06-01 08:00")
    assert told(d, "overdue") == ["05/05 00:00", "05/05 00:00"]
    assert told(d, "escalated") == ["05/05 08:30", "05/05 08:30"]
    assert [n for n in d.notices if n.endswith(">STC")] == ["launched>STC", "overdue_head>STC"]
    assert d.notices.count("escalation>PCT1") == 1
    assert told(d, "second_rung") == []
    assert d.state.escalations[0].due_at == at("2026-06-03 00:00")
    assert all(a.stage is Stage.DELIVERED for a in d.state.asks.values())


def test_waking_twice_does_nothing_twice() -> None:
    """The same instant again has nothing left to do."""
    d = desk("STC")
    pass_to(d, "2026-05-05 08:30")
    assert advance(d.state, d.now).facts == []


@pytest.mark.clause("H15")
def test_deemed_consent_comes_only_from_the_rule_and_only_after_a_warning() -> None:
    """R11: silent at 24:00 of the last day is deemed, and the record says so; the lateness stays."""
    d = desk("SNNMT", terms=terms(silence=Silence.DEEMED_AGREE_LIABLE))
    pass_to(d, "2026-05-04 08:00", "2026-05-05 00:00")
    ask = d.ask("SNNMT")
    assert (ask.outcome, ask.position, ask.overdue_at) == (Outcome.DEEMED, None, at("2026-05-05 00:00"))
    assert d.state.escalations == ()


def test_silence_is_never_consent_by_default() -> None:
    """No rule, no deeming, however long the silence lasts."""
    d = desk("SNNMT")
    pass_to(d, "2026-07-31 08:00")
    assert d.ask("SNNMT").outcome is None


def test_nobody_is_deemed_to_agree_unwarned() -> None:
    """After an outage over the due instant the warning comes first, and one working day with it."""
    d = desk("SNNMT", terms=terms(silence=Silence.DEEMED_AGREE_LIABLE))
    pass_to(d, "2026-05-20 09:00")
    assert d.ask("SNNMT").outcome is None
    assert "overdue_head>SNNMT" in d.notices
    pass_to(d, "2026-05-22 00:00")
    assert d.ask("SNNMT").outcome is Outcome.DEEMED


def test_a_reply_after_the_deemed_date_is_attached_and_must_be_explained() -> None:
    """S2: the late letter against is kept; the deemed effect stays; its remark needs an answer."""
    d = desk("SNNMT", terms=terms(silence=Silence.DEEMED_AGREE_LIABLE))
    pass_to(d, "2026-05-04 08:00", "2026-05-05 00:00")
    d.now = at("2026-05-07 09:00")
    d.reply("SNNMT", "disagree")
    assert d.ask("SNNMT").outcome is Outcome.DEEMED
    assert len(d.ask("SNNMT").live_remarks) == 1


def test_a_timely_reply_that_was_delivered_late_lifts_the_overdue_mark_and_the_deemed_consent() -> None:
    """Lateness is the receipt's time, not the worker's."""
    d = desk("SNNMT", terms=terms(silence=Silence.DEEMED_AGREE_LIABLE))
    pass_to(d, "2026-05-04 08:00", "2026-05-05 00:00")
    d.now = at("2026-05-04 23:59")
    d.reply("SNNMT", "disagree")
    ask = d.ask("SNNMT")
    assert (ask.outcome, ask.overdue_at, ask.replies[-1].late) == (Outcome.REPLIED, None, False)


@pytest.mark.clause("K04", "K02")
def test_silence_on_a_matter_of_the_leads_own_authority_is_nobodys_fault() -> None:
    """S6: those asked by override are not escalated and not scored."""
    d = desk("SXD", own_authority=True)
    pass_to(d, "2026-05-05 08:30")
    assert d.ask("SXD").outcome is Outcome.WITHOUT_REPLY
    assert d.state.escalations == ()


def test_an_undelivered_request_alerts_the_lead_on_the_next_working_day() -> None:
    """No proof of arrival: the clock does not run, somebody must find out why."""
    d = desk(asks={"X01": Ask(agency="X01", parts=("d1",), questions=("q1",), channel=Channel.EXCHANGE)})
    pass_to(d, "2026-04-23 08:00", "2026-05-30 08:00")
    assert told(d, "undelivered") == ["23/04 08:00"]
    assert d.ask("X01").due_at is None


def test_a_prepared_or_ended_consultation_sleeps() -> None:
    """Only running consultations have instants."""
    assert wake_at(consultation("STC")) is None
    d = desk("STC")
    d.reply("STC")
    assert wake_at(d.state) is None
    assert refusal(d.launch) is Code.NOT_A_DRAFT
