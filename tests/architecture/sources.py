"""The project's Python sources, parsed, for the tests of their shape."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = tuple(sorted(file.parent.name for file in ROOT.glob("*/__init__.py") if file.parent.name != "tests"))
MODULES = tuple(sorted(file.name for file in ROOT.glob("*.py")))


@dataclass(frozen=True)
class Source:
    """One file: where it is (as people name it) and what it says."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed text."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, in the order of `ast.walk`."""
        return tuple(ast.walk(self.tree))

    @property
    def lines(self) -> int:
        """How long the file is."""
        return len(self.text.splitlines())

    def at(self, node: ast.stmt | ast.expr, what: str) -> str:
        """An offence, with its place."""
        return f"{self.name}:{node.lineno} {what}"


def sources(*places: str) -> Iterator[Source]:
    """Every Python file of the folders and files named, migrations left out: their text is fixed once they ran."""
    for place in places:
        path = ROOT / place
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        for file in files:
            name = file.relative_to(ROOT)
            if "versions" not in name.parts and "__pycache__" not in name.parts:
                yield Source(str(name), file.read_text("utf-8"))


def product() -> list[Source]:
    """What is installed."""
    return list(sources(*PACKAGES, *MODULES))


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or attribute chain; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""
