"""What waits in the outbox comes several times, late and mixed, through two relays at once: the end is the same."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from temporalio.client import Client

from adapters.database import migrate
from adapters.register.ledger import timeline
from adapters.register.outbox import Waiting
from adapters.register.queries_state import state
from adapters.settings import Settings
from api.app import build_services
from api.delivery import deliver
from api.gateway import Gateway
from api.services import Services
from bench.accounting import account, drain
from bench.journal import Entry, Journal
from bench.load import kept_hash
from bench.rig import free_port
from tests.api.conftest import http_to
from tests.api.world import World
from tests.faults.conftest import Proved
from tests.servers.databases import Databases
from tests.servers.temporal import DevServer
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

SEED = 20261122
COPIES = 3
MOST = 5


class Province:
    """A register with two API processes' worth of services before it; both reach the engine only while it is there."""

    def __init__(self, url: str, server: DevServer, journal: Journal) -> None:
        queue = f"faults-{uuid4().hex[:8]}"
        settings = Settings(
            database_url=SecretStr(url),
            temporal_address=server.address,
            temporal_namespace=server.namespace,
            task_queue=queue,
        )
        self.queue, self.journal = queue, journal
        self.relays = [build_services(settings), build_services(settings)]
        self.engine = self.relays[0].gateway
        self.no_engine = Gateway.at(f"127.0.0.1:{free_port()}", server.namespace, queue)
        self.http = http_to(self.relays[0])
        self.world = World(self.relays[0], self.http)

    async def close(self) -> None:
        """Give everything back."""
        await self.http.aclose()
        for services in self.relays:
            await services.database.close()
        self.journal.close()

    async def record(self, id: str) -> None:
        """Without the engine: one ask is assigned, told of and replied to, the other replied to and corrected."""
        await self.world.post("vt.stc", f"/consultations/{id}/asks/STC/assignment", {"handler": "stc.pho"}, 202)
        await self.world.post("gd.stc", f"/consultations/{id}/asks/STC/interim", {"text": "Đang nghiên cứu."}, 202)
        await self.reply(id, "STC")
        await self.reply(id, "SNV")
        await self.reply(id, "SNV", text="Sở Nội vụ thống nhất với toàn bộ dự thảo.")

    async def reply(self, id: str, agency: str, **changes: Any) -> None:
        """A journalled reply."""
        actor, body = f"gd.{agency.lower()}", await self.world.answer(id, agency, **changes)
        entry = Entry(
            key=uuid4().hex,
            actor=actor,
            consultation=id,
            agency=agency,
            body_sha256=kept_hash(body),
            sent_at=datetime.now(UTC),
        )
        path = f"/consultations/{id}/asks/{agency}/reply"
        told = await self.world.call(actor, "POST", path, json=body, headers={"Idempotency-Key": entry.key})
        assert told.status_code == 202, told.text
        update = {"outcome": "ok", "status": 202, "receipt": told.json()["receipt"], "answered_at": datetime.now(UTC)}
        await self.journal.write(entry.model_copy(update=update))


@pytest.fixture
async def province(databases: Databases, temporal_dev: DevServer, tmp_path: Path) -> AsyncIterator[Province]:
    """On each kind of database in turn."""
    url = databases.empty()
    await migrate(url)
    made = Province(url, temporal_dev, Journal(tmp_path / "journal.jsonl"))
    await made.world.populate()
    yield made
    await made.close()
    databases.drop(url)


def disturbed(rows: Sequence[Waiting], chance: random.Random) -> list[Waiting]:
    """The rows as a bad line brings them: each up to five times, asks mixed; first arrivals of one ask in order."""
    queues: dict[str | None, list[Waiting]] = {}
    for row in rows:
        queues.setdefault(row.submission.command.agency, []).append(row)
    arrived: list[Waiting] = []
    while queues:
        ask = chance.choice(list(queues))
        arrived.append(queues[ask].pop(0))
        queues = {name: rest for name, rest in queues.items() if rest}
    for row in list(arrived):
        for _ in range(chance.randrange(MOST)):
            arrived.insert(chance.randint(arrived.index(row) + 1, len(arrived)), row)
    return arrived


async def bring(services: Services, rows: Sequence[Waiting]) -> None:
    """Deliver the rows one after the other; the engine is there and answers each."""
    for row in rows:
        receipt = await services.receipts.get(row.receipt)
        assert receipt
        assert await deliver(services, receipt, row.submission)


async def outcome(province: Province, id: str) -> dict[str, Any]:
    """How a consultation ended, without what differs from one to the next: ids, instants, hashes."""
    database = province.relays[0].database
    found, entries = await state(database, id), (await timeline(database, id)).items
    assert found
    told = (await province.world.get("vpub", f"/consultations/{id}/timeline"))["items"]
    return {
        "phase": found.phase,
        "asks": {
            ask.agency: (ask.stage, ask.outcome, ask.position, ask.handler, ask.interims, len(ask.replies))
            for ask in found.asks.values()
        },
        "facts": {agency: [e.kind for e in entries if e.agency == agency] for agency in ("STC", "SNV")},
        "all": Counter(entry.kind for entry in entries),
        "sentences": len(told),
    }


async def test_receipts_delivered_up_to_five_times_late_and_mixed_by_two_relays_take_effect_once(
    province: Province, client: Client, proved: Proved
) -> None:
    chance, first = random.Random(SEED), province.relays[0]
    await make_current(client)
    async with build_worker(client, first.register, province.queue, deployment=versioned()):
        ids = [await province.world.launch() for _ in range(COPIES + 1)]
        first.gateway = province.no_engine
        for id in ids:
            await province.record(id)
        first.gateway = province.engine
        rows = {id: [row for row in await first.receipts.waiting(1000) if row.consultation == id] for id in ids}

        clean, *others = ids
        await bring(first, rows[clean])
        lines = [(relay, disturbed(rows[id], chance)) for id in others for relay in province.relays]
        assert sum(len(line) for _, line in lines) > sum(len(rows[id]) for id in others) * len(province.relays)
        await asyncio.gather(*(bring(relay, line) for relay, line in lines))
        await drain(first.database)

    expected = await outcome(province, clean)
    assert expected["asks"]["SNV"][-1] == 2
    assert [await outcome(province, id) for id in others] == [expected] * COPIES
    proved(await account(first.database, province.journal.file))
