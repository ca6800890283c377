"""The workflow's two dealings with the register; what they do is the port's business."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

from temporalio import activity

from domain.base import Frozen
from domain.facts import Batch
from domain.ports import Pending, Register
from domain.terms import LeaderTable

# Who is in charge of a field on a day, by the directory as it is now, absences entered today included.
LeadersOf = Callable[[str, date], Awaitable[LeaderTable]]


# A record under load is held back this long for each other one under way, at most so long, once it is safe: what its
# consultation decides meanwhile goes into one next record, and a record is six events. Alone nobody waits.
HELD_SECONDS, HELD_AT_MOST = 0.01, 0.2


class Consulted(Frozen):
    """Which consultation is meant, whose leaders are asked for, and where to read on."""

    consultation: str
    after: int = 0
    field: str = ""
    day: date | None = None


class RegisterActivities:
    """Built with a register; every activity is idempotent by a business key in its input."""

    def __init__(self, register: Register, leaders_of: LeadersOf | None = None) -> None:
        self._register = register
        self._leaders_of = leaders_of
        self._under_way = 0

    @activity.defn
    async def record(self, batch: Batch) -> None:
        """Record everything decided since the last flush in one transaction."""
        self._under_way += 1
        try:
            await self._register.record(batch)
            await asyncio.sleep(min(HELD_AT_MOST, HELD_SECONDS * (self._under_way - 1)))
        finally:
            self._under_way -= 1

    @activity.defn
    async def undelivered(self, which: Consulted) -> Pending:
        """Receipts that reached the register but not the workflow, and today's leaders of the field."""
        pending = await self._register.undelivered(which.consultation, which.after)
        if self._leaders_of is None or which.day is None:
            return pending
        return pending.model_copy(update={"leaders": await self._leaders_of(which.field, which.day)})
