"""Small pieces of a page: a table, a quotation, a share, and putting a block between its markers."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_SIGNS = re.compile(r"([\\`*_\[\]<>#|~])")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """As it stands on a page."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def share(value: float) -> str:
    """Three places."""
    return f"{value:.3f}"


def literal(text: str) -> str:
    """The text as it was typed: signs that a page would read as its own are kept from it."""
    return _SIGNS.sub(r"\\\1", text)


def quoted(text: str) -> str:
    """A quotation, line by line; empty where there is no text."""
    return "\n>\n".join(f"> {literal(line.strip())}" for line in text.splitlines() if line.strip()) or "> (no text)"


def between(text: str, name: str, block: str) -> str:
    """The text with what stands between the markers of that name replaced. KeyError without the markers."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    if not marked.search(text):
        raise KeyError(f"no markers for {name}")
    return marked.sub(lambda found: f"{found[1]}{block}\n{found[2]}", text)


def replace(file: Path, text: str) -> None:
    """Write beside, then put in place: a page is old or new, never half."""
    fresh = file.with_suffix(file.suffix + ".new")
    fresh.write_text(text, "utf-8")
    os.replace(fresh, file)
