"""The engine against an independent brute-force count over 2023-2027, and the laws every due instant obeys."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.clock import VIETNAM
from domain.deadline import (
    DayReason,
    Limit,
    OfficeHours,
    Pause,
    Unit,
    add_working_hours,
    due,
    half_time,
    reproject,
    working_days_after,
    working_days_before,
    working_days_between,
)
from domain.refusals import Code, Refused
from tests.domain.official_calendar import every_day, midnight_after, official, worked_days

SMALL = settings(max_examples=150, deadline=None, database=None)
QUARTER = timedelta(minutes=15)
FIRST = datetime(2023, 1, 1, tzinfo=VIETNAM)
QUARTERS = (date(2028, 1, 1) - date(2023, 1, 1)).days * 96

instants = st.integers(0, QUARTERS - 1).map(lambda n: FIRST + n * QUARTER)
day_units = st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY])


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> tuple[Pause, ...]:
    """Up to three closed pauses around the first days of a limit, in any order, perhaps overlapping."""
    spans = draw(st.lists(st.tuples(st.integers(-96, 960), st.integers(0, 480)), max_size=3))
    begins = [(start + after * QUARTER, length * QUARTER) for after, length in spans]
    return tuple(Pause(start=begin, end=begin + length, reason="", actor="") for begin, length in begins)


def brute_last_day(start: datetime, limit: Limit, paused: list[date]) -> date | None:
    """The last day by listing days; None where the list runs out."""
    received = start.astimezone(VIETNAM).date()
    worked = [d for d in worked_days() if d > received and d not in paused]
    counted = worked if limit.unit is Unit.WORKING_DAY else [d for d in every_day() if d > received and d not in paused]
    if len(counted) < limit.n:
        return None
    nth = counted[limit.n - 1]
    return next((d for d in worked if d >= nth), None)


def dates_of(pauses: tuple[Pause, ...]) -> list[date]:
    found: list[date] = []
    for pause in pauses:
        assert pause.end is not None
        first, last = pause.start.astimezone(VIETNAM).date(), pause.end.astimezone(VIETNAM).date()
        found += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return found


@SMALL
@given(instants, st.integers(1, 40), day_units)
def test_days_are_counted_as_by_hand(start: datetime, n: int, unit: Unit) -> None:
    limit = Limit(n=n, unit=unit)
    expected = brute_last_day(start, limit, [])
    if expected is None:
        with pytest.raises(Refused, match=Code.CALENDAR_YEAR_MISSING):
            due(start, limit, official())
        return
    answer = due(start, limit, official())
    assert answer.due_on == expected
    assert answer.due_at == midnight_after(answer.day)


@SMALL
@given(st.data(), instants, st.integers(1, 12), day_units)
def test_days_with_pauses_are_counted_as_by_hand(data: st.DataObject, start: datetime, n: int, unit: Unit) -> None:
    assume(start.year < 2027)
    limit, pauses = Limit(n=n, unit=unit), data.draw(pauses_after(start))
    answer = due(start, limit, official(), pauses=pauses)
    assert answer.due_on == brute_last_day(start, limit, dates_of(pauses))


@SMALL
@given(st.data(), instants, st.integers(1, 72))
def test_hours_with_pauses_are_counted_as_by_hand(data: st.DataObject, start: datetime, n: int) -> None:
    assume(start.year < 2027)
    pauses = data.draw(pauses_after(start))
    now, left = start, 4 * n
    while left:
        left -= not any(p.start <= now and p.end is not None and now < p.end for p in pauses)
        now += QUARTER
    assert due(start, Limit(n=n, unit=Unit.HOUR), official(), pauses=pauses).due_at == now


@SMALL
@given(st.data(), instants, st.integers(1, 20), day_units)
def test_every_day_to_the_due_day_is_explained_once_and_n_of_them_are_counted(
    data: st.DataObject, start: datetime, n: int, unit: Unit
) -> None:
    assume(start.year < 2027)
    answer = due(start, Limit(n=n, unit=unit), official(), pauses=data.draw(pauses_after(start)))
    first = start.astimezone(VIETNAM).date()
    assert [d.date for d in answer.days] == [first + timedelta(days=k) for k in range((answer.day - first).days + 1)]
    assert sum(d.counted for d in answer.days) == n
    assert answer.days[0].reason is DayReason.FIRST_DAY
    assert official().is_working(answer.day)


@SMALL
@given(instants, st.integers(1, 20), day_units)
def test_the_other_answer_is_the_one_of_a_calendar_without_provisional_days(
    start: datetime, n: int, unit: Unit
) -> None:
    assume(start < datetime(2027, 11, 1, tzinfo=VIETNAM))
    limit = Limit(n=n, unit=unit)
    answer, firm = due(start, limit, official()), due(start, limit, official().without_provisional())
    assert (answer.due_at_if_worked or answer.due_at) == firm.due_at
    assert answer.provisional == (answer.due_at != firm.due_at)


@SMALL
@given(instants, st.integers(1, 20), st.integers(1, 20), day_units)
def test_a_longer_limit_is_never_due_earlier(start: datetime, n: int, more: int, unit: Unit) -> None:
    assume(start < datetime(2027, 10, 1, tzinfo=VIETNAM))
    shorter = due(start, Limit(n=n, unit=unit), official()).instant
    assert shorter <= due(start, Limit(n=n + more, unit=unit), official()).instant


@SMALL
@given(st.data(), instants, st.integers(1, 10), day_units, st.integers(0, 30))
def test_an_open_pause_matters_exactly_when_it_begins_before_the_due_instant(
    data: st.DataObject, start: datetime, n: int, unit: Unit, after: int
) -> None:
    assume(start.year < 2027)
    closes_at = data.draw(st.sampled_from([None, time(17, 0)]))
    limit, pause = Limit(n=n, unit=unit), Pause(start=start + after * timedelta(hours=13), reason="", actor="")
    plain = due(start, limit, official(), closes_at=closes_at)
    held = due(start, limit, official(), closes_at=closes_at, pauses=(pause,))
    assert held.open == (pause.start < plain.instant)
    assert held.open or held == plain


@SMALL
@given(instants, instants, st.integers(1, 20), day_units)
def test_reprojection_never_shortens_and_takes_every_extension(
    old: datetime, start: datetime, n: int, unit: Unit
) -> None:
    assume(start < datetime(2027, 11, 1, tzinfo=VIETNAM))
    new = due(start, Limit(n=n, unit=unit), official())
    assert reproject(old, new) == max(old, new.instant)


@SMALL
@given(st.sampled_from(every_day()), st.integers(0, 40))
def test_counting_working_days_there_and_between_agrees(some_day: date, n: int) -> None:
    assume(date(2023, 6, 1) < some_day < date(2027, 6, 1))
    later, earlier = working_days_after(some_day, n, official()), working_days_before(some_day, n, official())
    ahead = [d for d in worked_days() if d > some_day]
    behind = [d for d in worked_days() if d < some_day]
    if n:
        assert (later, earlier) == (ahead[n - 1], behind[-n])
        assert working_days_between(some_day, later, official()) == n
    else:
        assert later == next(d for d in worked_days() if d >= some_day)
        assert earlier == [d for d in worked_days() if d <= some_day][-1]


@SMALL
@given(instants, st.integers(0, 20))
def test_working_hours_are_counted_as_by_hand(start: datetime, hours: int) -> None:
    assume(date(2023, 1, 1) < start.date() < date(2027, 11, 1))
    open_spans = OfficeHours().spans
    days = [start.date() + timedelta(days=n) for n in range(25)]
    slots = [
        datetime.combine(d, time(), VIETNAM) + n * QUARTER
        for d in days
        if d in worked_days()
        for n in range(96)
        if any(opens <= (FIRST + n * QUARTER).time() < closes for opens, closes in open_spans)
    ]
    ahead = [slot for slot in slots if slot >= start]
    expected = ahead[4 * hours - 1] + QUARTER if hours else ahead[0]
    assert add_working_hours(start, hours, official(), OfficeHours()) == expected


@SMALL
@given(instants, st.integers(1, 40), st.sampled_from(list(Unit)))
def test_half_time_falls_inside_the_limit(start: datetime, n: int, unit: Unit) -> None:
    assume(start < datetime(2027, 9, 1, tzinfo=VIETNAM))
    due_at = due(start, Limit(n=n, unit=unit), official()).instant
    assert start < half_time(start, due_at, official()) < due_at
