"""Sums, aims, tables, charts and the page, from figures made up here: nothing is started."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.aims import aims
from bench.figures import Drain, Filled, Flow, Growth, Herd, Idle, Spread, percentile, spent, spread
from bench.report import Machine, Report, merged, section
from bench.tables import tables
from bench.words import AIMS, COLUMNS, TITLES
from bench.writing import FOLDER, PAGE, write
from commands.texts import say

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MACHINE = Machine(cpu="x", cores=2, memory=2**34, system="Linux", python="3", temporal="t", postgres=None)


def flow(database: str | None, shape: str, replies_per_s: float, **values: Any) -> Flow:
    base: dict[str, Any] = {
        "consultations": 2,
        "replies": 16,
        "at_once": 2,
        "seconds": 1.0,
        "consultations_per_s": 2.0,
        "p50_ms": 10.0,
        "p99_ms": 20.0,
        "worst_ms": 30.0,
        "events_per_reply": 7.0,
        "events_per_reply_total": 9.0,
        "events_quiet": 11,
        "cpu_per_1000": {"temporal": 3.0, "worker": 4.0, "client": 1.0},
    }
    return Flow.model_validate(base | {"database": database, "shape": shape, "replies_per_s": replies_per_s} | values)


def herd(kind: str, p99: float, wrong: int = 0) -> Herd:
    lag = Spread(p50=1.0, p99=p99, worst=p99)
    return Herd(kind=kind, count=500, verdicts=500 - wrong, wrong=wrong, woken=lag, done=lag)


def growth(asks: int, per_ask_ms: float | None) -> Growth:
    if per_ask_ms is None:
        return Growth(database="sqlite", asks=asks, seconds=1.0, failed="TimeoutError: ")
    return Growth(
        database="sqlite",
        asks=asks,
        seconds=1.0,
        per_ask_ms=per_ask_ms,
        cpu_per_ask_ms={"worker": 1.0},
        events=9,
        events_per_ask=5.0,
    )


def report(**values: Any) -> Report:
    bare = section([flow(None, "alone", 70), flow(None, "each", 200)])
    lags = {"register_lag_p50_s": 0.1, "register_lag_p99_s": 1.0}
    engine = section([flow("sqlite", "alone", 40), flow("sqlite", "each", 120, **lags)])
    http = section([flow("sqlite", "each", 50), flow("sqlite", "open", 50, p50_ms=59.9, p99_ms=400.0)])
    base: dict[str, Any] = {
        "at": NOW,
        "quick": False,
        "measured_at": dict.fromkeys(("bare", "engine", "http", "herd", "growth", "filled", "idle", "drain"), NOW),
        "machine": MACHINE,
        "bare": bare,
        "engine": engine,
        "http": http,
        "herd": (herd("bare", 2.0), herd("sqlite", 3.0)),
        "growth": (growth(1, 50.0), growth(10, 10.0), growth(3321, 12.0)),
        "filled": (Filled(database="sqlite", asks=1000, fill_s=2.0, flow=flow("sqlite", "each", 110)),),
        "idle": (Idle(database="sqlite", consultations=9, seconds=1, memory={"worker": 9}, cpu_share={"worker": 0.1}),),
        "drain": (Drain(database="sqlite", replies=3000, stamp_s=9.0, drained_s=60.0, settled=3000),),
    }
    made = Report(**base | values)
    return made.model_copy(update={"aims": aims(made)})


def judged(made: Report) -> dict[str, bool | None]:
    return {aim.name: aim.reached for aim in made.aims}


# --- sums


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([3.0, 1.0, 2.0], 0.5, 2.0), ([1.0], 0.99, 1.0), (list(range(1, 101)), 0.99, 99), (list(range(1, 101)), 0.5, 50)],
)
def test_a_percentile_is_a_measured_value(values: list[float], share: float, found: float) -> None:
    assert percentile(values, share) == found


def test_nothing_measured_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


def test_the_worst_is_told_beside_the_percentiles() -> None:
    assert spread([1.0, 2.0, 3.0, 9.0]) == Spread(p50=2.0, p99=9.0, worst=9.0)


def test_processor_time_is_what_was_used_between() -> None:
    assert spent({"api": 1.0}, {"api": 3.0, "client": 0.5}, 2.0) == {"api": 1.0, "client": 0.25}


# --- aims


def test_an_aim_is_reached_exactly_or_not_at_all() -> None:
    assert judged(report()) == {
        "engine_share": True,  # 120 / 200 is the 0.6 wanted
        "events_under_load": True,
        "register_lag_p99_s": False,  # 1.0 is not under 1
        "events_alone": True,
        "http_p50_ms": True,
        "http_p99_ms": False,  # 400 is not under 400
        "herd_lag_share": True,
        "herd_wrong": True,
        "drained_s": False,
        "time_per_ask_share": True,
        "cpu_per_ask_share": True,
    }


def test_one_wrong_verdict_misses_the_aim() -> None:
    assert judged(report(herd=(herd("bare", 2.0), herd("sqlite", 2.0, wrong=1))))["herd_wrong"] is False


def test_a_share_of_two_runs_is_not_judged() -> None:
    made = report()
    other = made.model_copy(update={"measured_at": {**made.measured_at, "bare": NOW - timedelta(hours=1)}})

    assert {aim.name: aim.reached for aim in aims(other)}["engine_share"] is None


@pytest.mark.parametrize("missing", [(growth(10, 10.0),), (growth(10, 10.0), growth(1000, 11.0), growth(3321, None))])
def test_flat_cost_is_not_judged_before_the_largest_consultation_came_to_its_end(missing: tuple[Growth, ...]) -> None:
    assert judged(report(growth=missing))["time_per_ask_share"] is None


@pytest.mark.parametrize("larger", [(12.1, 9.0), (5.0, 7.0)])
def test_growing_cheaper_does_not_pay_for_growing_dearer(larger: tuple[float, float]) -> None:
    rows = (growth(10, 10.0), growth(100, larger[0]), growth(3321, larger[1]))

    assert judged(report(growth=rows))["time_per_ask_share"] is False


# --- several runs


def test_a_run_of_some_parts_keeps_the_others() -> None:
    later = report(at=NOW + timedelta(hours=1), measured_at={"idle": NOW + timedelta(hours=1)}, herd=(), idle=())

    both = merged(report(failed={"http postgres": "x", "idle sqlite": "y"}), later)

    assert both.herd == report().herd
    assert both.idle == ()
    assert both.measured_at["idle"] > both.measured_at["herd"]
    assert both.failed == {"http postgres": "x"}


def test_another_machines_figures_are_not_kept() -> None:
    other = report(machine=MACHINE.model_copy(update={"cores": 64}))

    assert merged(other, report()) == report()


# --- words, tables, page


def test_every_table_column_and_aim_has_its_words_in_both_languages() -> None:
    for table in tables(report()):
        assert say(f"bench.table.{table.name}")
        assert TITLES[table.name]
        assert [key for key in table.headings if key not in COLUMNS] == []
        assert [len(row) for row in table.rows] == [len(table.headings)] * len(table.rows)
    for name in AIMS:
        assert say(f"bench.aim.{name}")
    assert [aim.name for aim in report().aims if aim.name not in AIMS] == []
    assert [key for key in COLUMNS if not say(f"bench.column.{key}")] == []


def test_the_page_takes_every_table_and_chart_and_keeps_its_own_words(tmp_path: Path) -> None:
    (tmp_path / PAGE).write_text((FOLDER / PAGE).read_text("utf-8"), "utf-8")

    files = write(report(), tmp_path)
    text = (tmp_path / PAGE).read_text("utf-8")

    assert "Not measured yet." not in text
    assert all(f"\n<!-- /{table.name} -->" in text for table in tables(report()))
    assert "| replies a second, engine / bare |" in text
    assert "On sqlite an ask costs 10 ms with 10 of them and 12 ms with 3,321 (× 1.2)" in text
    charts = [file for file in files if file.suffix == ".svg"]
    assert [file.name for file in charts] == [f"performance-{n}.svg" for n in ("flows", "herd", "growth", "filled")]
    for file in charts:
        assert file.read_text("utf-8").startswith("<svg")
        assert f"]({file.name})" in text
    write(report(), tmp_path)
    assert (tmp_path / PAGE).read_text("utf-8") == text


def test_the_page_says_what_failed_and_what_was_left_out(tmp_path: Path) -> None:
    (tmp_path / PAGE).write_text((FOLDER / PAGE).read_text("utf-8"), "utf-8")
    made = report(failed={"http sqlite": "NotAnswered: x"}, left_out=("postgres",), growth=(growth(3321, None),))

    write(made, tmp_path)
    text = (tmp_path / PAGE).read_text("utf-8")

    assert "**http sqlite did not come to its end**: NotAnswered: x" in text
    assert "Not measured on postgres" in text
    assert "3,321 asks on sqlite did not come to the end." in text


def test_a_page_without_its_markers_is_an_error_and_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / PAGE).write_text("# Trống\n", "utf-8")

    with pytest.raises(KeyError, match="no markers for machine"):
        write(report(), tmp_path)

    assert (tmp_path / PAGE).read_text("utf-8") == "# Trống\n"
