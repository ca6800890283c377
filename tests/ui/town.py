"""One running copy with the demonstration province for all test processes of a run; the last one out stops it."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from adapters.embedded_temporal import tool
from bench.rig import free_port

PATIENCE = 90.0
# Where pictures are kept, if anybody wants them.
PICTURES = os.environ.get("YKIEN_PICTURES")


class Town:
    """The copy in a folder every test process knows: who comes first starts it, who leaves last stops it.

    `words`: more words for `ykien up`.
    """

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.words = folder, words
        self.folder.mkdir(parents=True, exist_ok=True)
        self._mine = folder / f"user-{os.getpid()}"

    @property
    def url(self) -> str:
        """Where it answers."""
        return (self.folder / "url").read_text()

    @property
    def database(self) -> Path:
        """The register's file."""
        return self.folder / "var" / "ykien.db"

    def enter(self) -> None:
        """Come in; start the copy if nobody has."""
        with self._alone():
            if not (self.folder / "url").exists():
                self._start()
            self._mine.touch()

    def leave(self) -> None:
        """Go; stop the copy if nobody is left."""
        with self._alone():
            self._mine.unlink()
            if not list(self.folder.glob("user-*")):
                self._stop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        plain = {name: value for name, value in os.environ.items() if not name.startswith("YKIEN_")}
        own = {"YKIEN_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}", "YKIEN_DATA_DIR": str(self.folder / "var")}
        # Nobody's child: whoever comes first may leave before the others.
        detached = ': > out.txt; "$@" >> out.txt 2>&1 & echo $! > pid'
        command = ["sh", "-c", detached, "sh", tool("ykien"), "up", "--port", str(port), *self.words]
        subprocess.run(command, cwd=self.folder, env=plain | own, start_new_session=True, check=True)
        pid, ends = int((self.folder / "pid").read_text()), time.monotonic() + PATIENCE
        while "Ctrl-C" not in (said := (self.folder / "out.txt").read_text()):
            assert _runs(pid), said
            assert time.monotonic() < ends, "the copy did not come up"
            time.sleep(0.1)
        httpx.get(f"{url}/readyz", trust_env=False).raise_for_status()
        (self.folder / "url").write_text(url)
        if PICTURES:
            # A picture of a list shows a province with years behind it.
            fill = [tool("ykien"), "demo", "--asks", "6000"]
            subprocess.run(fill, cwd=self.folder, env=plain | own, check=True, stdout=subprocess.DEVNULL)

    def _stop(self) -> None:
        (self.folder / "url").unlink()
        pid = int((self.folder / "pid").read_text())
        os.kill(pid, signal.SIGTERM)
        ends = time.monotonic() + PATIENCE
        while _runs(pid) and time.monotonic() < ends:
            time.sleep(0.1)


def _runs(pid: int) -> bool:
    """Whether the process is there, and more than a name waiting to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
