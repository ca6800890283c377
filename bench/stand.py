"""Where a part is measured: one copy of the product in a temporary folder, its databases, and who used the processor.

Everything started here is stopped and thrown away. It knows no load.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client

from adapters.database import Database
from adapters.database import connect as connect_database
from adapters.processes import Running
from api.gateway import Gateway
from bench.figures import Cpu
from bench.postgres import Cluster
from bench.processes import bare_worker, times
from bench.rig import Rig
from workflows.client import connect

SQLITE, POSTGRES = "sqlite", "postgres"
TEMPORAL, WORKER, API, BARE = "temporal", "worker", "api", "bare"
# The SDK's threads outlive the last call by a moment; a process that ends before them may abort.
FAREWELL_SECONDS = 0.3


@dataclass
class Stand:
    """A running copy. `parts`: the product's processes that run; `bare`: the worker of bare workflows, if started."""

    kind: str
    rig: Rig
    parts: tuple[str, ...]
    client: Client
    gateway: Gateway
    database: Database
    cluster: Cluster | None = None
    bare: Running | None = None

    def cpu(self) -> Cpu:
        """Processor seconds used so far by each process, this one as `client`."""
        used = {name: self.rig.cpu(name) for name in self.parts}
        if self.bare:
            used[BARE] = times(self.bare.process.pid)
        if self.kind == POSTGRES and self.cluster:
            used[POSTGRES] = self.cluster.cpu()
        return {**used, "client": time.process_time()}

    def memory(self) -> dict[str, int]:
        """Resident bytes of each process of the product."""
        return {name: self.rig.memory(name) for name in self.parts}


@asynccontextmanager
async def stand(kind: str, *parts: str, cluster: Cluster | None = None) -> AsyncIterator[Stand]:
    """A copy with the named processes over a fresh register of that kind; `cluster` for PostgreSQL.

    `temporal` is always among the parts; `bare` adds the worker of bare workflows. Raises `CannotRun`.
    """
    with tempfile.TemporaryDirectory(prefix="ykien-bench-", ignore_cleanup_errors=True) as folder:
        url = cluster.url(await asyncio.to_thread(cluster.create)) if kind == POSTGRES and cluster else None
        rig = Rig(Path(folder) / "copy", url, log_level="WARNING")
        await rig.prepare()
        async with AsyncExitStack() as stack:
            stack.push_async_callback(rig.stop)
            own = tuple(name for name in parts if name != BARE)
            await rig.start(TEMPORAL, *own)
            made = Stand(
                kind=kind,
                rig=rig,
                parts=(TEMPORAL, *own),
                client=await connect(rig.settings.temporal_address, rig.settings.temporal_namespace),
                gateway=gateway_of(rig),
                database=connect_database(rig.settings.database_url.get_secret_value()),
                cluster=cluster,
                bare=await _bare(rig, stack) if BARE in parts else None,
            )
            stack.push_async_callback(made.database.close)
            yield made
            await asyncio.sleep(FAREWELL_SECONDS)


def gateway_of(rig: Rig) -> Gateway:
    """The product's own way to the engine."""
    settings = rig.settings
    return Gateway.at(settings.temporal_address, settings.temporal_namespace, settings.task_queue)


async def _bare(rig: Rig, stack: AsyncExitStack) -> Running:
    child = bare_worker(rig.settings.temporal_address, rig.settings.temporal_namespace)
    running = await Running.start(child, rig.folder / "logs")
    stack.push_async_callback(running.stop)
    await running.serve()
    return running
