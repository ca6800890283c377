"""The house rules hold in every file; and each rule finds a file that breaks it."""

from collections.abc import Callable
from statistics import median

import pytest

from tests.architecture.rules import (
    functions,
    impure,
    length,
    sent_once,
    skipped_or_mocked,
    too_long,
    undocumented,
    unordered_loops,
    unordered_waits,
)
from tests.architecture.sources import Source, product, sources

Rule = Callable[[Source], list[str]]


@pytest.fixture(scope="module")
def shipped() -> list[Source]:
    """What is installed, parsed once for all rules here."""
    return product()


@pytest.fixture(scope="module")
def proofs() -> list[Source]:
    """The tests, likewise."""
    return list(sources("tests"))


def offences(rule: Rule, files: list[Source]) -> list[str]:
    assert files
    return [offence for file in files for offence in rule(file)]


def test_no_function_is_over_40_lines_and_no_file_over_300(shipped: list[Source]) -> None:
    assert offences(too_long, shipped) == []


def test_half_of_all_functions_are_under_8_lines(shipped: list[Source]) -> None:
    lengths = [length(function) for file in shipped for function in functions(file)]

    assert median(lengths) < 8


def test_every_module_says_what_it_is_for(shipped: list[Source], proofs: list[Source]) -> None:
    assert offences(undocumented, [*shipped, *proofs]) == []


def test_rules_and_workflows_read_no_clock_no_chance_and_no_environment() -> None:
    assert offences(impure, list(sources("domain", "workflows"))) == []


def test_rules_and_workflows_never_go_through_a_set() -> None:
    assert offences(unordered_loops, list(sources("domain", "workflows", "activities"))) == []


def test_workflows_wait_in_order() -> None:
    assert offences(unordered_waits, list(sources("workflows"))) == []


def test_a_raw_call_of_temporal_outlives_a_renewed_connection(shipped: list[Source], proofs: list[Source]) -> None:
    assert offences(sent_once, [*shipped, *proofs]) == []


def test_no_test_is_skipped_and_nothing_is_mocked(proofs: list[Source]) -> None:
    assert offences(skipped_or_mocked, proofs) == []


BROKEN = [
    (too_long, "def f():\n" + "    x = 1\n" * 40),
    (too_long, "x = 1\n" * 301),
    (undocumented, "x = 1\n"),
    (impure, "from datetime import datetime\nnow = datetime.now()\n"),
    (impure, "import datetime as dt\nnow = dt.datetime.utcnow()\n"),
    (impure, "from datetime import date\nnow = date.today()\n"),
    (impure, "from uuid import uuid4\n"),
    (impure, "import os\nx = os.environ['A']\n"),
    (impure, "import random\n"),
    (impure, "from time import monotonic\n"),
    (impure, "with open('x') as f: ...\n"),
    (unordered_loops, "for x in set(y): ...\n"),
    (unordered_loops, "a = [x for x in {1, 2}]\n"),
    (unordered_loops, "a = tuple({x for x in y})\n"),
    (unordered_loops, "s = frozenset(y)\nfor x in s: ...\n"),
    (unordered_loops, "def f(s: set[str]) -> str:\n    return ', '.join(s)\n"),
    (unordered_loops, "s: set[str] = f()\na = [*s]\n"),
    (unordered_loops, "for x in set(a) - b: ...\n"),
    (unordered_loops, "class M:\n    codes: frozenset[str]\n"),
    (unordered_waits, "import asyncio\nasync def f(): await asyncio.wait([])\n"),
    (sent_once, "async def f(client): await client.workflow_service.describe_namespace(asked)\n"),
    (skipped_or_mocked, "import pytest\n@pytest.mark.skip\ndef test_x(): ...\n"),
    (skipped_or_mocked, "from unittest.mock import MagicMock\n"),
]


@pytest.mark.parametrize(("rule", "text"), BROKEN)
def test_a_rule_finds_what_breaks_it(rule: Rule, text: str) -> None:
    assert rule(Source("broken.py", text))


@pytest.mark.parametrize(
    "text",
    [
        "for x in sorted(set(y)): ...\n",
        "ok = x in {1, 2}\n",
        "from datetime import datetime\ndef f(now: datetime): return now.date()\n",
        "def f(workflow): return workflow.now()\n",
    ],
)
def test_a_rule_leaves_order_and_arguments_alone(text: str) -> None:
    assert impure(Source("fine.py", text)) == unordered_loops(Source("fine.py", text)) == []
