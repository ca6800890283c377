"""Every part of the benchmark really runs, at its smallest size, and counts right. No figure is judged here.

Most parts are measured on two copies that all tests here share; the programme itself starts one for each part.
"""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from bench.apart import apart
from bench.crowd import silent
from bench.figures import Flow
from bench.report import Report
from bench.running import BOTH, PLAN, Found, benchmark, report
from bench.shapes import QUICK, REPLIES
from bench.stand import API, BARE, POSTGRES, SQLITE, WORKER, Stand, stand
from tests.servers.postgres import Cluster

FIGURES = ("consultations_per_s", "replies_per_s", "p50_ms", "p99_ms", "events_per_reply", "register_lag_p99_s")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def on_sqlite() -> AsyncIterator[Stand]:
    """A copy on SQLite, beside the worker of bare workflows."""
    with apart():
        async with stand(SQLITE, WORKER, BARE) as made:
            yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def on_postgres(postgres: Cluster) -> AsyncIterator[Stand]:
    """A copy on PostgreSQL, its API included."""
    with apart():
        async with stand(POSTGRES, WORKER, API, cluster=postgres) as made:
            yield made


@pytest.fixture
def copy(request: pytest.FixtureRequest) -> Stand:
    """The copy on the register named by the test's parameter."""
    found: Stand = request.getfixturevalue(f"on_{request.param}")
    return found


async def measured(part: str, at: Stand) -> Report:
    """One part on a copy that runs already, as the programme reports it."""
    assert at.kind in PLAN[part][2]
    found = Found(parts={part: [*await PLAN[part][0](at, QUICK, silent)]})
    return report(found, datetime.now(UTC), quick=True, left_out=())


async def run(parts: Sequence[str], *registers: str) -> Report:
    found = await benchmark(parts, QUICK, True, lambda step: silent, registers)
    assert found.failed == {}
    assert found.left_out == ()
    assert list(found.measured_at) == list(parts)
    return found


def check(flow: Flow, consultations: int, per_reply: range) -> None:
    assert flow.replies == consultations * REPLIES
    assert flow.consultations == consultations
    assert 0 < flow.p50_ms <= flow.p99_ms <= flow.worst_ms
    assert per_reply.start <= flow.events_per_reply < per_reply.stop
    assert flow.events_per_reply_total > flow.events_per_reply
    assert flow.unanswered == flow.unknown == 0
    assert flow.cpu_per_1000["temporal"] > 0


async def test_bare_temporal_does_the_same_ten_updates_and_nothing_else(on_sqlite: Stand) -> None:
    found = await measured("bare", on_sqlite)

    assert found.bare
    assert [flow.shape for flow in found.bare.runs] == ["alone", "each", "together"]
    for flow, shape in zip(found.bare.runs, QUICK.shapes, strict=True):
        check(flow, shape.consultations, range(1, 6))
        assert flow.database is None
        assert flow.register_lag_p99_s is None
        assert [name for name in flow.cpu_per_1000 if name != WORKER] == ["temporal", "bare", "client"]
    told = json.loads(found.model_dump_json())
    assert [name for name in FIGURES if name not in told["bare"]] == []
    assert told["bare"]["replies_per_s"] == told["bare"]["runs"][1]["replies_per_s"]
    assert (told["engine"], told["http"]) == (None, None)
    # Five events an update and its workflow task; launch, closing and the end among ten of them.
    alone = found.bare.runs[0]
    assert (alone.events_quiet, alone.events_per_reply, alone.events_per_reply_total) == (5, 5, 6.5)


@pytest.mark.parametrize("copy", BOTH, indirect=True)
async def test_the_engine_answers_and_records_every_reply(copy: Stand) -> None:
    found = await measured("engine", copy)

    assert found.engine
    for flow, shape in zip(found.engine.runs, QUICK.shapes, strict=True):
        check(flow, shape.consultations, range(0, 15))
        assert flow.database == copy.kind
        assert flow.register_lag_p50_s is not None
        assert ("postgres" in flow.cpu_per_1000) == (copy.kind == POSTGRES)


async def test_http_takes_replies_in_a_closed_and_in_an_open_loop(on_postgres: Stand) -> None:
    found = await measured("http", on_postgres)

    assert found.http
    replies = {flow.shape: flow.replies for flow in found.http.runs}
    asked = int(QUICK.http_rate * QUICK.http_s) // REPLIES * REPLIES
    assert replies == {"alone": QUICK.alone.consultations * REPLIES, "each": QUICK.http_replies, "open": asked}
    for flow in found.http.runs:
        check(flow, replies[flow.shape] // REPLIES, range(0, 15))
        assert flow.cpu_per_1000["api"] > 0


async def test_everybody_in_a_herd_is_overdue_once_and_as_of_the_due_instant(on_sqlite: Stand) -> None:
    found = await measured("herd", on_sqlite)

    assert [herd.kind for herd in found.herd] == ["bare", SQLITE]
    for herd in found.herd:
        assert (herd.count, herd.verdicts, herd.wrong) == (QUICK.herds[0], QUICK.herds[0], 0)
        assert 0 <= herd.woken.p50 <= herd.done.p99 <= herd.done.worst


async def test_a_part_that_fails_is_told_and_growth_is_measured_all_the_same() -> None:
    nobody = QUICK.filled_shape.model_copy(update={"at_once": 0})
    broken = QUICK.model_copy(update={"filled": (0,), "filled_shape": nobody})

    found = await benchmark(["filled", "growth"], broken, True, lambda step: silent, (SQLITE,))

    assert list(found.failed) == ["filled sqlite"]
    assert found.filled == ()
    assert [(one.asks, one.failed) for one in found.growth] == [(asks, None) for asks in QUICK.growth]
    for one in found.growth:
        assert list(one.phases_ms) == ["launch", "approval", "delivery", "reply", "closing"]
        assert one.events
        assert one.history_bytes
        assert one.runs == 1


async def test_a_register_is_filled_before_the_load() -> None:
    found = await run(["filled"], POSTGRES)

    assert [one.asks for one in found.filled] == list(QUICK.filled)
    for one in found.filled:
        check(one.flow, QUICK.filled_shape.consultations, range(0, 15))


async def test_whatever_was_stamped_during_an_outage_is_delivered(on_postgres: Stand) -> None:
    found = await measured("drain", on_postgres)

    assert [(one.replies, one.settled) for one in found.drain] == [(QUICK.drain, QUICK.drain)]


def test_every_part_has_a_plan_and_the_report_a_place_for_it() -> None:
    assert all(part in Report.model_fields for part in PLAN)
