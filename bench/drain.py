"""After an outage: replies stamped while Temporal was down, and how long until the relay has delivered them all.

The stamps are made as the API makes them, on a clock ten minutes back: as if the outage had lasted that long.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from adapters.clock import DatabaseClock
from adapters.register.contents import content_of
from adapters.register.receipts import Receipts
from bench.cases import EngineCase
from bench.crowd import Tell, crowd, silent
from bench.figures import Cpu, Drain, spent
from bench.ledgers import count_of, until
from bench.shapes import REPLIES
from bench.stand import TEMPORAL, Stand
from bench.world import People, consultation
from domain.clock import BusinessClock
from domain.commands import SendReply, Submission

AT_ONCE = 32
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 600.0
PREFIX = "drain-"
OUTAGE = timedelta(minutes=10)


class NotDrained(Exception):  # noqa: N818 - a finding
    """Receipts still wait after a long time."""


class Owed(NamedTuple):
    """One agency's reply to come."""

    people: People
    agency: str


async def drain(stand: Stand, replies: int, tell: Tell) -> Drain:
    """Launch, stop Temporal, stamp so many replies, start Temporal, and wait until nothing waits any more."""
    owed = await _launched(stand, replies, tell)
    await stand.rig.stop(TEMPORAL)
    begun = time.perf_counter()
    await crowd(lambda one: _stamp(_receipts(stand), one), owed, AT_ONCE, silent)
    stamped, before, begun = time.perf_counter() - begun, stand.cpu(), time.perf_counter()
    await stand.rig.start(TEMPORAL)
    await _empty(stand, replies, tell)
    drained, cpu = time.perf_counter() - begun, spent(before, stand.cpu())
    return await _summary(stand, replies, stamped, drained, cpu)


async def _launched(stand: Stand, replies: int, tell: Tell) -> list[Owed]:
    """Enough open consultations, sent before the outage began."""
    everybody: list[Owed] = []

    async def launch(number: int) -> None:
        state = consultation(f"{PREFIX}{number:05}")
        people = People(state.id, behind=2 * OUTAGE)
        await EngineCase(stand.gateway, state, people).launch()
        everybody.extend(Owed(people, agency) for agency in state.asks)

    await crowd(launch, range(-(-replies // REPLIES)), AT_ONCE, tell)
    await until(stand.database, "launched", PREFIX, -(-replies // REPLIES))
    return everybody[:replies]


def _receipts(stand: Stand) -> Receipts:
    now = datetime.now(UTC)
    return Receipts(stand.database, DatabaseClock(BusinessClock(real_anchor=now, business_anchor=now - OUTAGE)))


async def _stamp(receipts: Receipts, owed: Owed) -> None:
    """What the API does with a reply before it asks the engine."""
    words = content_of({"kind": "reply", "text": f"{owed.agency} thống nhất với dự thảo {owed.people.id}."})
    submission = owed.people.reply(owed.agency, words.sha256)
    command = submission.command

    def received(at: datetime) -> Submission:
        return Submission(command=SendReply.model_validate({**command.model_dump(), "at": at}))

    await receipts.stamp(
        id=command.receipt,
        consultation=owed.people.id,
        verb="reply",
        actor=command.actor,
        agency=owed.agency,
        key=command.receipt,
        request=f"POST /api/v1/consultations/{owed.people.id}/asks/{owed.agency}/reply",
        body_sha256=words.sha256,
        contents=[words],
        command=received,
    )


async def _empty(stand: Stand, replies: int, tell: Tell) -> None:
    """Wait until no receipt waits. Raises `NotDrained`."""
    receipts, limit = Receipts(stand.database), time.monotonic() + PATIENCE_SECONDS
    while left := (await receipts.backlog()).count:
        tell(replies - left, replies)
        if time.monotonic() > limit:
            raise NotDrained(f"{left} of {replies} receipts wait after {PATIENCE_SECONDS:g} s")
        await asyncio.sleep(LOOK_SECONDS)


async def _summary(stand: Stand, replies: int, stamped: float, drained: float, cpu: Cpu) -> Drain:
    await until(stand.database, "replied", PREFIX, replies)
    return Drain(
        database=stand.kind,
        replies=replies,
        stamp_s=round(stamped, 2),
        drained_s=round(drained, 2),
        settled=await count_of(stand.database, "replied", PREFIX),
        cpu=cpu,
    )
