"""How long the server needs for a page, in how many statements and bytes, with a province's years behind it.

`python -m bench.pages [--asks 100000] [--rounds 60] [--write]`: fills a register of each kind with `ykien demo --asks`,
asks the real application in process for each page as several people, and tells the 95th of a hundred. What `--write`
puts on the reference page is what was measured, nothing rounded in anybody's favour.
"""

import argparse
import asyncio
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import sqlalchemy as sa

from adapters.settings import load_settings
from api.app import build_services, create_app
from api.pages.protection import COOKIE
from api.passwords import fingerprint, new_token
from api.services import Services
from bench.machine import machine
from bench.marked import between, replace
from bench.postgres import PostgresMissing, cluster
from bench.rig import free_port

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "pages.md"
LIMIT_MS = 250
# Who opens what: the first page of several roles, and every list.
VISITS = (
    ("cv.sgddt", "/"),
    ("gd.stc", "/"),
    ("pct1", "/"),
    ("vpub", "/"),
    ("gd.stc", "/duoc-hoi"),
    ("gd.stc", "/duoc-hoi?tat_ca=true"),
    ("cv.sgddt", "/lay-y-kien"),
    ("vpub", "/lay-y-kien"),
    ("vpub", "/lay-y-kien?so-dong=100"),
    ("vpub", "/tim?q=quyet+dinh+dat+dai"),
    ("vpub", "/theo-doi"),
    ("vpub", "/theo-doi/man-hinh"),
    ("pct1", "/lanh-dao"),
    ("thanhtra", "/so-cai"),
    ("quantri", "/quan-tri"),
    ("quantri", "/quan-tri/suc-khoe"),
)


class Figure(NamedTuple):
    """One page as one person: milliseconds in the server, statements, and bytes as sent."""

    database: str
    user: str
    path: str
    p50: float
    p95: float
    statements: int
    sent: int


async def measure(database: str, services: Services, rounds: int) -> list[Figure]:
    """Every visit, `rounds` times after a first one that fills caches."""
    app = create_app(services.settings, services)
    transport = httpx.ASGITransport(app=app)
    found = []
    async with httpx.AsyncClient(transport=transport, base_url="http://ykien.bench", timeout=120) as http:
        for user, path in VISITS:
            http.cookies = httpx.Cookies({COOKIE: await _signed_in(services, user)})
            with counted(services) as statements:
                first = await _get(http, path)
            times = [await _timed(http, path) for _ in range(rounds)]
            cut = quantiles(times, n=20)
            sent = len(gzip.compress(first.content))
            found.append(Figure(database, user, path, cut[9], cut[18], len(statements), sent))
    return found


async def _signed_in(services: Services, user: str) -> str:
    secret = new_token()
    who: dict[str, Any] = {"username": user, "role": None, "source": "bench", "browser": "bench"}
    await services.sessions.start(sha256=fingerprint(secret), id=f"p-{uuid4().hex[:12]}", **who)
    return secret


async def _get(http: httpx.AsyncClient, path: str) -> httpx.Response:
    answer = await http.get(path, headers={"accept": "text/html"})
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return answer


async def _timed(http: httpx.AsyncClient, path: str) -> float:
    began = time.perf_counter()
    await _get(http, path)
    return (time.perf_counter() - began) * 1000


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    doors = (services.database.engine, services.database.reader)
    engines = list(dict.fromkeys(engine.sync_engine for engine in doors))
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", note)


def fill(folder: Path, url: str | None, asks: int) -> float:
    """Make the register and fill it; the seconds it took."""
    given = {"YKIEN_DATA_DIR": str(folder), **({"YKIEN_DATABASE_URL": url} if url else {})}
    away = {"YKIEN_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}"}
    began = time.monotonic()
    for words in (["migrate"], ["demo", "--asks", str(asks)]):
        subprocess.run([_tool(), *words], env={**os.environ, **given, **away}, check=True, stdout=sys.stderr)  # noqa: S603
    return time.monotonic() - began


def _tool() -> str:
    return str(Path(sys.executable).parent / "ykien")


def run(asks: int, rounds: int) -> tuple[list[Figure], dict[str, float]]:
    """Both registers, one after the other."""
    figures: list[Figure] = []
    filling: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        figures += _one("SQLite", Path(folder) / "sqlite", None, asks, rounds, filling)
    try:
        with cluster() as server, tempfile.TemporaryDirectory() as folder:
            url = server.url(server.create())
            figures += _one("PostgreSQL", Path(folder), url, asks, rounds, filling)
    except PostgresMissing:
        sys.stderr.write("PostgreSQL's programs are not installed: not measured\n")
    return figures, filling


def _one(name: str, folder: Path, url: str | None, asks: int, rounds: int, filling: dict[str, float]) -> list[Figure]:
    filling[name] = fill(folder, url, asks)
    services = build_services(load_settings(data_dir=folder, database_url=url))

    async def whole() -> list[Figure]:
        try:
            return await measure(name, services, rounds)
        finally:
            await services.database.close()

    return asyncio.run(whole())


def table(figures: list[Figure]) -> str:
    """The figures as they stand on the page."""
    head = "| register | as | page | p50 ms | p95 ms | statements | KB sent |\n|---|---|---|---|---|---|---|"
    rows = (
        f"| {f.database} | {f.user} | `{f.path}` | {f.p50:.0f} | {f.p95:.0f} | {f.statements} | {f.sent / 1024:.1f} |"
        for f in figures
    )
    return "\n".join((head, *rows))


def main() -> None:
    """Measure, tell, and with `--write` put it on the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages")
    parser.add_argument("--asks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    figures, filling = run(given.asks, given.rounds)
    on = machine()
    took = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in filling.items())
    slow = [f"`{f.path}` {f.p95:.0f} ms" for f in figures if f.p95 >= LIMIT_MS]
    told = (
        f"{given.asks:,} asks, {given.rounds} requests a page, one after the other, in process, on {on.cores} cores of "
        f"{on.cpu}. Filled in {took}. Above {LIMIT_MS} ms: {', '.join(slow) or 'none'}.\n\n{table(figures)}"
    )
    sys.stdout.write(told + "\n")
    if given.write:
        replace(PAGE, between(PAGE.read_text("utf-8"), "speed", told))


if __name__ == "__main__":
    main()
