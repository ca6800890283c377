"""What the engine needs from the outside, as protocols; adapters implement them."""

from typing import Protocol

from domain.base import Frozen
from domain.commands import Submission
from domain.facts import Batch
from domain.terms import LeaderTable


class Pending(Frozen):
    """What a workflow must know before time passes: undelivered receipts, oldest first, and who leads today.

    `next`: where to read on when one message cannot hold them all.
    """

    submissions: tuple[Submission, ...] = ()
    next: int | None = None
    leaders: LeaderTable | None = None


class Register(Protocol):
    """The register's write side, as the workflow's activities see it."""

    async def record(self, batch: Batch) -> None:
        """Record a batch once; repeating it changes nothing."""

    async def undelivered(self, consultation: str, after: int = 0) -> Pending:
        """Submissions stored for the consultation and not delivered yet; `after`: the `next` read before."""
