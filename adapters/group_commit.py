"""Many short transactions made durable by one: whoever comes while one is at work joins it, and all commit together.

For a database with one writer, where each commit waits for the disk. Every member sees what those before it wrote,
fails by itself, and goes on only when the commit is done. It knows no table.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

# So many that the disk is waited for seldom, so few that another process gets its turn soon.
MOST = 8


class Lost(OSError):  # noqa: N818 - what became of it
    """The transaction that was shared is lost through another member's end: nothing of it was kept."""


class Group:
    """One transaction of the database and those who wait for its end."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.members = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def end(self, failure: BaseException | None) -> None:
        """Commit, or with a failure undo everything; then tell the members. Raises nothing."""
        try:
            await (self.connection.rollback() if failure else self.connection.commit())
        except BaseException as error:
            failure = failure or error
        with suppress(Exception):
            await self.connection.close()
        if failure is None:
            self.ended.set_result(None)
            return
        self.ended.set_exception(failure if isinstance(failure, DBAPIError) else Lost(repr(failure)))
        self.ended.exception()  # seen, even where the only member had its own error


class GroupCommit:
    """`begin` as an engine's own. `fatal`: whether an error means that the whole transaction is lost."""

    def __init__(self, engine: AsyncEngine, fatal: Callable[[BaseException], bool], patience: float) -> None:
        self._engine = engine
        self._fatal = fatal
        self._patience = patience
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._group: Group | None = None
        self._ending: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of one's own, as far as its member can see. Raises `TimeoutError` when no turn comes."""
        await self._my_turn()
        try:
            group = await self._joined()
            try:
                async with self._own_part(group):
                    yield group.connection
            except BaseException as error:
                await self._leave(group, error)
                raise
            await self._leave(group, None)
        finally:
            self._turn.release()
        await asyncio.shield(group.ended)

    async def _my_turn(self) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except BaseException:
            self._waiting -= 1
            await self._nobody_comes()
            raise
        self._waiting -= 1

    async def _nobody_comes(self) -> None:
        """Whoever was waited for has given up: those who were to share the commit with it go on without."""
        if self._group and not self._waiting and not self._turn.locked():
            await self._end(self._group, None)

    async def _joined(self) -> Group:
        if self._group is None:
            connection = await self._engine.connect()
            try:
                await connection.begin()
            except BaseException:
                await connection.close()
                raise
            self._group = Group(connection)
        self._group.members += 1
        return self._group

    @asynccontextmanager
    async def _own_part(self, group: Group) -> AsyncIterator[None]:
        """The first member's part is the transaction; those who join it have a savepoint each."""
        if group.members == 1:
            yield
        else:
            async with group.connection.begin_nested():
                yield

    async def _leave(self, group: Group, error: BaseException | None) -> None:
        """End the transaction unless somebody else waits to join it and it is as it should be."""
        broken = error and (group.members == 1 or self._fatal(error) or group.connection.invalidated)
        lost = error if broken else None
        if lost or not self._waiting or group.members >= MOST:
            await self._end(group, lost)

    async def _end(self, group: Group, failure: BaseException | None) -> None:
        """In a task of its own: a member that is cancelled now must not leave the others between two answers."""
        self._group = None
        self._ending = asyncio.create_task(group.end(failure))
        await asyncio.shield(self._ending)
