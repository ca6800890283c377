"""The one clock by which receipts are stamped and entries recorded: the database's, mapped to business time.

Nothing else reads time. Tests and drills give a clock of their own that moves with Temporal's.
"""

from datetime import UTC, datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.clock import BusinessClock

# The instant of the call, not of the transaction's beginning: a transaction may have waited for a lock.
NOW = {
    "postgresql": sa.text("SELECT clock_timestamp()"),
    "sqlite": sa.text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"),
}


class Clock(Protocol):
    """What the register needs of a clock."""

    async def now(self, connection: AsyncConnection) -> datetime:
        """The business instant, aware, in UTC."""


class DatabaseClock:
    """The time of the database's own machine; PostgreSQL to the microsecond, SQLite to the millisecond."""

    def __init__(self, business: BusinessClock | None = None) -> None:
        self._business = business or BusinessClock()

    async def now(self, connection: AsyncConnection) -> datetime:
        """The business instant that the database's clock stands for."""
        value = await connection.scalar(NOW[connection.dialect.name])
        real = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return self._business.business(real.astimezone(UTC))
