"""Composition root of the Temporal worker: settings, client, register, activities; stops cleanly on SIGTERM."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path

import structlog
import uvloop
from temporalio import workflow

from adapters.clock import DatabaseClock
from adapters.database import Database
from adapters.database import connect as connect_database
from adapters.drill import MarkedRegister, business_clock
from adapters.logging import configure_logging
from adapters.register.recording import SqlRegister
from adapters.rules import load_messages, load_rulebook
from adapters.rules_amended import AmendedRules
from adapters.settings import Settings, load_settings
from domain.ports import Register
from workflows.client import connect
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

log = structlog.get_logger()

# The rules that come with the code.
RULES = Path(__file__).parent / "rules"
# Workflow records carry what matters in `extra`; the SDK's own dump of its context into every message is noise.
workflow.logger.workflow_info_on_message = False


async def work(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    client = await connect(settings.temporal_address, settings.temporal_namespace, settings.payload_keys_dir)
    database = connect_database(settings.database_url.get_secret_value())
    register = register_of(settings, database)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await make_current(client)
    leaders_of = AmendedRules(database, load_rulebook(settings.rules_dir or RULES)).leader_table
    async with build_worker(client, register, settings.task_queue, leaders_of=leaders_of, deployment=versioned()):
        log.info("worker started", task_queue=settings.task_queue)
        await stop.wait()
    await database.close()
    log.info("worker stopped")


def register_of(settings: Settings, database: Database) -> Register:
    """The register by this copy's clock; a drill's marks everything it records."""
    register = SqlRegister(database, DatabaseClock(business_clock(settings)))
    if not settings.drill:
        return register
    return MarkedRegister(register, load_messages(settings.rules_dir or RULES).text("drill.mark"))


def main() -> None:
    """Entry point of the worker process."""
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    with suppress(KeyboardInterrupt):
        uvloop.run(work(settings))


if __name__ == "__main__":
    main()
