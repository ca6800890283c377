"""The newcomer's second terminal: one command after the other in bash, which keeps its variables in between."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

KEPT = "terminal.sh"
# Variables live from command to command, as they would in a terminal that stays open.
SCRIPT = f"""
set -a -o pipefail
[ -f {KEPT} ] && . ./{KEPT}
trap 'export -p > {KEPT}' EXIT
"""
# A width for tables, as a terminal has one.
COLUMNS = "100"


class Printed(NamedTuple):
    """What a command left: its exit code, and standard output and error as they came."""

    code: int
    text: str


class Terminal:
    """A terminal in a folder, with these variables."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**environment, "COLUMNS": COLUMNS, "LC_ALL": "C.UTF-8"}

    def run(self, command: str, within: float) -> Printed:
        """Run it to its end; one that takes longer than `within` seconds is stopped and is a failure."""
        words = ["bash", "-c", SCRIPT + command + "\n"]
        with subprocess.Popen(
            words,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                text, _ = process.communicate(timeout=within)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                text, _ = process.communicate()
                raise AssertionError(f"not done in {within:.0f} seconds: {command}\n{text}") from None
        return Printed(process.returncode, text)
