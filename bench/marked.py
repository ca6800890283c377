"""Putting a block between a page's markers, and a page in its place. Knows nothing of what the block says."""

import os
import re
from pathlib import Path


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
