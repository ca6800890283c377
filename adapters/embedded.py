"""The one-machine copy: which processes `ykien up` keeps, from the settings. Production has its own supervisor.

Migrating the register and loading the demonstration province are the command's steps between claim and start.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from adapters.embedded_claims import claimed, require_free_port
from adapters.embedded_temporal import dev_server, polled, tool
from adapters.processes import Child
from adapters.settings import Settings


@contextmanager
def claim(settings: Settings) -> Iterator[None]:
    """Hold the data folder for this copy, with both ports free; CannotRun says who or what is in the way."""
    with claimed(settings.data_dir):
        require_free_port(settings.api_host, settings.api_port, "YKIEN_API_PORT")
        require_free_port(settings.temporal_host, settings.temporal_port, "YKIEN_TEMPORAL_ADDRESS")
        yield


def children(settings: Settings, search_attributes: Mapping[str, str]) -> tuple[Child, ...]:
    """Temporal, worker, API: started in this order, stopped in the reverse one.

    `search_attributes`: name to Temporal's type name. Worker and API read these very settings from their environment.
    """
    address, namespace, queue = settings.temporal_address, settings.temporal_namespace, settings.task_queue
    ykien, env = tool("ykien"), settings.environment()
    return (
        dev_server(address, namespace, settings.data_dir / "temporal.db", search_attributes),
        Child("worker", (ykien, "work"), env, ready=lambda: polled(address, namespace, queue)),
        Child("api", (ykien, "serve"), env, ready=lambda: answers(f"{base_url(settings)}/healthz"), waits=False),
    )


def base_url(settings: Settings) -> str:
    """Where a browser on this machine finds the copy."""
    host = "127.0.0.1" if settings.api_host in ("0.0.0.0", "::") else settings.api_host  # noqa: S104 - compared only
    return f"http://{host}:{settings.api_port}"


async def answers(url: str) -> bool:
    """Whether the address gives a good answer now. Never through a proxy: it is this machine."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            return (await client.get(url)).is_success
    except httpx.TransportError:
        return False
