"""What a load client knows by itself: what it sent, when, and what it was told. The accounting's other side.

One JSON object a line, on disk before the request leaves (intent, outcome `unknown`) and again when its answer is in;
the last line of a key counts. It knows no HTTP and no register.

`sent_at`, `answered_at`: this machine's real time. `body_sha256`: the hash of the words as the register is to keep
them (`receipts.body_sha256`). `outcome`: `ok` is any 2xx (202 included: recorded is a promise), `refused` any 4xx but
"still in progress", `unknown` everything else. `receipt`: as told in an answer, also in that of a recorded refusal.
`path` and `body`: what to send again, with the same key. `retries`: how often that was done after an unknown end.
"""

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from domain.base import Frozen

Outcome = Literal["ok", "refused", "unknown"]


class Entry(Frozen):
    """One request as the client saw it; shapes and units in the module's words."""

    key: str
    actor: str
    consultation: str
    agency: str
    body_sha256: str
    sent_at: datetime
    answered_at: datetime | None = None
    outcome: Outcome = "unknown"
    receipt: str | None = None
    status: int | None = None
    path: str = ""
    body: dict[str, Any] | None = None
    retries: int = 0


class Journal:
    """Appends entries to a file. Entries written at once share one fsync."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._lines: list[str] = []
        self._syncing = asyncio.Lock()

    async def write(self, entry: Entry) -> None:
        """Return when the entry is on disk."""
        self._lines.append(entry.model_dump_json(exclude_none=True) + "\n")
        async with self._syncing:
            if self._lines:
                lines, self._lines = self._lines, []
                await asyncio.to_thread(self._sync, "".join(lines).encode())

    def _sync(self, data: bytes) -> None:
        os.write(self._descriptor, data)
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        """Nothing may be written afterwards."""
        os.close(self._descriptor)


def read(file: Path) -> dict[str, Entry]:
    """The last entry of each key, in the order in which the keys were first sent."""
    found: dict[str, Entry] = {}
    with file.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):  # a torn last line was never relied on
                entry = Entry.model_validate_json(line)
                found[entry.key] = entry
    return found
