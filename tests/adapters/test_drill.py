"""The training copy: a day in twenty seconds, one line of time over restarts, a mark on every record."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.database import Database
from adapters.drill import (
    STARTING,
    DrillOver,
    MarkedRegister,
    NoDrillClock,
    WrongFolder,
    business_clock,
    require_own_folder,
    wind,
)
from adapters.register.ledger import timeline
from adapters.register.recording import SqlRegister
from adapters.register.verifying import verify
from adapters.settings import Settings, load_settings
from domain.clock import VIETNAM, BusinessClock
from tests.adapters.registers import batch_of, running
from tests.worlds import at, calendar

# A Sunday: the official working calendar's next morning is Monday's.
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def drill(folder: Path) -> Settings:
    return load_settings(profile="drill", data_dir=folder)


def shown(clock: BusinessClock, real: datetime) -> str:
    return f"{clock.business(real).astimezone(VIETNAM):%Y-%m-%d %H:%M}"


def test_a_drill_begins_on_the_next_working_morning_once_everything_runs(tmp_path: Path) -> None:
    clock = wind(drill(tmp_path), calendar(), SUNDAY)

    assert shown(clock, SUNDAY + STARTING) == "2026-11-23 08:00"
    assert shown(clock, SUNDAY + STARTING + timedelta(seconds=20)) == "2026-11-24 08:00"


def test_a_holiday_is_no_first_day(tmp_path: Path) -> None:
    clock = wind(drill(tmp_path), calendar(), at("2026-02-13 17:30"))

    assert shown(clock, at("2026-02-13 17:30") + STARTING) == "2026-02-23 08:00"


def test_before_eight_the_same_day_will_do(tmp_path: Path) -> None:
    clock = wind(drill(tmp_path), calendar(), at("2026-11-23 06:00"))

    assert shown(clock, at("2026-11-23 06:00") + STARTING) == "2026-11-23 08:00"


def test_a_restart_goes_on_with_the_same_line_of_time(tmp_path: Path) -> None:
    first = wind(drill(tmp_path), calendar(), SUNDAY)
    again = wind(drill(tmp_path), calendar(), SUNDAY + timedelta(minutes=5))

    assert first == again == business_clock(drill(tmp_path))


def test_only_a_drill_has_another_time_than_the_real_one(tmp_path: Path) -> None:
    assert business_clock(load_settings(data_dir=tmp_path)) == BusinessClock()
    with pytest.raises(NoDrillClock):
        business_clock(drill(tmp_path))


def test_a_drill_ends_where_the_calendar_ends(tmp_path: Path) -> None:
    wind(drill(tmp_path), calendar(), SUNDAY)

    with pytest.raises(DrillOver) as over:
        wind(drill(tmp_path), calendar(), SUNDAY + timedelta(hours=9))
    assert over.value.folder == tmp_path


def test_a_drill_and_a_real_copy_never_share_a_folder(tmp_path: Path) -> None:
    real = load_settings(data_dir=tmp_path)
    require_own_folder(real)
    require_own_folder(drill(tmp_path))

    (tmp_path / "ykien.db").touch()
    require_own_folder(real)
    with pytest.raises(WrongFolder) as of_a_copy:
        require_own_folder(drill(tmp_path))
    assert not of_a_copy.value.drill

    wind(drill(tmp_path), calendar(), SUNDAY)
    with pytest.raises(WrongFolder) as of_a_drill:
        require_own_folder(real)
    assert of_a_drill.value.drill


async def test_every_record_of_a_drill_is_marked_and_repeating_changes_nothing(db: Database) -> None:
    register = MarkedRegister(SqlRegister(db), "DIỄN TẬP")
    batch = batch_of(running().steps)

    await register.record(batch)
    await register.record(batch)

    entries = (await timeline(db, "c1")).items
    assert len(entries) == len(batch.facts)
    assert [entry.data["mode"] for entry in entries] == ["DIỄN TẬP"] * len(entries)
    assert (await verify(db)).ok
    assert not (await register.undelivered("c1")).submissions
