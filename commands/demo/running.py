"""Starts the workflows of the demonstration's open consultations, from the register, as `ykien rebuild` does."""

from adapters.database import Database, connect
from adapters.register.accounting_outbox import open_ones
from adapters.settings import Settings
from commands.accounting_engine import Advance
from commands.engine import reached
from commands.rebuilding import BAD, Rebuilder
from workflows.operating import EngineAway, Operator

PREFIX = "c-minh-hoa-"


async def start(settings: Settings, advance: Advance) -> int | None:
    """Start whatever of the demonstration is open and does not run; how many could not be. None without an engine."""
    database = connect(settings.database_url.get_secret_value())
    try:
        async with reached(settings) as operator:
            return None if operator is None else await start_these(database, operator, advance)
    except EngineAway:
        return None
    finally:
        await database.close()


async def start_these(database: Database, operator: Operator, advance: Advance) -> int:
    """The same with an engine at hand. Raises `EngineAway`."""
    async with database.read() as connection:
        ids = [id for id in await open_ones(connection) if id.startswith(PREFIX)]
    running = await operator.running() if ids else {}
    still = [id for id in ids if id not in running]
    restored = await Rebuilder(database, operator).these(still, advance)
    return sum(one.outcome in BAD for one in restored)
