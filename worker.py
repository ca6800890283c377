"""Composition root of the Temporal worker: settings, client, register, activities; stops cleanly on SIGTERM."""

import asyncio
import signal
from contextlib import suppress

import structlog

from adapters.database import connect as connect_database
from adapters.logging import configure
from adapters.register.recording import SqlRegister
from adapters.settings import Settings
from workflows.client import connect
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

log = structlog.get_logger()


async def work(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    client = await connect(settings.temporal_address, settings.temporal_namespace)
    database = connect_database(settings.database_url)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await make_current(client)
    async with build_worker(client, SqlRegister(database), settings.task_queue, deployment=versioned()):
        log.info("worker started", task_queue=settings.task_queue)
        await stop.wait()
    await database.close()
    log.info("worker stopped")


def main() -> None:
    """Entry point of the worker process."""
    settings = Settings()
    configure(settings)
    with suppress(KeyboardInterrupt):
        asyncio.run(work(settings))


if __name__ == "__main__":
    main()
