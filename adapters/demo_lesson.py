"""The drill's lesson: a launch written beforehand and who plays whom, read from `rules/demo/`. It stores nothing."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from domain.base import Frozen

FILE = Path("demo") / "dien-tap.yaml"


class Cast(Frozen):
    """The accounts that play the parts."""

    officer: str
    head: str
    clerk: str
    answering: str
    silent: str


class AskedPair(Frozen):
    """The agency that answers, and the one that keeps silent at first."""

    answering: str
    silent: str


class Lesson(Frozen):
    """One consultation to walk through. `form`: as it is written on the pages; `vague`, `clear`: replies to try."""

    people: Cast
    asked: AskedPair
    vague: str
    clear: str
    file: str
    form: dict[str, Any]


@cache
def lesson_of(rules: Path) -> Lesson:
    """The lesson that comes with the rules folder. Raises pydantic's `ValidationError` for a broken file."""
    return Lesson.model_validate(YAML(typ="safe").load(rules / FILE))
