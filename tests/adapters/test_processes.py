"""The supervisor with real processes: what starts, stays and stops, and that nobody is left behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.embedded_problems import CannotRun, Problem
from adapters.embedded_temporal import tool
from adapters.processes import Child, Supervisor

ROOT = Path(__file__).parents[2]
SLEEPS = "echo $$ > {name}.pid; exec sleep 300"
NOTES_ITS_END = "trap 'echo {name} >> ended; exit 0' TERM; echo $$ > {name}.pid; while :; do sleep 0.02; done"
DEAF = "trap '' TERM INT HUP; echo $$ > {name}.pid; while :; do sleep 0.02; done"


class Program:
    """A supervisor in a process of its own, its children working in `folder`."""

    def __init__(self, folder: Path, grace: float, **scripts: str) -> None:
        self.folder = folder
        here = {name: f"cd {folder}; {script.format(name=name)}" for name, script in scripts.items()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.adapters.supervised", str(folder / "logs"), json.dumps(here), str(grace)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_ready(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n", self.end()

    def pid(self, name: str) -> int:
        """The child's process id, once it has written it."""
        file = self.folder / f"{name}.pid"
        eventually(lambda: file.exists() and file.read_text().strip() != "")
        return int(file.read_text())

    def end(self) -> tuple[int, str]:
        """Exit code and what it said on standard error, when it has ended by itself."""
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


@contextmanager
def program(folder: Path, grace: float = 1.0, **scripts: str) -> Iterator[Program]:
    started = Program(folder, grace, **scripts)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.communicate()


def alive(pid: int) -> bool:
    """Whether the process exists and is not a mere entry waiting to be collected."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit, "it did not come true within 20 s"
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_children_in_reverse_order(tmp_path: Path, number: signal.Signals) -> None:
    with program(tmp_path, temporal=NOTES_ITS_END, worker=NOTES_ITS_END, api=NOTES_ITS_END) as running:
        running.wait_ready()
        pids = [running.pid(name) for name in ("temporal", "worker", "api")]
        running.process.send_signal(number)

        assert running.end()[0] == 0
        assert (tmp_path / "ended").read_text().split() == ["api", "worker", "temporal"]
        assert not any(alive(pid) for pid in pids)


def test_a_dead_child_is_started_again_and_the_others_stay(tmp_path: Path) -> None:
    with program(tmp_path, temporal=SLEEPS, worker=SLEEPS) as running:
        running.wait_ready()
        temporal, worker = running.pid("temporal"), running.pid("worker")
        (tmp_path / "worker.pid").unlink()
        os.kill(worker, signal.SIGKILL)

        assert running.pid("worker") != worker
        assert running.pid("temporal") == temporal
        assert alive(temporal)


def test_a_child_that_keeps_dying_ends_the_attempt_with_its_last_words(tmp_path: Path) -> None:
    with program(tmp_path, temporal=NOTES_ITS_END, worker="sleep 0.2; echo hết chỗ trên đĩa; exit 7") as running:
        status, said = running.end()

    assert status == 3
    assert "worker stopped 4 times in a row, the last time with 7" in said
    assert "hết chỗ trên đĩa" in said
    assert (tmp_path / "ended").read_text() == "temporal\n"


def test_a_child_deaf_to_the_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    with program(tmp_path, worker=DEAF) as running:
        running.wait_ready()
        pid = running.pid("worker")
        running.process.terminate()

        assert running.end()[0] == 0
        assert not alive(pid)


def test_a_second_signal_does_not_wait_for_the_grace(tmp_path: Path) -> None:
    def asked_once_more() -> bool:
        running.process.send_signal(signal.SIGINT)
        return running.process.poll() is not None

    with program(tmp_path, grace=600, worker=DEAF, api=DEAF) as running:
        running.wait_ready()
        pids = [running.pid("worker"), running.pid("api")]
        eventually(asked_once_more)

        assert not any(alive(pid) for pid in pids)


def test_no_child_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with program(tmp_path, temporal=SLEEPS, worker=DEAF) as running:
        running.wait_ready()
        pids = [running.pid("temporal"), running.pid("worker")]
        running.process.kill()

        eventually(lambda: not any(alive(pid) for pid in pids))


def test_what_a_child_left_in_its_group_is_killed_too(tmp_path: Path) -> None:
    deaf_grandchild = "(trap '' TERM; exec sleep 300) & echo $! > grandchild.pid; exec sleep 300"
    with program(tmp_path, worker=deaf_grandchild) as running:
        running.wait_ready()
        pid = running.pid("grandchild")
        running.process.terminate()

        assert running.end()[0] == 0
        eventually(lambda: not alive(pid))


async def test_a_child_that_dies_at_start_shows_its_exit_code_and_last_words(tmp_path: Path) -> None:
    async def never() -> bool:
        await asyncio.sleep(0.01)
        return False

    (tmp_path / "temporal.log").write_text("an older life's words\n")
    child = Child("temporal", (tool("sh"), "-c", "echo no such table >&2; exit 9"), ready=never)

    with pytest.raises(CannotRun) as caught:
        await Supervisor([child], tmp_path).run()

    assert caught.value.problem is Problem.DIED_AT_START
    assert caught.value.params["status"] == "9"
    assert caught.value.params["tail"] == "no such table"


async def test_a_child_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    async def never() -> bool:
        await asyncio.sleep(0.01)
        return False

    child = Child("api", (tool("sleep"), "300"), ready=never, ready_within=0.2)

    with pytest.raises(CannotRun) as caught:
        await Supervisor([child], tmp_path).run()

    assert caught.value.problem is Problem.NOT_READY
    assert caught.value.params["seconds"] == "0.2"


async def test_a_large_log_is_set_aside_at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.processes.LARGEST_LOG", 10)
    (tmp_path / "api.log").write_text("more than ten bytes\n")

    async def written() -> bool:
        await asyncio.sleep(0.01)
        return (tmp_path / "api.log").read_text() == "new\n"

    supervisor = Supervisor([Child("api", (tool("sh"), "-c", "echo new; exec sleep 300"), ready=written)], tmp_path)
    await supervisor.run(lambda: os.kill(os.getpid(), signal.SIGTERM))

    assert (tmp_path / "api.log.1").read_text() == "more than ten bytes\n"
