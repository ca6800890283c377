"""The drafts of the scripts: plain text files as somebody would upload them, each with its parts.

A file is under the hash of its bytes like any other; ids are told from the consultation's, so that telling twice makes
the same file.
"""

from collections.abc import Mapping
from datetime import datetime

from adapters.demo import DemoAccount
from adapters.demo_writing import Upload
from adapters.register.contents import content_of_bytes
from adapters.register.files import FileRow
from api.bodies.launch import PartBody
from api.drafts import checked
from commands.demo.life import Life
from commands.demo.scripts import PartTold, Script
from commands.texts import say
from domain.gate import DraftFile


def part_bodies(parts: Mapping[str, PartTold]) -> list[PartBody]:
    """The parts as a launch or a redraft sends them."""
    return [PartBody(id=id, label=part.label, text=part.text) for id, part in parts.items()]


def uploaded(life: Life, script: Script, parts: Mapping[str, PartTold], person: DemoAccount, at: datetime) -> DraftFile:
    """The draft of these parts, uploaded by the person at the instant; kept with the life."""
    number = len(life.uploads) + 1
    text = "\n\n".join(f"{part.label}\n{part.text}" for part in parts.values())
    data = say("demo.draft", number=script.number, subject=script.subject, parts=text).encode()
    name = f"du-thao-{script.id.removeprefix('c-')}-{number}.txt"
    content = content_of_bytes(data, checked(name, data))
    row = FileRow(
        id=f"{script.id.replace('c-', 'd-', 1)}-{number}",
        name=name,
        media_type=content.media_type,
        size=len(data),
        sha256=content.sha256,
        version=1,
        # The first is uploaded before there is a consultation.
        consultation=script.id if life.uploads else None,
        uploaded_by=person.username,
        uploaded_at=at,
    )
    life.uploads.append(Upload(row, content))
    return DraftFile(file=row.id, sha256=row.sha256, name=row.name)
