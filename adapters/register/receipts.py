"""The stamp of sổ văn bản đến: one transaction keeps the words, the key, the time and what is still to be decided.

From its commit on nothing can lose it. What a submission means is not this module's business, nor who may send it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.failpoints import reach
from adapters.register import outbox
from adapters.register.contents import Content, store
from adapters.register.sql import insert, insert_new
from adapters.tables import answers, receipts
from domain.base import Frozen
from domain.commands import Submission
from domain.refusals import Code, Refused

State = Literal["pending", "done", "refused"]
Answer = dict[str, JsonValue]
MakeCommand = Callable[[datetime], Submission]


class Receipt(Frozen):
    """An accepted request. `status` and `answer` are those of its first answer; both are None while it is pending."""

    id: str
    consultation: str
    verb: str
    actor: str
    agency: str | None
    key: str
    request: str
    body_sha256: str
    received_at: datetime
    state: State = "pending"
    status: int | None = None
    answer: Answer | None = None


class Stamped(Frozen):
    """The outcome of a stamp. `replayed`: the key was known, nothing was stored, and `submission` is None."""

    receipt: Receipt
    submission: Submission | None = None
    replayed: bool = False


class Receipts:
    """The write side of HTTP."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()

    async def stamp(
        self,
        *,
        id: str,
        consultation: str,
        verb: str,
        actor: str,
        agency: str | None,
        key: str,
        request: str,
        body_sha256: str,
        contents: Sequence[Content] = (),
        command: MakeCommand | None = None,
    ) -> Stamped:
        """Accept the request once, or say what became of it the first time.

        `command` gets the instant of receipt; a refusal it raises leaves nothing behind. Without it nothing is sent
        on, and the caller answers at once. Refuses `key_reused` when the actor's key came with another request or
        body before. ValueError when the id is another receipt's.
        """
        async with self._db.begin() as connection:
            received_at = await self._clock.now(connection)
            receipt = Receipt(
                id=id,
                consultation=consultation,
                verb=verb,
                actor=actor,
                agency=agency,
                key=key,
                request=request,
                body_sha256=body_sha256,
                received_at=received_at,
            )
            if not await _claim(connection, receipt):
                return await _replay(connection, receipt)
            submission = await _enter(connection, receipt, contents, command)
            reach("stamp.written")
        reach("stamp.committed")
        return Stamped(receipt=receipt, submission=submission)

    async def answer(self, id: str, status: int, answer: Answer, state: Literal["done", "refused"]) -> None:
        """Keep the receipt's first answer, an HTTP status and a body; later ones change nothing. Delivered from now."""
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            row = {"receipt": id, "status": status, "answer": answer, "state": state, "answered_at": now}
            await insert_new(connection, answers, [row])
            await outbox.delivered(connection, id, now)
        reach("answer.committed")

    async def get(self, id: str) -> Receipt | None:
        """The receipt of that id."""
        async with self._db.read() as connection:
            return await _find(connection, receipts.c.id == id)

    async def waiting(self, limit: int = 100, before: datetime | None = None) -> tuple[outbox.Waiting, ...]:
        """What still has to be delivered, for the relay; see `outbox.waiting`."""
        async with self._db.read() as connection:
            return await outbox.waiting(connection, limit, before)

    async def mark_try(self, id: str, error: str) -> None:
        """Note that the receipt's delivery failed, and why."""
        async with self._db.begin() as connection:
            await outbox.mark_try(connection, id, error, await self._clock.now(connection))

    async def backlog(self) -> outbox.Backlog:
        """How much waits and since when, for metrics and the doctor."""
        async with self._db.read() as connection:
            return await outbox.backlog(connection)


async def _claim(connection: AsyncConnection, receipt: Receipt) -> bool:
    """Whether we are the first with this actor's key. The second waits here until the first is committed."""
    row = receipt.model_dump(include={column.name for column in receipts.c})
    statement = insert(connection, receipts).values(row).on_conflict_do_nothing().returning(receipts.c.id)
    return await connection.scalar(statement) is not None


async def _enter(
    connection: AsyncConnection, receipt: Receipt, contents: Sequence[Content], command: MakeCommand | None
) -> Submission | None:
    """What belongs to the receipt: its words, and the submission on its way."""
    submission = command(receipt.received_at) if command else None
    await store(connection, contents, receipt.received_at)
    if submission:
        await outbox.post(connection, receipt.id, receipt.consultation, submission, receipt.received_at)
    return submission


async def _replay(connection: AsyncConnection, again: Receipt) -> Stamped:
    first = await _find(connection, sa.and_(receipts.c.actor == again.actor, receipts.c.key == again.key))
    if first is None:
        raise ValueError(f"the id {again.id} belongs to another receipt")
    if (first.request, first.body_sha256) != (again.request, again.body_sha256):
        raise Refused(Code.KEY_REUSED, key=again.key)
    return Stamped(receipt=first, replayed=True)


async def _find(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> Receipt | None:
    state = sa.func.coalesce(answers.c.state, "pending").label("state")
    query = sa.select(receipts, state, answers.c.status, answers.c.answer)
    joined = query.select_from(receipts.outerjoin(answers)).where(which)
    row = (await connection.execute(joined)).one_or_none()
    return Receipt.model_validate(row._asdict()) if row else None
