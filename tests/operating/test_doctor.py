"""The doctor over register and engine: green only when everything was asked and fits, also on a copy in use."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client
from typer.testing import CliRunner, Result

from adapters.database import Database, connect, migrate
from adapters.register.recording import SqlRegister
from api.services import Services
from bench.rig import free_port
from cli import app
from commands.accounting import Accounting
from tests.adapters.registers import tell
from tests.api.conftest import gateway_to, http_to, parts, rules
from tests.api.world import World
from tests.operating.lived import WORDS, keep, lives
from tests.operating.place import SHORT, Place, quiet
from tests.servers.databases import Databases, DatabasesOf
from tests.servers.temporal import DevServer
from workflows.deployment import make_current, versioned
from workflows.operating import Operator
from workflows.registry import build_worker

__all__ = ["parts", "rules"]


@pytest.fixture
def place(db: Database, client: Client) -> Place:
    """The register beside an engine that knows nothing of it."""
    return Place(db, client, SHORT)


async def test_a_copy_in_use_is_clean_while_acts_keep_coming(
    databases: Databases, client: Client, parts: Callable[..., Services]
) -> None:
    """What is only on its way between two looks is no difference."""
    url, queue = databases.empty(), f"doctor-{uuid4().hex[:8]}"
    await migrate(url)
    services = parts(url, gateway_to(client, queue), task_queue=queue)
    await make_current(client)
    register = SqlRegister(services.database, services.clock)
    async with build_worker(client, register, queue, deployment=versioned()), http_to(services) as http:
        world = World(services, http)
        await world.populate()
        busy = asyncio.create_task(in_use(world))
        reports = [await examined(services, client, queue) for _ in range(3)]
        await busy
        reports.append(await examined(services, client, queue))
    assert [d.identity for report in reports for one in report.checks for d in one.differences] == []
    assert reports[-1].clean
    assert all(one.looked for one in reports[-1].checks)
    await services.database.close()
    databases.drop(url)


async def examined(services: Services, client: Client, queue: str):  # type: ignore[no-untyped-def]
    accounting = Accounting(services.database, Operator(client, queue), clock=services.business, pause=0.5)
    return await accounting.examine(quiet)


async def in_use(world: World) -> None:
    """Consultations begin, go on and end, and one act in each is refused."""
    await world.closed()
    for _ in range(3):
        id = await world.launch()
        for _ in range(4):
            await world.post("gd.stc", f"/consultations/{id}/asks/STC/interim", {"text": "Đang nghiên cứu."})
        await world.reply(id)
        await world.call("gd.sgddt", "POST", f"/consultations/{id}/closure", json={})


async def test_an_open_consultation_that_does_not_run_is_named(place: Place) -> None:
    life = place.launched()
    await keep(place.db, [life])
    async with place.working():
        assert await place.named() == [f"A11 workflow_missing {life.state.id}"]
        await place.rebuild()
        assert (await place.doctor()).clean


async def test_a_workflow_the_register_does_not_know_is_named(place: Place) -> None:
    known, strange = place.launched(1), place.launched(2)
    await keep(place.db, [known])
    async with place.working():
        for life in (known, strange):
            await place.operator.start(life.state)
        await place.listed(strange.state.id)
        assert await place.named() == [f"A11 workflow_extra {strange.state.id}"]


async def test_without_a_worker_the_check_of_the_numbers_is_not_green(place: Place) -> None:
    life = place.launched()
    await keep(place.db, [life])
    await place.operator.start(life.state)
    await place.listed(life.state.id)
    report = await place.doctor()
    states = {one.check: (one.state, one.unasked) for one in report.checks if one.state != "clean"}
    assert states == {"A6": ("unasked", "no_worker")}
    assert not report.complete
    assert not report.clean


# --- the command


@pytest.fixture
async def folder(
    databases_of: DatabasesOf, temporal_dev: DevServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Path]:
    """A copy with a past: its ended consultations only, and an engine on which nothing runs."""
    databases = databases_of("sqlite")
    address = await databases.copy("lived in", lives)
    monkeypatch.setenv("YKIEN_DATABASE_URL", address)
    monkeypatch.setenv("YKIEN_TEMPORAL_ADDRESS", temporal_dev.address)
    monkeypatch.setenv("YKIEN_TEMPORAL_NAMESPACE", temporal_dev.namespace)
    monkeypatch.setenv("YKIEN_TASK_QUEUE", f"nobody-{uuid4().hex[:8]}")
    monkeypatch.setattr("commands.accounting.PAUSE_SECONDS", 0.1)
    monkeypatch.setattr("workflows.operating.PATIENCE", SHORT)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    databases.drop(address)


async def ykien(*words: str) -> Result:
    """The command in a thread: it has a loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, app, list(words))


async def change(statement: str) -> None:
    """Change the copy's register."""
    import os

    db = connect(os.environ["YKIEN_DATABASE_URL"])
    await tell(db, statement)
    await db.close()


OPEN = "UPDATE consultations SET phase = 'withdrawn' WHERE phase IN ('open', 'synthesis')"


async def test_the_command_is_green_when_everything_fits(folder: Path) -> None:
    await change(OPEN)
    shown = await ykien("doctor")
    assert (shown.exit_code, "Tất cả đều khớp." in shown.stdout) == (0, True), shown.output
    told = json.loads((await ykien("doctor", "--json")).stdout)
    assert (told["clean"], told["complete"], len(told["checks"])) == (True, True, 11)


