"""Who imports whom: the contracts of pyproject.toml, and what a contract cannot see."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.rules import bare_imports
from tests.architecture.sources import MODULES, PACKAGES, ROOT, Source, sources

LAYERS = ("domain", "activities", "workflows", "adapters", "api", "bench", "commands")
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CHECK = str(Path(sys.prefix) / "bin" / "lint-imports")


def test_the_import_contracts_are_kept() -> None:
    done = subprocess.run([CHECK, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_layer_is_checked() -> None:
    assert list(LAYERS) == CONFIG["tool"]["importlinter"]["root_packages"]
    assert set(LAYERS) <= set(PACKAGES)


def test_every_package_and_module_is_installed() -> None:
    """One that is not listed is found in this folder only, and the installed `ykien` fails elsewhere."""
    installed = CONFIG["tool"]["setuptools"]

    assert sorted(name.rstrip("*") for name in installed["packages"]["find"]["include"]) == list(PACKAGES)
    assert sorted(f"{name}.py" for name in installed["py-modules"]) == list(MODULES)


def test_a_workflow_file_imports_our_modules_through_the_sandbox_only() -> None:
    files = list(sources("workflows"))

    assert any("@workflow.defn" in file.text for file in files)
    assert [offence for file in files for offence in bare_imports(file, PACKAGES)] == []


def test_a_bare_import_beside_a_workflow_is_found() -> None:
    passed = "with workflow.unsafe.imports_passed_through():\n    from domain.base import Frozen\n"
    define = "@workflow.defn\nclass W: ...\n"

    assert bare_imports(Source("w.py", passed + define), PACKAGES) == []
    assert bare_imports(Source("w.py", "from domain.base import Frozen\n" + passed + define), PACKAGES)
