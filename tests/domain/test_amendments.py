"""Amendments: what holds of them, what the rules are with them, and which may not be entered. Pure."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.lexicon import load_suggester
from domain.amendments import Amendment, Change, Kind, change_of, require_sound, standing
from domain.calendar import Calendar, DayNotice
from domain.clock import VIETNAM
from domain.commands import ChangeTerms
from domain.directory import Delegation
from domain.foreseen import changed_charge, moves
from domain.refusals import Code, Refused
from domain.relevance.suggest import _prepared, prepare
from domain.rulebook import Rulebook
from domain.terms import Absence, Charge, LeaderTable, LeaderTerm
from tests.adapters.spoiled import RULES
from tests.domain.plans import rulebook
from tests.worlds import Desk, at, calendar, consultation

MONDAY = date(2026, 5, 18)
KINDS: dict[type, Kind] = {DayNotice: "calendar_day", Absence: "absence", Delegation: "delegation"}


def off(day: date = MONDAY, kind: str = "off", **values: object) -> DayNotice:
    base: dict[str, object] = {"date": day, "kind": kind, "name": "Ngày thử", "basis": "Thông báo thử"}
    return DayNotice.model_validate({**base, "confidence": "S2", **values})


def away(leader: str = "PCT4", stand_in: str = "PCT1", first: str = "2026-05-18", last: str = "2026-05-22") -> Absence:
    days = {"effective_from": date.fromisoformat(first), "effective_to": date.fromisoformat(last)}
    return Absence(leader=leader, stand_in=stand_in, **days)


def line(officer: str = "stc.moi", **values: object) -> Delegation:
    base = {"agency": "STC", "officer": officer, "form": "TL", "basis": "Quyết định thử", "effective_from": MONDAY}
    return Delegation.model_validate({**base, **values})


def rows(*changes: Change | int) -> tuple[Amendment, ...]:
    """Amendments numbered from 1; a number takes that one back."""
    found: list[Amendment] = []
    for number, one in enumerate(changes, 1):
        back = one if isinstance(one, int) else None
        kind = found[back - 1].kind if back else KINDS[type(one)]
        change = None if back else one
        made = {"number": number, "kind": kind, "change": change, "revokes": back, "receipt": f"r{number}"}
        found.append(
            Amendment.model_validate({**made, "reason": "x", "actor": "quantri", "at": at("2026-04-22 09:00")})
        )
    return tuple(found)


def charge(rules: Rulebook, field: str, day: date) -> Charge:
    return rules.directory.leader_table(field, day).in_charge(datetime.combine(day, time(12), VIETNAM))


# --- the calendar


def test_without_amendments_the_rules_are_the_very_same() -> None:
    assert rulebook().amended(()) is rulebook()


def test_a_day_off_that_was_entered_is_not_worked_and_the_calendar_says_which_state_it_is() -> None:
    amended = rulebook().amended(rows(off()))
    assert rulebook().calendar.is_working(MONDAY)
    assert not amended.calendar.is_working(MONDAY)
    assert amended.calendar.version == f"{rulebook().calendar.version}+1"
    assert amended.version == rulebook().version


def test_the_last_word_about_a_day_replaces_every_earlier_one_the_files_too() -> None:
    holiday = date(2026, 9, 2)
    amended = rulebook().amended(rows(off(holiday, "work"), off(MONDAY), off(MONDAY, "work", status="provisional")))
    assert amended.calendar.is_working(holiday)
    assert amended.calendar.is_working(MONDAY)
    assert [n.date for n in amended.calendar.notices].count(MONDAY) == 1
    assert MONDAY in amended.calendar.provisional_days
    assert [n.date for n in amended.calendar.notices] == sorted(n.date for n in amended.calendar.notices)


def test_what_was_revoked_holds_no_more_and_the_state_has_a_name_of_its_own() -> None:
    amended = rulebook().amended(rows(off(), 1))
    assert amended.calendar.notices == rulebook().calendar.notices
    assert amended.calendar.version == f"{rulebook().calendar.version}+2"
    assert standing(rows(off(), 1, off())) == rows(off(), 1, off())[2:]


def test_a_day_of_a_year_the_calendar_no_longer_holds_is_left_out_and_the_year_stays_refused() -> None:
    amended = rulebook().amended(rows(off(date(2031, 1, 1)), off()))
    with pytest.raises(Refused) as refused:
        amended.calendar.is_working(date(2031, 1, 1))
    assert refused.value.code is Code.CALENDAR_YEAR_MISSING
    assert not amended.calendar.is_working(MONDAY)


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["off", "work"])), max_size=12), st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_entered_and_revoked_each_day_has_one_notice_the_last_that_holds(
    days: list[tuple[int, str]], data: st.DataObject
) -> None:
    entered = [off(MONDAY + timedelta(days=n), kind) for n, kind in days]
    back = data.draw(st.lists(st.integers(1, len(entered)), unique=True)) if entered else []
    found = rulebook().amended(rows(*entered, *back)).calendar
    held = {day.date: day for n, day in enumerate(entered, 1) if n not in back}
    assert found.by_date == {**rulebook().calendar.by_date, **held}


# --- absences and the signing register


@pytest.mark.clause("T07")
def test_during_an_absence_the_stand_in_is_in_charge_and_before_and_after_it_the_holder() -> None:
    amended = rulebook().amended(rows(away()))
    assert charge(amended, "PHO_THONG", MONDAY) == Charge(leader="PCT1", acting_for="PCT4")
    assert charge(amended, "PHO_THONG", date(2026, 5, 22)) == Charge(leader="PCT1", acting_for="PCT4")
    for day in (date(2026, 5, 17), date(2026, 5, 23)):
        assert charge(amended, "PHO_THONG", day) == Charge(leader="PCT4")
    assert charge(amended, "THUONG_MAI", MONDAY) == Charge(leader="PCT1")


def test_a_second_word_about_an_absence_replaces_the_first_and_the_files() -> None:
    """The directory's own absence of PCT2 runs from 3/8 to 14/8/2026 with PCT3 as stand-in."""
    amended = rulebook().amended(rows(away("PCT2", "PCT1", "2026-08-03", "2026-08-05")))
    assert charge(amended, "DAT_DAI", date(2026, 8, 4)) == Charge(leader="PCT1", acting_for="PCT2")
    assert charge(amended, "DAT_DAI", date(2026, 8, 6)) == Charge(leader="PCT2")
    back = rulebook().amended(rows(away("PCT2", "PCT1", "2026-08-03", "2026-08-05"), 1))
    assert charge(back, "DAT_DAI", date(2026, 8, 6)) == Charge(leader="PCT3", acting_for="PCT2")


