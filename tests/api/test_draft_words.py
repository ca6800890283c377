"""What an uploaded draft says: a stamp inside a Word file is refused at the door, a spoiled file is no fault."""

import io
import zipfile

import pytest

from api.draft_text import text_of
from api.drafts import checked
from domain.refusals import Code, Refused


def word(*lines: str) -> bytes:
    """A Word file's bare bones with those paragraphs."""
    xml = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document><w:body>{xml}</w:body></w:document>")
    return made.getvalue()


@pytest.mark.parametrize("level", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
def test_a_word_file_with_a_secrecy_stamp_on_top_is_refused_on_every_way_in(level: str) -> None:
    with pytest.raises(Refused) as refused:
        checked("du-thao.docx", word(level, "Kế hoạch phòng thủ"))
    assert refused.value.code is Code.CLASSIFIED


def test_a_word_file_without_a_stamp_is_taken_and_read() -> None:
    data = word("Kế hoạch", "Mục I. Mục đích &amp; yêu cầu")
    assert checked("du-thao.docx", data).startswith("application/vnd.openxmlformats")
    assert text_of("du-thao.docx", data).split("\n")[:2] == ["Kế hoạch", "Mục I. Mục đích & yêu cầu"]


def test_a_spoiled_word_file_has_no_words_and_is_no_fault() -> None:
    whole = word("Kế hoạch " * 400)
    packed = whole.index(b"word/document.xml") + len(b"word/document.xml")
    for broken in (
        whole[:40],
        whole[:packed] + bytes(b ^ 0x5A for b in whole[packed : packed + 30]) + whole[packed + 30 :],
    ):
        assert text_of("du-thao.docx", broken) == ""
