"""Uploaded drafts at the edge: which files are taken, and whose they are; stamped words are refused."""

import unicodedata

from api.draft_text import text_of
from api.front import Front
from domain.gate import DraftFile
from domain.gate_secret import marking_in_file_name, marking_on_top
from domain.refusals import Code, Refused
from domain.text import nfc

# What a file must begin with, by the end of its name.
KINDS: dict[str, tuple[str, bytes]] = {
    "pdf": ("application/pdf", b"%PDF-"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    "odt": ("application/vnd.oasis.opendocument.text", b"PK\x03\x04"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "txt": ("text/plain; charset=utf-8", b""),
}
LONGEST_NAME = 200


def clean_name(given: str | None) -> str:
    """The file's own name: composed, without folders and control characters, its ending kept when it is cut."""
    name = nfc(given or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip()
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if len(name) > LONGEST_NAME else name


def checked(name: str, data: bytes) -> str:
    """The media type of an acceptable file. Refuses `file_not_accepted`, and `classified` for a stamped one."""
    media_type, start = KINDS.get(name.rpartition(".")[2].lower(), ("", b""))
    if not media_type or not data or not data.startswith(start):
        raise Refused(Code.FILE_NOT_ACCEPTED, file=name[:100])
    if not start and not _is_text(data):
        raise Refused(Code.FILE_NOT_ACCEPTED, file=name[:100])
    level = marking_in_file_name(name) or marking_on_top(text_of(name, data))
    if level:
        raise Refused(Code.CLASSIFIED, level=level)
    return media_type


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


async def draft_file(front: Front, id: str | None) -> DraftFile | None:
    """The uploaded draft of that id, if somebody of the caller's agency uploaded it."""
    row = await front.services.files.file(id) if id else None
    if row is None or await uploader_agency(front, row.uploaded_by) != front.subject.agency:
        return None
    return DraftFile(file=row.id, sha256=row.sha256, name=row.name)


async def uploader_agency(front: Front, username: str) -> str | None:
    """The agency of whoever uploaded a file."""
    account = await front.services.accounts.find(username)
    return account.agency if account else None
