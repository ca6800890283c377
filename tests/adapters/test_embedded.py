"""The one-machine copy's claims and its Temporal server, on the real thing."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.contrib.pydantic import pydantic_data_converter

from adapters.embedded import answers, base_url, children, claim
from adapters.embedded_claims import claimed, require_free_port
from adapters.embedded_problems import SENTENCES, CannotRun, Problem
from adapters.embedded_temporal import dev_server, polled, serving, tool
from adapters.processes import Running
from adapters.settings import Settings, load_settings
from bench.rig import free_port
from tests.servers.sleeper import Sleeper, Wait
from tests.servers.temporal import DevServer
from tests.test_servers import QUEUE, a_worker


def settings_in(folder: Path) -> Settings:
    return load_settings(data_dir=folder, api_port=free_port(), temporal_address=f"127.0.0.1:{free_port()}")


# --- claims


def test_one_data_folder_serves_one_copy_at_a_time(tmp_path: Path) -> None:
    with claimed(tmp_path / "var"), pytest.raises(CannotRun, match=f"process {os.getpid()}") as caught:
        claimed(tmp_path / "var").__enter__()

    assert caught.value.problem is Problem.ALREADY_RUNNING
    with claimed(tmp_path / "var"):
        pass


def test_the_claim_of_a_killed_copy_is_gone(tmp_path: Path) -> None:
    hold = "import sys, time\nfrom pathlib import Path\nfrom adapters.embedded_claims import claimed\n"
    hold += "with claimed(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(300)\n"
    with subprocess.Popen([sys.executable, "-c", hold, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(CannotRun, match=f"process {holder.pid}"):
            claimed(tmp_path).__enter__()
        holder.kill()

    with claimed(tmp_path):
        pass


def test_a_taken_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(CannotRun, match=f"port {port} is in use.*YKIEN_API_PORT") as caught:
            require_free_port("127.0.0.1", port, "YKIEN_API_PORT")

    assert caught.value.params == {"port": str(port), "setting": "YKIEN_API_PORT"}
    require_free_port("127.0.0.1", port, "YKIEN_API_PORT")


def test_a_copy_claims_its_folder_and_both_ports(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with (
        socket.create_server(("127.0.0.1", settings.temporal_port)),
        pytest.raises(CannotRun, match="YKIEN_TEMPORAL_ADDRESS"),
        claim(settings),
    ):
        pass

    with claim(settings):
        assert (tmp_path / "ykien.lock").read_text() == f"{os.getpid()}\n"


def test_every_problem_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Problem)


def test_a_missing_program_is_named() -> None:
    with pytest.raises(CannotRun, match="no-such-program is missing"):
        tool("no-such-program")


# --- what a copy consists of


def test_a_copy_is_temporal_then_worker_then_api_all_with_the_same_settings(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)

    temporal, worker, api = children(settings, {"YkienLead": "Keyword"})

    assert (temporal.name, worker.name, api.name) == ("temporal", "worker", "api")
    assert {"YkienLead=Keyword", "journal_mode=WAL", "synchronous=2", "--headless"} <= set(temporal.command)
    assert str(tmp_path / "temporal.db") in temporal.command
    assert worker.env == api.env == settings.environment()


def test_the_address_shown_is_one_a_browser_can_open(tmp_path: Path) -> None:
    assert base_url(load_settings(data_dir=tmp_path, api_host="0.0.0.0", api_port=8099)) == "http://127.0.0.1:8099"


async def test_an_address_without_a_server_gives_no_answer() -> None:
    assert not await answers(f"http://127.0.0.1:{free_port()}/healthz")


# --- Temporal's server


async def test_a_task_queue_without_a_worker_is_not_polled(temporal_dev: DevServer, client: Client) -> None:
    address, namespace = temporal_dev.address, temporal_dev.namespace
    assert not await polled(address, namespace, "nobody")

    async with a_worker(client), asyncio.timeout(20):
        while not await polled(address, namespace, QUEUE):  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)


async def test_a_killed_server_comes_back_with_its_workflows(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    child = dev_server(address, "ykien", tmp_path / "temporal.db", {"YkienLead": "Keyword"})
    assert not await serving(address, "ykien")

    first = await Running.start(child, tmp_path)
    await first.serve()
    assert (tmp_path / "temporal.db-wal").exists()
    client = await Client.connect(address, namespace="ykien", data_converter=pydantic_data_converter)
    until = datetime.now(UTC) + timedelta(days=40)
    await client.start_workflow(Sleeper.run, Wait(until=until), id="kept", task_queue=QUEUE)
    os.kill(first.process.pid, signal.SIGKILL)
    await first.process.wait()

    second = await Running.start(child, tmp_path)
    await second.serve()
    kept = await client.get_workflow_handle("kept").describe()
    await second.stop()

    assert kept.status is WorkflowExecutionStatus.RUNNING
