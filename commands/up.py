"""`ykien up`: everything on one machine, from an empty folder to a running copy, and back to nothing on Ctrl-C.

It puts the steps in order; processes, claims and the drill's clock are adapters.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.embedded_claims import claimed
from adapters.settings import Profile, Settings
from commands.options import AsJson, DataDir, rules_of, settings_of
from commands.output import give_json, note, refuse, tell
from commands.shell import usage
from commands.texts import say
from domain.clock import VIETNAM

if TYPE_CHECKING:
    from adapters.processes import Supervisor
    from commands.demo.beside import Beside

LOCAL = ("127.0.0.1", "localhost", "::1")


def up(
    drill: Annotated[bool, typer.Option("--drill", help=say("help.up_drill"))] = False,
    host: Annotated[str | None, typer.Option("--host", metavar="ĐỊA_CHỈ", help=say("help.up_host"))] = None,
    port: Annotated[int | None, typer.Option("--port", metavar="CỔNG", help=say("help.up_port"))] = None,
    data_dir: DataDir = None,
    fresh: Annotated[bool, typer.Option("--fresh", help=say("help.up_fresh"))] = False,
    empty: Annotated[bool, typer.Option("--empty", help=say("help.up_empty"))] = False,
    as_json: AsJson = False,
) -> None:
    """Run Temporal, worker and API as one group until SIGINT or SIGTERM."""
    begun = time.monotonic()
    settings = settings_of(drill, data_dir, api_host=host, api_port=port)
    if settings.profile is Profile.PRODUCTION:
        refuse(say("up.not_production"), say("up.not_production_way_out"))
    if fresh and not settings.drill:
        raise usage(say("usage.fresh_is_for_drills"))
    if fresh:
        set_aside(settings.data_dir)
    note(say("up.preparing"))
    run(settings, _ready_json if as_json else lambda copy: _ready(copy, begun), empty=empty)
    note(say("up.stopping"))


def run(settings: Settings, on_ready: Callable[[Settings], None], *, empty: bool = False) -> None:
    """Prepare and keep the copy; `on_ready` is told once it serves. `empty`: no demonstration consultations.

    Raises `CannotRun`, `WrongFolder`, `DrillOver`, `DatabaseNewer`.
    """
    from adapters.embedded import children, claim
    from adapters.processes import Supervisor
    from workflows.search_attributes import REGISTERED

    with claim(settings), _logging(settings):
        _prepare(settings)
        note(say("up.starting"))
        supervisor = Supervisor(children(settings, REGISTERED), settings.data_dir / "logs")
        asyncio.run(_keep(settings, supervisor, on_ready, furnished=settings.demo and not empty))


async def _keep(
    settings: Settings, supervisor: "Supervisor", on_ready: Callable[[Settings], None], *, furnished: bool
) -> None:
    """The copy until it is stopped; beside it, at its start, the demonstration's consultations come to life."""
    from commands.demo.beside import Beside

    beside = Beside(settings) if furnished else None
    if beside:
        await beside.load()
    try:
        await supervisor.run(lambda: _serve(on_ready, settings, beside))
    finally:
        if beside:
            await beside.end()


def _serve(on_ready: Callable[[Settings], None], settings: Settings, beside: "Beside | None") -> None:
    on_ready(settings)
    if beside:
        beside.start()


def _prepare(settings: Settings) -> None:
    """The folder's clock, the register's newest step, and the demonstration accounts."""
    from adapters.database import migrate
    from adapters.drill import require_own_folder, wind
    from adapters.rules import load_rulebook

    rulebook = load_rulebook(rules_of(settings))
    require_own_folder(settings)
    if settings.drill:
        wind(settings, rulebook.calendar, datetime.now(UTC))
    asyncio.run(migrate(settings.database_url.get_secret_value()))
    if settings.demo:
        from commands.demonstrating import load

        load(settings)


@contextmanager
def _logging(settings: Settings) -> Iterator[None]:
    """The supervisor's own lines: beside the children's on a terminal, on standard error where a machine reads them."""
    from adapters.logging import configure_logging

    if not sys.stderr.isatty():
        configure_logging(settings.log_level, settings.log_format)
        yield
        return
    logs = settings.data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / "up.log").open("a", encoding="utf-8") as stream:
        configure_logging(settings.log_level, settings.log_format, stream)
        yield


def _ready(settings: Settings, begun: float) -> None:
    """Everything runs: say where, for whom, and what to try."""
    from adapters.embedded import base_url

    url = base_url(settings)
    if settings.demo:
        from commands.demonstrating import show_accounts

        show_accounts(settings)
    if settings.demo and settings.api_host not in LOCAL:
        tell(say("up.open_to_network"))
    tell(say("up.ready", url=url, seconds=f"{time.monotonic() - begun:.1f}"))
    tell(say("up.docs", url=url))
    tell(say("up.data", folder=settings.data_dir))
    if settings.drill:
        _tell_of_the_drill(settings)
    for key in ("next", "next_login", "next_me", "next_deadline", "stop"):
        tell(say(f"up.{key}", url=url))


def _ready_json(settings: Settings) -> None:
    """The same for a machine: one line once everything runs."""
    from adapters.embedded import base_url

    give_json({"url": base_url(settings), "data_dir": str(settings.data_dir), "drill": settings.drill}, lines=True)
    sys.stdout.flush()


def _tell_of_the_drill(settings: Settings) -> None:
    from adapters.drill import business_clock

    shown = business_clock(settings).business(datetime.now(UTC)).astimezone(VIETNAM)
    tell(say("up.drill", now=f"{shown:%H:%M %d/%m/%Y}"))


def set_aside(folder: Path) -> None:
    """Keep the last drill under a name of its own, so that a new one can begin; refuses while it runs."""
    if not folder.exists():
        return
    with claimed(folder):
        kept = folder.with_name(f"{folder.name}-{datetime.now(VIETNAM):%Y%m%d-%H%M%S}")
        folder.rename(kept)
    note(say("up.set_aside", folder=kept))
