"""State secrets are refused at the door, and words that only look like a marking are not."""

import unicodedata

import pytest

from domain.gate import DraftFile, secrecy
from domain.gate_secret import marking, marking_declared, marking_in_file_name, marking_on_top
from domain.refusals import Code
from tests.domain.plans import PLAN, changed, codes, findings, messages

MARKED = {
    "MẬT": "MẬT",
    "[TUYỆT MẬT]": "TUYỆT MẬT",
    "Kế hoạch diễn tập (MẬT)": "MẬT",
    "TỐI MẬT - Phương án bảo vệ": "TỐI MẬT",
    "12/KH-UBND-MẬT": "MẬT",
    "Số: 05/MẬT-KH": "MẬT",
    "Độ mật: Tối mật": "TỐI MẬT",
}
WORDS = (
    "Kế hoạch bảo vệ bí mật nhà nước",
    "QUY CHẾ BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "Quy định mật độ xây dựng",
    "MẬT ĐỘ DÂN CƯ",
    "BẢO MẬT - AN TOÀN THÔNG TIN",
    "Hỗ trợ nuôi ong lấy mật",
    "Danh mục tài liệu mật đã giải mật",
    "Độ mật: Thường",
)


@pytest.mark.parametrize(("subject", "level"), MARKED.items())
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_marking_in_the_subject_is_refused_in_either_unicode_form(subject, level, form):
    plan = changed(subject=unicodedata.normalize(form, subject))
    assert codes(plan) == [Code.CLASSIFIED]
    assert findings(plan)[0].params == {"level": level}


@pytest.mark.parametrize("subject", WORDS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_ordinary_words_with_mat_are_not_a_marking(subject, form):
    text = unicodedata.normalize(form, subject)
    assert marking(text) is None
    assert marking_on_top(text) is None
    assert codes(changed(subject=text)) == []


def test_a_marking_in_number_file_name_box_or_first_lines_is_refused():
    assert codes(changed(number="45/KH-UBND (MẬT)")) == [Code.CLASSIFIED]
    assert codes(changed(draft=DraftFile(file="f", sha256="1" * 64, name="PA_MẬT.docx"))) == [Code.CLASSIFIED]
    assert codes(changed(classification="Tối mật")) == [Code.CLASSIFIED]
    assert codes(PLAN, text="ỦY BAN NHÂN DÂN\nTUYỆT MẬT\nPHƯƠNG ÁN") == [Code.CLASSIFIED]


def test_a_marking_far_down_is_prose():
    assert secrecy(PLAN, "Điều khoản\n" * 40 + "MẬT\n") is None


def test_a_title_broken_after_bi_is_no_marking():
    assert marking_on_top("QUY CHẾ BẢO VỆ BÍ\nMẬT\nNHÀ NƯỚC") is None


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("kh_TOI_MAT.pdf", "TỐI MẬT"),
        ("phuong an (MAT).docx", "MẬT"),
        ("KH_MẬT_v2.docx", "MẬT"),
        ("GPMB-MAT-BANG.docx", None),
        ("TIEN_MAT.xlsx", None),
        ("bao-mat.pdf", None),
        ("quy chế bảo mật.pdf", None),
    ],
)
def test_file_names_are_read_with_and_without_diacritics(name, level):
    assert marking_in_file_name(name) == level


@pytest.mark.parametrize(
    ("box", "level"),
    [(None, None), ("", None), ("Thường", None), ("không mật", None), ("Khẩn", None), ("MẬT", "MẬT"), ("mat", "MẬT")],
)
def test_the_box_of_secrecy_is_read_however_it_is_spelled(box, level):
    assert marking_declared(box) == level


def test_the_refusal_names_the_lawful_channel_and_says_nothing_was_kept():
    finding = findings(changed(subject="MẬT"), text="nội dung")[0]
    said = messages().refusal(finding.code, False, **finding.params)
    assert "không lưu bất kỳ nội dung nào" in said.detail
    assert "đường văn thư mật" in said.way_out
