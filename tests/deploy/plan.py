"""What deploy/ says, read by the programs that read it on a server: Docker Compose without an engine."""

import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.architecture.sources import ROOT

DEPLOY = ROOT / "deploy"
# The program itself: the wheel's `docker-compose` command forgets its exit code.
COMPOSE = Path(str(getattr(find_spec("compose"), "origin", ""))).parent / "docker-compose"


def compose(folder: Path, *words: str, env_file: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Docker Compose in a folder like deploy/, with no variables but those of the file and those given."""
    plain = {"PATH": os.environ["PATH"], "HOME": str(folder), **env}
    command = [str(COMPOSE), "--env-file", str(env_file or folder / ".env.example"), "-f", "compose.yaml", *words]
    return subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)


def plan_of(folder: Path, **env: str) -> dict[str, Any]:
    """The whole configuration, everything resolved."""
    done = compose(folder, "config", "--format", "json", **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def copy_of(folder: Path) -> Path:
    """A copy of deploy/ to spoil."""
    shutil.copytree(DEPLOY, folder / "deploy", ignore=shutil.ignore_patterns("secrets", ".env"))
    return folder / "deploy"


def make_secrets(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the installer's own script."""
    script = str(DEPLOY / "make-secrets.sh")
    return subprocess.run(["sh", script, str(folder)], capture_output=True, text=True, check=True)
