"""Records what a workflow decided: one transaction for the ledger, the read tables and the notices. It decides nothing.

Repeating a batch changes nothing; a batch that would leave a hole, or tells another story than the one recorded, is an
error and leaves everything as it was.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.failpoints import reach
from adapters.register import ledger, outbox, standing
from domain.facts import Batch, Fact
from domain.ports import Pending


class RecordBroken(Exception):  # noqa: N818 - the register's refusal to bend
    """The batch does not continue what is recorded: facts are missing between, or recorded ones differ."""


class SqlRegister:
    """The register's write side, as the workflow's activities see it (`domain.ports.Register`)."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()

    async def record(self, batch: Batch) -> None:
        """Record a batch once. Raises `RecordBroken`, `RegisterUnavailable`."""
        reach("record.begun")
        async with self._db.begin() as connection:
            head = await ledger.lock(connection)
            fresh = await _fresh(connection, batch)
            if not fresh:
                return
            recorded_at = await self._clock.now(connection)
            await ledger.append(connection, head, batch.header.id, fresh, recorded_at)
            await standing.write(connection, batch, recorded_at)
            reach("record.written")
        reach("record.committed")

    async def undelivered(self, consultation: str, after: int = 0) -> Pending:
        """Submissions stamped for the consultation and not answered yet, oldest first."""
        async with self._db.read() as connection:
            pending = await outbox.undelivered(connection, consultation, after)
        reach("undelivered.read")
        return pending


async def _fresh(connection: AsyncConnection, batch: Batch) -> tuple[Fact, ...]:
    """The batch's facts that are not recorded yet: they continue the recorded ones without a hole."""
    known = await ledger.last_number(connection, batch.header.id)
    numbers = [fact.seq for fact in batch.facts]
    if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))) or numbers[0] > known + 1:
        raise RecordBroken(f"{batch.header.id}: recorded up to {known}, got {numbers[:1]} to {numbers[-1:]}")
    repeated = tuple(fact for fact in batch.facts if fact.seq <= known)
    if repeated and await ledger.facts(connection, batch.header.id, repeated[0].seq, repeated[-1].seq) != repeated:
        raise RecordBroken(f"{batch.header.id}: other facts are recorded under {repeated[0].seq} to {repeated[-1].seq}")
    return batch.facts[len(repeated) :]
