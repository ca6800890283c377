"""The working calendar: what it knows, what it refuses, and that it survives being stored and sent."""

import pickle
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from domain.calendar import Calendar, DayNotice
from domain.refusals import Code, Refused
from tests.domain.official_calendar import (
    SATURDAYS_WORKED,
    WEEKDAYS_OFF,
    dates,
    day,
    every_day,
    official,
    read_yaml,
    worked_days,
)


def notice(on: str, kind: str = "off", status: str = "confirmed") -> DayNotice:
    return DayNotice.model_validate(
        {
            "date": day(on),
            "kind": kind,
            "name": "Ngày thử",
            "basis": "thông báo thử",
            "confidence": "S",
            "status": status,
        }
    )


@pytest.mark.parametrize(("year", "days"), [(2023, 249), (2024, 251), (2025, 250), (2026, 249), (2027, 249)])
def test_each_covered_year_has_its_official_number_of_working_days(year: int, days: int) -> None:
    assert sum(official().is_working(d) for d in every_day() if d.year == year) == days


def test_every_day_is_worked_or_off_exactly_as_the_notices_say() -> None:
    assert tuple(d for d in every_day() if official().is_working(d)) == worked_days()


def test_the_file_holds_every_weekday_off_and_every_make_up_saturday() -> None:
    kept = official().notices
    assert [n.date for n in kept if n.kind == "off" and n.date.isoweekday() <= 5] == dates(WEEKDAYS_OFF)
    assert [n.date for n in kept if n.kind == "work"] == dates(SATURDAYS_WORKED)
    assert all(n.date.isoweekday() == 6 for n in kept if n.kind == "work")


def test_the_file_names_its_source_and_keeps_its_days_in_order() -> None:
    assert read_yaml("calendar.yaml")["source"]
    listed = [n.date for n in official().notices]
    assert listed == sorted(listed)


def test_culture_day_2026_and_all_of_2027_wait_for_confirmation_and_are_never_citable() -> None:
    waiting = official().provisional_days
    assert waiting[0] == date(2026, 11, 24)
    assert waiting[1:] == tuple(n.date for n in official().notices if n.date.year == 2027)
    assert all(n.confidence == "U" for n in official().notices if n.provisional)


def test_the_january_2026_swap_carries_the_number_of_its_official_letter() -> None:
    for swapped in ("02/01/2026", "10/01/2026"):
        found = official().notice(day(swapped))
        assert found is not None
        assert "12729/VPCP-KGVX" in found.basis
        assert found.confidence == "S"


@pytest.mark.parametrize("outside", ["31/12/2022", "01/01/2028", "31/12/9999"])
def test_a_year_that_is_not_covered_is_refused_and_never_guessed(outside: str) -> None:
    with pytest.raises(Refused) as refusal:
        official().is_working(day(outside))
    assert refusal.value.code is Code.CALENDAR_YEAR_MISSING
    assert refusal.value.params == {"year": outside[-4:]}


def test_the_search_for_the_next_working_day_stops_at_the_end_of_the_calendar() -> None:
    with pytest.raises(Refused) as refusal:
        official().next_working(date(2027, 12, 31))
    assert refusal.value.code is Code.CALENDAR_YEAR_MISSING


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("09/01/2026", "10/01/2026"),  # Friday to a make-up Saturday
        ("13/02/2026", "23/02/2026"),  # over Tết
        ("21/08/2026", "22/08/2026"),
        ("29/04/2026", "04/05/2026"),
        ("31/12/2025", "05/01/2026"),  # over the year
        ("28/02/2024", "29/02/2024"),  # leap day
        ("23/11/2026", "25/11/2026"),
    ],
)
def test_the_next_working_day_jumps_over_days_off_and_lands_on_make_up_days(before: str, after: str) -> None:
    assert official().next_working(day(before)) == day(after)


def test_without_provisional_days_the_culture_day_is_worked_and_nothing_else_of_2026_changes() -> None:
    firm = official().without_provisional()
    changed = [d for d in every_day() if d.year == 2026 and firm.is_working(d) != official().is_working(d)]
    assert changed == [date(2026, 11, 24)]
    assert firm.provisional_days == ()


