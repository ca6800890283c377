"""Who tells a crowd: this process for a few, processes of their own for many, some chunks ahead of whoever writes."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncGenerator
from concurrent.futures import ProcessPoolExecutor
from contextlib import aclosing
from datetime import datetime
from multiprocessing import get_context

from adapters.database import connect
from adapters.demo_writing import Lived
from adapters.settings import Settings
from commands.demo.crowd_story import Story
from commands.demo.world import services_of, world_of

# Consultations a chunk; from so many on it is worth a few seconds to start others.
TOGETHER = 40
MANY = 500
MOST_TELLERS = 3


class Telling:
    """What all tellers are told: the copy, the instant up to which everybody has lived, the crowd's size."""

    def __init__(self, settings: Settings, now: datetime, expected: int) -> None:
        self.settings = settings
        self.now = now
        self.expected = expected

    def story(self) -> Story:
        """The story; it opens no register."""
        database = connect(self.settings.database_url.get_secret_value())
        return Story(world_of(services_of(self.settings, database), self.now), self.expected)


async def chunks(telling: Telling, after: int) -> AsyncGenerator[list[Lived], None]:
    """The consultations that come after so many, in order, until the rules allow none."""
    source = _elsewhere if telling.expected - after >= MANY else _here
    async with aclosing(source(telling, after + 1)) as told:
        async for chunk in told:
            if not chunk:
                return
            yield chunk


async def _here(telling: Telling, first: int) -> AsyncGenerator[list[Lived], None]:
    story = telling.story()
    while True:
        yield await story.tell(first, TOGETHER)
        first += TOGETHER


async def _elsewhere(telling: Telling, first: int) -> AsyncGenerator[list[Lived], None]:
    tellers = max(1, min(MOST_TELLERS, (os.cpu_count() or 2) - 1))
    pool = ProcessPoolExecutor(tellers, get_context("spawn"), _begin, (telling,))
    loop, ahead = asyncio.get_running_loop(), deque[asyncio.Future[list[Lived]]]()
    try:
        while True:
            while len(ahead) <= tellers:
                ahead.append(loop.run_in_executor(pool, _tell, first))
                first += TOGETHER
            yield await ahead.popleft()
    finally:
        for future in ahead:
            future.cancel()
        pool.shutdown(cancel_futures=True)


_stories: list[Story] = []


def _begin(telling: Telling) -> None:
    """In a teller: the story, once. Ctrl-C is the writer's to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _stories.append(telling.story())


def _tell(first: int) -> list[Lived]:
    return asyncio.run(_stories[0].tell(first, TOGETHER))
