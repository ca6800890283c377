"""The message files into one `Messages`; a missing, broken or doubled sentence is told with file, line and key.

It judges no wording.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from adapters.rules_source import Broken, Problem, RulesInvalid, SourceFile, source_files
from adapters.rules_words import Saying, said, saying
from domain.clarity import Fault, Position
from domain.messages import Messages
from domain.state import Outcome, Phase, Stage

MESSAGES = "messages/"
# Sentences the engine will look up by a computed key.
REQUIRED = (
    *(f"positions.{position}" for position in Position),
    *(f"faults.{fault}" for fault in Fault),
    *(f"statuses.phase.{phase}" for phase in Phase),
    *(f"statuses.stage.{stage}" for stage in Stage),
    *(f"statuses.outcome.{outcome}" for outcome in Outcome),
)


def load_messages(folder: Path) -> Messages:
    """Every sentence under `messages/`, keys joined by dots; the folder is that one or the rules folder around it.

    Raises `RulesInvalid` for every missing or broken sentence.
    """
    folder = folder if (folder / MESSAGES).is_dir() else folder.parent
    files = source_files(folder)
    messages, problems = read_messages(files)
    origin = _origins(files)
    for lack, key, place in messages.flaws(REQUIRED):
        text = said(messages, saying(lack, key=key, place=place))
        file = origin.get(key)
        line = file.line_of(tuple(key.split("."))) if file else None
        problems.append(Problem(file.name if file else f"{folder.name}/messages", line, key, text))
    if problems:
        raise RulesInvalid(problems)
    return messages


def read_messages(files: Iterable[SourceFile]) -> tuple[Messages, list[Problem]]:
    """The sentences that could be read, and what was wrong with the files."""
    entries: dict[str, str] = {}
    wrong: list[tuple[SourceFile, int, str, Saying]] = []
    for file in files:
        if not file.relative.startswith(MESSAGES):
            continue
        try:
            leaves = _leaves(file.data)
        except Broken as broken:
            wrong.append((file, broken.line, "", saying("yaml_broken", what=broken.what)))
            continue
        for key, value in leaves.items():
            if key in entries or not isinstance(value, str):
                what = saying("message_twice" if key in entries else "message_not_text", key=key)
                wrong.append((file, file.line_of(tuple(key.split("."))), key, what))
            else:
                entries[key] = value
    messages = Messages(entries=entries)
    return messages, [Problem(file.name, line, key, said(messages, what)) for file, line, key, what in wrong]


def _origins(files: Iterable[SourceFile]) -> dict[str, SourceFile]:
    """Which message file holds which key."""
    return {key: file for file in files if file.relative.startswith(MESSAGES) for key in _leaves_or_none(file)}


def _leaves_or_none(file: SourceFile) -> dict[str, Any]:
    try:
        return _leaves(file.data)
    except Broken:
        return {}


def _leaves(data: Any, prefix: str = "") -> dict[str, Any]:
    """Nested mappings as dotted keys."""
    if not isinstance(data, dict):
        return {prefix: data}
    return {
        key: value
        for name, below in data.items()
        for key, value in _leaves(below, f"{prefix}.{name}" if prefix else str(name)).items()
    }
