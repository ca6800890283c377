"""Sentences: whole, by key, with nothing left open and dates written the official way."""

from datetime import UTC, date, datetime

import pytest

from domain.messages import Lack, Messages, places
from domain.refusals import Code
from tests.domain.plans import messages


@pytest.mark.parametrize("code", list(Code))
def test_every_refusal_says_what_happened_why_what_to_do_and_whether_anything_was_recorded(code):
    for recorded, said in (
        (True, "được lưu theo biên nhận; cuộc lấy ý kiến không thay đổi"),
        (False, "Chưa có nội dung nào được ghi vào sổ"),
    ):
        text = messages().refusal(code, recorded)
        assert all(part.strip() for part in text)
        assert said in text.detail
        assert "{" not in "".join(text)
        assert text.way_out.endswith(".")


def test_the_shipped_sentences_have_no_flaw():
    assert messages().flaws() == ()


def test_a_place_nobody_filled_gets_its_declared_words():
    said = messages().refusal(Code.NOT_ASKED, False)
    assert said.detail.startswith("cơ quan được hỏi không nằm trong")


def test_a_name_falls_back_to_the_code_where_only_that_is_known():
    assert "STC không nằm trong" in messages().refusal(Code.NOT_ASKED, False, agency="STC").detail


def test_instants_and_days_are_written_the_official_way():
    book = Messages(
        entries={
            "x": "{a} | {b} | {c} | {d}",
            "formats.day": "{day}/{month}/{year}",
            "formats.instant": "{hour} giờ {minute} ngày {date}",
            "formats.end_of_day": "24 giờ 00 ngày {date}",
        }
    )
    said = book.text(
        "x", a=datetime(2026, 7, 28, 9, 0, tzinfo=UTC), b=date(2026, 1, 5), c="2026-07-28T17:00:00Z", d="7 wd"
    )
    assert said == "16 giờ 00 ngày 28/7/2026 | 05/01/2026 | 24 giờ 00 ngày 28/7/2026 | 7 wd"


def test_missing_malformed_and_undeclared_are_told_apart():
    entries = {
        **messages().entries,
        "refusals.self_ask.title": "",
        "refusals.not_asked.detail": "{agency_name",
        "notices.launched.body": "{stranger}",
    }
    found = {(flaw.lack, flaw.key, flaw.place) for flaw in Messages(entries=entries).flaws(("roles.none",))}
    assert found == {
        (Lack.MISSING, "refusals.self_ask.title", ""),
        (Lack.MISSING, "roles.none", ""),
        (Lack.MALFORMED, "refusals.not_asked.detail", ""),
        (Lack.UNKNOWN_PLACE, "notices.launched.body", "stranger"),
    }


def test_a_template_takes_plain_names_only():
    for bad in ("{a.b}", "{a!r}", "{a:>3}", "{}", "{a"):
        with pytest.raises(ValueError):
            places(bad)


def test_no_sentence_punishes_or_threatens():
    """The machine reminds, returns, reports and counts (PRODUCT.md, second promise)."""
    for key, text in messages().entries.items():
        if key.startswith(("notices.", "refusals.")):
            assert "phê bình" not in text.lower()
            assert "kiểm điểm" not in text.lower()
