"""The words of an uploaded draft, as far as a file gives them up without a program of its own. It judges nothing."""

import html
import io
import re
import zipfile
import zlib

_TAG = re.compile(r"<[^>]*>")
LONGEST_XML = 8_000_000
WORD_TEXT = "word/document.xml"
# What a spoiled or hostile archive may end in: such a file simply has no text for us.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, RuntimeError, NotImplementedError)


def text_of(name: str, data: bytes) -> str:
    """The text of a .txt or .docx file, one paragraph a line; empty for anything else or broken."""
    ending = name.rpartition(".")[2].lower()
    if ending == "txt":
        return data.decode("utf-8", "replace")
    return _word(data) if ending == "docx" else ""


def _word(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(WORD_TEXT) as file:
            xml = file.read(LONGEST_XML).decode("utf-8", "replace")
    except UNREADABLE:
        return ""
    broken = re.sub(r"</w:p>|<w:br/>", "\n", xml).replace("<w:tab/>", " ")
    return html.unescape(_TAG.sub("", broken))
