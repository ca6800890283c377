"""The invented consultations as `rules/demo/consultations/` tells them: who asks whom what, and who did what when.

It reads the files and checks their form; what they lead to is the rules' business.
"""

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from domain.base import Frozen

FOLDER = Path("demo") / "consultations"


class Told(Frozen):
    """Nothing in a script may be misspelt unnoticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PartTold(Told):
    """A part of the draft."""

    label: str
    text: str


class QuestionTold(Told):
    """A question on one part."""

    text: str
    part: str
    options: tuple[str, ...] = ()


class AskTold(Told):
    """One agency: by which functions it is asked what. Questions are numbered q1, q2 in their order."""

    agency: str
    functions: tuple[str, ...] = ()
    questions: tuple[QuestionTold, ...] = Field(min_length=1)
    exception: bool = False


class ActTold(Told):
    """`[when, account, verb, {…}]`. `when`: working days from the last whole one, and the hour."""

    at: str
    by: str
    verb: str
    how: dict[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, given: Any) -> Any:
        return dict(zip(("at", "by", "verb", "how"), given, strict=False)) if isinstance(given, list) else given


class Script(Told):
    """One consultation. `drill`: whether it also makes sense where a day lasts twenty seconds."""

    id: str = Field(pattern=r"^c-[a-z0-9-]{1,60}$")
    lead: str
    field: str
    kind: str
    rule: str | None = None
    number: str = ""
    subject: str
    summary: str = ""
    position: str
    proposal: str
    basis: str
    parent: dict[str, str] | None = None
    parts: dict[str, PartTold]
    asks: tuple[AskTold, ...] = Field(min_length=1)
    acts: tuple[ActTold, ...] = Field(min_length=1)
    drill: bool = False


@cache
def scripts(rules: Path) -> tuple[Script, ...]:
    """All of them, in the order of the files; none where the rules folder tells none.

    Raises pydantic's `ValidationError` for a script that is not one, ValueError for an id that is told twice.
    """
    yaml = YAML(typ="safe")
    told = [one for file in sorted((rules / FOLDER).glob("*.yaml")) for one in yaml.load(file)["consultations"]]
    found = tuple(Script.model_validate(one) for one in told)
    ids = [one.id for one in found]
    if len(dict.fromkeys(ids)) < len(ids):
        raise ValueError("an id is told twice")
    return found
