"""A bad line between outbox and engine: what waits is delivered several times, shuffled, by several relays at once."""

import asyncio
import random

import structlog

from adapters.database import RegisterUnavailable
from adapters.register.outbox import Waiting
from adapters.settings import Settings
from api.app import build_services
from api.delivery import deliver
from api.services import Services

RELAYS = 2
AT_ONCE = 8
MOST_WAITING = 100_000
log = structlog.get_logger()


async def deliver_badly(settings: Settings, chance: random.Random, most: int = 5) -> int:
    """Deliver everything that waits one to `most` times, shuffled, beside the copy's own relay; how many deliveries.

    Only for receipts of different asks: acts of one ask keep their order in the product.
    """
    relays = [build_services(settings) for _ in range(RELAYS)]
    try:
        rows = await relays[0].receipts.waiting(MOST_WAITING)
        copies = [row for row in rows for _ in range(chance.randint(1, most))]
        chance.shuffle(copies)
        turn = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(_one(relays[n % RELAYS], row, turn) for n, row in enumerate(copies)))
        return len(copies)
    finally:
        for services in relays:
            await services.database.close()


async def _one(services: Services, row: Waiting, turn: asyncio.Semaphore) -> None:
    """One delivery; one that fails is as good as one that never came."""
    async with turn:
        try:
            receipt = await services.receipts.get(row.receipt)
            if receipt:
                await deliver(services, receipt, row.submission)
        except RegisterUnavailable as error:
            log.warning("a delivery failed", receipt=row.receipt, why=str(error))
