"""Similar earlier consultations: found by their words, with how long ago that was in whole months."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.lexicon import load_synonyms
from adapters.rules import load_messages
from domain.clock import VIETNAM
from domain.relevance.earlier import Candidate, Earlier, ago, months_before, similar, sought, whole_months

RULES = Path(__file__).parents[2] / "rules"
COMMON, MESSAGES = load_synonyms(RULES).common_words, load_messages(RULES)
DAY = date(2026, 5, 4)
SCHOOLS = "Đề án sắp xếp mạng lưới trường, lớp giai đoạn 2026-2030"


def candidate(subject: str, id: str = "c1", sent: date = date(2026, 1, 4), **more: object) -> Candidate:
    at = datetime(sent.year, sent.month, sent.day, 9, tzinfo=VIETNAM)
    return Candidate.model_validate({"id": id, "subject": subject, "lead": "SGDDT", "sent_at": at, **more})


def found(subject: str, *candidates: Candidate, summary: str = "") -> tuple[Earlier, ...]:
    return similar(subject, summary, candidates, COMMON, DAY)


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        (SCHOOLS, "Kế hoạch sắp xếp lại mạng lưới trường, lớp học năm 2025"),
        ("Quy định mức thu phí tham quan di tích", "Đề án thu phí tham quan các di tích lịch sử"),
        ("Sap xep mang luoi truong lop", "Đề án sắp xếp mạng lưới trường, lớp"),
        ("Sắp xếp mạng lưới trường lớp", "Sap xep mang luoi truong, lop hoc"),
        ("Quy chế quản lý chợ đêm ven sông", "Kế hoạch sắp xếp chợ đêm ven sông"),
    ],
)
def test_another_wording_of_the_same_matter_is_found(asked: str, before: str) -> None:
    [one] = found(asked, candidate(before))
    assert 0.4 <= one.similarity <= 1
    assert one.words


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        ("Kế hoạch phòng, chống lụt bão năm 2026", "Kế hoạch phòng, chống dịch bệnh năm 2026"),
        ("Chính sách hỗ trợ hộ nghèo", "Nghị quyết về chính sách hỗ trợ người có công"),
        ("Đề án phát triển du lịch", "Đề án phát triển chăn nuôi"),
        ("", "Kế hoạch sắp xếp chợ đêm ven sông"),
    ],
)
def test_what_every_paper_says_makes_nothing_alike(asked: str, before: str) -> None:
    assert found(asked, candidate(before)) == ()


def test_a_summary_can_show_what_the_subject_does_not() -> None:
    words = "Sáp nhập điểm trường lẻ, điều động giáo viên dôi dư, sửa chữa phòng học xuống cấp."
    before = candidate("Phương án năm học mới", summary=words)
    assert found("Kế hoạch năm học tới", before, summary=words)
    assert not found("Kế hoạch năm học tới", before)


def test_at_most_three_are_shown_the_most_similar_first_and_of_equals_the_newest() -> None:
    same = [candidate(SCHOOLS, f"c{n}", date(2026, 1, n)) for n in range(1, 6)]
    near = candidate("Kế hoạch sắp xếp lại mạng lưới trường, lớp học năm 2025", "xa", date(2026, 5, 1))
    assert [one.candidate.id for one in found(SCHOOLS, near, *same)] == ["c5", "c4", "c3"]


def test_the_same_short_subject_is_found_though_it_has_one_pair_only() -> None:
    [one] = found("Đề án bãi rác", candidate("Kế hoạch bãi rác"))
    assert one.words == ("bãi rác",)


def test_what_was_sent_after_the_day_is_not_earlier() -> None:
    assert found(SCHOOLS, candidate(SCHOOLS, sent=date(2026, 5, 5))) == ()


def test_the_register_is_asked_for_folded_phrases() -> None:
    assert sought(SCHOOLS, "", COMMON) == ("sap xep", "xep mang", "mang luoi", "luoi truong")
    many = " ".join(f"đường{n} cầu{n}" for n in "abcdefghijklmnopqrst")
    assert len(sought(SCHOOLS, many, COMMON)) == 24


@pytest.mark.parametrize(
    ("sent", "day", "words"),
    [
        ("2026-05-04", "2026-05-04", "Đã hỏi trong hôm nay:"),
        ("2026-05-03", "2026-05-04", "Đã hỏi 1 ngày trước:"),
        ("2026-04-05", "2026-05-04", "Đã hỏi 29 ngày trước:"),
        ("2026-04-04", "2026-05-04", "Đã hỏi 1 tháng trước:"),
        ("2026-01-04", "2026-05-04", "Đã hỏi 4 tháng trước:"),
        ("2026-01-05", "2026-05-04", "Đã hỏi 3 tháng trước:"),
        ("2026-01-31", "2026-02-28", "Đã hỏi 1 tháng trước:"),
        ("2025-05-05", "2026-05-04", "Đã hỏi 11 tháng trước:"),
        ("2025-05-04", "2026-05-04", "Đã hỏi 1 năm trước:"),
        ("2025-03-04", "2026-05-04", "Đã hỏi 1 năm 2 tháng trước:"),
        ("2024-05-04", "2026-05-04", "Đã hỏi 2 năm trước:"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit_that_is_over(sent: str, day: str, words: str) -> None:
    unit, numbers = ago(date.fromisoformat(sent), date.fromisoformat(day))
    told = MESSAGES.text(f"relevance.earlier.{unit}", **numbers, subject="x", lead_name="y")
    assert told.startswith(words)
    hidden = MESSAGES.text(f"relevance.earlier_hidden.{unit}", **numbers)
    assert "{" not in hidden
    assert all(number in hidden for number in numbers.values())


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_going_back_so_many_months_is_so_many_months(day: date, months: int) -> None:
    assert whole_months(months_before(day, months), day) == months


def test_a_day_before_the_sending_is_no_time_ago() -> None:
    with pytest.raises(ValueError, match="after"):
        ago(date(2026, 5, 5), date(2026, 5, 4))
