"""Part (c): the same replies over HTTP, signed in as the heads of the agencies that were asked.

Closed loop: so many clients, each sends when its last reply is answered. Open loop: so many replies a second, whether
answered or not; latency counts from the instant a reply was to leave.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import sqlalchemy as sa

from adapters.tables import ledger
from bench import load
from bench.crowd import Tell, crowd, silent
from bench.figures import Cpu, Flow, percentile, spent
from bench.histories import Size, quiet, size
from bench.journal import Entry, Journal
from bench.shapes import REPLIES, Sizes
from bench.stand import Stand
from workflows.client import workflow_id

TICK_SECONDS = 0.5
READ_AT_ONCE = 16
READ_TIMEOUT = 30.0
RECORDED_WITHIN_SECONDS = 120.0
QUEUED = 202


class NotAnswered(Exception):  # noqa: N818 - a finding
    """The API did not take what it was sent."""


async def http_flows(stand: Stand, sizes: Sizes, tell: Tell) -> list[Flow]:
    """One at a time, so many at once, and so many a second; each on consultations of its own."""
    alone = await _closed(stand, "alone", sizes.alone.consultations * REPLIES, 1, tell)
    each = await _closed(stand, "each", sizes.http_replies, sizes.http_at_once, tell)
    return [alone, each, await _open(stand, sizes, tell)]


async def _closed(stand: Stand, shape: str, replies: int, at_once: int, tell: Tell) -> Flow:
    """Launch, send every reply, sign every synthesis; only the replies' phase counts for replies a second."""
    begun = time.perf_counter()
    targets = await load.prepare(stand.rig, replies // REPLIES, REPLIES)
    launched, written, before = time.perf_counter() - begun, await _written(stand, targets), stand.cpu()
    times, begun = await _replies(targets, at_once, tell)
    seconds = time.perf_counter() - begun
    recorded = await _recorded(stand, targets, len(targets))
    cpu = spent(before, stand.cpu(), len(times) / 1000)
    own = (await _written(stand, targets)).events - written.events
    closing = await _close(stand, targets, at_once)
    whole = (await _written(stand, targets)).events
    return _summary(stand.kind, shape, at_once, times, seconds, launched + seconds + closing, own, whole, recorded, cpu)


async def _replies(targets: Sequence[load.Target], at_once: int, tell: Tell) -> tuple[list[float], float]:
    """Milliseconds of each reply, and when the first left."""
    times: list[float] = []
    async with _client(targets[0].url, at_once) as http:

        async def one(target: load.Target) -> None:
            began = time.perf_counter()
            told = await load.post(http, _entry(target), target.token)
            times.append((time.perf_counter() - began) * 1000)
            if told.outcome != "ok":
                raise NotAnswered(f"{target.path}: {told.outcome} {told.status}")

        begun = time.perf_counter()
        await crowd(one, targets, at_once, tell)
    return times, begun


async def _open(stand: Stand, sizes: Sizes, tell: Tell) -> Flow:
    """So many a second for so long, journalled as a careful client does."""
    replies = int(sizes.http_rate * sizes.http_s) // REPLIES * REPLIES
    targets = await load.prepare(stand.rig, replies // REPLIES, REPLIES)
    written, journal = await _written(stand, targets), Journal(stand.rig.folder / "open.jsonl")
    before, ticking = stand.cpu(), asyncio.create_task(_tick(replies, sizes.http_rate, tell))
    results = await load.send(targets, sizes.http_rate, journal)
    ticking.cancel()
    journal.close()
    recorded = await _recorded(stand, targets, results.count("ok"))
    cpu = spent(before, stand.cpu(), replies / 1000)
    whole = await _written(stand, targets)
    times = [seconds * 1000 for seconds in results.latencies()]
    flow = _summary(
        *(stand.kind, "open", 0, times, results.seconds, results.seconds),
        *(whole.events - written.events, whole.events, recorded, cpu),
    )
    queued, unknown = sum(one.status == QUEUED for one in results.sent), results.count("unknown")
    return flow.model_copy(update={"unanswered": queued, "unknown": unknown})


async def _tick(replies: int, rate: float, tell: Tell) -> None:
    begun = time.monotonic()
    with suppress(asyncio.CancelledError):
        while True:
            tell(min(replies, int((time.monotonic() - begun) * rate)), replies)
            await asyncio.sleep(TICK_SECONDS)


async def _close(stand: Stand, targets: Sequence[load.Target], at_once: int) -> float:
    """The head signs each synthesis; the seconds it took."""
    token = (await load.sign_in(stand.rig, {load.LAUNCHER: load.LEAD}))[load.LAUNCHER]
    begun = time.perf_counter()
    async with _client(stand.rig.url, at_once) as http:

        async def close(id: str) -> None:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
            answer = await http.post(f"/api/v1/consultations/{id}/closure", headers=headers, json={})
            if not answer.is_success:
                raise NotAnswered(f"closure: {answer.status_code} {answer.text[:200]}")

        await crowd(close, dict.fromkeys(target.consultation for target in targets), at_once, silent)
    return time.perf_counter() - begun


async def _recorded(stand: Stand, targets: Sequence[load.Target], accepted: int) -> list[float]:
    """Wait until every accepted reply is in the ledger; seconds from each receipt's stamp to its entry.

    Raises `NotAnswered` when none is added for a long time: what got a 202 is delivered by the relay, much later.
    """
    ids = list(dict.fromkeys(target.consultation for target in targets))
    mine = sa.and_(ledger.c.kind == "replied", ledger.c.consultation.in_(ids))
    query, found, since = sa.select(ledger.c.done_at, ledger.c.recorded_at).where(mine), -1, time.monotonic()
    while True:
        async with stand.database.read() as connection:
            rows = (await connection.execute(query)).all()
        if len(rows) >= accepted:
            return [(row.recorded_at - row.done_at).total_seconds() for row in rows]
        if len(rows) > found:
            found, since = len(rows), time.monotonic()
        if time.monotonic() - since > RECORDED_WITHIN_SECONDS:
            raise NotAnswered(f"{len(rows)} of {accepted} accepted replies recorded")
        await asyncio.sleep(TICK_SECONDS)


async def _written(stand: Stand, targets: Sequence[load.Target]) -> Size:
    """All histories together, once the last of them is still."""
    ids = [workflow_id(id) for id in dict.fromkeys(target.consultation for target in targets)]
    await quiet(stand.client, ids[-1])
    total, turn = Size(), asyncio.Semaphore(READ_AT_ONCE)

    async def one(id: str) -> Size:
        async with turn:
            return await size(stand.client, id)

    for found in await asyncio.gather(*(one(id) for id in ids)):
        total = total.plus(found)
    return total


def _summary(
    kind: str,
    shape: str,
    at_once: int,
    times: Sequence[float],
    seconds: float,
    whole_seconds: float,
    own: int,
    whole: int,
    lags: Sequence[float],
    cpu: Cpu,
) -> Flow:
    replies = len(times)
    return Flow(
        database=kind,
        shape=shape,
        consultations=replies // REPLIES,
        replies=replies,
        at_once=at_once,
        seconds=round(seconds, 3),
        consultations_per_s=round(replies / REPLIES / whole_seconds, 2),
        replies_per_s=round(replies / seconds, 1),
        p50_ms=round(percentile(times, 0.5), 1),
        p99_ms=round(percentile(times, 0.99), 1),
        worst_ms=round(max(times), 1),
        events_per_reply=round(own / replies, 2),
        events_per_reply_total=round(whole / replies, 2),
        register_lag_p50_s=round(percentile(lags, 0.5), 3),
        register_lag_p99_s=round(percentile(lags, 0.99), 3),
        cpu_per_1000=cpu,
    )


def _entry(target: load.Target) -> Entry:
    body = load.reply_body(target)
    return Entry(
        key=uuid4().hex,
        actor=target.account,
        consultation=target.consultation,
        agency=target.agency,
        body_sha256="",
        sent_at=datetime.now(UTC),
        path=target.path,
        body=body,
    )


def _client(url: str, at_once: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    return httpx.AsyncClient(base_url=url, trust_env=False, timeout=READ_TIMEOUT, limits=limits)
