"""Texts nobody can judge get a finding that says why and what to do; texts that only look strange get none."""

import pytest

from domain.clarity import Fault, Position, Reply
from domain.clarity.case import Case
from domain.clarity.flaw import VARIANTS
from domain.clarity.unreadable import unreadable
from tests.domain.naughty import READABLE, UNREADABLE
from tests.domain.replies import AGREE, AMEND, DISAGREE, LEXICON, OUT, SAMPLES, Sample, judged


def variants(position: Position, text: str, **parts: object) -> list[str]:
    reply = {"position": position, "text": text, "agency": "Sở Tài chính", "subject": "Đề án sắp xếp trường", **parts}
    return [flaw.variant for flaw in unreadable(Case(Reply.model_validate(reply), LEXICON))]


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("position", Position)
def test_what_nobody_can_read_says_why(name: str, position: Position) -> None:
    text, variant = UNREADABLE[name]
    assert variants(position, text) == [variant]


@pytest.mark.clause("H33", "G21")
@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("position", Position)
def test_what_nobody_can_read_is_never_a_clear_position(name: str, position: Position) -> None:
    text, variant = UNREADABLE[name]
    verdict = judged(position, text)
    assert [finding.fault for finding in verdict.findings] == [Fault.GENERIC]
    finding = verdict.findings[0]
    assert finding.explanation.key == f"clarity.generic.{variant}.explanation"
    assert text[finding.start : finding.end] == finding.quote
    assert finding.weight == 1


@pytest.mark.parametrize("text", READABLE)
@pytest.mark.parametrize("position", Position)
def test_what_only_looks_strange_is_read(text: str, position: Position) -> None:
    assert variants(position, text) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.text[:40])
def test_an_ordinary_reply_is_readable_whatever_it_says(sample: Sample) -> None:
    assert variants(sample.position, sample.text) == []


@pytest.mark.clause("H02")
def test_a_pointer_to_an_attachment_is_fine_when_the_form_says_what_it_points_to() -> None:
    pointer = "Sở Tài chính có ý kiến tại Phụ lục kèm theo."
    amendment = {"where": "khoản 2 Điều 5", "what": "“ngân sách cấp tỉnh”"}
    assert variants(AMEND, pointer, amendments=[amendment]) == []
    assert variants(DISAGREE, pointer, reason="Vượt thẩm quyền của UBND xã") == []
    assert variants(OUT, pointer, pointer="Công an tỉnh") == []
    assert variants(AGREE, pointer, questions=("Có bố trí được không?",), answers=(AGREE,)) == []


def test_words_in_a_wrong_font_stay_unreadable_whatever_the_form_says() -> None:
    assert variants(DISAGREE, UNREADABLE["VNI"][0], reason="Vượt thẩm quyền của UBND xã") == ["legacy_font"]


def test_an_out_of_function_letter_that_names_the_competent_agency_may_point_to_its_papers() -> None:
    text = "Nội dung do Công an tỉnh quản lý, xem Quyết định kèm theo."
    assert variants(OUT, text) == []


def test_one_broken_word_among_good_ones_is_no_reason_to_stop_reading() -> None:
    assert variants(AGREE, "Sở thống nhất với dự thảo; tại mục 2 ghi lại chữ “®Òn bï” bị lỗi phông.") == []


def test_the_quote_of_a_broken_text_shows_its_beginning() -> None:
    text, _ = UNREADABLE["TCVN3"]
    assert judged(AGREE, f"  {text}").findings[0].quote == text


def test_every_way_to_be_unreadable_is_a_variant_of_generic() -> None:
    assert {variant for _, variant in UNREADABLE.values()} <= set(VARIANTS[Fault.GENERIC])
