"""Many callers, few transactions: what is handed in while one write is under way is written by the next, as one.

A write costs the disk's patience however many rows it has. Each caller still returns only when its own is written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from adapters.database import RegisterUnavailable

T = TypeVar("T")
MOST = 100


class Together(Generic[T]):
    """`write` writes all it is given in one transaction, or nothing."""

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def give(self, item: T) -> None:
        """Returns when the item is written; raises what its write ended with."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._run())
        await written

    async def _run(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._each(taken)
            except BaseException as error:
                # Whoever stops us must not leave the callers waiting.
                _settle(taken, error)
                raise

    async def _each(self, taken: Sequence[tuple[T, "asyncio.Future[None]"]]) -> None:
        """All at once; where that fails for another reason than the database's state, each by itself."""
        try:
            await self._write([item for item, _ in taken])
        except RegisterUnavailable as error:
            return _settle(taken, error)
        except Exception as error:
            if len(taken) == 1:
                return _settle(taken, error)
            for one in taken:
                await self._each([one])
        _settle(taken, None)


def _settle(taken: Sequence[tuple[T, "asyncio.Future[None]"]], error: BaseException | None) -> None:
    for _, written in taken:
        if written.done():
            continue
        if error is None:
            written.set_result(None)
        elif isinstance(error, asyncio.CancelledError):
            written.cancel()
        else:
            written.set_exception(error)
