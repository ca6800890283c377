"""Before anybody is held overdue, what never arrived is fetched; a receipt that cannot be handled stops no clock."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.register.outbox import MOST_TRIES
from adapters.tables import outbox
from api.gateway import Gateway
from api.relay import Relay
from bench.rig import free_port
from tests.api.world import PLAN
from tests.scenarios.conftest import Open
from tests.scenarios.province import Province, vietnamese

WAITED = timedelta(0)


async def put(p: Province, receipt: str, submission: Any) -> None:
    """What somebody with the keys to the database writes into the outbox."""
    change = sa.update(outbox).where(outbox.c.receipt == receipt).values(submission=submission)
    async with p.services.database.begin() as connection:
        await connection.execute(change)


async def stored(p: Province, receipt: str) -> Any:
    """The submission as it lies there."""
    async with p.services.database.read() as connection:
        return await connection.scalar(sa.select(outbox.c.submission).where(outbox.c.receipt == receipt))


async def spoil(p: Province, receipt: str, how: str) -> None:
    """Make the receipt one that cannot be read, that fails in the engine, or that was set aside before."""
    command = (await stored(p, receipt))["command"]
    naive = {"command": {**command, "kind": "extension", "until": "2026-06-01T09:00:00"}}
    await put(p, receipt, "chữ" if how == "unreadable" else naive)
    if how == "set aside":
        for _ in range(MOST_TRIES):
            await p.services.receipts.mark_try(receipt, "EngineFault")


@pytest.mark.parametrize("how", ["unreadable", "fails in the engine", "set aside"])
async def test_a_receipt_that_cannot_be_handled_does_not_keep_anybody_from_falling_due(opened: Open, how: str) -> None:
    """STC's reply is poisoned, SNV's only late on its way; mended, STC's reply counts from when it was received."""
    async with opened("2026-04-22 09:00") as p:
        id = await p.launch("SGDDT", **{key: PLAN[key] for key in ("subject", "field", "draft_kind", "parts", "asks")})
        bodies = {a: await p.reply_body(id, a, "agree", "Sở thống nhất với dự thảo.") for a in ("STC", "SNV")}
        alive = p.services.gateway
        p.services.gateway = Gateway.at(f"127.0.0.1:{free_port()}", "ykien", "q", timedelta(seconds=1))
        receipts = {}
        for agency, body in bodies.items():
            path = f"/consultations/{id}/asks/{agency}/reply"
            answered = await p.call(f"gd.{agency.lower()}", "POST", path, json=body)
            assert answered.status_code == 202
            receipts[agency] = answered.json()["receipt"]
        good = await stored(p, receipts["STC"])
        await spoil(p, receipts["STC"], how)
        due_at = vietnamese((await p.ask(id, "STC"))["due_at"])

        await p.to("2026-05-06 09:00")

        assert await p.when(id, "overdue") == [due_at]
        assert [f["agency"] for f in await p.facts(id, "overdue")] == ["STC"]
        assert len(await p.facts(id, "escalated")) == 1
        assert (await p.ask(id, "SNV"))["reply"]["late"] is False

        p.services.gateway = alive
        relay = Relay(p.services, first_pause=WAITED)
        for _ in range(MOST_TRIES + 1):
            await relay.deliver_once(WAITED)
        await put(p, receipts["STC"], good)
        assert await p.services.receipts.retry(receipts["STC"])
        assert await relay.deliver_once(WAITED) == 1
        await p.settled()
        assert [f["agency"] for f in await p.facts(id, "overdue_lifted")] == ["STC"]
        assert (await p.ask(id, "STC"))["reply"]["late"] is False
        assert len(await p.facts(id, "replied")) == 2
