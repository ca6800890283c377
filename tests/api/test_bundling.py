"""Many submissions of one consultation at once: one message in flight, in order, each with its own answer."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from adapters.register.outbox import LARGEST
from api.breaker import Breaker
from api.bundling import MOST, Answer, Bundling
from domain.commands import Decided, Submission, Withdraw

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def submission(receipt: str) -> Submission:
    command = Withdraw(receipt=receipt, at=NOW, actor="cv", agency="STC", content="sha")
    return Submission(command=command)


class Road:
    """Remembers every message; holds it until told to let go."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, ...]] = []
        self.open = asyncio.Event()
        self.at_once = self.most_at_once = 0

    async def carry(self, consultation: str, submissions: Sequence[Submission]) -> Sequence[Answer]:
        self.messages.append(tuple(s.command.receipt for s in submissions))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.open.wait()
        self.at_once -= 1
        return [self.answer(s.command.receipt) for s in submissions]

    def answer(self, receipt: str) -> Answer:
        return ValueError(receipt) if receipt.startswith("bad") else Decided(seq=int(receipt), phase="open")


async def test_what_comes_while_one_is_on_its_way_goes_together_and_in_order() -> None:
    road = Road()
    bundling = Bundling(road.carry)
    given = [asyncio.create_task(bundling.give("c1", submission(str(n)), 300)) for n in range(5)]
    await asyncio.sleep(0)
    road.open.set()

    assert [decided.seq for decided in await asyncio.gather(*given)] == [0, 1, 2, 3, 4]
    assert [receipt for message in road.messages for receipt in message] == ["0", "1", "2", "3", "4"]
    assert road.most_at_once == 1


async def test_a_message_is_never_larger_than_the_engine_takes() -> None:
    road = Road()
    road.open.set()
    bundling = Bundling(road.carry)
    await asyncio.gather(*(bundling.give("c1", submission(str(n)), 300) for n in range(3 * MOST)))

    assert max(map(len, road.messages)) <= MOST


async def test_heavy_submissions_travel_in_messages_of_their_own() -> None:
    """More than the engine's message holds would leave the consultation hanging."""
    road = Road()
    road.open.set()
    bundling = Bundling(road.carry)
    weights = [LARGEST // 3 + 1] * 4 + [2 * LARGEST]
    await asyncio.gather(*(bundling.give("c1", submission(str(n)), weight) for n, weight in enumerate(weights)))

    assert max(map(len, road.messages)) == 2
    assert ("4",) in road.messages


async def test_consultations_do_not_wait_for_one_another() -> None:
    road = Road()
    bundling = Bundling(road.carry)
    given = [asyncio.create_task(bundling.give(f"c{n}", submission(str(n)), 300)) for n in range(3)]
    await asyncio.sleep(0.01)

    assert road.most_at_once == 3
    road.open.set()
    await asyncio.gather(*given)


async def test_one_bad_submission_fails_alone() -> None:
    road = Road()
    road.open.set()
    bundling = Bundling(road.carry)
    told = await asyncio.gather(
        *(bundling.give("c1", submission(r), 300) for r in ("1", "bad", "2")), return_exceptions=True
    )

    assert [type(one) for one in told] == [Decided, ValueError, Decided]


async def test_who_stopped_waiting_is_not_sent_and_keeps_nobody_waiting() -> None:
    road = Road()
    bundling = Bundling(road.carry)
    first = asyncio.create_task(bundling.give("c1", submission("1"), 300))
    await asyncio.sleep(0.01)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await bundling.give("c1", submission("2"), 300)
    third = asyncio.create_task(bundling.give("c1", submission("3"), 300))
    road.open.set()
    await asyncio.gather(first, third)

    assert road.messages == [("1",), ("3",)]


async def test_after_a_failure_one_caller_tries_and_the_others_do_not_wait() -> None:
    breaker = Breaker(pause=0.05)
    assert breaker.admits()
    breaker.bad(begun=asyncio.get_running_loop().time())
    assert not breaker.admits()
    await asyncio.sleep(0.06)

    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.good()
    assert breaker.admits()


async def test_one_slow_answer_beside_good_ones_says_nothing_about_the_engine() -> None:
    breaker = Breaker(pause=5)
    begun = asyncio.get_running_loop().time()
    breaker.good()
    breaker.bad(begun)

    assert breaker.admits()
