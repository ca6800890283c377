"""What the suggester has been taught, kept in this process for a minute: it changes rarely and is read all the time.

A reset made here counts at once; one made in another process within the minute.
"""

import asyncio
import time

from adapters.database import Database
from adapters.register.queries_lessons import lessons_in_use
from domain.directory import Directory
from domain.relevance import Example

SECONDS = 60.0


class Lessons:
    """The lessons in use. The very same tuple is given out until they change: whoever prepares them may keep that."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory
        self._examples: tuple[Example, ...] = ()
        self._read_at: float | None = None
        self._turn = asyncio.Lock()

    async def examples(self) -> tuple[Example, ...]:
        """The lessons in use, newest first, at most a minute old; read once for many who ask together."""
        async with self._turn:
            while self._read_at is None or time.monotonic() - self._read_at >= SECONDS:
                self._read_at = time.monotonic()
                found = await self._read()
                self._examples = self._examples if found == self._examples else found
            return self._examples

    async def _read(self) -> tuple[Example, ...]:
        try:
            lessons = await lessons_in_use(self._database, self._directory)
        except BaseException:
            self._read_at = None
            raise
        return tuple(lesson.example for lesson in lessons)

    def forget(self) -> None:
        """Read them anew next time, also where a reading is under way."""
        self._read_at = None
