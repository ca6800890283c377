"""The worker's health check: true while a worker of this machine asks for work, false in every other case."""

from collections.abc import Callable
from uuid import uuid4

from temporalio.client import Client

from adapters.register.recording import SqlRegister
from adapters.settings import load_settings
from api.services import Services
from bench.rig import free_port
from commands.polling import polled_from_here
from tests.api.conftest import gateway_to
from tests.servers.databases import DatabasesOf
from tests.servers.temporal import DevServer
from workflows.registry import build_worker


async def test_a_worker_that_asks_for_work_is_found_and_no_other(
    client: Client, temporal_dev: DevServer, databases_of: DatabasesOf, parts: Callable[..., Services]
) -> None:
    queue = f"polling-{uuid4().hex[:8]}"
    services = parts(databases_of("sqlite").empty(), gateway_to(client, queue))
    at = {"temporal_address": temporal_dev.address, "temporal_namespace": temporal_dev.namespace}
    async with build_worker(client, SqlRegister(services.database, services.clock), queue):
        while not await polled_from_here(load_settings(task_queue=queue, **at)):
            pass
        assert not await polled_from_here(load_settings(task_queue=f"{queue}-other", **at))
    await services.database.close()


async def test_without_temporal_the_answer_is_no() -> None:
    assert not await polled_from_here(load_settings(temporal_address=f"127.0.0.1:{free_port()}"))
