"""Many things done by so many at a time, in order, with word of how far it has come. It does not know what they do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
Tell = Callable[[int, int], None]


async def crowd(act: Callable[[T], Awaitable[None]], things: Iterable[T], at_once: int, tell: Tell) -> None:
    """Act on every thing; the first that fails ends the rest."""
    listed = list(things)
    waiting, done = iter(listed), 0

    async def place() -> None:
        nonlocal done
        for thing in waiting:
            await act(thing)
            done += 1
            tell(done, len(listed))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(place())
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from several


def silent(done: int, total: int) -> None:
    """Tell nobody."""
