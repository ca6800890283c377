"""`ykien serve`, `relay`, `work`, `migrate`: a copy's processes, each until told to stop, and the step before them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.settings import Settings
from commands.options import AsJson, DataDir, Drill, settings_of
from commands.output import give_json, refuse, tell
from commands.texts import say

if TYPE_CHECKING:
    from fastapi import FastAPI


def serve() -> None:
    """Run the HTTP API until SIGINT or SIGTERM."""
    from api.app import create_app

    _listen(create_app)


def relay() -> None:
    """Deliver what waits, receipts and mail, until SIGINT or SIGTERM; a round under way is ended first."""
    from api.app import build_services
    from api.relaying import create_relay

    _listen(lambda settings: create_relay(build_services(settings)))


def _listen(make: Callable[[Settings], "FastAPI"]) -> None:
    import uvicorn

    from adapters.logging import configure_logging

    settings = settings_of()
    configure_logging(settings.log_level, settings.log_format)
    # Our own log lines: uvicorn's configuration would replace them. Requests are logged by the application.
    uvicorn.run(
        make(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )


def work(check: Annotated[bool, typer.Option("--check", help=say("help.work_check"))] = False) -> None:
    """Run the worker until SIGINT or SIGTERM; with `--check`, ask whether the one on this machine is at work."""
    if check:
        return _require_poller()
    import worker

    worker.main()


def _require_poller() -> None:
    """Exit code 0 when a worker of this machine (container) asks for work, 1 when none does or Temporal is away."""
    import asyncio

    from commands.polling import polled_from_here

    if not asyncio.run(polled_from_here(settings_of())):
        refuse(say("work.idle"), say("work.idle_way_out"))
    tell(say("work.busy"))


def migrate(
    to: Annotated[str, typer.Option("--to", metavar="BƯỚC", help=say("help.migrate_to"))] = "head",
    grant_to: Annotated[
        str | None, typer.Option("--grant-to", metavar="VAI_TRÒ", help=say("help.migrate_grant_to"))
    ] = None,
    drill: Drill = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Bring the register's database to a step, up or down; then give a database role what the application needs."""
    import asyncio

    from adapters.database import migrate as move

    settings = settings_of(drill, data_dir)
    if settings.sqlite_path:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(move(settings.database_url.get_secret_value(), to, grant_to))
    if as_json:
        give_json({"revision": to, "granted_to": grant_to})
        return
    tell(say("migrate.done", revision=to))
    if grant_to:
        tell(say("migrate.granted", role=grant_to))
