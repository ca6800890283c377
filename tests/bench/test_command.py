"""`ykien bench` as a person or a script meets it."""

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.embedded_temporal import tool
from bench.shapes import QUICK
from cli import app


@pytest.mark.parametrize(
    "words",
    [("--only", "bare,nhanh"), ("--register", "mysql"), ("--write", "--quick"), ("--write", "--register", "sqlite")],
)
def test_a_line_that_asks_for_nothing_that_can_be_measured_is_refused(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, ["bench", *words])

    assert result.exit_code == 2
    assert "Lỗi" in result.stderr


def test_a_quick_look_prints_json_and_nothing_else_and_leaves_this_machines_own_copy_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.db"
    monkeypatch.setenv("YKIEN_DATABASE_URL", f"sqlite+aiosqlite:///{own}")
    (tmp_path / ".env").write_text("YKIEN_PROFILE=production\nYKIEN_SMTP_HOST=mail.invalid\n")
    words = ("--quick", "--only", "idle", "--register", "sqlite", "--json", "--out", "so-do.json")

    done = subprocess.run([tool("ykien"), "bench", *words], cwd=tmp_path, capture_output=True, text=True, check=True)

    told = json.loads(done.stdout)
    assert told["quick"] is True
    assert [one["consultations"] for one in told["idle"]] == [QUICK.idle]
    assert list(told["idle"][0]["memory"]) == list(told["idle"][0]["cpu_share"]) == ["temporal", "worker"]
    assert min(told["idle"][0]["memory"].values()) > 10_000_000
    assert json.loads((tmp_path / "so-do.json").read_text("utf-8")) == told
    assert "Đang đo: idle sqlite" in done.stderr
    assert not own.exists()
