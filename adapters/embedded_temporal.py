"""Temporal's development server for the one-machine copy: where its program is, how it is started, when it serves.

It speaks to the server through the `temporal` program only. Production runs a real cluster and never comes here.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from adapters.embedded_problems import CannotRun, Problem
from adapters.processes import Child

# Measured: with these two a file database starts twice as many workflows a second, and an acknowledged one is on disk.
PRAGMAS = ("journal_mode=WAL", "synchronous=2")
# The program would otherwise also follow the user's own Temporal profile and variables.
OWN_FLAGS_ONLY = ("--disable-config-file", "--disable-config-env")


def tool(name: str) -> str:
    """The absolute path of an installed program, the one in this environment before any other on PATH."""
    found = shutil.which(name, path=str(Path(sys.prefix) / "bin")) or shutil.which(name)
    if found is None:
        raise CannotRun(Problem.TOOL_MISSING, tool=name)
    return found


def dev_server(
    address: str, namespace: str, database: Path | None = None, search_attributes: Mapping[str, str] | None = None
) -> Child:
    """The server as a supervised child. `database`: its file, None for memory only.

    `search_attributes`: name to Temporal's type name (Keyword, Int, Datetime, …); naming them again at a later start
    is harmless. The address is loopback; there is no web page beside it.
    """
    host, _, port = address.rpartition(":")
    stored = ["--db-filename", str(database), *_each("--sqlite-pragma", PRAGMAS)] if database else []
    attributes = _each("--search-attribute", [f"{name}={kind}" for name, kind in (search_attributes or {}).items()])
    return Child(
        name="temporal",
        command=[
            *(tool("temporal"), "server", "start-dev", "--headless", "--log-level", "warn"),
            *("--ip", host, "--port", port, "--namespace", namespace),
            *stored,
            *attributes,
        ],
        ready=lambda: serving(address, namespace),
    )


def _each(flag: str, values: list[str] | tuple[str, ...]) -> list[str]:
    return [word for value in values for word in (flag, value)]


async def serving(address: str, namespace: str) -> bool:
    """Whether the server answers for workflows of the namespace, which comes a little after its port opens.

    Asking for a workflow nobody started goes through to the part that keeps histories: "not found" is the yes.
    """
    healthy, _ = await _ask(address, "operator", "cluster", "health")
    if not healthy:
        return False
    _, answer = await _ask(address, "workflow", "describe", "--namespace", namespace, "--workflow-id", "ready?")
    return "workflow not found" in answer


async def polled(address: str, namespace: str, task_queue: str) -> bool:
    """Whether a worker is asking this task queue for work."""
    question = ("task-queue", "describe", "--namespace", namespace, "--task-queue", task_queue)
    answered, answer = await _ask(address, *question, "--legacy-mode", "--output", "json")
    return answered and bool(json.loads(answer).get("pollers"))


async def _ask(address: str, *question: str) -> tuple[bool, str]:
    """Run the `temporal` program; whether it succeeded, and what it printed (results and errors together)."""
    process = await asyncio.create_subprocess_exec(
        *(tool("temporal"), *question, "--address", address, "--command-timeout", "5s", *OWN_FLAGS_ONLY),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode == 0, out.decode("utf-8", "replace")
