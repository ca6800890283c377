"""The replay gate: committed histories of every branch still replay, and lead to the result they led to.

A green replay alone proves little (Temporal compares kinds of commands, not their content), so the replayed state is
compared with the recorded one, under two hash seeds. Histories are made by `python -m tests.replay.record`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.replay.record import BRANCHES, Branch
from tests.replay.replay import holds
from tests.workflows.stage import stage
from tests.worlds import at

HISTORIES = Path(__file__).parent / "histories"
CORPUS = sorted(HISTORIES.glob("*.json"))
NAMES = tuple(branch.__name__ for branch in BRANCHES)


def test_every_branch_has_a_committed_history() -> None:
    """An empty or thinned corpus would make this gate green for nothing."""
    assert [p.stem for p in CORPUS] == sorted(NAMES)


def test_the_comparison_sees_a_changed_value_and_a_missing_key_but_not_a_new_one() -> None:
    """The gate's own gate."""
    assert holds({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2, "new": 3}], "more": None})
    assert not holds({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]})
    assert not holds({"a": 1}, {"b": 1})
    assert not holds([1], [1, 2])


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_the_corpus_replays_to_its_recorded_results_under_any_hash_seed(seed: str) -> None:
    """Run in a process of its own, since the hash seed is fixed at start."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.replay.replay", str(HISTORIES)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout) == dict.fromkeys(sorted(NAMES), "same")


@pytest.mark.parametrize("branch", BRANCHES)
async def test_a_worker_that_remembers_nothing_records_the_same_facts(
    branch: Branch, time_skipping: WorkflowEnvironment
) -> None:
    """Without a cache every task is a replay: whatever depends on memory between two tasks shows."""
    async with stage(time_skipping, at("2026-04-22 09:00"), cached=0) as play:
        await branch(play)
        await play.clock.settled(play.handle)
    recorded = json.loads((HISTORIES / f"{branch.__name__}.json").read_text("utf-8"))["seen"]
    kinds = [fact["kind"] for name, *given in recorded if name == "record" for fact in given[0]["facts"]]
    assert play.register.kinds
    assert " ".join(kinds) in " ".join(play.register.kinds)
