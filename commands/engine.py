"""A verb's way to the engine: connect, give an operator, and let the SDK's threads end before the process does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from adapters.settings import Settings

if TYPE_CHECKING:
    from workflows.operating import Operator

# A process that ends right after its last call to Temporal may be aborted by the SDK's threads.
FAREWELL_SECONDS = 0.3


@asynccontextmanager
async def reached(settings: Settings) -> "AsyncIterator[Operator | None]":
    """An operator of the engine these settings name, or None where it cannot be reached. Raises `KeysUnusable`."""
    from temporalio.service import RPCError

    from workflows.client import connect
    from workflows.operating import Operator

    try:
        client = await connect(settings.temporal_address, settings.temporal_namespace, settings.payload_keys_dir)
    except (RuntimeError, RPCError):
        client = None
    try:
        yield Operator(client, settings.task_queue) if client else None
    finally:
        await asyncio.sleep(FAREWELL_SECONDS)
