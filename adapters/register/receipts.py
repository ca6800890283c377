"""The stamp of sổ văn bản đến: one transaction keeps the words, the key, the time and what is still to be decided.

From its commit on nothing can lose it. What a submission means is not this module's business, nor who may send it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.failpoints import reach
from adapters.register import outbox
from adapters.register.contents import Content, store
from adapters.register.reading import Read
from adapters.register.sql import insert, insert_new
from adapters.register.together import Together
from adapters.tables import answers, receipts
from adapters.tables import outbox as posted
from adapters.tables_receipts import SET_ASIDE
from domain.base import Frozen
from domain.commands import ABREAST, Submission
from domain.refusals import Code, Refused

State = Literal["pending", "set_aside", "done", "refused"]
Answer = dict[str, JsonValue]
MakeCommand = Callable[[datetime], Submission]


# Longer than anybody is at work on a receipt: what waits since then is stuck, and comes first.
STALE = timedelta(seconds=15)


class Receipt(Frozen):
    """An accepted request. `status` and `answer` are those of its first answer; both are None before there is one.

    `set_aside`: the engine could not handle it, and an administrator has to see to it.
    """

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
    """The outcome of a stamp. `replayed`: the key was known, nothing was stored, and `submission` is None.

    `earlier`: receipts that wait and must be decided before this one.
    """

    receipt: Receipt
    submission: Submission | None = None
    earlier: tuple[str, ...] = ()
    replayed: bool = False


class Receipts:
    """The write side of HTTP."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()
        self._answers = Together(self._keep)

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
            stamped = await _enter(connection, receipt, contents, command)
            reach("stamp.written")
        reach("stamp.committed")
        return stamped

    async def answer(self, id: str, status: int, answer: Answer, state: Literal["done", "refused"]) -> None:
        """Keep the receipt's first answer, an HTTP status and a body; later ones change nothing. Delivered from now."""
        await self._answers.give({"receipt": id, "status": status, "answer": answer, "state": state})
        reach("answer.committed")

    async def _keep(self, given: Sequence[dict[str, Any]]) -> None:
        """Answers that came together, in one transaction; of two for one receipt the first."""
        rows = {row["receipt"]: row for row in reversed(given)}
        async with self._db.begin() as connection:
            now = await self._clock.now(connection)
            await insert_new(connection, answers, [{**rows[id], "answered_at": now} for id in sorted(rows)])
            await outbox.delivered(connection, sorted(rows), now)

    async def get(self, id: str) -> Receipt | None:
        """The receipt of that id."""
        async with self._db.read() as connection:
            return await _find(connection, receipts.c.id == id)

    async def of_key(self, actor: str, key: str) -> Receipt | None:
        """The receipt the actor got under that key, if any."""
        async with self._db.read() as connection:
            return await _find(connection, sa.and_(receipts.c.actor == actor, receipts.c.key == key))

    async def of(self, ids: Sequence[str]) -> dict[str, Receipt]:
        """The receipts of those ids, as far as there are any; one statement."""
        async with self._db.read() as connection:
            rows = await connection.execute(_query().where(receipts.c.id.in_(ids)))
            return {row.id: Receipt.model_validate(row._asdict()) for row in rows}

    async def waiting(self, limit: int = 100, before: datetime | None = None) -> tuple[outbox.Waiting, ...]:
        """What still has to be delivered, for the relay; see `outbox.waiting`."""
        async with self._db.read() as connection:
            return await outbox.waiting(connection, limit, before)

    async def due(self, limit: int = 100, before: datetime | None = None) -> Read[outbox.Waiting]:
        """What may be tried now, and what cannot be read; see `outbox.due`."""
        async with self._db.read() as connection:
            return await outbox.due(connection, await self._clock.now(connection), limit, before)

    async def mark_try(self, id: str, error: str, again_in: timedelta = timedelta(0)) -> bool:
        """Note that the engine was there and the receipt's delivery failed; whether that sets it aside.

        `again_in`: not tried again before, in business time.
        """
        async with self._db.begin() as connection:
            return await outbox.mark_try(connection, id, error, await self._clock.now(connection), again_in)

    async def mark_silence(self, id: str, why: str) -> None:
        """Note that the engine did not answer: no try, however often it happens."""
        async with self._db.begin() as connection:
            await outbox.mark_silence(connection, id, why, await self._clock.now(connection))

    async def delivered(self, id: str) -> None:
        """Take a receipt that has its answer out of what waits."""
        async with self._db.begin() as connection:
            await outbox.delivered(connection, [id], await self._clock.now(connection))

    async def set_aside(self, id: str, error: str) -> None:
        """Give the receipt up at once; an administrator may have it tried again."""
        async with self._db.begin() as connection:
            await outbox.set_aside(connection, id, error, await self._clock.now(connection))

    async def retry(self, id: str) -> bool:
        """Have a receipt that was set aside tried again from the beginning; False when it is not set aside."""
        async with self._db.begin() as connection:
            return await outbox.retry(connection, id)

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
) -> Stamped:
    """What belongs to the receipt: its words, and the submission on its way."""
    submission = command(receipt.received_at) if command else None
    await store(connection, contents, receipt.received_at)
    if submission is None:
        return Stamped(receipt=receipt)
    await outbox.post(connection, receipt.id, receipt.consultation, submission, receipt.received_at)
    agency = receipt.agency if submission.command.kind in ABREAST else None
    stale = receipt.received_at - STALE
    earlier = await outbox.earlier(connection, receipt.id, receipt.consultation, agency, stale)
    return Stamped(receipt=receipt, submission=submission, earlier=earlier)


async def _replay(connection: AsyncConnection, again: Receipt) -> Stamped:
    first = await _find(connection, sa.and_(receipts.c.actor == again.actor, receipts.c.key == again.key))
    if first is None:
        raise ValueError(f"the id {again.id} belongs to another receipt")
    if (first.request, first.body_sha256) != (again.request, again.body_sha256):
        raise Refused(Code.KEY_REUSED, key=again.key)
    return Stamped(receipt=first, replayed=True)


async def _find(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> Receipt | None:
    row = (await connection.execute(_query().where(which))).one_or_none()
    return Receipt.model_validate(row._asdict()) if row else None


def _query() -> sa.Select[Any]:
    """Receipts with what became of them."""
    unanswered = sa.case((SET_ASIDE, "set_aside"), else_="pending")
    state = sa.func.coalesce(answers.c.state, unanswered).label("state")
    query = sa.select(receipts, state, answers.c.status, answers.c.answer)
    return query.select_from(receipts.outerjoin(answers).outerjoin(posted, posted.c.receipt == receipts.c.id))
