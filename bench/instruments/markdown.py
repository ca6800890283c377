"""Small pieces of a page: a table, a quotation, a share."""

import re
from collections.abc import Iterable, Sequence

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
