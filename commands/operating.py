"""`ykien serve`, `work`, `migrate`: the processes of a copy and the step before them. Each runs until told to stop."""

from typing import Annotated

import typer

from commands.options import AsJson, DataDir, Drill, settings_of
from commands.output import give_json, tell
from commands.texts import say


def serve() -> None:
    """Run the HTTP API until SIGINT or SIGTERM."""
    import uvicorn

    from adapters.logging import configure_logging
    from api.app import create_app

    settings = settings_of()
    configure_logging(settings.log_level, settings.log_format)
    # Our own log lines: uvicorn's configuration would replace them. Requests are logged by the application.
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )


def work() -> None:
    """Run the worker until SIGINT or SIGTERM."""
    import worker

    worker.main()


def migrate(
    to: Annotated[str, typer.Option("--to", metavar="BƯỚC", help=say("help.migrate_to"))] = "head",
    drill: Drill = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Bring the register's database to a step, up or down."""
    import asyncio

    from adapters.database import migrate as move

    settings = settings_of(drill, data_dir)
    if settings.sqlite_path:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(move(settings.database_url.get_secret_value(), to))
    if as_json:
        give_json({"revision": to})
    else:
        tell(say("migrate.done", revision=to))
