"""Labelled drafts, and the sentences written for each function: what the suggester is calibrated and measured on."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from domain.base import Frozen
from domain.relevance.model import Example


class Piece(NamedTuple):
    """A stretch of a draft. `function`: what it concerns; empty for nobody; with "-" before it, what it excludes."""

    function: str
    words: str

    @property
    def example(self) -> Example:
        """What it teaches."""
        return Example(
            function=self.function.removeprefix("-"), text=self.words, related=not self.function.startswith("-")
        )


class LabelledDraft(Frozen):
    """One draft with the agencies it truly concerns and, for each, the function."""

    id: str
    on: date
    lead: str
    draft_kind: str | None = None
    field: str | None = None
    subject: str
    text: str = ""
    parts: tuple[Piece, ...] = ()
    agencies: tuple[str, ...] = ()
    why: dict[str, str] = {}

    @property
    def words(self) -> str:
        """The whole text."""
        return self.text or "".join(part.words for part in self.parts)


def read_drafts(file: Path) -> tuple[LabelledDraft, ...]:
    """The drafts of a JSON Lines file."""
    lines = file.read_text("utf-8").splitlines()
    return tuple(LabelledDraft.model_validate(json.loads(line)) for line in lines if line.strip())


def read_sentences(file: Path) -> tuple[Example, ...]:
    """The sentences written for each function: {function, related: [...], not_related: [...]} a line."""
    found: list[Example] = []
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        found += [Example(function=row["function"], text=text) for text in row["related"]]
        found += [Example(function=row["function"], text=text, related=False) for text in row["not_related"]]
    return tuple(found)


def taught_by(drafts: Iterable[LabelledDraft]) -> tuple[Example, ...]:
    """What the parts of the drafts teach."""
    return tuple(part.example for draft in drafts for part in draft.parts if part.words.strip())
