"""The words of a time limit: how long, in which unit, between which office hours, and when it stood still.

Values only; how a due instant follows from them is `domain/deadline.py`.
"""

import re
from datetime import time
from enum import StrEnum
from itertools import pairwise
from typing import Self

from pydantic import AwareDatetime, Field, StrictInt, ValidationError, field_validator, model_validator

from domain.base import Frozen
from domain.refusals import Code, Refused


class Unit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"


SHORT = {Unit.WORKING_DAY: "wd", Unit.CALENDAR_DAY: "cd", Unit.HOUR: "h"}
LONG = {short: unit for unit, short in SHORT.items()}
# A year of each day unit, a month of hours: a longer consultation is a typing error.
LONGEST = {Unit.WORKING_DAY: 250, Unit.CALENDAR_DAY: 366, Unit.HOUR: 744}
WRITTEN = re.compile(r"([0-9]{1,4}) ?(wd|cd|h)")


class Limit(Frozen):
    """A time limit of `n` units, at least one and at most `LONGEST`."""

    n: StrictInt = Field(ge=1)
    unit: Unit

    @model_validator(mode="after")
    def _is_not_absurd(self) -> Self:
        if self.n > LONGEST[self.unit]:
            raise ValueError(f"a limit in {self.unit} is at most {LONGEST[self.unit]}")
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "5 wd", "7 cd" or "2 h". Raises `Refused(limit_invalid)` for anything else."""
        written = WRITTEN.fullmatch(text.strip())
        try:
            if written:
                return cls(n=int(written[1]), unit=LONG[written[2]])
        except ValidationError:
            pass
        raise Refused(Code.LIMIT_INVALID, limit=text.strip()[:40])

    def __str__(self) -> str:
        return f"{self.n} {SHORT[self.unit]}"


class OfficeHours(Frozen):
    """The spans of a working day, Vietnam time, in order; set by each province."""

    spans: tuple[tuple[time, time], ...] = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))

    @field_validator("spans")
    @classmethod
    def _spans_follow_one_another(cls, spans: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
        edges = [edge for span in spans for edge in span]
        if not edges or any(edge.tzinfo for edge in edges):
            raise ValueError("office hours need at least one span of local times")
        if any(earlier >= later for earlier, later in pairwise(edges)):
            raise ValueError("office hours must be in order and not overlap")
        return spans


class Pause(Frozen):
    """A time in which the limit stood still; `end` is None while it still does. Who stopped it, and why."""

    start: AwareDatetime
    end: AwareDatetime | None = None
    reason: str
    actor: str

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause cannot end before it starts")
        return self
