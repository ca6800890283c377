"""Working days and working hours between instants: lateness, what is left, half time, reminders, escalation hours."""

from datetime import UTC, time

import pytest
from pydantic import ValidationError

from domain.deadline import (
    OfficeHours,
    add_working_hours,
    half_time,
    is_late,
    last_day_in_vietnam,
    working_days_after,
    working_days_before,
    working_days_between,
    working_days_late,
    working_time_left,
)
from domain.refusals import Code, Refused
from tests.domain.official_calendar import at, day, midnight_after, official

OFFICE = OfficeHours()


@pytest.mark.clause("H30", "G18")
@pytest.mark.parametrize(
    ("due_on", "received", "late"),
    [
        ("20/03/2026", "24/03/2026 10:00", 2),
        ("25/08/2026", "26/08/2026 08:00", 1),
        ("26/02/2026", "02/03/2026 08:00", 2),
        ("13/02/2026", "22/02/2026 08:00", 0),  # late by days off only
        ("13/02/2026", "23/02/2026 08:00", 1),
        ("21/08/2026", "22/08/2026 08:00", 1),  # a make-up Saturday
        ("20/03/2026", "20/03/2026 23:59", 0),
        ("20/03/2026", "10/03/2026 08:00", 0),
    ],
)
def test_lateness_is_told_in_working_days(due_on: str, received: str, late: int) -> None:
    assert working_days_late(day(due_on), at(received), official()) == late


def test_a_reply_over_the_weekend_is_late_though_by_no_working_day() -> None:
    assert is_late(midnight_after(day("20/03/2026")), at("21/03/2026 10:00"))
    assert working_days_late(day("20/03/2026"), at("21/03/2026 10:00"), official()) == 0


@pytest.mark.parametrize(
    ("from_day", "n", "before", "after"),
    [
        ("20/03/2026", 2, "18/03/2026", "24/03/2026"),
        ("23/02/2026", 1, "13/02/2026", "24/02/2026"),
        ("24/08/2026", 1, "22/08/2026", "25/08/2026"),
        ("05/01/2026", 1, "31/12/2025", "06/01/2026"),
        ("18/02/2026", 0, "13/02/2026", "23/02/2026"),
        ("20/03/2026", 0, "20/03/2026", "20/03/2026"),
    ],
)
def test_working_days_are_counted_backwards_and_forwards(from_day: str, n: int, before: str, after: str) -> None:
    assert working_days_before(day(from_day), n, official()) == day(before)
    assert working_days_after(day(from_day), n, official()) == day(after)


@pytest.mark.parametrize("count", [working_days_before, working_days_after])
def test_a_negative_number_of_working_days_is_a_programming_error(count) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="negative"):
        count(day("20/03/2026"), -1, official())


@pytest.mark.parametrize(
    ("count", "from_day"), [(working_days_before, "03/01/2023"), (working_days_after, "31/12/2027")]
)
def test_a_count_that_leaves_the_calendar_is_refused(count, from_day: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as refusal:
        count(day(from_day), 1, official())
    assert refusal.value.code is Code.CALENDAR_YEAR_MISSING


def test_working_days_between_leaves_out_the_first_day_and_keeps_the_last() -> None:
    assert working_days_between(day("10/02/2026"), day("26/02/2026"), official()) == 7
    assert working_days_between(day("26/02/2026"), day("10/02/2026"), official()) == 0


@pytest.mark.parametrize(
    ("now", "due_on", "left"),
    [
        ("26/11/2026 09:00", "30/11/2026", 2),
        ("30/11/2026 09:00", "30/11/2026", 0),
        ("01/12/2026 09:00", "30/11/2026", 0),
        ("13/02/2026 23:59", "26/02/2026", 4),
    ],
)
def test_the_time_left_is_told_in_working_days_after_today(now: str, due_on: str, left: int) -> None:
    assert working_time_left(at(now), midnight_after(day(due_on)), official()) == left


def test_midnight_belongs_to_the_day_it_ends() -> None:
    assert last_day_in_vietnam(at("16/07/2026 00:00")) == day("15/07/2026")
    assert last_day_in_vietnam(at("15/07/2026 17:00")) == day("15/07/2026")


@pytest.mark.parametrize(
    ("start", "due_at", "half"),
    [
        ("10/02/2026 09:00", "27/02/2026 00:00", "23/02/2026 08:00"),  # never inside Tết
        ("18/05/2026 09:00", "02/06/2026 00:00", "25/05/2026 08:00"),
        ("22/04/2026 09:00", "05/05/2026 00:00", "28/04/2026 08:00"),
        ("13/07/2026 10:00", "16/07/2026 00:00", "14/07/2026 08:00"),
        ("13/07/2026 10:00", "13/07/2026 12:00", "13/07/2026 11:00"),  # hours of one day
        ("13/07/2026 22:00", "14/07/2026 06:00", "14/07/2026 02:00"),  # due before the morning
        ("14/02/2026 10:00", "16/02/2026 10:00", "15/02/2026 10:00"),  # days off only
    ],
)
def test_half_time_is_the_morning_of_the_middle_working_day(start: str, due_at: str, half: str) -> None:
    found = half_time(at(start), at(due_at), official())
    assert found == at(half)
    assert found.tzinfo is UTC


def test_half_time_opens_at_the_hour_of_the_rule() -> None:
    assert half_time(at("13/07/2026"), at("16/07/2026 00:00"), official(), time(7, 30)) == at("14/07/2026 07:30")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("21/03/2026 00:00", 1, "23/03/2026 08:30"),  # due Friday 24:00, escalated on Monday
        ("06/05/2026 00:00", 1, "06/05/2026 08:30"),
        ("14/02/2026 00:00", 1, "23/02/2026 08:30"),  # over Tết
        ("25/11/2026 17:00", 1, "26/11/2026 08:30"),
        ("20/03/2026 11:00", 1, "20/03/2026 14:00"),  # over the noon break
        ("20/03/2026 10:30", 1, "20/03/2026 11:30"),  # ends with the span
        ("20/03/2026 12:00", 1, "20/03/2026 14:30"),
        ("20/03/2026 16:30", 8, "23/03/2026 17:00"),
        ("20/03/2026 08:00", 0, "20/03/2026 08:00"),
        ("20/03/2026 11:30", 0, "20/03/2026 13:30"),
        ("20/03/2026 19:00", 0, "23/03/2026 07:30"),
        ("21/08/2026 16:30", 1, "22/08/2026 08:00"),  # into a make-up Saturday
    ],
)
def test_working_hours_run_only_while_the_office_is_open(start: str, hours: int, end: str) -> None:
    found = add_working_hours(at(start), hours, official(), OFFICE)
    assert found == at(end)
    assert found.tzinfo is UTC


def test_working_hours_that_leave_the_calendar_are_refused() -> None:
    with pytest.raises(Refused):
        add_working_hours(at("31/12/2027 16:30"), 1, official(), OFFICE)


def test_a_negative_number_of_working_hours_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_hours(at("20/03/2026 08:00"), -1, official(), OFFICE)


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((time(11), time(8)),),
        ((time(8), time(8)),),
        ((time(8), time(12)), (time(11), time(17))),
        ((time(8, tzinfo=UTC), time(12, tzinfo=UTC)),),
    ],
)
def test_office_hours_out_of_order_are_an_error(spans: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValidationError):
        OfficeHours(spans=spans)


def test_office_hours_survive_json() -> None:
    assert OfficeHours.model_validate_json(OFFICE.model_dump_json()) == OFFICE
