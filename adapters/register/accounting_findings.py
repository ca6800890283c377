"""What an accounting finds: differences by check, what and id; and on what ground it looks. It asks no table itself.

A difference names what does not fit and where; what it means and what to do about it stands in the message files.
"""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import Frozen
from domain.clock import BusinessClock

# As many differences of one check as anybody reads; the rest is counted.
KEPT = 1000
# What has just been done may not be finished: nothing younger is called a difference.
YOUNG = timedelta(seconds=15)


class Ground(Frozen):
    """What checks must know. `now`: business instant; `clock`: how real time maps to it; `mails`: whether any leave."""

    now: datetime
    clock: BusinessClock = BusinessClock()
    mails: bool = False

    def ago(self, real: timedelta) -> datetime:
        """The business instant so much real time ago."""
        return self.now - real * self.clock.rate


class Difference(Frozen):
    """One thing that does not fit. `check`: A1 to A11; `what`: a code; `id`: of the receipt, consultation, file…"""

    check: str
    what: str
    id: str
    params: dict[str, str] = {}

    @property
    def identity(self) -> tuple[str, str, str]:
        """The same difference seen twice has the same identity."""
        return self.check, self.what, self.id


class Unreadable(ValueError):  # noqa: N818 - what a row is
    """A row that cannot be read as what it should be. `id`: whose it is, as far as known."""

    def __init__(self, id: str, why: object) -> None:
        super().__init__(f"{id}: {why}")
        self.id = id


class Found:
    """The outcome of one check: how many things were looked at, and what does not fit."""

    def __init__(self, check: str) -> None:
        self.check = check
        self.looked = 0
        self.count = 0
        self.differences: list[Difference] = []

    def add(self, what: str, id: str, **params: object) -> None:
        """One more difference; beyond the first thousand they are only counted."""
        self.count += 1
        if len(self.differences) < KEPT:
            told = {name: str(value) for name, value in params.items()}
            self.differences.append(Difference(check=self.check, what=what, id=id, params=told))

    def add_all(self, what: str, ids: Iterable[str]) -> None:
        """One difference for each id."""
        for id in ids:
            self.add(what, id)

    def still(self, earlier: "Found") -> "Found":
        """What was there before and is there now: whatever only moved meanwhile is gone."""
        before = dict.fromkeys(d.identity for d in earlier.differences)
        both = Found(self.check)
        both.looked = self.looked
        both.differences = [d for d in self.differences if d.identity in before]
        cut = self.count > KEPT and earlier.count > KEPT
        both.count = min(self.count, earlier.count) if cut else len(both.differences)
        return both


async def each(connection: AsyncConnection, query: sa.Select[Any]) -> AsyncIterator[Any]:
    """The query's rows as they come, never all of them in memory."""
    async for row in await connection.stream(query):
        yield row


async def number_of(connection: AsyncConnection, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    """How many rows of the table meet the conditions."""
    return await connection.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0
