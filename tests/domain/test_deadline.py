"""Due instants: the sixteen vectors, the Civil Code's rules one by one, pauses, refusals and chosen instants."""

from datetime import UTC, datetime, time, timedelta

import pytest

from domain.deadline import (
    DayReason,
    Due,
    Limit,
    Pause,
    check_chosen,
    closing,
    due,
    is_late,
    reproject,
)
from domain.refusals import Code, Refused
from tests.domain.official_calendar import at, day, midnight_after, official

VECTORS = [
    ("30/12/2025", "5 wd", "08/01/2026"),
    ("05/01/2026", "5 wd", "10/01/2026"),
    ("09/02/2026", "7 cd", "23/02/2026"),
    ("10/02/2026", "7 wd", "26/02/2026"),
    ("10/04/2026", "15 cd", "28/04/2026"),
    ("22/04/2026", "5 wd", "04/05/2026"),
    ("23/04/2026", "7 cd", "04/05/2026"),
    ("18/05/2026", "10 wd", "01/06/2026"),
    ("13/07/2026", "2 wd", "15/07/2026"),
    ("17/08/2026", "5 wd", "22/08/2026"),
    ("19/08/2026", "5 wd", "25/08/2026"),
    ("24/08/2026", "7 cd", "03/09/2026"),
    ("26/08/2026", "5 wd", "07/09/2026"),
    ("17/11/2026", "5 wd", "25/11/2026"),
    ("17/11/2026", "7 cd", "25/11/2026"),
    ("18/11/2026", "5 wd", "26/11/2026"),
]
PROVISIONAL = [
    ("17/11/2026", "5 wd", "24/11/2026"),
    ("17/11/2026", "7 cd", "24/11/2026"),
    ("18/11/2026", "5 wd", "25/11/2026"),
]


def due_for(received: str, limit: str, *pauses: Pause, closes_at: time | None = None) -> Due:
    return due(at(received), Limit.parse(limit), official(), closes_at=closes_at, pauses=pauses)


def pause(start: str, end: str | None) -> Pause:
    return Pause(start=at(start), end=at(end) if end else None, reason="bổ sung hồ sơ", actor="cb-01")


@pytest.mark.clause("H30", "G18", "K07")
@pytest.mark.parametrize(("received", "limit", "last"), VECTORS)
def test_each_vector_is_due_at_the_end_of_its_official_day(received: str, limit: str, last: str) -> None:
    answer = due_for(received, limit)
    assert answer.due_on == day(last)
    assert answer.due_at == midnight_after(day(last))
    assert answer.instant.tzinfo is UTC
    assert not answer.open


@pytest.mark.parametrize(("received", "limit", "if_worked"), PROVISIONAL)
def test_a_provisional_day_off_gives_both_answers(received: str, limit: str, if_worked: str) -> None:
    answer = due_for(received, limit)
    assert answer.provisional
    assert answer.due_on_if_worked == day(if_worked)
    assert answer.due_at_if_worked == midnight_after(day(if_worked))


@pytest.mark.parametrize(("received", "limit", "last"), VECTORS[:13])
def test_only_an_answer_that_would_change_is_provisional(received: str, limit: str, last: str) -> None:
    answer = due_for(received, limit)
    assert (answer.provisional, answer.due_at_if_worked, answer.due_on_if_worked) == (False, None, None)


def test_a_provisional_day_inside_a_limit_in_calendar_days_changes_nothing() -> None:
    assert not due_for("19/11/2026", "7 cd").provisional


def test_the_first_day_is_not_counted_at_whatever_hour_the_letter_came() -> None:
    answers = [due_for(f"13/07/2026 {hour}", "2 wd").due_on for hour in ("00:00", "07:29", "16:59", "23:59")]
    assert answers == [day("15/07/2026")] * 4


def test_the_day_of_receipt_is_the_day_in_vietnam_whatever_the_zone_of_the_instant() -> None:
    late_evening_in_london = datetime(2026, 7, 12, 18, 0, tzinfo=UTC)  # 01:00 of the 13th in Vietnam
    assert due(late_evening_in_london, Limit.parse("2 wd"), official()).due_on == day("15/07/2026")


def test_a_letter_that_comes_on_a_day_off_keeps_its_date_and_counts_from_the_next_working_day() -> None:
    assert due_for("11/07/2026", "2 wd").due_on == day("14/07/2026")
    assert due_for("11/07/2026", "7 cd").due_on == day("20/07/2026")


def test_an_instant_without_a_zone_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 7, 13, 9), Limit.parse("2 wd"), official())  # noqa: DTZ001


@pytest.mark.clause("H30", "G18")
def test_a_reply_just_before_midnight_of_the_last_day_is_on_time_and_one_at_midnight_is_late() -> None:
    due_at = due_for("13/07/2026 10:00", "2 wd").instant
    assert not is_late(due_at, at("15/07/2026 22:40"))
    assert not is_late(due_at, at("15/07/2026 23:59") + timedelta(seconds=59, microseconds=999_999))
    assert is_late(due_at, at("16/07/2026 00:00"))


def test_a_fixed_closing_hour_ends_the_last_day() -> None:
    answer = due_for("17/11/2026", "5 wd", closes_at=time(17, 0))
    assert answer.due_at == at("25/11/2026 17:00")
    assert answer.due_at_if_worked == at("24/11/2026 17:00")
    assert is_late(answer.instant, at("25/11/2026 17:00"))


