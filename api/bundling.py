"""Submissions of one consultation on their way to the engine: one message at a time, what comes meanwhile goes as one.

So a consultation never has more messages in flight than Temporal takes, however many agencies answer at once, and their
order is the order in which they were handed in. How a message travels is not this module's business.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from domain.commands import Decided, Submission

# As many as one message holds well below Temporal's limits of size and of time for one task.
MOST = 50

Answer = Decided | BaseException
Carry = Callable[[str, Sequence[Submission]], Awaitable[Sequence[Answer]]]
Item = tuple[Submission, "asyncio.Future[Decided]"]


class Bundling:
    """`carry` takes up to `MOST` submissions of one consultation and gives each its answer, in their order."""

    def __init__(self, carry: Carry) -> None:
        self._carry = carry
        self._queues: dict[str, list[Item]] = {}
        self._carriers: dict[str, asyncio.Task[None]] = {}

    async def give(self, consultation: str, submission: Submission) -> Decided:
        """The submission's answer; raises what the message, or this submission in it, ended with."""
        answer: asyncio.Future[Decided] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(consultation, []).append((submission, answer))
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
        waiting = [item for item in self._queues[consultation] if not item[1].done()]
        self._queues[consultation] = waiting[MOST:]
        return waiting[:MOST]

    async def _send(self, consultation: str, items: list[Item]) -> None:
        try:
            answers: Sequence[Answer] = await self._carry(consultation, [submission for submission, _ in items])
        except Exception as error:
            answers = [error] * len(items)
        for (_, waiting), answer in zip(items, answers, strict=True):
            if waiting.done():
                continue
            if isinstance(answer, BaseException):
                waiting.set_exception(answer)
            else:
                waiting.set_result(answer)
