"""The clause report itself, on small runs of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INI = "[pytest]\ntestpaths = tests\npythonpath = . {root}\naddopts = --strict-markers\nmarkers =\n    clause(*ids): x\n"
PROVES = "import pytest\n@pytest.mark.clause('H30', 'G18')\ndef test_one(): pass\n"
FAILS = "import pytest\n@pytest.mark.clause('K01')\ndef test_two(): assert 0\n"
FAILS_AFTERWARDS = (
    "import pytest\n@pytest.fixture\ndef late():\n    yield\n    assert 0\n"
    "@pytest.mark.clause('T01')\ndef test_three(late): pass\n"
)


class Suite:
    """A project of one folder of tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.baseline = folder / "tests" / "clauses_proved.txt"
        (folder / "tests").mkdir()
        (folder / "pytest.ini").write_text(INI.format(root=ROOT))

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / "tests" / f"{name}.py").write_text(text)

    def run(self, *options: str) -> tuple[int, str]:
        plugins = ["-p", "tests.clause_coverage", "-p", "xdist.plugin", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *plugins, *options]
        # The plugin comes from this project; the suite's own folder `tests` holds no package.
        paths = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = subprocess.run(command, cwd=self.folder, env=paths, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return Suite(tmp_path)


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_only_a_test_that_passed_to_its_end_proves_its_clauses(suite: Suite, workers: list[str]) -> None:
    suite.write(test_a=PROVES, test_b=FAILS, test_c=FAILS_AFTERWARDS)

    status, said = suite.run(*workers)

    assert status == 1
    assert "clauses with a passing test: 2 of 157" in said
    assert "Hà Tĩnh 1/51: H30\n" in said
    assert "Gia Lai 1/27: G18\n" in said
    assert "Kon Tum 0/16: -\n    none yet: K01 K02" in said
    assert "Thái Nguyên 0/24: -\n" in said


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_a_clause_that_lost_its_test_fails_the_full_run(suite: Suite, workers: list[str]) -> None:
    suite.write(test_a=PROVES)
    suite.baseline.write_text("H30\nQ05\n")

    status, said = suite.run(*workers)

    assert status == 1
    assert "LOST their passing test: Q05" in said
    assert "1 passed" in said.splitlines()[-1]


@pytest.mark.parametrize("part", [["-k", "one"], ["tests/test_a.py"], ["-m", "clause"], ["--deselect", "x"]])
def test_a_part_of_the_suite_is_not_held_to_the_baseline(suite: Suite, part: list[str]) -> None:
    suite.write(test_a=PROVES)
    suite.baseline.write_text("Q05\n")

    status, said = suite.run(*part, "--update-clauses")

    assert status == 0
    assert "baseline not written: not every test ran" in said
    assert suite.baseline.read_text() == "Q05\n"


def test_the_baseline_is_written_on_request_and_then_kept(suite: Suite) -> None:
    suite.write(test_a=PROVES)
    suite.baseline.write_text("Q05\n")

    assert suite.run("--update-clauses")[0] == 0
    assert suite.baseline.read_text() == "H30\nG18\n"
    assert suite.run()[0] == 0


@pytest.mark.parametrize("marker", ["'H52'", "'H1'", "'X01'", "'H30', 'Z99'", ""])
def test_a_clause_nobody_wrote_is_an_error(suite: Suite, marker: str) -> None:
    suite.write(test_a=f"import pytest\n@pytest.mark.clause({marker})\ndef test_one(): pass\n")

    status, said = suite.run()

    assert status == 1
    assert "must name clauses H01…T24" in said
    assert "1 error" in said
