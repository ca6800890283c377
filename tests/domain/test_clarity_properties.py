"""Laws of the clarity check: how a text was typed, its courtesy and its size never decide; nothing makes it fail."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clarity import Fault, Position, Reply, message_keys
from domain.clarity.assess import flaws_by_rule
from domain.clarity.case import Case
from domain.clarity.reading import LONGEST, Reading
from domain.text import fold, place_tones
from tests.domain.naughty import MONSTERS, UNREADABLE
from tests.domain.replies import AGREE, LEXICON, SAMPLES, Sample, judged

SMALL = settings(max_examples=40, database=None, deadline=None)
samples = st.sampled_from(SAMPLES)
LINE_BREAKS = (" \n", "\n ", "\r\n", "\u2028")
spaces = st.sampled_from([" ", "  ", "\t", "\u00a0", *LINE_BREAKS])
letters = st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậộựỷỹÂĐƯỘ .,;12")
unseen = st.sampled_from(
    ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u202c", "\u2066", "\x07"]
)
COURTESIES_BEFORE = (
    "",
    "Kính gửi: Sở Y tế.\n",
    "Kính gửi Quý cơ quan.\n",
    "Kính gửi: Ủy ban nhân dân tỉnh,\n",
    "Kính thưa Quý cơ quan,\n",
    "Kính gửi các đồng chí.\n",
    "Xin chào Quý cơ quan.\n",
    "Qua nghiên cứu hồ sơ, Sở Tài chính có ý kiến như sau:\n",
    "Phúc đáp Công văn số 123/SYT-NVY, sau khi nghiên cứu, Sở Tài chính có ý kiến như sau:\n",
    "Thực hiện Công văn số 123/SYT-NVY ngày 02/3/2026 của Sở Y tế, Sở Tài chính có ý kiến như sau:\n",
    "Sở xin gửi tới Quý cơ quan lời chào trân trọng.\n",
)
COURTESIES_AFTER = (
    "",
    "\nTrân trọng./.",
    " Trân trọng cảm ơn.",
    "\nXin chân thành cảm ơn.",
    "\nCảm ơn.",
    "\nSở trân trọng gửi Quý cơ quan tổng hợp.",
    "\nSở gửi Quý cơ quan để biết, tổng hợp.",
    "\nTrên đây là ý kiến của Sở Tài chính, đề nghị Quý Sở tổng hợp.",
    "\nTrân trọng cảm ơn sự phối hợp của Quý cơ quan./.",
    "\nSở Tài chính kính phúc đáp.",
    "\nKính chúc anh chị nhiều sức khỏe.",
    "\nNơi nhận:\n- Như trên;\n- Lưu: VT.",
)


def _faults(position: Position, text: str) -> list[Fault]:
    return [finding.fault for finding in judged(position, text).findings]


def _own_way(text: str) -> str:
    """The same text with tones where newer textbooks put them: hòa → hoà, ủy → uỷ."""
    pairs = {place_tones(modern): modern for modern in (a + b for a in "ou" for b in "àáảãạèéẻẽẹỳýỷỹỵ")}
    pairs = {old: modern for old, modern in pairs.items() if old != modern}
    return re.sub(rf"(?<![qQ])(?:{'|'.join(pairs)})(?![^\W\d_])", lambda found: pairs[found.group()], text)


# --- one text, typed in many ways ------------------------------------------------------------------------------------


@SMALL
@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@SMALL
@given(st.one_of(st.text(letters, max_size=200), samples.map(lambda sample: sample.text)))
def test_reading_what_was_read_changes_nothing_more(text: str) -> None:
    once = Reading(text).text
    assert Reading(once).text == once


@SMALL
@given(samples)
def test_composed_and_decomposed_typing_get_one_verdict(sample: Sample) -> None:
    composed = judged(sample.position, unicodedata.normalize("NFC", sample.text))
    decomposed = judged(sample.position, unicodedata.normalize("NFD", sample.text))
    assert [f.fault for f in composed.findings] == [f.fault for f in decomposed.findings]
    assert [f.quote for f in composed.findings] == [unicodedata.normalize("NFC", f.quote) for f in decomposed.findings]


@SMALL
@given(samples, spaces, spaces)
def test_white_space_never_changes_a_verdict(sample: Sample, between: str, around: str) -> None:
    # A line break may stand only where a sentence ends; inside one it would be another text.
    words = sample.text.split(" ")
    text = around + (" " if between in LINE_BREAKS else between).join(words) + around
    assert _faults(sample.position, text) == _faults(sample.position, sample.text)


@pytest.mark.parametrize("tail", ["thống nhất với dự thảo.", "không thống nhất ban hành dự thảo."])
def test_a_line_that_was_full_goes_on_in_the_next_one(tail: str) -> None:
    text = f"Sau khi họp và trao đổi kỹ với các phòng chuyên môn thuộc Sở, Sở Tài chính {tail}"
    broken = text.replace("Sở Tài chính ", "Sở Tài chính\n").replace("với dự", "với\ndự")
    assert _faults(AGREE, broken) == _faults(AGREE, text)


@SMALL
@given(samples)
def test_the_place_of_a_tone_never_changes_a_verdict(sample: Sample) -> None:
    text = f"{sample.text} Ủy ban đã hòa giải, làm rõ thửa đất và khỏe lại."
    assert _own_way(text) != text
    assert _faults(sample.position, _own_way(text)) == _faults(sample.position, text)


@SMALL
@given(samples, st.sampled_from([str.upper, str.title, str.capitalize]))
def test_no_verdict_depends_on_capitals(sample: Sample, typed: type[str.upper]) -> None:
    assert _faults(sample.position, typed(sample.text)) == _faults(sample.position, sample.text)


@SMALL
@given(samples, unseen, st.integers(0, 500))
def test_characters_nobody_sees_change_no_verdict_and_no_offset(sample: Sample, char: str, place: int) -> None:
    at = place % (len(sample.text) + 1)
    text = sample.text[:at] + char * 3 + sample.text[at:]
    verdict = judged(sample.position, text)
    assert [finding.fault for finding in verdict.findings] == _faults(sample.position, sample.text)
    assert all(text[f.start : f.end] == f.quote for f in verdict.findings)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("Sở ko thống nhất ban hành Đề án.", "Sở không thống nhất ban hành Đề án."),
        ("Sở kg đồng ý ban hành Đề án.", "Sở không đồng ý ban hành Đề án."),
        ("Sở k nhất trí ban hành Đề án.", "Sở không nhất trí ban hành Đề án."),
        ("Sở khongg thống nhất ban hành Đề án.", "Sở không thống nhất ban hành Đề án."),
        ("Sở thốngg nhấtt với dự thảo.", "Sở thống nhất với dự thảo."),
        ("Sở thông nhất với dự thảo.", "Sở thống nhất với dự thảo."),
        ("Sở đồng y với dự thảo.", "Sở đồng ý với dự thảo."),
        ("So ko dong y ban hanh De an.", "So khong dong y ban hanh De an."),
    ],
)
def test_a_slip_of_the_keyboard_is_read_as_it_was_meant(slip: str, meant: str) -> None:
    assert Reading(slip).text == Reading(meant).text
    assert all(slip[f.start : f.end] == f.quote for f in judged(AGREE, slip).findings)


@pytest.mark.parametrize(
    "text", ["Mỗi hộ 5 kg đồng ý nhận.", "kg/ha", "xoong nồi", "Google Maps", "Hội Đông y", "3k/con"]
)
def test_units_names_and_other_words_are_no_slips(text: str) -> None:
    assert Reading(text).text == text.lower()


def test_a_letterhead_with_diacritics_does_not_hide_a_body_without() -> None:
    body = "So Tai chinh khong thong nhat ban hanh De an vi vuot tran."
    assert Reading(f"Kính gửi: Ủy ban nhân dân tỉnh.\n{body}").bare
    assert _faults(AGREE, f"Kính gửi: Ủy ban nhân dân tỉnh.\n{body}") == _faults(AGREE, body)


# --- courtesy --------------------------------------------------------------------------------------------------------


@SMALL
@given(samples, st.sampled_from(COURTESIES_BEFORE), st.sampled_from(COURTESIES_AFTER))
def test_a_polite_formula_never_changes_a_verdict(sample: Sample, before: str, after: str) -> None:
    assert _faults(sample.position, before + sample.text + after) == _faults(sample.position, sample.text)


@pytest.mark.parametrize("formula", [*COURTESIES_BEFORE, *COURTESIES_AFTER])
def test_a_polite_formula_is_not_weighed(formula: str) -> None:
    text = "Sở đề nghị bổ sung 12,5 tỷ đồng tại khoản 3 Điều 5."
    said = f"{formula}{text}" if formula in COURTESIES_BEFORE else f"{text}{formula}"
    case = Case(Reply(position=AGREE, text=said, agency="Sở Tài chính"), LEXICON)
    assert [case.reading.text[start:end] for start, end in case.telling] == [Reading(text).text]


# --- quotes ----------------------------------------------------------------------------------------------------------


@SMALL
@given(st.sampled_from(Position), st.text(max_size=300), st.lists(st.text(max_size=40), max_size=3))
def test_any_text_gets_a_verdict_whose_quotes_stand_where_they_say(
    position: Position, text: str, questions: list[str]
) -> None:
    verdict = judged(position, text, *questions)
    assert verdict.clear == (verdict.findings == ())
    assert all(text[f.start : f.end] == f.quote for f in verdict.findings)


@SMALL
@given(samples, st.lists(samples, max_size=4))
def test_quotes_match_their_offsets_in_any_mixture_of_replies(sample: Sample, others: list[Sample]) -> None:
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, "\n".join(s.text for s in (sample, *others)))
        for finding in judged(sample.position, text).findings:
            assert text[finding.start : finding.end] == finding.quote
            # A letter is never parted from its marks.
            assert not unicodedata.combining((text[finding.start :] or " ")[0])
            assert len(finding.quote) == 400 or not unicodedata.combining((text[finding.end :] or " ")[0])


@SMALL
@given(st.one_of(st.text(max_size=200), st.sampled_from([text for text, _ in UNREADABLE.values()])), st.data())
def test_every_stretch_of_a_reading_points_into_the_text_as_typed(text: str, data: st.DataObject) -> None:
    reading = Reading(text)
    start = data.draw(st.integers(0, len(reading.text)))
    end = data.draw(st.integers(start, len(reading.text)))
    first, last = reading.typed_span(reading.read_span(start, end)), (0, len(text))
    assert last[0] <= first[0] <= first[1] <= last[1]


@SMALL
@given(samples, st.sampled_from(Position), st.booleans())
def test_every_finding_uses_a_known_sentence(sample: Sample, position: Position, asked: bool) -> None:
    questions = ("Có bố trí được nguồn vốn không?",) if asked else ()
    for finding in judged(position, sample.text, *questions).findings:
        assert finding.explanation.key in message_keys()
        assert finding.suggestion.key in message_keys()


# --- monsters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MONSTERS)
def test_no_text_makes_the_check_fail(name: str) -> None:
    text = MONSTERS[name]
    verdict = judged(AGREE, text, "Có bao nhiêu?")
    assert all(text[f.start : f.end] == f.quote for f in verdict.findings)


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("position", Position)
def test_strange_texts_with_questions_get_quotes_that_fit(name: str, position: Position) -> None:
    text = UNREADABLE[name][0] * 40
    assert all(text[f.start : f.end] == f.quote for f in judged(position, text, "Có bao nhiêu?").findings)


def test_a_long_text_is_read_at_both_ends_only() -> None:
    assert len(Reading(MONSTERS["ten megabytes"]).text) <= LONGEST + len("\n\n\n")


def test_a_ten_megabyte_text_is_judged_by_its_beginning_and_its_end() -> None:
    annexes = "Biểu số liệu kèm theo, không nêu chính kiến. " * 230_000
    text = f"Kính gửi Sở Y tế. {annexes} Sở không thống nhất ban hành Đề án."
    case = Case(Reply(position=AGREE, text=text), LEXICON)
    flaw = flaws_by_rule(case)[0]
    assert flaw.fault is Fault.CONTRADICTORY
    assert flaw.hit is not None
    start, end = case.reading.typed_span(flaw.hit)
    assert text[start:end].startswith("không thống nhất")
    assert not judged(AGREE, text).clear
