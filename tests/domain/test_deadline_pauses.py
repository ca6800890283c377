"""Pauses of a limit: what is not counted, when there is no due instant, and how the clock's hours wait."""

from datetime import datetime, time

import pytest
from pydantic import ValidationError

from domain.deadline import DayReason, Due, Limit, Pause, due, reproject
from tests.domain.official_calendar import at, day, official


def due_for(received: str, limit: str, *pauses: Pause, closes_at: time | None = None) -> Due:
    return due(at(received), Limit.parse(limit), official(), closes_at=closes_at, pauses=pauses)


def pause(start: str, end: str | None) -> Pause:
    return Pause(start=at(start), end=at(end) if end else None, reason="bổ sung hồ sơ", actor="cb-01")


def test_every_date_a_pause_touches_is_not_counted() -> None:
    paused = due_for("01/06/2026", "5 wd", pause("03/06/2026 16:00", "05/06/2026 08:00"))
    assert paused.due_on == day("11/06/2026")
    assert [d.date.day for d in paused.days if d.reason is DayReason.PAUSED] == [3, 4, 5]


def test_a_pause_over_days_off_costs_no_working_days() -> None:
    assert due_for("10/02/2026", "7 wd", pause("14/02/2026", "22/02/2026")).due_on == day("26/02/2026")


def test_a_limit_in_calendar_days_never_ends_inside_a_pause() -> None:
    answer = due_for("10/07/2026", "1 cd", pause("12/07/2026", "13/07/2026"))
    assert answer.due_on == day("14/07/2026")


def test_overlapping_pauses_count_once() -> None:
    twice = due_for("01/06/2026", "5 wd", pause("03/06/2026", "04/06/2026"), pause("04/06/2026", "05/06/2026"))
    assert twice.due_on == due_for("01/06/2026", "5 wd", pause("03/06/2026", "05/06/2026")).due_on
    hours = due_for(
        "01/06/2026 08:00",
        "24 h",
        pause("01/06/2026 10:00", "01/06/2026 14:00"),
        pause("01/06/2026 12:00", "01/06/2026 15:00"),
    )
    assert hours.due_at == at("02/06/2026 13:00")


def test_a_pause_before_the_clock_started_only_counts_from_the_start() -> None:
    assert due_for("01/06/2026 08:00", "4 h", pause("31/05/2026 08:00", "01/06/2026 09:00")).due_at == at(
        "01/06/2026 13:00"
    )
    assert due_for("01/06/2026", "5 wd", pause("28/05/2026", "29/05/2026")).due_on == day("08/06/2026")


def test_a_pause_that_begins_at_or_after_the_due_instant_changes_nothing() -> None:
    plain = due_for("01/06/2026", "5 wd", closes_at=time(17, 0))
    assert due_for("01/06/2026", "5 wd", pause("08/06/2026 17:00", None), closes_at=time(17, 0)) == plain
    earlier = due_for("01/06/2026", "5 wd", pause("08/06/2026 16:59", None), closes_at=time(17, 0))
    assert earlier.open


@pytest.mark.parametrize("limit", ["5 wd", "7 cd", "60 h"])
def test_while_a_pause_is_open_there_is_no_due_instant(limit: str) -> None:
    answer = due_for("01/06/2026", limit, pause("03/06/2026 00:00", None))
    assert answer.open
    assert (answer.due_at, answer.due_on, answer.provisional) == (None, None, False)
    assert answer.days[-1].date == day("03/06/2026")
    assert answer.days[-1].reason is DayReason.PAUSED_OPEN
    with pytest.raises(ValueError, match="stands still"):
        _ = answer.instant
    with pytest.raises(ValueError, match="stands still"):
        _ = answer.day


def test_a_pause_opened_while_the_last_day_rolls_over_a_weekend_holds_the_limit() -> None:
    assert due_for("10/07/2026", "1 cd", pause("12/07/2026", None)).open


def test_hours_wait_for_the_time_the_clock_stood_still() -> None:
    answer = due_for("01/06/2026 08:00", "24 h", pause("01/06/2026 10:00", "04/06/2026 10:00"))
    assert answer.due_at == at("05/06/2026 08:00")
    assert [d.reason.value for d in answer.days] == ["clock_paused", "paused", "paused", "clock_paused", "clock"]


def test_a_pause_cannot_end_before_it_starts_and_needs_zones() -> None:
    with pytest.raises(ValidationError, match="end before it starts"):
        pause("05/06/2026", "04/06/2026")
    with pytest.raises(ValidationError, match="timezone"):
        Pause(start=datetime(2026, 6, 5), reason="", actor="")  # noqa: DTZ001


def test_a_clock_that_stands_still_keeps_its_old_due_instant_through_a_calendar_change() -> None:
    old = due_for("01/06/2026", "5 wd").instant
    assert reproject(old, due_for("01/06/2026", "5 wd", pause("03/06/2026", None))) == old
