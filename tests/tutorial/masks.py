"""What differs between two runs of the same commands, and may: ids, hashes, instants, dates, counts of the books.

Everything else must stand on the page as it was printed. It reads and runs nothing.
"""

import difflib
import re
from collections.abc import Sequence

MASKS = (
    (r"\b[0-9a-f]{64}\b", "<hash>"),
    (r"\b[0-9a-f]{32}\b", "<file>"),
    (r"\b([cr])-[0-9a-f]{20}\b", r"<\1-id>"),
    (r'(?<="version": ")[0-9a-f]{12}\b', "<lexicon>"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", "<instant>"),
    (r"\b\d{4}-\d\d-\d\d\b", "<date>"),
    (r"\b\d{1,2}/\d{1,2}/\d{4}\b", "<date>"),
    (r"\b\d\d:\d\d(?= (?:ngày )?<date>)", "<hour>"),
    (r"\b\d+[.,]\d giây", "<seconds> giây"),
    (r"\b\d+ bút toán, \d+ nội dung", "<entries> bút toán, <contents> nội dung"),
)


def masked(line: str) -> str:
    """The line with every value that belongs to one run only replaced by its kind."""
    for pattern, kind in MASKS:
        line = re.sub(pattern, kind, line)
    return line


def difference(command: str, shown: Sequence[str], printed: Sequence[str], *, exact: bool) -> str:
    """A readable diff of what the page shows and what the command printed; empty when they agree."""
    plain = list if exact else lambda lines: [masked(line) for line in lines]
    ours, theirs = plain(shown), plain(printed)
    if ours == theirs:
        return ""
    found = difflib.unified_diff(ours, theirs, "on the page", "printed now", lineterm="", n=4)
    return "\n".join([f"$ {command}", *found])
