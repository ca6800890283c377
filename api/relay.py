"""Delivers what was recorded while the engine could not answer: in order within a consultation, as often as needed.

A receipt the direct path may still be handling is left alone. Repeating a delivery changes nothing. One that cannot be
handled is tried a few times and then set aside for an administrator; an engine that is away never counts against it.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from datetime import timedelta
from enum import Enum, auto
from typing import Any, TypeVar

import structlog

from adapters.database import RegisterUnavailable
from adapters.failpoints import reach
from adapters.faults import told
from adapters.register.outbox import Waiting
from adapters.register.reading import Read, Unreadable
from adapters.register.receipts import Receipt
from api.delivery import deliver
from api.gateway import EngineFault
from api.rounds import pause
from api.services import Services
from domain.commands import ABREAST

log = structlog.get_logger()
T = TypeVar("T")

EVERY_SECONDS = 2.0
# Longer than the direct path waits for the engine and the register together.
DIRECT = timedelta(seconds=15)
# Consultations at once, and receipts of one that travel together: each waits for the register by itself.
AT_ONCE = 8
TOGETHER = 10
BATCH = 400
# After the first try that failed, then four times as long each: long enough for a restart, three minutes in all.
FIRST_PAUSE = timedelta(seconds=2)
GROWTH = 4
NO_ANSWER = "no answer from the engine"


class End(Enum):
    """How a delivery ended: answered; nothing to wait for (set aside, or somebody else was faster); again later."""

    ANSWERED = auto()
    PASSED = auto()
    AGAIN = auto()
    SILENT = auto()


class Relay:
    """One loop in each API process or in a process of its own; two relays on one row do no harm."""

    def __init__(
        self,
        services: Services,
        every_seconds: float = EVERY_SECONDS,
        age: timedelta = DIRECT,
        first_pause: timedelta = FIRST_PAUSE,
    ) -> None:
        self._services = services
        self._every = every_seconds
        self._age = age
        self._first_pause = first_pause
        self._silent = 0

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Until told to stop, after the round under way; or until cancelled. While anything moves, without a pause."""
        stop = stop or asyncio.Event()
        while not stop.is_set():
            if not await self._round():
                await pause(stop, self._every)

    async def _round(self) -> bool:
        """Whether anything was delivered: then more may be due at once."""
        try:
            return await self.deliver_once(self._age) > 0
        except RegisterUnavailable as error:
            log.warning("relay waits for the register", error=str(error))
        except Exception:
            # A fault here must not end the loop: what waits would wait for ever.
            log.exception("relay failed")
        return False

    async def deliver_once(self, older_than: timedelta) -> int:
        """Deliver what has waited longer than that (real time) and is due; how many receipts got their answer."""
        due = await self._due(older_than)
        for unreadable in due.unreadable:
            await self._give_up(unreadable)
        rows = [row for row in due.rows if row.receipt not in self._services.at_work]
        if not rows or not await self._services.gateway.ready():
            return 0
        by_consultation: dict[str, list[Waiting]] = {}
        for row in rows:
            by_consultation.setdefault(row.consultation, []).append(row)
        turn, self._silent = asyncio.Semaphore(AT_ONCE), 0
        groups = (self._in_order(group, turn) for group in by_consultation.values())
        return sum(await _all(groups))

    async def _due(self, older_than: timedelta) -> Read[Waiting]:
        now = await self._services.now()
        before = now - older_than * self._services.business.rate
        return await self._services.receipts.due(BATCH, before if older_than else None)

    async def _in_order(self, rows: Sequence[Waiting], turn: asyncio.Semaphore) -> int:
        """One consultation's receipts; one that must be tried again holds up those after it. How many were answered."""
        answered = 0
        async with turn:
            for run in abreast(rows):
                # So many consultations without an answer: the engine is away, the others need not wait to find out.
                if self._silent >= AT_ONCE:
                    break
                ends = await self._together(run)
                answered += ends.count(End.ANSWERED)
                if End.AGAIN in ends or End.SILENT in ends:
                    break
        return answered

    async def _together(self, rows: Sequence[Waiting]) -> list[End]:
        """Handed in one after the other, so that the engine gets them in order, and awaited together."""
        known = await self._known(rows)
        prepared = [await self._prepare(row, known) for row in rows]
        ends = await _all(self._one(row, receipt) for row, receipt in zip(rows, prepared, strict=True))
        if End.SILENT in ends:
            self._silent += 1
            await self._services.receipts.mark_silence(rows[ends.index(End.SILENT)].receipt, NO_ANSWER)
        elif End.ANSWERED in ends:
            self._silent = 0
        return ends

    async def _known(self, rows: Sequence[Waiting]) -> dict[str, Receipt]:
        """The rows' receipts, read at once; none where one of them cannot be read."""
        try:
            return await self._services.receipts.of([row.receipt for row in rows])
        except ValueError:
            return {}

    async def _prepare(self, row: Waiting, known: dict[str, Receipt]) -> Receipt | End:
        """The receipt to deliver, or how it ended before."""
        try:
            receipt = known.get(row.receipt) or await self._services.receipts.get(row.receipt)
        except RegisterUnavailable:
            raise
        except Exception as error:
            return await self._failed(row, told(error))
        if receipt is None or receipt.status is not None:
            # Somebody else was faster.
            await self._services.receipts.delivered(row.receipt)
            return End.PASSED
        return receipt

    async def _one(self, row: Waiting, receipt: Receipt | End) -> End:
        if isinstance(receipt, End):
            return receipt
        reach("relay.taken")
        try:
            answered = await deliver(self._services, receipt, row.submission)
        except RegisterUnavailable:
            raise
        except Exception as error:
            return await self._failed(row, told(error, EngineFault))
        self._count("answered" if answered else "waiting")
        return End.ANSWERED if answered else End.SILENT

    async def _failed(self, row: Waiting, why: str) -> End:
        """Again after a pause that grows, or no more."""
        again_in = self._first_pause * GROWTH**row.tries * self._services.business.rate
        set_aside = await self._services.receipts.mark_try(row.receipt, why, again_in)
        log.error("delivery failed", receipt=row.receipt, tries=row.tries + 1, why=why, set_aside=set_aside)
        self._count("set_aside" if set_aside else "failed")
        return End.PASSED if set_aside else End.AGAIN

    async def _give_up(self, unreadable: Unreadable) -> None:
        log.error("receipt cannot be read", receipt=unreadable.key, why=unreadable.why, set_aside=True)
        await self._services.receipts.set_aside(unreadable.key, unreadable.why)
        self._count("set_aside")

    def _count(self, result: str) -> None:
        self._services.metrics.count("ykien_relay_total", result=result)
        if result == "set_aside":
            self._services.metrics.count("ykien_set_aside_total", kind="receipt")


def abreast(rows: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """The rows in order, in runs whose members need not wait for one another: acts of different asked agencies."""
    run: list[Waiting] = []
    for row in rows:
        command = row.submission.command
        alone = command.kind not in ABREAST
        waits = alone or any(command.agency == before.submission.command.agency for before in run)
        if run and (waits or len(run) == TOGETHER):
            yield run
            run = []
        run.append(row)
        if alone:
            yield run
            run = []
    if run:
        yield run


async def _all(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """What each gives, once all have ended; what ended one of them is raised then."""
    done = await asyncio.gather(*work, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException):
            raise one
    return [one for one in done if not isinstance(one, BaseException)]
