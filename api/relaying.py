"""Who runs the relays: an API process beside its requests, or a process of their own (`ykien relay`).

What a round delivers or sends is the relays' own business; here is when they begin, how they end, and what the
process of their own answers about itself.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.mailer import Mailer
from api.noticing import missing_templates
from api.relay import Relay
from api.routes import operations
from api.services import Services

# How long a round under way may take to end by itself. One machine's supervisor waits ten seconds in all.
GRACE_INSIDE = 3.0
# Longer than one mail takes at most.
GRACE_APART = 25.0


@asynccontextmanager
async def relays(services: Services, grace: float) -> AsyncIterator[None]:
    """Both relays run meanwhile; then no round begins any more, and one that outlasts the grace is done again later."""
    stop = asyncio.Event()
    loops = [asyncio.create_task(loop.run(stop)) for loop in (Relay(services), Mailer(services))]
    try:
        yield
    finally:
        stop.set()
        _, late = await asyncio.wait(loops, timeout=grace)
        for loop in late:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


def create_relay(services: Services) -> FastAPI:
    """The relays' own process: no route but those for whoever runs the machine, on a port nobody else needs.

    Raises `LookupError` when a notice has no template. Closes the register when it ends.
    """
    missing = missing_templates(services)
    if missing:
        raise LookupError(f"no templates for {missing}")
    app = FastAPI(lifespan=_lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.services = services
    app.include_router(operations.router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    async with relays(services, GRACE_APART):
        yield
    await services.database.close()
