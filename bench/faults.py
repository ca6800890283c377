"""`make faults`: the fault programme, longer than the tests' and by a printed seed; every figure as it came out.

`python -m bench.faults [--seed N] [--minutes M | --scale X] [--only NAME]… [--json] [--write]`. The seed gives the same
schedule of strikes, not the same instant of each: the processes are real. Exit code 1 when anything is not clean.
"""

import argparse
import asyncio
import json
import secrets
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.apart import apart
from bench.faults_checks import sqlite_damage
from bench.faults_runs import EXPERIMENTS, Plan, Row
from bench.machine import machine
from domain.clock import VIETNAM

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "faults.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
WHOLE_MINUTES = 30.0
HEADINGS = ("experiment", "register", "strikes", "seconds", "settled after", "accounting")


def main(words: Sequence[str] | None = None) -> int:
    """Run what was asked for; 0 when everything was clean."""
    chosen = _parse(words)
    console = Console(stderr=True)
    scale = chosen.scale or (chosen.minutes or WHOLE_MINUTES) / WHOLE_MINUTES
    console.print(f"seed {chosen.seed}, scale {scale:.2f}; again: python -m bench.faults --seed {chosen.seed}")
    folder = Path(tempfile.mkdtemp(prefix="ykien-faults-"))
    plan = Plan(chosen.seed, scale, folder, lambda text: console.print(text, highlight=False))
    with apart():
        rows = asyncio.run(_all(plan, chosen.only or list(EXPERIMENTS)))
    clean = all(row.clean for row in rows)
    _show(console, rows)
    if chosen.json:
        sys.stdout.write(json.dumps([row.model_dump() for row in rows], ensure_ascii=False, indent=2) + "\n")
    if chosen.write:
        write(rows, scale)
    if clean:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        console.print(f"what was found lies in {folder}")
    return 0 if clean else 1


async def _all(plan: Plan, names: Sequence[str]) -> list[Row]:
    rows = []
    for name in names:
        row = await EXPERIMENTS[name](plan)
        rows.append(row.damaged(await sqlite_damage(plan.folder / name)))
    # A process that ends at once after its last word to Temporal may be aborted by the SDK's threads.
    await asyncio.sleep(0.3)
    return rows


def _parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description="The fault programme.")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="the schedule's seed")
    parser.add_argument("--minutes", type=float, help=f"about how long; a whole run takes {WHOLE_MINUTES:g}")
    parser.add_argument("--scale", type=float, help="instead of minutes: 1 is a whole run")
    parser.add_argument("--only", action="append", choices=list(EXPERIMENTS), help="this experiment; may be repeated")
    parser.add_argument("--json", action="store_true", help="the rows on standard output")
    parser.add_argument("--write", action="store_true", help=f"the table into {PAGE.name}")
    return parser.parse_args(words)


def _show(console: Console, rows: Sequence[Row]) -> None:
    table = Table(*HEADINGS)
    for row in rows:
        table.add_row(*cells(row))
    console.print(table)
    for row in rows:
        for fault in row.faults[:20]:
            console.print(f"{row.name}: {fault}", highlight=False)


def cells(row: Row) -> tuple[str, ...]:
    """One row as words."""
    settled, line = f"{row.settled_s:g} s", row.line if row.clean else f"{row.line} ({len(row.faults)} differences)"
    return f"{row.name}: {row.fault}", row.database, str(row.strikes), f"{row.seconds:g}", settled, line


def write(rows: Sequence[Row], scale: float, page: Path = PAGE) -> None:
    """Put the figures between the page's markers, with date, seed and machine."""
    here, today = machine(), datetime.now(VIETNAM)
    postgres = f", {here.postgres}" if here.postgres else ""
    told = (
        f"Measured on {today:%d/%m/%Y}, seed {rows[0].seed}, scale {scale:.2f}; {here.cpu}, {here.cores} cores, "
        f"{here.system}, Python {here.python}, {here.temporal}{postgres}."
    )
    lines = [" | ".join(("", *cells(row), "")).strip() for row in rows]
    head = [" | ".join(("", *HEADINGS, "")).strip(), "|---" * len(HEADINGS) + "|"]
    text = page.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(before + "\n".join((BEGIN, told, "", *head, *lines, END)) + after, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
