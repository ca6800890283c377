"""kill -9 at every named point between receipt and record, under load: worker, API and Temporal in turn.

One copy, one journal: each accounting covers everything sent so far.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bench.faults_stand import Stand
from tests.faults.conftest import Proved


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stand]:
    """A copy with asks enough for all tests here."""
    async with Stand(tmp_path_factory.mktemp("crashes")) as stand:
        await stand.launch(6, 12)
        yield stand


async def test_an_api_killed_at_any_point_between_stamp_and_answer_keeps_every_receipt_once(
    stand: Stand, proved: Proved
) -> None:
    for at in ("stamp.written:2", "stamp.committed:2", "tell.begun:2", "tell.done:2", "answer.committed:2"):
        await stand.die("api", at)
    await stand.die("api", "relay.taken:1", replies=0)
    proved(await stand.settle())


async def test_temporal_killed_while_it_is_told_and_while_it_records_forgets_nothing(
    stand: Stand, proved: Proved
) -> None:
    for at in ("tell.begun:2", "tell.done:2"):
        await stand.die("api", at, victim="temporal")
        await stand.revive("temporal")
    for at in ("record.begun:1", "record.committed:1"):
        await stand.die("worker", at, victim="temporal")
        await stand.revive("temporal")
    proved(await stand.settle())


async def test_a_worker_killed_before_in_and_after_a_record_records_every_fact_once(
    stand: Stand, proved: Proved
) -> None:
    for at in ("record.begun:1", "record.written:1", "record.committed:1"):
        await stand.die("worker", at)
    proved(await stand.settle())
