"""What a one-machine copy claims before it starts: its data folder (one copy at a time) and its ports.

The claim on the folder is a lock of the operating system: it ends with the process, however that ends.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.embedded_problems import CannotRun, Problem


@contextmanager
def claimed(folder: Path, setting: str = "YKIEN_DATA_DIR") -> Iterator[None]:
    """Hold `folder` (made when missing) for this process; CannotRun(ALREADY_RUNNING) when another one holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(os.open(folder / "ykien.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = file.read().strip() or "?"
            raise CannotRun(Problem.ALREADY_RUNNING, folder=folder, pid=pid, setting=setting) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def require_free_port(host: str, port: int, setting: str) -> None:
    """CannotRun(PORT_TAKEN), naming the setting that moves the port, when something listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            raise CannotRun(Problem.PORT_TAKEN, port=port, setting=setting) from None
