"""A verb's way to the register: open it, run one piece of work, close it. It knows no table."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from adapters.settings import Settings
from commands.output import refuse
from commands.texts import say

if TYPE_CHECKING:
    from adapters.database import Database

T = TypeVar("T")


def with_register(settings: Settings, work: "Callable[[Database], Awaitable[T]]") -> T:
    """Run `work` on the register of these settings. Raises `RegisterUnavailable` and whatever the work raises.

    Refuses where there is no register yet: opening one would make an empty file that looks like a register.
    """
    from adapters.database import connect

    if settings.sqlite_path and not settings.sqlite_path.exists():
        refuse(say("problem.not_migrated"), say("problem.not_migrated_way_out"))

    async def run() -> T:
        database = connect(settings.database_url.get_secret_value())
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())
