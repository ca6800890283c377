"""What time and the mail server see of a crash: reminders once, mails again only under the same Message-ID.

On a training copy, where a day lasts twenty seconds: reminders fall due and leases end while the test runs.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from adapters.database import Database, connect
from adapters.demo import demo_accounts
from adapters.register.accounts import Accounts
from adapters.tables import ledger, notices
from adapters.tables_read import TO_MAIL
from bench.faults_stand import Stand
from bench.rig import RULES
from tests.faults.conftest import Proved
from tests.servers.mail import Sink

IN_A_DAY = {"draft_kind": "KE_HOACH", "rule": "HOA_TOC"}


@asynccontextmanager
async def register(stand: Stand) -> AsyncIterator[Database]:
    """The copy's register."""
    database = connect(stand.rig.settings.database_url.get_secret_value())
    yield database
    await database.close()


async def give_mailboxes(database: Database) -> None:
    """Every demonstration account gets an address."""
    accounts = Accounts(database)
    known = [await accounts.find(one.username) for one in demo_accounts(RULES).accounts]
    await accounts.put_accounts([a.model_copy(update={"email": f"{a.username}@example.vn"}) for a in known if a])


async def rows(database: Database, query: sa.Select[Any]) -> list[Any]:
    """What the query finds."""
    async with database.read() as connection:
        return list(await connection.execute(query))


async def all_mailed(database: Database) -> list[Any]:
    """The notices that are mailed, once none waits to be."""
    for _ in range(120):
        if not await rows(database, sa.select(notices.c.number).where(TO_MAIL)):
            break
        await asyncio.sleep(0.5)
    return await rows(database, sa.select(notices.c.mail_state, notices.c.key).where(notices.c.mail_state != "none"))


async def test_a_reminder_and_a_mail_survive_every_crash_around_them_and_come_once(
    tmp_path: Path, smtp_sink: Sink, proved: Proved
) -> None:
    copy = Stand(tmp_path, profile="drill", smtp_host=smtp_sink.host, smtp_port=smtp_sink.port)
    async with copy as stand, register(stand) as database:
        await give_mailboxes(database)
        await stand.launch(1, 3, **IN_A_DAY)
        await stand.die("api", "mail.claimed:1", replies=0)
        await stand.die("api", "mail.sent:1", replies=0)
        await stand.die("worker", "undelivered.read:1", replies=0)
        await stand.revive("api", "worker")
        stand.load(3, rate=3)
        proved(await stand.settle())

        mailed = await all_mailed(database)
        assert {row.mail_state for row in mailed} == {"sent"}
        arrived = Counter(str(message["Message-ID"]) for message in smtp_sink.messages)
        assert max(arrived.values()) > 1
        assert len(arrived) == len(mailed)
        reminded = await rows(database, sa.select(ledger.c.agency, ledger.c.data).where(ledger.c.kind == "reminded"))
        assert reminded
        assert max(Counter((row.agency, row.data["rung"]) for row in reminded).values()) == 1
