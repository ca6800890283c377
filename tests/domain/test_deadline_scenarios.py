"""The dates of the ten dated consultations: every due day, reminder and report day the deadline engine must give."""

from datetime import time

import pytest

from domain.deadline import Limit, OfficeHours, add_working_hours, due, is_late, working_days_before, working_days_late
from tests.domain.official_calendar import at, day, midnight_after, official


@pytest.mark.clause("H30", "G18", "K07")
@pytest.mark.parametrize(
    ("scenario", "received", "limit", "last"),
    [
        ("S1", "13/03/2026 16:10", "7 cd", "20/03/2026"),
        ("S2", "10/02/2026 09:00", "7 wd", "26/02/2026"),
        ("S3", "22/04/2026 09:00", "5 wd", "04/05/2026"),
        ("S3 returned", "29/04/2026 15:00", "2 wd", "05/05/2026"),
        ("S4", "18/05/2026 09:00", "10 wd", "01/06/2026"),
        ("S5", "01/06/2026 09:00", "5 wd", "08/06/2026"),
        ("S5 re-routed", "04/06/2026 09:00", "3 wd", "09/06/2026"),
        ("S6", "08/06/2026 09:00", "5 wd", "15/06/2026"),
        ("S7", "13/07/2026 10:00", "2 wd", "15/07/2026"),
        ("S8", "19/08/2026 09:00", "5 wd", "25/08/2026"),
        ("S8 returned", "25/08/2026 15:00", "2 wd", "27/08/2026"),
        ("S8 second draft", "26/08/2026 09:00", "5 wd", "07/09/2026"),
        ("S9", "10/09/2026 09:00", "7 wd", "21/09/2026"),
        ("S9 re-routed", "17/09/2026 09:00", "3 wd", "22/09/2026"),
        ("S10", "17/11/2026 09:02", "5 wd", "25/11/2026"),
        ("S10 communes reached a day later", "18/11/2026 08:10", "5 wd", "26/11/2026"),
    ],
)
def test_every_scenario_is_due_on_its_day(scenario: str, received: str, limit: str, last: str) -> None:
    answer = due(at(received), Limit.parse(limit), official())
    assert answer.due_at == midnight_after(day(last)), scenario


def test_s1_reminds_two_working_days_before_and_reports_on_the_next_monday() -> None:
    due_at = due(at("13/03/2026 16:10"), Limit.parse("7 cd"), official()).instant
    assert working_days_before(day("20/03/2026"), 2, official()) == day("18/03/2026")
    assert add_working_hours(due_at, 1, official(), OfficeHours()) == at("23/03/2026 08:30")
    assert working_days_late(day("20/03/2026"), at("24/03/2026 09:00"), official()) == 2


def test_s2_has_its_reminder_outside_tet_and_a_late_evening_reply_is_on_time() -> None:
    due_at = due(at("10/02/2026"), Limit.parse("7 wd"), official()).instant
    assert working_days_before(day("26/02/2026"), 4, official()) == day("13/02/2026")
    assert not is_late(due_at, at("26/02/2026 21:50"))
    assert is_late(due_at, at("27/02/2026 00:00"))


def test_s8_is_late_by_one_working_day_because_the_saturday_was_worked() -> None:
    answer = due(at("19/08/2026"), Limit.parse("5 wd"), official())
    saturday = next(d for d in answer.days if d.date == day("22/08/2026"))
    assert (saturday.counted, saturday.reason.value, saturday.name) == (
        True,
        "makeup",
        "Ngày làm bù cho ngày 31/8/2026",
    )
    assert is_late(answer.instant, at("26/08/2026 09:00"))
    assert working_days_late(answer.day, at("26/08/2026 09:00"), official()) == 1


def test_s10_stores_the_later_instant_and_names_the_other() -> None:
    answer = due(at("17/11/2026 09:02"), Limit.parse("5 wd"), official(), closes_at=time(17, 0))
    assert answer.due_at == at("25/11/2026 17:00")
    assert answer.due_on_if_worked == day("24/11/2026")
