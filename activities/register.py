"""The workflow's two dealings with the register; what they do is the port's business."""

from temporalio import activity

from domain.base import Frozen
from domain.facts import Batch
from domain.ports import Pending, Register


class Consulted(Frozen):
    """Which consultation is meant."""

    consultation: str


class RegisterActivities:
    """Built with a register; every activity is idempotent by a business key in its input."""

    def __init__(self, register: Register) -> None:
        self._register = register

    @activity.defn
    async def record(self, batch: Batch) -> None:
        """Record everything decided since the last flush in one transaction."""
        await self._register.record(batch)

    @activity.defn
    async def undelivered(self, which: Consulted) -> Pending:
        """Receipts that reached the register but not the workflow."""
        return await self._register.undelivered(which.consultation)
