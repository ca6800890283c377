"""One rule file on disk: its bytes, its parsed content, and the line on which any of its fields stands.

Parsing is fast and keeps no lines; only when something is wrong is the file read again, slowly, to find the line.
"""

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Loc = tuple[str | int, ...]
SUFFIXES = (".yaml", ".yml", ".json")
# Parsed files kept at hand: the whole rules folder, and as much again of other versions.
KEPT = 64


class Problem(NamedTuple):
    """One thing wrong in the rule files, in Vietnamese. `line` counts from 1; None where the file itself is missing."""

    file: str
    line: int | None
    field: str
    text: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.text}" if self.field else f"{place}: {self.text}"


class RulesInvalid(Exception):  # noqa: N818 - named for the operator who reads it
    """The rule files cannot be used; `problems` lists everything that is wrong, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Broken(Exception):  # noqa: N818 - the file's own fault, turned into a Problem by the reader
    """A file that is no YAML or JSON, with the line (from 1) where reading stopped."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


@lru_cache(maxsize=KEPT)
def _parsed(content: bytes, is_json: bool) -> Any:
    """Parsed once for the same bytes: rulebook, messages and lexicons each read the folder on their own."""
    return json.loads(content) if is_json else YAML(typ="safe").load(content)


class SourceFile:
    """A file of the rules folder. `name` is as shown to the operator: `rules/provinces/mau.yaml`."""

    def __init__(self, folder: Path, path: Path) -> None:
        self.relative = path.relative_to(folder).as_posix()
        self.name = f"{folder.name}/{self.relative}"
        self.bytes = path.read_bytes()

    @cached_property
    def data(self) -> Any:
        """The content, to be read only: whoever reads the same bytes gets the same object. Raises `Broken`."""
        try:
            return _parsed(self.bytes, self.relative.endswith(".json"))
        except json.JSONDecodeError as error:
            raise Broken(error.lineno, error.msg) from error
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise Broken(mark.line + 1 if mark else 1, str(error.problem or error.context)) from error
        except (YAMLError, UnicodeDecodeError) as error:
            raise Broken(1, str(error).splitlines()[0]) from error

    @cached_property
    def _marked(self) -> Any:
        """The content with the line of every key; JSON is read as the YAML it also is."""
        return YAML(typ="rt").load(self.bytes)

    def line_of(self, loc: Loc) -> int:
        """The line (from 1) of the field, or of the nearest thing around it that is there."""
        node, line = self._marked, 1
        for step in loc:
            if isinstance(node, CommentedMap) and step in node:
                line = node.lc.key(step)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
                line = node.lc.item(step)[0] + 1
            else:
                break
            node = node[step]
        return int(line)

    def problem(self, loc: Loc, text: str) -> Problem:
        """The problem at a field of this file."""
        return Problem(self.name, self.line_of(loc), field_name(loc), text)


def source_files(folder: Path) -> tuple[SourceFile, ...]:
    """Every rule file under the folder, in the order of their names."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    return tuple(SourceFile(folder, path) for path in paths)


def version_of(files: Iterable[SourceFile]) -> str:
    """SHA-256 over every file's name and bytes, in hexadecimal: one version, one rulebook."""
    digest = hashlib.sha256()
    for file in files:
        for piece in (file.relative.encode(), file.bytes):
            digest.update(len(piece).to_bytes(8, "big"))
            digest.update(piece)
    return digest.hexdigest()


def field_name(loc: Loc) -> str:
    """`("lines", 3, "limit", "n")` as `lines[3].limit.n`."""
    name = ""
    for step in loc:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else str(step)
    return name