async def test_the_command_names_the_difference_and_what_to_do(folder: Path) -> None:
    shown = await ykien("doctor")
    assert shown.exit_code == 1
    assert "A11: cuộc open đang mở trong sổ nhưng không chạy" in shown.stdout
    assert "Xử lý: chạy `ykien rebuild`." in shown.stdout
    told = json.loads((await ykien("doctor", "--json")).stdout)
    found = {d["id"]: (d["what"], d["todo"]) for one in told["checks"] for d in one["differences"]}
    assert found["open"] == ("workflow_missing", "chạy `ykien rebuild`.")


async def test_an_engine_that_cannot_be_asked_is_never_green(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await change(OPEN)
    monkeypatch.setenv("YKIEN_TEMPORAL_ADDRESS", f"127.0.0.1:{free_port()}")
    shown = await ykien("doctor")
    assert shown.exit_code == 2
    assert "CHƯA ĐỐI CHIẾU ĐƯỢC HẾT" in shown.stdout
    told = json.loads((await ykien("doctor", "--json")).stdout)
    assert [one["check"] for one in told["checks"] if one["state"] == "unasked"] == ["A6", "A11"]
    rebuilt = await ykien("rebuild")
    assert (rebuilt.exit_code, "chưa có gì thay đổi" in rebuilt.stderr) == (2, True)


@pytest.mark.parametrize("content", [None, b"", b"khong phai co so du lieu" * 100])
async def test_a_register_that_cannot_be_asked_is_never_green(
    folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    file = folder / "khac.db"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("YKIEN_DATABASE_URL", f"sqlite+aiosqlite:///{file}")
    shown = await ykien("doctor", "--json")
    assert shown.exit_code == 2, shown.output
    assert [one["state"] for one in json.loads(shown.stdout)["checks"]] == ["unasked"] * 11
    assert (await ykien("rebuild")).exit_code == 2


async def test_rebuild_tells_what_it_did(folder: Path) -> None:
    """No worker is there: both open consultations are started, and that nobody could compare them is said."""
    shown = await ykien("rebuild", "--json")
    told = json.loads(shown.stdout)
    assert (shown.exit_code, told["consultations"], told["failed"]) == (1, 2, 2)
    assert [one["why"] for one in told["of"]] == ["no_answer", "no_answer"]
    said = await ykien("rebuild", "--consultation", "không-có")
    assert (said.exit_code, "sổ không có cuộc không-có" in said.stdout) == (1, True)


# --- a client's own journal


def line(**values: object) -> str:
    """One line of a journal; the act is `open`'s reply unless said otherwise."""
    base = {
        "key": "key-open-r2",
        "actor": "người.stc",
        "body_sha256": WORDS.sha256,
        "sent_at": "2026-04-22T09:00:59.5+07:00",
        "answered_at": "2026-04-22T09:01:00.5+07:00",
        "outcome": "ok",
        "receipt": "open-r2",
        "status": 200,
    }
    return json.dumps(base | values)


NOON = "2026-04-22T12:00:00+07:00"
SENT = line(outcome="unknown", answered_at=None, receipt=None, status=None)
JOURNALS = [
    ([SENT, line()], "sent=1 ok=1 refused=0 unknown→ok=0 lost=0 doubled=0", ""),
    ([SENT], "sent=1 ok=0 refused=0 unknown→ok=1 lost=0 doubled=0", ""),
    ([SENT, line(retries=1)], "sent=1 ok=1 refused=0 unknown→ok=1 lost=0 doubled=0", ""),
    ([line(), line(key="k2", outcome="refused", receipt=None, status=422)], "sent=2 ok=1 refused=1", ""),
    ([line(key="k2", receipt="r-x"), line()], "lost=1 doubled=0", "A1 lost k2"),
    ([line(), line(receipt="r-x")], "lost=0 doubled=1", "A1 doubled key-open-r2"),
    ([line(receipt="r-x")], "lost=0 doubled=0", "A1 another_receipt key-open-r2"),
    ([line(body_sha256="x")], "lost=0", "A1 hash_differs key-open-r2"),
    ([line(answered_at="2026-04-22T09:00:57+07:00")], "lost=0", "A1 outside_window key-open-r2"),
    ([line(outcome="refused", status=409)], "refused=1", "A2 refused_with_facts key-open-r2"),
    ([line(), '{"key": "đứt'], "lost=0", "A3 journal_unreadable 2"),
    ([line(key="key-closed-r2", receipt="closed-r2", answered_at=NOON)], "lost=0", "A4 invented open-r2"),
]


@pytest.mark.parametrize(
    ("lines", "figures", "named"), JOURNALS, ids=[named or figures for _, figures, named in JOURNALS]
)
async def test_a_clients_journal_is_compared_with_the_register(
    folder: Path, lines: list[str], figures: str, named: str
) -> None:
    await change(OPEN)
    (folder / "nhat-ky.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    shown = await ykien("doctor", "--journal", "nhat-ky.jsonl", "--json")
    told = json.loads(shown.stdout)
    found = [f"{one['check']} {d['what']} {d['id']}" for one in told["checks"] for d in one["differences"]]
    assert figures in told["journal"]["line"]
    assert (named in found) if named else not found
    assert shown.exit_code == (1 if named else 0)


async def test_the_journals_line_is_printed_and_a_missing_file_is_no_green(folder: Path) -> None:
    await change(OPEN)
    (folder / "nhat-ky.jsonl").write_text(line() + "\n", "utf-8")
    shown = await ykien("doctor", "--journal", "nhat-ky.jsonl")
    assert "sent=1 ok=1 refused=0 unknown→ok=0 lost=0 doubled=0" in shown.stdout
    assert (await ykien("doctor", "--journal", "khong-co.jsonl")).exit_code == 2
