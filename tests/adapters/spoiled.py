"""A copy of the shipped rules that a test may spoil, and what the loader says of it."""

import shutil
from pathlib import Path

import pytest

from adapters.rules import RulesInvalid, load_rulebook

RULES = Path(__file__).parents[2] / "rules"
MAU = "provinces/mau.yaml"


def copy_of_rules(tmp_path: Path) -> Path:
    """The shipped rules, copied."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def replace(rules: Path, file: str, old: str, new: str, count: int = 1) -> int:
    """Put `new` where `old` first stands; the line (from 1) of the change."""
    path = rules / file
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, count), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def wrong(rules: Path) -> list[str]:
    """What the loader says of the folder."""
    with pytest.raises(RulesInvalid) as invalid:
        load_rulebook(rules)
    return [str(problem) for problem in invalid.value.problems]