@settings(max_examples=50, deadline=None, database=None)
@given(st.sampled_from(every_day()))
def test_passing_over_provisional_notices_equals_a_calendar_without_them(some_day: date) -> None:
    assert official().is_working(some_day, firm=True) == official().without_provisional().is_working(some_day)


def test_a_provisional_swap_vanishes_as_a_pair() -> None:
    pair = (notice("08/06/2026", "off", "provisional"), notice("13/06/2026", "work", "provisional"))
    firm = Calendar(version="v", years=(2026,), notices=pair).without_provisional()
    assert firm.is_working(day("08/06/2026"))
    assert not firm.is_working(day("13/06/2026"))


def test_a_snapshot_between_two_years_keeps_only_their_notices_and_the_version() -> None:
    snapshot = official().between(2026, 2028)
    assert snapshot.years == (2026, 2027)
    assert snapshot.version == official().version
    assert {n.date.year for n in snapshot.notices} == {2026, 2027}
    assert len(snapshot.model_dump_json()) < 8_000
    with pytest.raises(Refused):
        snapshot.is_working(date(2025, 12, 31))


def test_a_snapshot_of_years_never_covered_refuses_every_day() -> None:
    with pytest.raises(Refused):
        official().between(2030, 2031).is_working(date(2030, 1, 2))


def test_a_notice_may_declare_that_a_weekday_is_worked_after_all() -> None:
    calendar = Calendar(version="v", years=(2026,), notices=(notice("24/11/2026", "work"),))
    assert calendar.is_working(day("24/11/2026"))


def test_two_notices_for_one_day_are_an_error() -> None:
    with pytest.raises(ValidationError, match="two notices"):
        Calendar(version="v", years=(2026,), notices=(notice("24/11/2026"), notice("24/11/2026", "work")))


def test_a_notice_outside_the_covered_years_is_an_error() -> None:
    with pytest.raises(ValidationError, match="outside the covered years"):
        Calendar(version="v", years=(2026,), notices=(notice("01/01/2027"),))


@pytest.mark.parametrize("years", [(0,), (1899, 2026), (9999,)])
def test_absurd_years_are_an_error(years: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError, match="between 1900 and 9998"):
        Calendar(version="v", years=years)


def test_years_are_kept_once_and_in_order() -> None:
    assert Calendar(version="v", years=(2027, 2026, 2027)).years == (2026, 2027)


@pytest.mark.parametrize("field", ["date", "kind", "name", "basis", "confidence"])
def test_a_notice_without_one_of_its_parts_is_an_error(field: str) -> None:
    parts = {k: v for k, v in notice("24/11/2026").model_dump().items() if k != field}
    with pytest.raises(ValidationError, match=field):
        DayNotice.model_validate(parts)


def test_a_used_calendar_is_equal_to_an_unused_one_and_survives_json_and_pickle() -> None:
    used = official().between(2026, 2027)
    used.is_working(day("24/11/2026"))
    unused = Calendar.model_validate_json(used.model_dump_json())
    assert unused == used
    assert hash(unused) == hash(used)
    assert pickle.loads(pickle.dumps(used)) == used
    assert "by_date" not in used.model_dump()


def test_a_used_calendar_is_sent_without_warnings_inside_a_choice_of_models() -> None:
    class Letter(BaseModel):
        content: Calendar | DayNotice

    used = official().between(2026, 2026)
    used.is_working(day("24/11/2026"))
    assert Letter.model_validate_json(Letter(content=used).model_dump_json()).content == used


def test_a_copy_with_other_notices_answers_from_its_own() -> None:
    original = official().between(2026, 2026)
    assert not original.is_working(day("24/11/2026"))
    copied = original.model_copy(update={"notices": ()})
    assert copied.is_working(day("24/11/2026"))
    assert not original.is_working(day("24/11/2026"))


def test_the_index_of_the_notices_is_built_once() -> None:
    assert official().by_date is official().by_date


def test_unknown_keys_from_a_newer_program_are_ignored() -> None:
    newer = {**official().between(2026, 2026).model_dump(mode="json"), "province": "24"}
    assert Calendar.model_validate(newer) == official().between(2026, 2026)
