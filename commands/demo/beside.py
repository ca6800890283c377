"""The demonstration's consultations while `ykien up` starts: loaded by a process of their own, run once all is up.

A process of its own, because telling them takes parts of the application that the supervisor should not carry for the
rest of its life. Nothing here keeps the copy from starting: what goes wrong is logged.
"""

import asyncio

import structlog

from adapters.database import connect
from adapters.demo_writing import is_empty
from adapters.embedded_temporal import tool
from adapters.processes import Child, Running
from adapters.settings import Settings

log = structlog.stdlib.get_logger(__name__)


class Beside:
    """One start's demonstration."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loading: Running | None = None
        self._running: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Begin to load, if the register holds no consultation at all."""
        database = connect(self._settings.database_url.get_secret_value())
        try:
            wanted = await is_empty(database)
        finally:
            await database.close()
        if wanted:
            logs = self._settings.data_dir / "logs"
            logs.mkdir(parents=True, exist_ok=True)
            child = Child("demo", (tool("ykien"), "demo"), self._settings.environment())
            self._loading = await Running.start(child, logs)

    def start(self) -> None:
        """The engine is there: once all is loaded, whatever is open and does not run is started."""
        self._running = asyncio.create_task(self._start())

    async def _start(self) -> None:
        from commands.demo.running import start

        try:
            if not await self.loaded() and self._loading:
                log.warning("demonstration not loaded", log=str(self._loading.log_file), tail=self._loading.tail())
            failed = await start(self._settings, lambda done, total: None)
        except Exception:
            log.exception("demonstration not started")
            return
        if failed == 0:
            log.info("demonstration runs")
        else:
            log.warning("demonstration does not run", failed=failed)

    async def loaded(self) -> bool:
        """Wait until the load has ended, if there was one; whether it went well."""
        return self._loading is None or await self._loading.process.wait() == 0

    async def end(self) -> None:
        """Leave nothing behind."""
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None
        if self._loading:
            await self._loading.stop()
