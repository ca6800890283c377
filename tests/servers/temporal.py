"""Temporal for the tests: the development server (real, real time) and the time-skipping server (its clock obeys)."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from adapters.embedded_temporal import dev_server, serving, tool
from bench.rig import free_port
from workflows.client import CONVERTER
from workflows.search_attributes import REGISTERED


@dataclass(frozen=True)
class DevServer:
    """Where the development server listens, and the namespace made in it."""

    address: str
    namespace: str


@pytest.fixture(scope="session")
def search_attributes() -> dict[str, str]:
    """The search attributes every test server knows: name to Temporal's type name."""
    return dict(REGISTERED)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_dev(search_attributes: dict[str, str]) -> AsyncIterator[DevServer]:
    """This test process's own development server, in memory, started with the product's own command."""
    server = DevServer(f"127.0.0.1:{free_port()}", "ykien")
    child = dev_server(server.address, server.namespace, search_attributes=search_attributes)
    tie = ("setpriv", "--pdeathsig", "KILL", "--")
    null = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*tie, *child.command, stdin=null, stdout=null, stderr=null)
    while not await serving(server.address, server.namespace):
        assert process.returncode is None, "Temporal's development server ended at its start"
        await asyncio.sleep(0.02)
    yield server
    process.kill()
    await process.wait()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(temporal_dev: DevServer) -> Client:
    """A client of the development server, with the product's payload converter."""
    return await Client.connect(temporal_dev.address, namespace=temporal_dev.namespace, data_converter=CONVERTER)


@pytest_asyncio.fixture
async def time_skipping(search_attributes: dict[str, str]) -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server of this test's own (it starts in a tenth of a second; a shared clock would wander).

    Its clock moves on with real time, and jumps only through `env.sleep` (better: `TestClock.skip_to`). Automatic
    skipping is off: with it, awaiting a workflow's result leaves the clock ten years later, at the run time-out.
    """
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=tool("temporal-test-server"), data_converter=CONVERTER
    )
    async with env:
        await add_search_attributes(env.client, search_attributes)
        with env.auto_time_skipping_disabled():
            yield env


async def add_search_attributes(client: Client, attributes: Mapping[str, str]) -> None:
    """Register search attributes. On the time-skipping server a workflow that upserts an unknown one hangs.

    `attributes`: name to type name as on the command line: Text, Keyword, Int, Double, Bool, Datetime, KeywordList.
    """
    if not attributes:
        return
    types = {name: IndexedValueType.Value(_enum_name(kind)) for name, kind in attributes.items()}
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=types)
    await client.operator_service.add_search_attributes(request, retry=True)


def _enum_name(kind: str) -> str:
    return "INDEXED_VALUE_TYPE_" + ("KEYWORD_LIST" if kind == "KeywordList" else kind.upper())


def pytest_unconfigure() -> None:
    """Let the SDK's threads leave the interpreter before it ends.

    A process that ends within a millisecond of its last call to Temporal may abort with "PyGILState_Release: thread
    state must be current" (sdk-python #300) and turn a green run red.
    """
    if "temporalio.bridge.temporal_sdk_bridge" in sys.modules:
        time.sleep(0.1)
