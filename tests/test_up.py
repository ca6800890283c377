"""`ykien up` for real, as a child process on free ports: one consultation across a killed worker and a restart.

Slow by nature (Temporal, worker and API start three times); everything is asked through HTTP, as the tutorial does.
"""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner, Result

from adapters.demo import demo_accounts
from adapters.embedded_temporal import tool
from bench.rig import free_port
from cli import app
from commands.texts import RULES

JSON = dict[str, Any]
T = TypeVar("T")
PATIENCE = 60.0
PART = {"id": "d1", "label": "Mục III. Kinh phí", "text": "Tổng kinh phí 12,5 tỷ đồng từ dự toán ngân sách tỉnh 2026."}
QUESTION = {"id": "q1", "text": "Ngân sách tỉnh có cân đối được 12,5 tỷ đồng không?", "closed": True, "part": "d1"}
PLAN = {
    "subject": "Đề án sắp xếp mạng lưới trường, lớp",
    "field": "PHO_THONG",
    "draft_kind": "DE_AN",
    "own_position": "Sở Giáo dục và Đào tạo thống nhất sáp nhập 12 điểm trường.",
    "proposal": "Trình UBND tỉnh ban hành.",
    "legal_basis": "Chương trình công tác năm 2026.",
    "parts": [PART],
    "asks": [{"agency": "STC", "functions": ["STC-01"], "parts": ["d1"], "questions": [QUESTION]}],
}


class Copy:
    """A one-machine copy in a folder of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.words = words
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.temporal = f"127.0.0.1:{free_port()}"
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)
        self._tokens: dict[str, str] = {}

    @property
    def environment(self) -> dict[str, str]:
        """The test's own variables, without anybody's YKIEN_ ones."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("YKIEN_")}
        own = {"YKIEN_TEMPORAL_ADDRESS": self.temporal, "YKIEN_SESSIONS": str(self.folder / "sessions.json")}
        # Tables as wide as on a wide terminal, whatever the terminal the tests run in.
        return {**plain, **own, "COLUMNS": "120", "YKIEN_PASSWORD": demo_accounts(RULES).password}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another `ykien` beside the copy."""
        return subprocess.run(
            [tool("ykien"), *words], cwd=self.folder, env=self.environment, text=True, capture_output=True, timeout=60
        )

    def shell(self, *words: str) -> Result:
        """The same within this process: quicker, for verbs that only speak HTTP."""
        return CliRunner().invoke(app, list(words), env=self.environment)

    @contextmanager
    def up(self) -> Iterator["Up"]:
        """Run it, from its command to its end by SIGINT; no process may be left."""
        self.http.close()
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)
        command = [tool("ykien"), "up", "--port", str(self.port), *self.words]
        with (
            (self.folder / "out.txt").open("w") as out,
            (self.folder / "err.txt").open("w") as err,
            subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=out, stderr=err) as process,
        ):
            running = Up(self, process)
            try:
                yield running
                running.stop()
            finally:
                process.kill()
                self.http.close()

    def call(self, user: str, method: str, path: str, **content: Any) -> httpx.Response:
        """One request of a demonstration account."""
        if user not in self._tokens:
            form = {"username": user, "password": demo_accounts(RULES).password}
            self._tokens[user] = self.http.post("/api/v1/auth/token", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {self._tokens[user]}", "Idempotency-Key": uuid4().hex}
        return self.http.request(method, f"/api/v1{path}", headers=headers, **content)

    def get(self, user: str, path: str) -> JSON:
        """A GET that must succeed."""
        response = self.call(user, "GET", path)
        assert response.status_code == 200, response.text
        return response.json()  # type: ignore[no-any-return]

    def post(self, user: str, path: str, body: JSON) -> JSON:
        """A POST that must be accepted, decided now or later."""
        response = self.call(user, "POST", path, json=body)
        assert response.status_code in (200, 201, 202), response.text
        return response.json()  # type: ignore[no-any-return]

    def launch(self, **other: Any) -> JSON:
        """Upload a draft and launch the plan; `other` replaces its members."""
        file = {"file": ("du-thao.txt", "Dự thảo Đề án".encode(), "text/plain")}
        draft = self.call("gd.sgddt", "POST", "/drafts", files=file).json()
        return self.post("gd.sgddt", "/consultations", {**PLAN, "draft": draft["id"], **other})

    def reply(self, id: str) -> JSON:
        """STC's head agrees, with the figure asked for."""
        sha256 = self.get("gd.stc", f"/consultations/{id}")["draft"]["sha256"]
        text = "Sở Tài chính thống nhất; ngân sách tỉnh năm 2026 cân đối được 12,5 tỷ đồng."
        body = {"draft_sha256": sha256, "answers": [{"question": "q1", "position": "agree"}], "text": text}
        return self.post("gd.stc", f"/consultations/{id}/asks/STC/reply", body)

    def kinds(self, id: str) -> list[str]:
        """The ledger's entries, by kind."""
        return [entry["kind"] for entry in self.get("vpub", f"/consultations/{id}/ledger?limit=100")["items"]]


