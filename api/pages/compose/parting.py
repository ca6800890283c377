"""Cutting a draft's text into its parts by the headings of Decree 30/2020: Chương, Mục, Điều, Phụ lục, I., II.

It proposes; the officer corrects. Nothing is stored here.
"""

import re

from api.pages.compose.written import PartWritten, Written, free_id

_HEADING = re.compile(
    r"^\s*(?:(?:Điều|Mục|Phần|Phụ lục)\s+[\dIVXLC]+[a-zđ]?\b.*|Phụ lục\s*$|[IVX]{1,5}\s*[.)]\s+\S.*)$", re.IGNORECASE
)
MOST_PARTS = 120
LONGEST_LABEL = 300
LONGEST_PART = 60_000


def parts_in(text: str) -> tuple[PartWritten, ...]:
    """The parts under the headings, in order; what stands above the first heading is left out. Ids are blank."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if _HEADING.match(line) and len(line) <= LONGEST_LABEL and len(found) < MOST_PARTS:
            found.append((line.strip(), []))
        elif found:
            found[-1][1].append(line)
    return tuple(PartWritten(label=label, text="\n".join(lines).strip()[:LONGEST_PART]) for label, lines in found)


def parted(written: Written, text: str) -> Written:
    """The form with the text's parts behind those that are there; a part with the same label gets the new text."""
    parts = [part for part in written.parts if part.label.strip() or part.text.strip()]
    for new in parts_in(text):
        place = next((n for n, part in enumerate(parts) if part.label.strip() == new.label), None)
        if place is None:
            parts.append(new.model_copy(update={"id": free_id(part.id for part in parts)}))
        else:
            parts[place] = parts[place].model_copy(update={"text": new.text})
    return written.model_copy(update={"parts": tuple(parts), "whole": ""})