def test_of_two_absences_on_one_day_the_newer_counts() -> None:
    amended = rulebook().amended(rows(away(), away(stand_in="PCT3", first="2026-05-20")))
    assert charge(amended, "PHO_THONG", date(2026, 5, 19)).leader == "PCT1"
    assert charge(amended, "PHO_THONG", date(2026, 5, 20)).leader == "PCT3"


@pytest.mark.clause("H32")
def test_an_officer_signs_from_the_day_of_the_delegation_in_its_fields_until_it_is_ended() -> None:
    one = line(fields=("NGAN_SACH",))
    directory = rulebook().amended(rows(one)).directory
    assert not rulebook().directory.may_sign("STC", "stc.moi", MONDAY, False, "NGAN_SACH")
    assert directory.may_sign("STC", "stc.moi", MONDAY, False, "NGAN_SACH")
    assert not directory.may_sign("STC", "stc.moi", MONDAY - timedelta(days=1), False, "NGAN_SACH")
    assert not directory.may_sign("STC", "stc.moi", MONDAY, False, "DAT_DAI")
    ended = rulebook().amended(rows(one, line(fields=("NGAN_SACH",), effective_to=date(2026, 5, 19)))).directory
    assert ended.may_sign("STC", "stc.moi", date(2026, 5, 19), False, "NGAN_SACH")
    assert not ended.may_sign("STC", "stc.moi", date(2026, 5, 20), False, "NGAN_SACH")


def test_a_new_line_leaves_the_officers_other_lines_in_force() -> None:
    directory = rulebook().amended(rows(line("stc.pho"))).directory
    forms = {form: directory.delegation("STC", "stc.pho", MONDAY, None, form) for form in ("KT", "TL", "TUQ")}
    assert [form for form, found in forms.items() if found] == ["KT", "TL"]


def test_a_line_of_the_files_can_be_ended_too() -> None:
    theirs = next(d for d in rulebook().directory.delegations if d.officer == "stc.pho")
    ended = rulebook().amended(rows(theirs.model_copy(update={"effective_to": MONDAY}))).directory
    assert ended.may_sign("STC", "stc.pho", MONDAY, False)
    assert not ended.may_sign("STC", "stc.pho", MONDAY + timedelta(days=1), False)
    assert len(ended.delegations) == len(rulebook().directory.delegations)


# --- what was built is kept


