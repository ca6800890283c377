"""The base of every request body and the kinds of text, code and instant that may stand in one.

Text is kept in the composed Unicode form. Control characters are refused: PostgreSQL cannot store NUL, and nobody
types them on purpose.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from domain.text import nfc

LINE_BREAKS = "\n\r\t"
# Far outside every calendar, near enough that no zone conversion overflows.
FIRST_YEAR, LAST_YEAR = 1990, 2200
LONGEST_TEXT = 64_000
_PILE = re.compile("[\u0300-\u036f]{31}")
LONGEST_NOTE = 8_000


class Body(BaseModel):
    """A request body: no coercion, no unknown members."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _plain(value: str) -> str:
    # Composing takes the square of the time on a pile of marks, which no writing has.
    if _PILE.search(value):
        raise ValueError("control_characters")
    composed = nfc(value)
    if any(unicodedata.category(char) == "Cc" and char not in LINE_BREAKS for char in composed):
        raise ValueError("control_characters")
    return composed


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("blank")
    return value


def _typed(value: Any) -> Any:
    """Only RFC 3339 text: a bare number is not an instant."""
    if isinstance(value, str) and not value.strip().isdigit():
        return value
    raise ValueError("instant")


def _sane(value: datetime) -> datetime:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("year")
    return value


def _sane_day(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("year")
    return value


Line = Annotated[str, Field(max_length=500), AfterValidator(_plain)]
Note = Annotated[str, Field(max_length=LONGEST_NOTE), AfterValidator(_plain)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_plain)]
FilledLine = Annotated[Line, AfterValidator(_filled)]
FilledNote = Annotated[Note, AfterValidator(_filled)]
FilledText = Annotated[Text, AfterValidator(_filled)]
# Codes are the directory's and the draft's own names; they travel in ids, paths and search attributes.
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$")]
# A re-routed question may carry the code of the agency it was first put to.
QuestionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,119}$")]
Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Instant = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_typed), AfterValidator(_sane)]
Day = Annotated[date, Field(strict=False), BeforeValidator(_typed), AfterValidator(_sane_day)]
