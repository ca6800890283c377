"""Submissions of one consultation on their way to the engine: one message at a time, what comes meanwhile goes as one.

So a consultation never has more messages in flight than Temporal takes, however many agencies answer at once, and their
order is the order in which they were handed in. How a message travels is not this module's business.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from adapters.register.outbox import LARGEST
from domain.commands import Decided, Submission

# As many as one message holds well below Temporal's limit of time for one task.
MOST = 50

Answer = Decided | BaseException
Carry = Callable[[str, Sequence[Submission]], Awaitable[Sequence[Answer]]]


class Item(NamedTuple):
    """A submission, how heavy it is (characters of JSON), and who waits for its answer."""

    submission: Submission
    weight: int
    answer: "asyncio.Future[Decided]"


class Bundling:
    """`carry` takes the submissions of one message and gives each its answer, in their order."""

    def __init__(self, carry: Carry) -> None:
        self._carry = carry
        self._queues: dict[str, list[Item]] = {}
        self._carriers: dict[str, asyncio.Task[None]] = {}

    async def give(self, consultation: str, submission: Submission, weight: int) -> Decided:
        """The submission's answer; raises what the message, or this submission in it, ended with."""
        answer: asyncio.Future[Decided] = asyncio.get_running_loop().create_future()
        item = Item(submission, weight, answer)
        self._queues.setdefault(consultation, []).append(item)
        if consultation not in self._carriers:
            self._carriers[consultation] = asyncio.create_task(self._deliver(consultation))
        return await answer

    async def _deliver(self, consultation: str) -> None:
        try:
            while items := self._take(consultation):
                await self._send(consultation, items)
        finally:
            del self._carriers[consultation], self._queues[consultation]

    def _take(self, consultation: str) -> list[Item]:
        """The next message; whoever stopped waiting before it left is not in it."""
        waiting = [item for item in self._queues[consultation] if not item.answer.done()]
        weights = list(accumulate(item.weight for item in waiting[:MOST]))
        # The first goes whatever it weighs: what is too heavy by itself is not this module's to refuse.
        fitting = max(sum(weight <= LARGEST for weight in weights), 1)
        self._queues[consultation] = waiting[fitting:]
        return waiting[:fitting]

    async def _send(self, consultation: str, items: list[Item]) -> None:
        try:
            answers: Sequence[Answer] = await self._carry(consultation, [item.submission for item in items])
        except Exception as error:
            answers = [error] * len(items)
        for item, answer in zip(items, answers, strict=True):
            if item.answer.done():
                continue
            if isinstance(answer, BaseException):
                item.answer.set_exception(answer)
            else:
                item.answer.set_result(answer)
