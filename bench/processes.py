"""Processor time of processes as the kernel counts it, and the worker of bare workflows as a process."""

import sys
from pathlib import Path

from adapters.embedded_temporal import polled
from adapters.processes import Child
from bench import bare
from bench.rig import TICKS

ROOT = Path(__file__).parent.parent
OWN, WITH_ENDED_CHILDREN = 2, 4


def times(pid: int, fields: int = OWN) -> float:
    """User and system seconds of a process with all its threads; 0 when it is gone."""
    try:
        values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(value) for value in values[11 : 11 + fields]) / TICKS


def family_times(pid: int) -> float:
    """The same of a process with its children, living and ended."""
    try:
        living = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return 0.0
    return times(pid, WITH_ENDED_CHILDREN) + sum(times(int(child)) for child in living)


def bare_worker(address: str, namespace: str) -> Child:
    """The worker of bare workflows, ready when it polls."""
    command = (sys.executable, "-m", "bench.bare", address, namespace, bare.QUEUE)
    env = {"PYTHONPATH": str(ROOT)}
    return Child("bare", command, env, ready=lambda: polled(address, namespace, bare.QUEUE))
