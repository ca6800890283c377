"""docs/tutorial.md is what the program does: every command of the page, in order, on a real training copy.

`YKIEN_RECORD=yes` writes what was printed into the page instead of comparing. Business time runs 4,320 times as fast as
real time; the copy's clock is wound to one Monday, so that no weekend, holiday or year's end of the day on which the
test runs changes the story, and nobody waits for a weekend (40 seconds) to pass.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.drill import FILE, RATE, STARTING
from domain.clock import VIETNAM, BusinessClock
from tests.test_up import Copy
from tests.tutorial.masks import difference
from tests.tutorial.page import Step, read, with_outputs
from tests.tutorial.terminal import Terminal

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "tutorial.md"
RECORD = os.environ.get("YKIEN_RECORD") == "yes"
# The address and the folder a reader sees; the test's copy has others.
SHOWN_PORT = 8001
SHOWN_FOLDER = "/srv/ykien"
MONDAY = datetime(2026, 6, 8, 8, 0, tzinfo=VIETNAM)
# No command may take longer, the wait for the escalation included.
PATIENCE = 120.0


class Run:
    """The page's commands on a copy of their own."""

    def __init__(self, folder: Path) -> None:
        self.copy = Copy(folder, "--drill")
        environment = self.copy.environment
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        self.terminal = Terminal(folder, environment)
        (folder / "docs").symlink_to(DOCS)

    def wind(self) -> None:
        """Set the drill's clock: Monday morning once all has started."""
        kept = self.copy.folder / "var" / "drill" / FILE
        kept.parent.mkdir(parents=True)
        clock = BusinessClock(real_anchor=datetime.now(UTC) + STARTING, business_anchor=MONDAY, rate=RATE)
        kept.write_text(clock.model_dump_json(), "utf-8")

    @contextmanager
    def first_terminal(self, step: Step) -> Iterator[str]:
        """The command that stays; what it printed when all was up. Afterwards no process of it may be left."""
        assert step.command == "ykien up --drill"
        self.wind()
        with self.copy.up():
            yield (self.copy.folder / "out.txt").read_text("utf-8")

    def second_terminal(self, step: Step) -> str:
        """What any other command prints, as it stands on the page but for the port. It must end as the page says."""
        code, text = self.terminal.run(step.command.replace(f":{SHOWN_PORT}", f":{self.copy.port}"), PATIENCE)
        assert code == step.how.refused, f"exit code {code}: line {step.number}: $ {step.command}\n{text}"
        return text

    def as_shown(self, step: Step, text: str) -> list[str]:
        """The lines to show of what was printed: with the page's port and folder, and only those it chooses."""
        text = text.replace(f":{self.copy.port}", f":{SHOWN_PORT}").replace(str(self.copy.folder), SHOWN_FOLDER)
        return step.how.excerpt(text)


def check(step: Step, output: list[str]) -> None:
    """The page and the program agree on this command; while recording they need not."""
    found = difference(step.command, step.shown, output, exact=step.how.exact)
    assert RECORD or not found, f"{PAGE.name}, line {step.number}; YKIEN_RECORD=yes records anew\n{found}"


@pytest.mark.clause("H28", "H29", "G17", "H31", "G19", "H32", "G20", "H33", "G21", "T07")
def test_the_tutorial_shows_what_its_commands_print_on_a_copy_that_marks_everything_as_a_drill(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    first, *rest = steps = read(text)
    run = Run(tmp_path)
    with run.first_terminal(first) as printed:
        begun = run.copy.get("gd.stc", "/me")
        outputs = [run.as_shown(first, printed)]
        check(first, outputs[0])
        for step in rest:
            outputs.append(run.as_shown(step, run.second_terminal(step)))
            check(step, outputs[-1])
        everything_is_marked(run.copy, begun)
    lies_apart(run.copy)
    if RECORD:
        PAGE.write_text(with_outputs(text, steps, outputs), "utf-8")


def everything_is_marked(copy: Copy, begun: dict[str, Any]) -> None:
    """Every answer and every ledger entry says that it is a drill, the reminders that came by themselves among them."""
    now = copy.get("gd.stc", "/me")
    assert datetime.fromisoformat(now["now"]) - datetime.fromisoformat(begun["now"]) > timedelta(hours=1)
    assert (begun["mode"], now["mode"]) == ("DIỄN TẬP", "DIỄN TẬP")
    listed = [one["id"] for one in copy.get("vpub", "/consultations")["items"]]
    assert len(listed) >= 2
    assert any("reminded" in copy.kinds(id) for id in listed)
    for id in listed:
        entries = copy.get("vpub", f"/consultations/{id}/ledger")["items"]
        assert [entry["data"]["mode"] for entry in entries] == ["DIỄN TẬP"] * len(entries)


def lies_apart(copy: Copy) -> None:
    """A drill never touches the real copy's register; a fresh one sets the last one aside before anything else."""
    assert (copy.folder / "var" / "drill" / FILE).exists()
    assert not (copy.folder / "var" / "ykien.db").exists()
    again = copy.command("up", "--drill", "--fresh", "--host", "không có máy này")
    assert again.returncode == 1
    assert list((copy.folder / "var").glob("drill-*/ykien.db"))
