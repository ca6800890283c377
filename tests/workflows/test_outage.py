"""A worker that is gone for weeks: what it finds when it is back, on the real server in (hurried) real time."""

import asyncio
from uuid import uuid4

import pytest
from temporalio.client import Client

from domain.facts import Fact
from tests.workflows.stage import MemoryRegister, Play, RealClock
from tests.worlds import at, consultation
from workflows.deployment import make_current, versioned
from workflows.registry import build_worker

# Ten days a second: forty days without a worker last four seconds.
RATE = 10 * 24 * 3600


@pytest.mark.clause("K07")
async def test_a_worker_stopped_for_forty_days_catches_up_once(client: Client) -> None:
    """Overdue and escalated once each, with the instants that were due; the leader's own limit runs from being told."""
    await make_current(client)
    register = MemoryRegister()
    play = Play(client, RealClock(at("2026-04-22 09:00"), RATE), register, f"q-{uuid4().hex[:8]}")
    async with build_worker(client, register, play.queue, deployment=versioned()):
        await play.launch(consultation("STC", "SNV"))
    due_at = register.batches[0].asks[0].due_at
    await asyncio.sleep(4)
    async with build_worker(client, register, play.queue, deployment=versioned()):
        await register.heard("second_rung")
    facts: dict[str, list[Fact]] = {}
    for fact in register.facts:
        facts.setdefault(fact.kind, []).append(fact)
    assert [f.at for f in facts["overdue"]] == [due_at, due_at]
    assert [f.agency for f in facts["escalated"]] == ["STC", "SNV"]
    assert len(facts["second_rung"]) == 1
    assert facts["second_rung"][0].at > facts["escalated"][0].done_at > facts["escalated"][0].at
    assert "settled" not in facts
    warned = [n.kind for b in register.batches for n in b.notices if n.to == "STC" and n.audience == "head"]
    assert warned == ["overdue_head"]
    keys = [n.key for b in register.batches for n in b.notices]
    assert len(keys) == len(dict.fromkeys(keys))
