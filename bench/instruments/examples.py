"""Labelled replies and drafts as they are kept: whole, or cut into parts that say what each does."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from domain.base import Frozen
from domain.clarity.case import Case
from domain.clarity.lexicon import Lexicon
from domain.clarity.model import Fault, Position, Reply
from domain.clarity.role import Role

# A role counts for a sentence that holds this many of the part's characters, or this share of either.
_ENOUGH_CHARACTERS = 12
_ENOUGH_SHARE = 0.6


class Part(NamedTuple):
    """A stretch of a reply, what it does, and for an answer or evasion which question it is about."""

    role: Role
    words: str
    question: int | None = None


class Example(Frozen):
    """One labelled reply. `parts` is empty where only the whole is labelled."""

    id: str
    subject: str
    agency: str = ""
    questions: tuple[str, ...] = ()
    position: Position
    text: str = ""
    parts: tuple[Part, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def reply(self) -> Reply:
        """What is judged."""
        text = self.text or "".join(part.words for part in self.parts)
        return Reply(
            position=self.position, subject=self.subject, agency=self.agency, questions=self.questions, text=text
        )


class Told(NamedTuple):
    """What an annotator says of one sentence: its roles, and the questions it answers."""

    roles: tuple[Role, ...]
    answers: tuple[int, ...]


class Worked(NamedTuple):
    """An example with its case, and what is told of each sentence (empty where only the whole is labelled)."""

    example: Example
    case: Case
    told: tuple[Told, ...]


def read_examples(file: Path) -> tuple[Example, ...]:
    """The examples of a JSON Lines file."""
    lines = file.read_text("utf-8").splitlines()
    return tuple(Example.model_validate(json.loads(line)) for line in lines if line.strip())


def worked(examples: Iterable[Example], lexicon: Lexicon) -> tuple[Worked, ...]:
    """Each example read with the lexicon."""
    cases = ((example, Case(example.reply, lexicon)) for example in examples)
    return tuple(Worked(example, case, _told(example, case)) for example, case in cases)


def _told(example: Example, case: Case) -> tuple[Told, ...]:
    if not example.parts:
        return ()
    placed, at = [], 0
    for part in example.parts:
        placed.append((at, at + len(part.words), part))
        at += len(part.words)
    return tuple(_of_sentence(*case.reading.typed_span(sentence), placed) for sentence in case.telling)


def _of_sentence(start: int, end: int, placed: list[tuple[int, int, Part]]) -> Told:
    inside = [part for first, last, part in placed if _lies_in(start, end, first, last)]
    answers = (part.question for part in inside if part.role is Role.ANSWER and part.question is not None)
    return Told(tuple(dict.fromkeys(part.role for part in inside)), tuple(answers))


def _lies_in(start: int, end: int, first: int, last: int) -> bool:
    shared = min(end, last) - max(start, first)
    return shared > 0 and shared >= min(
        _ENOUGH_CHARACTERS, (last - first) * _ENOUGH_SHARE, (end - start) * _ENOUGH_SHARE
    )
