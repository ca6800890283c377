"""Which of the 157 clauses of the five seed texts have a passing test: a pytest plugin.

A test says `@pytest.mark.clause("H30", "G18")`. At the end the plugin prints the coverage, province by province. The
baseline `clauses_proved.txt` holds the clauses that had a passing test; a full run in which one of them lost it
fails. `--update-clauses` after a full run writes the baseline anew.

It works in the controlling process, from the reports: with pytest-xdist every worker's report arrives there.
"""

from collections.abc import Iterable, Iterator

import pytest

PROVINCES = {
    "Hà Tĩnh": ("H", 51),
    "Quảng Trị": ("Q", 39),
    "Gia Lai": ("G", 27),
    "Kon Tum": ("K", 16),
    "Thái Nguyên": ("T", 24),
}
CLAUSES = {name: [f"{letter}{n:02}" for n in range(1, last + 1)] for name, (letter, last) in PROVINCES.items()}
ALL = tuple(clause for clauses in CLAUSES.values() for clause in clauses)
BASELINE = "tests/clauses_proved.txt"  # under the root folder of the run
PROPERTY = "clause"
# Options that leave tests out: with one of them a missing clause means nothing.
FINISHED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
NARROWING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "collectonly")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-clauses`."""
    parser.addoption("--update-clauses", action="store_true", help="write tests/clauses_proved.txt from this full run")


def pytest_configure(config: pytest.Config) -> None:
    """Only the controlling process sees every report; a worker has nothing to count."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Coverage(config), "clause-coverage")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Put the test's clauses into its reports; a clause that is none of the 157 is the test's error."""
    marked = [str(clause) for mark in item.iter_markers("clause") for clause in mark.args]
    unknown = sorted(clause for clause in marked if clause not in ALL)
    if unknown or not all(mark.args for mark in item.iter_markers("clause")):
        pytest.fail(f"clause() must name clauses H01…T24, not {unknown or 'nothing'}", pytrace=False)
    item.user_properties.extend((PROPERTY, clause) for clause in marked)


class Coverage:
    """Counts one run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._baseline = config.rootpath / BASELINE
        self._passed: dict[str, list[str]] = {}
        self._spoilt: set[str] = set()
        self._verdict: list[str] = []
        self._was_full = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test proves its clauses when its call passed and neither setup nor teardown failed."""
        if report.failed:
            self._spoilt.add(report.nodeid)
        elif report.when == "call" and report.passed:
            self._passed[report.nodeid] = [str(value) for name, value in report.user_properties if name == PROPERTY]

    @property
    def proved(self) -> list[str]:
        """The clauses with a passing test, in the order of the texts."""
        found = {clause for test, clauses in self._passed.items() if test not in self._spoilt for clause in clauses}
        return [clause for clause in ALL if clause in found]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Compare with the baseline, or write it."""
        update = self._config.getoption("update_clauses")
        self._was_full = exitstatus in FINISHED and self._full(session)
        if not self._was_full:
            self._verdict = ["baseline not written: not every test ran"] if update else []
        elif update:
            self._baseline.write_text("".join(f"{clause}\n" for clause in self.proved), "ascii")
            self._verdict = [f"baseline written: {len(self.proved)} clauses"]
        elif lost := self._lost():
            self._verdict = [f"LOST their passing test: {' '.join(lost)} (listed in {BASELINE})"]
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _full(self, session: pytest.Session) -> bool:
        """Whether every test of the project had its chance in this run."""
        chosen = self._config.args_source is pytest.Config.ArgsSource.ARGS
        narrowed = any(self._config.getoption(option, None) for option in NARROWING)
        stopped = bool(session.shouldstop or session.shouldfail)
        return not (chosen or narrowed or stopped)

    def _lost(self) -> list[str]:
        baseline = self._baseline.read_text("ascii").split() if self._baseline.exists() else []
        return [clause for clause in baseline if clause not in self.proved]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The whole list after a full run, the count after a part of it; then the verdict."""
        lines = list(coverage_lines(self.proved))
        terminalreporter.section("clauses")
        for line in lines if self._was_full else lines[-1:]:
            terminalreporter.write_line(line)
        for line in self._verdict:
            terminalreporter.write_line(line, bold=True)


def coverage_lines(proved: Iterable[str]) -> Iterator[str]:
    """The report: the count, then for each province what has a passing test and what has none."""
    have = set(proved)
    for name, clauses in CLAUSES.items():
        done = [clause for clause in clauses if clause in have]
        yield f"{name} {len(done)}/{len(clauses)}: {' '.join(done) or '-'}"
        if len(done) < len(clauses):
            yield f"    none yet: {' '.join(clause for clause in clauses if clause not in have)}"
    yield f"clauses with a passing test: {len(have)} of {len(ALL)}"