def test_a_calendar_day_leaves_the_directory_the_very_same() -> None:
    assert rulebook().amended(rows(off())).directory is rulebook().directory
    first = rulebook().amended(rows(away()))
    second = rulebook().amended(rows(away(), off()), first)
    assert second.directory is first.directory
    assert rulebook().amended(rows(away(), away("PCT2", "PCT3", "2026-05-18")), first).directory is not first.directory


def test_no_amendment_makes_the_indexes_be_built_again() -> None:
    amended = rulebook().amended(rows(away(), off(), line()))
    assert amended.matching is rulebook().matching
    suggester = load_suggester(RULES)
    prepare(rulebook().directory, suggester)
    built = _prepared.cache_info().misses
    prepare(amended.directory, suggester)
    assert _prepared.cache_info().misses == built


# --- what may not be entered


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (off(date(2031, 1, 1)), Code.CALENDAR_YEAR_MISSING),
        (away(last="2026-05-17"), Code.DATES_REVERSED),
        (away(leader="PCT9"), Code.LEADER_UNKNOWN),
        (away(stand_in="PCT9"), Code.LEADER_UNKNOWN),
        (away(first="2025-06-30"), Code.LEADER_UNKNOWN),
        (away(stand_in="PCT4"), Code.STAND_IN_UNFIT),
        (away(stand_in="PCT2", first="2026-08-10", last="2026-08-20"), Code.STAND_IN_UNFIT),
        (away("PCT3", "PCT1", "2026-08-10", "2026-08-20"), Code.STAND_IN_UNFIT),
        (line(effective_to=date(2026, 5, 17)), Code.DATES_REVERSED),
        (line(agency="KHONG"), Code.AGENCY_UNKNOWN),
        (line(fields=("KHONG",)), Code.FIELD_UNKNOWN),
    ],
)
def test_what_the_rules_do_not_bear_out_is_refused(change: Change, code: Code) -> None:
    with pytest.raises(Refused) as refused:
        require_sound(change, rulebook().calendar, rulebook().directory)
    assert refused.value.code is code


@pytest.mark.parametrize(
    "change",
    [off(), off(date(2026, 5, 16), "work"), away(), line(), away("PCT2", "PCT1", "2026-08-03", "2026-08-20")],
)
def test_what_they_bear_out_is_taken(change: Change) -> None:
    require_sound(change, rulebook().calendar, rulebook().directory)


@pytest.mark.parametrize("change", [off(status="provisional"), away(), line(fields=("NGAN_SACH",))])
def test_a_change_comes_back_from_its_plain_form_as_it_was(change: Change) -> None:
    assert change_of(KINDS[type(change)], change.model_dump(mode="json")) == change


# --- what confirming would do


def with_day(day: DayNotice) -> Calendar:
    return rulebook().model_copy(update={"calendar": calendar()}).amended(rows(day)).calendar


@pytest.mark.clause("G18")
def test_what_is_foreseen_is_what_confirming_does_later_or_not_at_all() -> None:
    for day in (off(date(2026, 1, 14)), off(date(2026, 1, 17), "work")):
        desk = Desk(consultation("STC", "SNV"), "2026-01-12 09:00")
        desk.launch()
        desk.reply("SNV")
        before = desk.ask("STC").due_at
        [move] = moves(desk.state.asks.values(), desk.state.terms, with_day(day))
        assert (move.agency, move.due_at) == ("STC", before)
        assert move.stays is (day.kind == "work")
        desk.now += timedelta(hours=1)
        desk.do(ChangeTerms, calendar=with_day(day))
        assert desk.ask("STC").due_at == (before if move.stays else move.computed)


def test_a_day_beyond_what_is_counted_moves_nothing() -> None:
    desk = Desk(consultation("STC"), "2026-01-05 09:00")
    desk.launch()
    assert moves(desk.state.asks.values(), desk.state.terms, with_day(off(date(2026, 3, 2)))) == ()


def test_whose_charge_an_absence_changes_is_seen_on_its_first_day_to_come() -> None:
    holds = (LeaderTerm(leader="PCT4", effective_from=date(2025, 7, 1)),)
    old, new = LeaderTable(terms=holds), LeaderTable(terms=holds, absences=(away(),))
    expected = (Charge(leader="PCT4"), Charge(leader="PCT1", acting_for="PCT4"))
    assert changed_charge(old, new, away(), date(2026, 5, 1)) == expected
    assert changed_charge(old, new, away(), date(2026, 5, 22)) == expected
    assert changed_charge(old, new, away(), date(2026, 5, 23)) is None
    assert changed_charge(new, new, away(), date(2026, 5, 1)) is None
