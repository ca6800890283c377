"""Folding, tone placement and sentences: what makes two ways of typing one text."""

import unicodedata
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.text import content_words, fold, nfc, place_tones, sentences, words

SMALL = settings(max_examples=60, database=None)
VIETNAMESE = "aăâeêioôơuưyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵđĐƯỞ hoàuỷquý.,;\n"
typed = st.text(alphabet=VIETNAMESE, max_size=80) | st.text(max_size=40)


@SMALL
@given(typed)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@SMALL
@given(typed)
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


def test_every_character_of_the_living_scripts_folds_to_its_own_fold() -> None:
    characters = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    assert [c for c in characters if fold(fold(c)) != fold(c)] == []


def test_case_diacritics_and_tone_placement_do_not_matter_in_search() -> None:
    assert fold("Ủy ban NHÂN DÂN tỉnh Đắk Lắk") == "uy ban nhan dan tinh dak lak"
    assert fold("hoà") == fold("hòa") == "hoa"


def test_both_placings_of_a_tone_become_the_traditional_one() -> None:
    assert place_tones("hoà uỷ Thuý KHOẺ") == "hòa ủy Thúy KHỎE"
    assert place_tones("quý hoàn toàn") == "quý hoàn toàn", "only an open syllable has two spellings"


@SMALL
@given(typed)
def test_placing_tones_keeps_the_length_so_that_offsets_stay(text: str) -> None:
    assert len(place_tones(nfc(text))) == len(nfc(text))


@SMALL
@given(typed)
def test_every_sentence_stands_where_its_offsets_say(text: str) -> None:
    spans = sentences(text)
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))


def test_sentences_keep_numbers_short_forms_and_list_numerals_whole() -> None:
    text = "Thống nhất với Điều 5. Bố trí 1.280 người; do TP. Mẫu lo.\n1. Bỏ Điều 8.\n2. Sửa Điều 9"
    assert [span.text for span in sentences(text)] == [
        "Thống nhất với Điều 5.",
        "Bố trí 1.280 người;",
        "do TP. Mẫu lo.",
        "1. Bỏ Điều 8.",
        "2. Sửa Điều 9",
    ]


def test_content_words_leave_function_words_out() -> None:
    assert content_words("Việc bố trí vốn của tỉnh và các xã") == ("bo", "tri", "von", "tinh", "xa")
    assert words("Điều 5, khoản 2") == ("dieu", "5", "khoan", "2")
