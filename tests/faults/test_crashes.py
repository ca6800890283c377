"""kill -9 at named points between receipt and record, under load: worker, Temporal and API in turn, on one copy.

`make faults` strikes at all such points, each many times (F1, F2, F7).
"""

from pathlib import Path

from bench.faults_stand import Stand
from tests.faults.conftest import Proved


async def test_whoever_is_killed_between_stamp_and_record_every_reply_is_kept_and_takes_effect_once(
    tmp_path: Path, proved: Proved
) -> None:
    async with Stand(tmp_path) as stand:
        await stand.launch(6, 12)
        # The worker first: that it died is noticed when its record's time is up, and the others die meanwhile.
        await kill_the_worker(stand)
        await kill_temporal(stand)
        await kill_the_api(stand)
        proved(await stand.settle())


async def kill_the_worker(stand: Stand) -> None:
    """Inside and after the transaction of a record."""
    for at in ("record.written:1", "record.committed:1"):
        await stand.die("worker", at)


async def kill_temporal(stand: Stand) -> None:
    """By who has just recorded, and by who has just told it."""
    for name, at in (("worker", "record.committed:1"), ("api", "tell.done:2")):
        await stand.die(name, at, victim="temporal")
        await stand.revive("temporal")


async def kill_the_api(stand: Stand) -> None:
    """With a stamp written and with one committed, with the engine told, and with its relay at work."""
    for at in ("stamp.written:2", "stamp.committed:2", "tell.done:2"):
        await stand.die("api", at)
    await stand.die("api", "relay.taken:1", replies=0)
