"""The day-by-day reason: complete, in order, citing only what may be cited, with a sentence for every key."""

import string
import unicodedata

import pytest

from domain.calendar import Calendar, DayNotice
from domain.deadline import DayReason, Due, Limit, due
from domain.deadline_explain import explained
from tests.domain.official_calendar import at, day, official, read_yaml

SENTENCES: dict[str, str] = read_yaml("messages/deadline.vi.yaml")["deadline"]
NOTED = (DayReason.WORKING, DayReason.MAKEUP, DayReason.HOLIDAY, DayReason.ROLLED)


def due_for(received: str, limit: str, calendar: Calendar | None = None) -> Due:
    return due(at(received), Limit.parse(limit), calendar or official())


def told(answer: Due) -> list[tuple[int, bool, str]]:
    return [(d.date.day, d.counted, d.message.removeprefix("deadline.")) for d in answer.days]


def noted(confidence: str, status: str = "confirmed") -> DayNotice:
    parts = {"date": day("02/09/2026"), "kind": "off", "name": "Quốc khánh", "basis": "thông báo số 1/TB"}
    return DayNotice.model_validate({**parts, "confidence": confidence, "status": status})


@pytest.mark.clause("K07")
def test_working_days_are_explained_from_the_receipt_to_the_due_day() -> None:
    assert told(due_for("22/04/2026", "5 wd")) == [
        (22, False, "first_day"),
        (23, True, "working"),
        (24, True, "working"),
        (25, False, "weekend"),
        (26, False, "holiday_sourced"),
        (27, False, "holiday_sourced"),
        (28, True, "working"),
        (29, True, "working"),
        (30, False, "holiday_sourced"),
        (1, False, "holiday_sourced"),
        (2, False, "weekend"),
        (3, False, "weekend"),
        (4, True, "working"),
    ]


def test_calendar_days_are_explained_with_the_roll_to_the_next_working_day() -> None:
    assert told(due_for("24/08/2026", "7 cd"))[-5:] == [
        (30, True, "calendar_day"),
        (31, True, "rolled_to_check"),
        (1, False, "holiday_sourced"),
        (2, False, "holiday_sourced"),
        (3, False, "next_working"),
    ]
    assert told(due_for("04/07/2026", "7 cd"))[-3:] == [
        (11, True, "rolled"),
        (12, False, "weekend"),
        (13, False, "next_working"),
    ]


def test_a_make_up_saturday_is_explained_with_its_letter() -> None:
    saturday = due_for("05/01/2026", "5 wd").days[-1]
    assert saturday.message == "deadline.makeup_sourced"
    assert "12729/VPCP-KGVX" in saturday.source


def test_a_provisional_day_is_shown_as_waiting_and_cites_nothing() -> None:
    tuesday = next(d for d in due_for("17/11/2026", "5 wd").days if d.date == day("24/11/2026"))
    assert tuesday.message == "deadline.holiday_provisional"
    assert tuesday.source == ""
    assert due_for("17/11/2026", "7 cd").days[-2].message == "deadline.rolled_provisional"


@pytest.mark.parametrize(
    ("confidence", "source", "key"),
    [
        ("S", "thông báo số 1/TB", "holiday_sourced"),
        ("S2", "thông báo số 1/TB", "holiday_to_check"),
        ("G", "", "holiday"),
        ("U", "", "holiday"),
    ],
)
def test_only_what_was_seen_is_cited_and_a_secondary_source_says_so(confidence: str, source: str, key: str) -> None:
    found = explained(day("02/09/2026"), False, DayReason.HOLIDAY, noted(confidence))
    assert (found.source, found.message) == (source, f"deadline.{key}")


def test_every_reason_has_a_sentence_in_every_form_it_can_take() -> None:
    keys = {explained(day("02/09/2026"), True, reason).message for reason in DayReason}
    notes = [noted("S"), noted("S2"), noted("G"), noted("U", "provisional")]
    keys |= {explained(day("02/09/2026"), True, reason, note).message for reason in NOTED for note in notes}
    assert {f"deadline.{key}" for key in SENTENCES} == keys


def test_every_sentence_is_composed_vietnamese_and_names_only_known_places() -> None:
    for key, sentence in SENTENCES.items():
        places = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        assert "date" in places, key
        assert places <= {"date", "name", "source"}, key
        assert ("source" in places) == key.endswith(("_sourced", "_to_check")), key
        assert ("cần kiểm tra lại văn bản gốc" in sentence) == key.endswith("_to_check"), key
        assert unicodedata.is_normalized("NFC", sentence), key


def test_a_weekday_declared_worked_after_all_is_counted_with_its_notice() -> None:
    parts = {
        "date": day("24/11/2026"),
        "kind": "work",
        "name": "Không nghỉ",
        "basis": "thông báo số 2/TB",
        "confidence": "S",
    }
    calendar = Calendar(version="v", years=(2026,), notices=(DayNotice.model_validate(parts),))
    answer = due_for("17/11/2026", "5 wd", calendar)
    assert answer.due_on == day("24/11/2026")
    assert answer.days[-1].message == "deadline.working_sourced"
