"""Registers with a past: acts as the application stamps and answers them, decided by the domain, recorded in bulk."""

from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database, connect, migrate
from adapters.register import ledger, standing
from adapters.register.contents import Content, content_of, store
from adapters.tables import answers, outbox, receipts
from domain.commands import AnyCommand, Close, Interim, Submission, Withdraw
from domain.step import Step
from tests.adapters.registers import batch_of, silence
from tests.worlds import Desk, consultation

START = "2026-04-22 09:00"
# The words of every act here: what they say is nobody's concern, that they are kept is.
WORDS = content_of({"text": "Lời của một việc."})


class Life(Desk):
    """A consultation whose acts are kept as commands, with receipts of its own."""

    def __init__(self, id: str, *agencies: str, now: str = START, **values: Any) -> None:
        super().__init__(consultation(*(agencies or ("STC", "SNV")), id=id, content=WORDS.sha256, **values), now)
        self.now = self.now.astimezone(UTC)
        self.commands: list[AnyCommand] = []

    def do(self, kind: type[AnyCommand], agency: str = "SGDDT", **values: object) -> Step:
        """As a desk's, with the words that are kept and a minute between acts."""
        receipt = f"{self.state.id}-r{len(self.commands) + 1}"
        step = super().do(kind, agency, **({"receipt": receipt} | values))
        base = {"receipt": receipt, "at": self.now, "actor": f"người.{agency.lower()}", "agency": agency}
        self.commands.append(kind.model_validate(base | values))
        self.now += timedelta(minutes=1)
        return step

    def reply(self, agency: str, *args: Any, **values: Any) -> Step:
        """A reply of the words that are kept."""
        return super().reply(agency, *args, **({"content": WORDS.sha256} | values))

    def interim(self, agency: str) -> Step:
        """An answer that stops nothing."""
        return self.do(Interim, agency, content=WORDS.sha256)


def running(id: str, *agencies: str, **values: Any) -> Life:
    """A launched consultation."""
    life = Life(id, *agencies, **values)
    life.launch()
    return life


async def keep(db: Database, lives: Sequence[Life], words: Sequence[Content] = (WORDS,)) -> None:
    """Everything that these lives did: stamped, decided, recorded and answered; in one transaction."""
    async with db.begin() as connection:
        await store(connection, words, lives[0].now)
        await stamped(connection, [(life.state.id, command) for life in lives for command in life.commands])
        for life in lives:
            await recorded(connection, life)


async def stamped(connection: AsyncConnection, acts: Sequence[tuple[str, AnyCommand]]) -> None:
    """Stamps and answers of acts, by consultation, as the application leaves them."""
    stamps = [
        {
            **{"id": c.receipt, "key": f"key-{c.receipt}", "consultation": id, "verb": c.kind},
            **{"actor": c.actor, "agency": c.agency, "received_at": c.at},
            **{"request": f"POST /{c.kind}", "body_sha256": WORDS.sha256},
        }
        for id, c in acts
    ]
    ways = [
        {
            **{"receipt": c.receipt, "consultation": id, "received_at": c.at, "delivered_at": c.at},
            "submission": Submission.model_construct(command=c).model_dump(mode="json"),
        }
        for id, c in acts
    ]
    told = [{"receipt": c.receipt, "state": "done", "status": 200, "answer": {}, "answered_at": c.at} for _, c in acts]
    await connection.execute(sa.insert(receipts), stamps)
    await connection.execute(sa.insert(outbox), ways)
    await connection.execute(sa.insert(answers), told)


async def recorded(connection: AsyncConnection, life: Life) -> None:
    """What was decided since the last time, in the ledger and the read tables."""
    batch, head = batch_of(life.steps), await ledger.lock(connection)
    await ledger.append(connection, head, life.state.id, batch.facts, life.now)
    await standing.write(connection, batch, life.now)
    life.steps.clear()


async def lives(url: str) -> None:
    """One closed, one withdrawn, one silent until everything was escalated, one running."""
    await migrate(url)
    made = {id: running(id) for id in ("withdrawn", "silent", "open")}
    made["closed"] = running("closed", now="2026-04-22 10:00")
    for agency in ("STC", "SNV"):
        made["closed"].reply(agency)
    made["closed"].do(Close)
    made["withdrawn"].do(Withdraw, content=WORDS.sha256)
    silence(made["silent"])
    made["silent"].reply("STC")
    made["open"].reply("STC")
    made["open"].interim("SNV")
    db = connect(url)
    await keep(db, list(made.values()))
    await db.close()