def test_a_closing_hour_is_a_local_time() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        closing(day("25/11/2026"), time(17, 0, tzinfo=UTC))


def test_hours_run_on_the_clock_over_days_off_and_ignore_the_closing_hour() -> None:
    answer = due_for("14/02/2026 22:30", "48 h", closes_at=time(17, 0))
    assert answer.due_at == at("16/02/2026 22:30")
    assert answer.due_on == day("16/02/2026")
    assert [d.reason for d in answer.days] == [DayReason.CLOCK] * 3


def test_hours_that_end_at_midnight_end_on_the_day_before() -> None:
    answer = due_for("13/07/2026 22:00", "2 h")
    assert answer.due_at == at("14/07/2026 00:00")
    assert answer.due_on == day("13/07/2026")


@pytest.mark.parametrize(
    ("received", "limit", "last"),
    [
        ("28/02/2024", "1 cd", "29/02/2024"),
        ("26/02/2024", "3 wd", "29/02/2024"),
        ("28/02/2025", "1 wd", "03/03/2025"),
        ("31/12/2024", "1 wd", "02/01/2025"),
        ("27/12/2024", "5 cd", "02/01/2025"),  # the last day is New Year's Day
        ("24/01/2025", "1 wd", "03/02/2025"),
        ("25/04/2025", "1 wd", "26/04/2025"),  # a make-up Saturday alone
        ("29/04/2025", "1 wd", "05/05/2025"),
        ("19/01/2023", "1 cd", "27/01/2023"),
        ("30/12/2027", "1 wd", "31/12/2027"),  # 24:00 of the calendar's very last day
    ],
)
def test_months_years_leap_days_and_tet_are_crossed_correctly(received: str, limit: str, last: str) -> None:
    assert due_for(received, limit).due_on == day(last)


@pytest.mark.parametrize(
    ("received", "limit", "year"),
    [
        ("30/12/2022", "5 wd", "2022"),
        ("31/12/2022", "5 wd", "2022"),  # only the day of receipt lies outside
        ("30/12/2022", "5 cd", "2022"),
        ("31/12/2022 23:00", "5 h", "2022"),
        ("31/12/2027", "1 wd", "2028"),
        ("28/12/2027", "7 cd", "2028"),
        ("25/12/2027", "7 cd", "2028"),  # ends on New Year's Day itself
        ("31/12/2027 23:00", "2 h", "2028"),
        ("01/06/2030", "5 wd", "2030"),
    ],
)
def test_a_missing_year_at_either_end_is_refused(received: str, limit: str, year: str) -> None:
    with pytest.raises(Refused) as refusal:
        due_for(received, limit)
    assert refusal.value.code is Code.CALENDAR_YEAR_MISSING
    assert refusal.value.params == {"year": year}


def test_a_calendar_change_extends_an_open_due_instant() -> None:
    old = due(at("17/11/2026"), Limit.parse("5 wd"), official().without_provisional()).instant
    assert reproject(old, due_for("17/11/2026", "5 wd")) == midnight_after(day("25/11/2026"))


def test_a_calendar_change_never_shortens_an_open_due_instant() -> None:
    old = due_for("17/11/2026", "5 wd").instant
    shorter = due(at("17/11/2026"), Limit.parse("5 wd"), official().without_provisional())
    assert reproject(old, shorter) == old


@pytest.mark.clause("K07")
def test_a_chosen_instant_below_the_minimum_is_refused_with_the_earliest_lawful_one() -> None:
    with pytest.raises(Refused) as refusal:
        check_chosen(at("13/03/2026 16:10"), at("19/03/2026 17:00"), Limit.parse("7 cd"), official())
    assert refusal.value.code is Code.DEADLINE_TOO_SHORT
    assert refusal.value.params["minimum"] == "7 cd"
    assert datetime.fromisoformat(refusal.value.params["earliest"]) == at("21/03/2026 00:00")


@pytest.mark.parametrize("chosen", ["13/03/2026 16:10", "12/03/2026 17:00"])
def test_a_chosen_instant_not_after_delivery_is_refused(chosen: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_chosen(at("13/03/2026 16:10"), at(chosen), None, official())
    assert refusal.value.code is Code.DEADLINE_BEFORE_DELIVERY


def test_a_chosen_instant_at_the_minimum_or_later_or_without_a_minimum_passes() -> None:
    start, minimum = at("13/03/2026 16:10"), Limit.parse("7 cd")
    check_chosen(start, at("21/03/2026 00:00"), minimum, official())
    check_chosen(start, at("20/03/2026 17:00"), minimum, official(), closes_at=time(17, 0))
    check_chosen(start, at("13/03/2026 17:00"), None, official())


def test_a_minimum_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        check_chosen(at("30/12/2027"), at("10/01/2028"), Limit.parse("5 wd"), official())
    assert refusal.value.code is Code.CALENDAR_YEAR_MISSING


def test_a_due_answer_survives_json() -> None:
    for answer in (due_for("17/11/2026", "5 wd"), due_for("01/06/2026", "5 wd", pause("03/06/2026", None))):
        assert Due.model_validate_json(answer.model_dump_json()) == answer
