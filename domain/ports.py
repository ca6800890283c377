"""What the engine needs from the outside, as protocols; adapters implement them."""

from typing import Protocol

from domain.base import Frozen
from domain.commands import Submission
from domain.facts import Batch


class Pending(Frozen):
    """Receipts of one consultation that were stored but never reached its workflow, oldest first."""

    submissions: tuple[Submission, ...] = ()


class Register(Protocol):
    """The register's write side, as the workflow's activities see it."""

    async def record(self, batch: Batch) -> None:
        """Record a batch once; repeating it changes nothing."""

    async def undelivered(self, consultation: str) -> Pending:
        """Submissions stored for the consultation and not delivered yet."""
