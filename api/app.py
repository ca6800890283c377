"""Composition root of the HTTP API: settings in, application out. It connects parts and knows nothing of the field."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.gzip import GZipMiddleware

from adapters.clock import DatabaseClock
from adapters.database import connect
from adapters.drill import business_clock
from adapters.lexicon import load_instrument, load_suggester
from adapters.rules import load_messages, load_rulebook
from adapters.settings import Settings
from api import handlers
from api.desk import Desk
from api.errors import ProblemDocument
from api.gateway import Gateway
from api.middleware import BodyLimit, Counting, Marks
from api.noticing import missing_templates
from api.pages import pages_router
from api.pages.looks import Assets, Looks
from api.pages.page import SignInNeeded
from api.pages.problems import problem_page, sign_in_needed
from api.relaying import GRACE_INSIDE, relays
from api.routes import (
    amendments,
    asks,
    auth,
    consultations,
    description,
    directory,
    drafts,
    escalations,
    lifecycle,
    notices,
    operations,
    overrulings,
    relevance,
    ruling,
    tools,
    undeliverable,
    urging,
)
from api.services import Services
from domain.relevance.suggest import prepare

RULES = Path(__file__).parent.parent / "rules"

ROUTERS = (
    *(auth, directory, tools, relevance, drafts, consultations, lifecycle, asks, ruling, escalations, notices),
    *(urging, amendments, undeliverable, overrulings, operations),
)
SETTLED_SECONDS = 30
TITLE = "Ý Kiến"
ABOUT = (
    "Giao diện lập trình của Ý Kiến: lấy ý kiến giữa các cơ quan của tỉnh. Lỗi trả về theo RFC 9457, `type` kết thúc "
    "bằng mã từ chối. Thời điểm theo RFC 3339. Mọi POST nhận `Idempotency-Key`. 202: đã ghi nhận theo biên nhận."
)


def build_services(settings: Settings) -> Services:
    """The parts of a process as the settings say; nothing is connected before it is used. May raise `RulesInvalid`."""
    rules = settings.rules_dir or RULES
    business = business_clock(settings)
    return Services(
        settings=settings,
        rulebook=load_rulebook(rules),
        instrument=load_instrument(rules),
        suggester=load_suggester(rules),
        messages=load_messages(rules),
        database=connect(settings.database_url.get_secret_value()),
        gateway=Gateway.at(
            settings.temporal_address,
            settings.temporal_namespace,
            settings.task_queue,
            keys=settings.payload_keys_dir,
        ),
        clock=DatabaseClock(business),
        business=business,
    )


def create_app(settings: Settings, services: Services | None = None) -> FastAPI:
    """The application. `services`: parts made by the caller (tests), who then also closes them.

    Raises `LookupError` when a notice has no template. Started without its lifespan it serves, but relays nothing.
    """
    parts = services or build_services(settings)
    missing = missing_templates(parts)
    if missing:
        raise LookupError(f"no templates for {missing}")
    app = FastAPI(title=TITLE, version="1", description=ABOUT, lifespan=_lifespan, docs_url=None, redoc_url=None)
    app.state.services = parts
    app.state.desk = Desk(parts)
    app.state.looks = Looks()
    handlers.install(app, problem_page)
    app.add_exception_handler(SignInNeeded, sign_in_needed)
    for module in ROUTERS:
        app.include_router(module.router)
    app.include_router(description.router)
    app.include_router(pages_router())
    app.mount("/static", Assets())
    app.add_middleware(BodyLimit)
    app.add_middleware(Marks, drill=settings.drill)
    # Outside whatever reads an answer's body.
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Counting, metrics=parts.metrics)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The instrument is kept before it judges; the relays run beside the requests, unless they are a process apart.

    What the first suggestion would wait for is built when the start is over.
    """
    services: Services = app.state.services
    await services.keep_instrument()
    ahead = asyncio.create_task(_prepare_suggestions(services))
    beside = relays(services, GRACE_INSIDE) if services.settings.relay == "inside" else nullcontext()
    async with beside:
        yield
    ahead.cancel()
    await services.database.close()


async def _prepare_suggestions(services: Services) -> None:
    """A second of the processor's time, which the start itself needs more."""
    await asyncio.sleep(SETTLED_SECONDS)
    await asyncio.to_thread(prepare, services.rulebook.directory, services.suggester)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The description, with the problem document among its schemas."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        template = "#/components/schemas/{model}"
        problem = ProblemDocument.model_json_schema(ref_template=template)
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(problem.pop("$defs", {}))
        schemas["ProblemDocument"] = problem
        app.openapi_schema = schema
    return app.openapi_schema