class Up:
    """A running copy."""

    def __init__(self, copy: Copy, process: subprocess.Popen[bytes]) -> None:
        self.copy, self.process = copy, process
        until(lambda: "Ctrl-C" in self.words() or process.poll() is not None)
        assert process.poll() is None, self.words()

    def words(self) -> str:
        """Everything it said so far."""
        return (self.copy.folder / "out.txt").read_text() + (self.copy.folder / "err.txt").read_text()

    def family(self) -> dict[int, str]:
        """Every process below this one: number and command line."""
        listed = {int(path.name): path for path in Path("/proc").iterdir() if path.name.isdigit()}
        parents = {pid: parent for pid, path in listed.items() if (parent := parent_of(path)) is not None}
        below = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in below} - below:
            below |= more
        return {pid: command_of(listed[pid]) for pid in below - {self.process.pid}}

    def child(self, verb: str) -> int:
        """The process that runs `ykien VERB`."""
        return until(lambda: next((pid for pid, command in self.family().items() if command.endswith(f" {verb}")), 0))

    def stop(self) -> None:
        """Ctrl-C; everything below is gone when it ends."""
        family = self.family()
        assert len(family) >= 3
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(PATIENCE) == 0, self.words()
        assert [pid for pid, command in family.items() if command_of(Path(f"/proc/{pid}")) == command] == []


def parent_of(process: Path) -> int | None:
    """The parent's number; None for a process that has just ended."""
    try:
        return int(re.sub(r"^.*\) \S+ ", "", (process / "stat").read_text()).split()[0])
    except OSError:
        return None


def command_of(process: Path) -> str:
    """The command line; empty for a process that has ended."""
    try:
        return (process / "cmdline").read_bytes().rstrip(b"\0").replace(b"\0", b" ").decode()
    except OSError:
        return ""


def until(look: Callable[[], T], within: float = PATIENCE) -> T:
    """What `look` finds, as soon as it finds something."""
    limit = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < limit, "it did not come"
        time.sleep(0.05)
    return found


@pytest.mark.clause("H30", "G18")
def test_a_killed_worker_and_a_restart_change_nothing(tmp_path: Path) -> None:
    copy = Copy(tmp_path, "--empty")
    with copy.up() as up:
        assert copy.http.get("/docs").status_code == 200
        assert f"Ý Kiến đang chạy tại {copy.url}" in up.words()
        assert demo_accounts(RULES).password in up.words()
        launched = copy.launch()
        id = launched["id"]
        before = copy.kinds(id)

        os.kill(up.child("work"), signal.SIGKILL)
        receipt = copy.reply(id)["receipt"]
        until(lambda: copy.get("gd.stc", f"/receipts/{receipt}")["state"] == "done")
        until(lambda: copy.get("vpub", f"/consultations/{id}")["phase"] == "synthesis")
        assert copy.kinds(id) == [*before, "replied", "settled", "synthesis_started"]
        assert copy.command("up", "--port", str(free_port())).returncode == 1

    with copy.up() as up:
        found = copy.get("gd.sgddt", f"/consultations/{id}")
        assert (found["phase"], found["subject"]) == ("synthesis", PLAN["subject"])
        closed = copy.post("gd.sgddt", f"/consultations/{id}/closure", {})
        until(lambda: copy.get("gd.sgddt", f"/consultations/{id}")["phase"] == "closed")
        assert closed["id"] == id
        the_shell_follows_the_same_consultation(copy, id)

    checked = json.loads(copy.command("verify", "--json").stdout)
    assert (checked["ok"], checked["entries"]) == (True, len(before) + 4)


def the_shell_follows_the_same_consultation(copy: Copy, id: str) -> None:
    """The client verbs against the running copy."""
    for user in ("gd.stc", "vpub"):
        assert copy.shell("login", user, "--url", copy.url).exit_code == 0
    assert json.loads(copy.shell("get", "me").stdout)["account"] == "vpub"
    assert json.loads(copy.shell("get", f"consultations/{id}", "--as", "gd.stc").stdout)["phase"] == "closed"
    empty = copy.shell("post", f"consultations/{id}/asks/STC/interim", "--as", "gd.stc")
    assert empty.exit_code == 1
    assert "Mã từ chối: body_invalid" in empty.stderr
    (copy.folder / "du-thao.txt").write_text("Dự thảo lần hai", "utf-8")
    assert "forbidden" in copy.shell("upload", str(copy.folder / "du-thao.txt"), "--as", "vpub").stderr
    assert "ykien login" in copy.shell("get", "me", "--as", "gd.snv").stderr
    assert oct((copy.folder / "sessions.json").stat().st_mode)[-3:] == "600"
