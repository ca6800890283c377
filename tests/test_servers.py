"""The test servers themselves: what the other tests rely on, tried on the real thing."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import aiosmtplib
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.servers.clock import TestClock
from tests.servers.databases import Databases
from tests.servers.mail import Sink
from tests.servers.sleeper import Sleeper, Wait, look_at_the_clock
from tests.servers.temporal import DevServer, add_search_attributes

QUEUE = "servers"
START = datetime.fromisoformat("2026-03-13T16:10:00+07:00")


def a_worker(client: Client) -> Worker:
    return Worker(client, task_queue=QUEUE, workflows=[Sleeper], activities=[look_at_the_clock])


# --- Temporal, time under control


async def test_a_scenario_starts_on_its_own_day_and_runs_with_real_time(time_skipping: WorkflowEnvironment) -> None:
    clock = await TestClock.starting_at(time_skipping, START)

    shown = await clock.now()

    assert timedelta(0) <= shown - START < timedelta(seconds=30)
    assert abs(clock.instant() - await clock.now()) < timedelta(seconds=1)


async def test_forty_days_pass_at_once_and_a_sleeper_wakes_at_its_business_instant(
    time_skipping: WorkflowEnvironment,
) -> None:
    clock = await TestClock.starting_at(time_skipping, START)
    due = START + timedelta(days=40)
    async with a_worker(time_skipping.client):
        handle = await time_skipping.client.start_workflow(
            Sleeper.run, Wait(until=clock.business.real(due)), id="forty", task_queue=QUEUE
        )
        await clock.skip_to(due, handle)

        woken = [clock.business.business(instant) for instant in await clock.result(handle)]

    assert len(woken) == 1
    assert timedelta(0) <= woken[0] - due < timedelta(seconds=5)


async def test_a_skip_stops_at_every_timer_and_waits_for_its_activity(time_skipping: WorkflowEnvironment) -> None:
    clock = await TestClock.starting_at(time_skipping, START)
    wait = Wait(until=clock.business.real(START + timedelta(days=40)), step=timedelta(days=10))
    async with a_worker(time_skipping.client):
        handle = await time_skipping.client.start_workflow(Sleeper.run, wait, id="steps", task_queue=QUEUE)
        reached = await clock.skip_to(START + timedelta(days=40), handle)
        woken = [clock.business.business(instant) for instant in await clock.result(handle)]

    assert reached - START < timedelta(days=40, seconds=30)
    assert [round((instant - START) / timedelta(days=1)) for instant in woken] == [10, 20, 30, 40]


async def test_an_update_leaves_the_clock_alone_and_an_activity_sees_the_machines_clock(
    time_skipping: WorkflowEnvironment,
) -> None:
    clock = await TestClock.starting_at(time_skipping, START)
    wait = Wait(until=clock.business.real(START + timedelta(days=40)))
    async with a_worker(time_skipping.client):
        handle = await time_skipping.client.start_workflow(Sleeper.run, wait, id="update", task_queue=QUEUE)
        await clock.skip_to(START + timedelta(days=20), handle)
        looked = clock.business.business(await handle.execute_update(Sleeper.look))
        machine = await handle.query(Sleeper.machine)
        await handle.execute_update(Sleeper.dismiss)
        await clock.settled(handle)

        assert await clock.result(handle) == []

    assert timedelta(0) <= looked - START - timedelta(days=20) < timedelta(seconds=30)
    assert abs(machine[0] - datetime.now(UTC)) < timedelta(days=1)


async def test_awaiting_a_result_leaves_the_clock_where_it_is(time_skipping: WorkflowEnvironment) -> None:
    clock = await TestClock.starting_at(time_skipping, START)
    wait = Wait(until=clock.business.real(START + timedelta(days=1)))
    async with a_worker(time_skipping.client):
        handle = await time_skipping.client.start_workflow(Sleeper.run, wait, id="result", task_queue=QUEUE)
        await clock.skip_to(START + timedelta(days=1), handle)
        await handle.result()

    assert await clock.now() - START < timedelta(days=1, seconds=30)


async def test_time_only_goes_forward(time_skipping: WorkflowEnvironment) -> None:
    clock = await TestClock.starting_at(time_skipping, START)

    with pytest.raises(ValueError, match="already after"):
        await clock.skip_to(START - timedelta(seconds=1))


async def test_a_workflow_without_a_worker_is_reported_as_busy(time_skipping: WorkflowEnvironment) -> None:
    clock = await TestClock.starting_at(time_skipping, START)
    handle = await time_skipping.client.start_workflow(Sleeper.run, Wait(until=START), id="alone", task_queue=QUEUE)

    with pytest.raises(AssertionError, match="a workflow task"):
        await clock.settled(handle, within=0.1)


async def test_the_time_skipping_server_learns_search_attributes(time_skipping: WorkflowEnvironment) -> None:
    await add_search_attributes(time_skipping.client, {"Province": "Keyword", "Fields": "KeywordList"})
    key = SearchAttributeKey.for_keyword("Province")

    handle = await time_skipping.client.start_workflow(
        Sleeper.run,
        Wait(until=START),
        id="attributes",
        task_queue=QUEUE,
        search_attributes=TypedSearchAttributes([SearchAttributePair(key, "mau")]),
    )

    assert (await handle.describe()).typed_search_attributes[key] == "mau"


# --- Temporal, the real development server


async def test_the_development_server_runs_a_workflow_with_the_products_converter(client: Client) -> None:
    until = datetime.now(UTC) + timedelta(days=1)
    async with a_worker(client):
        handle = await client.start_workflow(Sleeper.run, Wait(until=until), id="real", task_queue=QUEUE)
        await handle.execute_update(Sleeper.dismiss)

        assert await handle.result() == []


async def test_the_development_server_knows_the_search_attributes(
    client: Client, temporal_dev: DevServer, search_attributes: dict[str, str]
) -> None:
    request = ListSearchAttributesRequest(namespace=temporal_dev.namespace)
    known = (await client.operator_service.list_search_attributes(request, retry=True)).custom_attributes

    assert client.namespace == temporal_dev.namespace
    assert search_attributes
    assert set(search_attributes) <= set(known)


# --- databases


async def test_every_test_gets_an_empty_database_of_each_kind(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE once (n INTEGER)"))
        await connection.execute(text("INSERT INTO once VALUES (1)"))
        assert (await connection.execute(text("SELECT n FROM once"))).scalar_one() == 1
    await engine.dispose()


async def test_a_prepared_database_is_filled_once_and_copied(databases: Databases) -> None:
    prepared: list[str] = []

    async def prepare(address: str) -> None:
        prepared.append(address)
        await _run(address, "CREATE TABLE kept (n INTEGER)", "INSERT INTO kept VALUES (7)")

    first = await databases.copy("kept", prepare)
    await _run(first, "INSERT INTO kept VALUES (8)")
    second = await databases.copy("kept", prepare)

    assert len(prepared) == 1
    assert await _run(second, "SELECT n FROM kept") == [(7,)]
    for address in (first, second):
        databases.drop(address)


async def _run(address: str, *statements: str) -> list[tuple[object, ...]]:
    """Run the statements in one transaction; the rows of the last one."""
    engine = create_async_engine(address)
    async with engine.begin() as connection:
        for statement in statements:
            result = await connection.execute(text(statement))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    await engine.dispose()
    return rows


async def test_postgresql_speaks_utf8_and_sorts_by_bytes(pg_database: str) -> None:
    assert await _run(pg_database, "SELECT upper('ý kiến'), 'é' > 'z'") == [("Ý KIẾN", True)]
    assert await _run(pg_database, "SHOW server_encoding") == [("UTF8",)]


async def test_the_cluster_has_a_maintenance_database(postgres_url: str) -> None:
    assert await _run(postgres_url, "SELECT 1") == [(1,)]


# --- mail


async def test_the_mail_sink_keeps_what_arrives_and_refuses_whom_it_is_told_to(smtp_sink: Sink) -> None:
    smtp_sink.refuse.append("nobody@example.vn")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ykien@example.vn", "so@example.vn", "Nhắc trả lời ý kiến"
    message.set_content("Còn 1 ngày làm việc.")

    await aiosmtplib.send(message, hostname=smtp_sink.host, port=smtp_sink.port)
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await aiosmtplib.send(message, hostname=smtp_sink.host, port=smtp_sink.port, recipients=["nobody@example.vn"])

    assert [kept["Subject"] for kept in smtp_sink.messages] == ["Nhắc trả lời ý kiến"]
    assert smtp_sink.envelopes[0].rcpt_tos == ["so@example.vn"]


# --- the end of a process


def test_a_short_process_that_spoke_to_temporal_ends_in_peace() -> None:
    """The pause in `pytest_unconfigure` is what a short command needs too (sdk-python #300)."""
    code = (
        "import asyncio, sys, time\n"
        "from temporalio.testing import WorkflowEnvironment\n"
        "from adapters.embedded_temporal import tool\n"
        "async def main():\n"
        "    start = WorkflowEnvironment.start_time_skipping\n"
        "    async with await start(test_server_existing_path=tool('temporal-test-server')) as env:\n"
        "        await env.get_current_time()\n"
        "asyncio.run(main())\n"
        "time.sleep(0.1)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
