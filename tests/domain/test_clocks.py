"""Extensions, pauses, calendar changes: how a due instant may move, and how it may not."""

from datetime import timedelta

import pytest

from domain.calendar import Calendar, DayNotice
from domain.commands import AskExtension, ChangeTerms, ClaimIncomplete, Rule
from domain.refusals import Code
from domain.state import Stage
from domain.terms import StartEvent
from tests.domain.desks import desk, refusal
from tests.worlds import at, calendar, terms


def test_an_extension_is_asked_before_due_and_granted_by_the_lead_within_the_cap() -> None:
    """Due Mon 04/5, granted until Fri 08/5 17:00: four working days, under the cap of five."""
    d = desk("STC")
    d.do(AskExtension, "STC", until=at("2026-05-08 17:00"), content="khảo sát")
    d.do(Rule, asked="STC", ruling="grant_extension")
    assert d.ask("STC").due_at == at("2026-05-08 17:00")


def test_an_extension_asked_after_the_due_instant_is_refused() -> None:
    """Too late is too late, to the second."""
    d = desk("STC")
    d.now = at("2026-05-05 00:00")
    assert refusal(d.do, AskExtension, "STC", until=at("2026-05-08 17:00"), content="x") is Code.EXTENSION_AFTER_DUE


def test_an_extension_must_be_later_have_a_reason_and_come_one_at_a_time() -> None:
    """Each lack has its own code."""
    d = desk("STC")
    assert refusal(d.do, AskExtension, "STC", until=at("2026-05-04 17:00"), content="x") is Code.EXTENSION_NOT_LATER
    assert refusal(d.do, AskExtension, "STC", until=at("2026-05-08 17:00"), content=None) is Code.REASON_MISSING
    d.do(AskExtension, "STC", until=at("2026-05-08 17:00"), content="x")
    assert refusal(d.do, AskExtension, "STC", until=at("2026-05-09 17:00"), content="x") is Code.EXTENSION_PENDING
    assert refusal(d.do, Rule, asked="STC", ruling="refuse_incomplete", content="x") is Code.NO_PAUSE_OPEN


def test_beyond_the_cap_only_the_leader_may_extend_and_the_clock_runs_meanwhile() -> None:
    """The lead's support turns the request into a case; reminders go on."""
    d = desk("STC")
    d.do(AskExtension, "STC", until=at("2026-06-01 17:00"), content="x")
    d.do(Rule, asked="STC", ruling="grant_extension")
    assert d.state.escalations[0].kind == "extension_beyond_cap"
    assert d.ask("STC").wake_at is not None


def test_a_refused_extension_moves_nothing() -> None:
    """The due instant stands."""
    d = desk("STC")
    before = d.ask("STC").due_at
    d.do(AskExtension, "STC", until=at("2026-05-08 17:00"), content="x")
    d.do(Rule, asked="STC", ruling="refuse_extension")
    assert d.ask("STC").due_at == before
    assert refusal(d.do, Rule, asked="STC", ruling="grant_extension") is Code.NO_EXTENSION_PENDING


@pytest.mark.clause("Q17", "T09")
def test_an_incomplete_dossier_needs_named_items_once_and_early() -> None:
    """A bare refusal pauses nothing (S7); the second claim and the late one are refused."""
    d = desk("STC")
    assert refusal(d.do, ClaimIncomplete, "STC", items=0, content="thiếu bản vẽ") is Code.ITEMS_MISSING
    d.now = at("2026-04-25 00:00")
    assert refusal(d.do, ClaimIncomplete, "STC", items=1, content="x") is Code.INCOMPLETE_TOO_LATE
    d.now = at("2026-04-23 09:00")
    d.do(ClaimIncomplete, "STC", items=1, content="x")
    d.do(Rule, asked="STC", ruling="refuse_incomplete", content="hồ sơ đủ")
    assert refusal(d.do, ClaimIncomplete, "STC", items=1, content="x") is Code.INCOMPLETE_ALREADY_USED


def test_the_clock_stands_still_until_the_dossier_is_completed() -> None:
    """Paused Thu 23/4 to Fri 24/4: neither day counts, so five working days end on Thu 07/5."""
    d = desk("STC")
    d.now = at("2026-04-23 09:00")
    d.do(ClaimIncomplete, "STC", items=1, content="x")
    assert (d.ask("STC").due_at, d.ask("STC").wake_at) == (None, at("2026-04-25 00:00"))
    d.now = at("2026-04-24 15:00")
    d.do(Rule, asked="STC", ruling="dossier_completed", content="đã bổ sung")
    assert d.ask("STC").due_at == at("2026-05-07 00:00")


def test_where_the_rule_counts_from_the_complete_dossier_the_clock_starts_anew() -> None:
    """R11: seven working days from the day everything was there."""
    d = desk("STC", terms=terms(start=StartEvent.DOSSIER_COMPLETE))
    d.now = at("2026-04-23 09:00")
    d.do(ClaimIncomplete, "STC", items=1, content="x")
    d.now = at("2026-04-24 15:00")
    d.do(Rule, asked="STC", ruling="dossier_completed", content="đã bổ sung")
    assert d.ask("STC").start_at == d.now
    assert d.ask("STC").due_at == at("2026-05-07 00:00")


def test_a_refused_claim_never_stopped_the_clock() -> None:
    """The original due instant is back."""
    d = desk("STC")
    before = d.ask("STC").due_at
    d.do(ClaimIncomplete, "STC", items=2, content="x")
    d.do(Rule, asked="STC", ruling="refuse_incomplete", content="hồ sơ đủ")
    assert d.ask("STC").due_at == before


def _with(day: str, kind: str) -> Calendar:
    notice = DayNotice(date=day, kind=kind, name="Thử", basis="thử", confidence="S", status="confirmed")
    kept = tuple(n for n in calendar().notices if n.date != notice.date)
    return calendar().model_copy(update={"notices": (*kept, notice), "version": "thử"})


def test_a_calendar_change_extends_an_open_due_instant_and_is_told() -> None:
    """A new day off on 28/4 moves Mon 04/5 to Tue 05/5."""
    d = desk("STC")
    d.do(ChangeTerms, calendar=_with("2026-04-28", "off"))
    assert d.ask("STC").due_at == at("2026-05-06 00:00")
    assert "due_extended>STC" in d.notices


def test_a_calendar_change_never_shortens_a_due_instant() -> None:
    """Sat 25/4 becoming a working day would bring the due instant forward: it stays."""
    d = desk("STC")
    before = d.ask("STC").due_at
    d.do(ChangeTerms, calendar=_with("2026-04-25", "work"))
    assert d.ask("STC").due_at == before


def test_a_fixed_due_instant_moves_by_the_working_days_of_a_pause() -> None:
    """The lead chose Thu 07/5 17:00; two paused working days make it Mon 11/5 17:00."""
    d = desk("STC")
    fixed = d.ask("STC").model_copy(update={"fixed_due": at("2026-05-07 17:00")})
    d.state = d.state.model_copy(update={"asks": {"STC": fixed}})
    d.now = at("2026-04-23 09:00")
    d.do(ClaimIncomplete, "STC", items=1, content="x")
    d.now += timedelta(days=1)
    d.do(Rule, asked="STC", ruling="dossier_completed", content="x")
    assert d.ask("STC").due_at == at("2026-05-11 17:00")
    assert d.ask("STC").stage is Stage.DELIVERED
