"""Delivers what was recorded while the engine could not answer: in order within a consultation, as often as needed.

A receipt the direct path may still be handling is left alone. Repeating a delivery changes nothing.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from adapters.database import RegisterUnavailable
from adapters.failpoints import reach
from adapters.register.outbox import Waiting
from api.delivery import deliver
from api.services import Services

log = structlog.get_logger()

EVERY_SECONDS = 2.0
# Longer than the direct path waits for the engine and the register together.
DIRECT = timedelta(seconds=15)
AT_ONCE = 8
BATCH = 200


class Relay:
    """One loop in each API process; two relays on one row do no harm."""

    def __init__(self, services: Services, every_seconds: float = EVERY_SECONDS, age: timedelta = DIRECT) -> None:
        self._services = services
        self._every = every_seconds
        self._age = age

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.deliver_once(self._age)
            except RegisterUnavailable as error:
                log.warning("relay waits for the register", error=str(error))
            except Exception:
                # A fault here must not end the loop: what waits would wait for ever.
                log.exception("relay failed")
            await asyncio.sleep(self._every)

    async def deliver_once(self, older_than: timedelta) -> int:
        """Deliver what has waited longer than that (real time); how many receipts got their answer."""
        rows = [row for row in await self._waiting(older_than) if row.receipt not in self._services.at_work]
        if not rows or not await self._services.gateway.ready():
            return 0
        by_consultation: dict[str, list[Waiting]] = {}
        for row in rows:
            by_consultation.setdefault(row.consultation, []).append(row)
        turn = asyncio.Semaphore(AT_ONCE)
        done = await asyncio.gather(*(self._in_order(group, turn) for group in by_consultation.values()))
        return sum(done)

    async def _waiting(self, older_than: timedelta) -> Sequence[Waiting]:
        now = await self._services.now()
        before = now - older_than * self._services.business.rate
        return await self._services.receipts.waiting(BATCH, before if older_than else None)

    async def _in_order(self, rows: Sequence[Waiting], turn: asyncio.Semaphore) -> int:
        """One consultation's receipts; the first that cannot be delivered holds up those after it."""
        async with turn:
            for count, row in enumerate(rows):
                if not await self._one(row):
                    return count
            return len(rows)

    async def _one(self, row: Waiting) -> bool:
        receipt = await self._services.receipts.get(row.receipt)
        if receipt is None:
            return True
        reach("relay.taken")
        try:
            answered = await deliver(self._services, receipt, row.submission)
        except RegisterUnavailable:
            raise
        except Exception as error:
            log.exception("delivery failed", receipt=row.receipt)
            await self._services.receipts.mark_try(row.receipt, f"{type(error).__name__}: {error}")
            return False
        self._services.metrics.count("ykien_relay_total", result="answered" if answered else "waiting")
        if answered is None:
            await self._services.receipts.mark_try(row.receipt, "no answer from the engine")
        return answered is not None
