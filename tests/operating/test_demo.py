"""The demonstration's consultations: every state is there on any day, and the register holds them as if lived."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from temporalio.client import Client

from adapters.database import Database, connect, migrate
from adapters.demo_writing import Pasts, Stamp, is_empty
from adapters.drill import wind
from adapters.register.files import Files
from adapters.register.queries_state import HEADER
from adapters.register.receipts import Receipts
from adapters.register.recording import SqlRegister
from adapters.register.verifying import verify
from adapters.rules import load_rulebook
from adapters.settings import Settings, load_settings
from adapters.tables_types import METADATA
from commands.accounting import Accounting
from commands.demo.life import Life
from commands.demo.loading import Furnished, furnish, lived
from commands.demo.running import start_these
from commands.demo.scripts import scripts
from commands.demo.telling import told
from commands.demo.world import services_of, world_of
from commands.texts import RULES
from domain.advance import wake_at
from domain.state import Consultation, Outcome, Phase, Stage
from tests.adapters.registers import FixedClock, batch_of
from tests.operating.place import quiet
from tests.servers.databases import Databases
from workflows.deployment import make_current, versioned
from workflows.operating import Operator
from workflows.registry import build_worker

# A Thursday noon; a Monday before anybody works; a Friday evening; after Tết.
NOWS = ("2026-11-19T12:05+07:00", "2026-11-23T07:10+07:00", "2026-12-04T17:45+07:00", "2027-02-16T10:00+07:00")
NOON = datetime.fromisoformat(NOWS[0]).astimezone(UTC)


@cache
def settings(**given: Any) -> Settings:
    """A copy's settings; nothing is opened by them."""
    return load_settings(**{"data_dir": Path("nowhere"), **given})


@cache
def lives(now: str) -> dict[str, Life]:
    """Every consultation as told at the instant."""
    address = "sqlite+aiosqlite:///nowhere/ykien.db"
    world = world_of(services_of(settings(), connect(address)), datetime.fromisoformat(now).astimezone(UTC))
    found, left_out = told(world, scripts(RULES))
    assert left_out == []
    return {life.id: life for life in found}


def _asks(state: Consultation, stage: Stage) -> list[Any]:
    return [ask for ask in state.asks.values() if ask.stage is stage]


def _waiting(state: Consultation, kind: str, rung: int = 1) -> bool:
    return any(e.kind == kind and e.rung == rung and e.undecided for e in state.escalations)


STATES: dict[str, Callable[[Consultation], Any]] = {
    "waits for the head": lambda s: s.phase is Phase.DRAFT and not any(a.needs_exception for a in s.asks.values()),
    "waits for an exception": lambda s: s.phase is Phase.DRAFT and any(a.needs_exception for a in s.asks.values()),
    "fresh": lambda s: s.phase is Phase.OPEN and all(a.acknowledged_at is None for a in s.asks.values()),
    "handler named": lambda s: [a for a in _asks(s, Stage.DELIVERED) if a.handler],
    "some replies": lambda s: s.phase is Phase.OPEN and _asks(s, Stage.SETTLED) and _asks(s, Stage.DELIVERED),
    "returned once": lambda s: _asks(s, Stage.RETURNED),
    "unclear again": lambda s: _waiting(s, "unclear"),
    "overdue, with the leader": lambda s: _waiting(s, "silence"),
    "with the Chairman": lambda s: _waiting(s, "silence", rung=2),
    "contested": lambda s: _waiting(s, "contest"),
    "extension asked": lambda s: [a for a in s.asks.values() if a.pending_extension],
    "extension granted": lambda s: [a for a in s.asks.values() if any(e.outcome == "granted" for e in a.extensions)],
    "clock paused": lambda s: [a for a in s.asks.values() if a.open_pause],
    "pointer with the lead": lambda s: _asks(s, Stage.POINTING),
    "re-routed": lambda s: [a for a in s.asks.values() if a.routed_from],
    "conflict": lambda s: [c for c in s.conflicts if c.resolved_at is None and not c.escalation],
    "conflict reported": lambda s: _waiting(s, "conflict"),
    "remarks to answer": lambda s: s.phase is Phase.SYNTHESIS and _unanswered(s),
    "ready to close": lambda s: s.phase is Phase.SYNTHESIS and not _unanswered(s) and not s.conflicts,
    "closed": lambda s: s.phase is Phase.CLOSED,
    "closed over a dissent": lambda s: s.phase is Phase.CLOSED and any(r.dissent_at for r in _remarks(s)),
    "withdrawn": lambda s: s.phase is Phase.WITHDRAWN,
    "discarded": lambda s: s.phase is Phase.DISCARDED,
    "redrafted": lambda s: len(s.drafts) > 1,
    "on paper": lambda s: [a for a in s.asks.values() if a.last_reply and a.last_reply.channel == "paper"],
    "asked by law": lambda s: [a for a in s.asks.values() if a.mandatory],
    "serves a task from above": lambda s: s.parent_due,
    "a reply ordered": lambda s: "order_reply" in _decided(s),
    "an agency excused": lambda s: "excuse" in _decided(s),
    "gone on without an agency": lambda s: "proceed_without" in _decided(s),
    "a leader's note": lambda s: "note" in _decided(s),
}


def _decided(state: Consultation) -> list[str]:
    return [decision.action for case in state.escalations for decision in case.decisions]


def _remarks(state: Consultation) -> list[Any]:
    return [remark for ask in state.asks.values() for remark in ask.live_remarks]


def _unanswered(state: Consultation) -> list[Any]:
    return [remark for remark in _remarks(state) if remark.outcome is None]


@pytest.mark.parametrize("now", NOWS)
def test_every_state_is_there_whatever_day_it_is(now: str) -> None:
    states = [life.state for life in lives(now).values()]
    assert [name for name, shows in STATES.items() if not any(shows(state) for state in states)] == []
    assert all(step.done_at <= datetime.fromisoformat(now) for life in lives(now).values() for step in life.steps)


@pytest.mark.parametrize("now", NOWS)
def test_everybody_who_signs_in_finds_something_to_do(now: str) -> None:
    states = [life.state for life in lives(now).values()]
    owe = {a.agency for s in states if s.phase is Phase.OPEN for a in s.asks.values() if a.stage is not Stage.SETTLED}
    lead = {s.lead for s in states if s.phase in (Phase.DRAFT, Phase.OPEN, Phase.SYNTHESIS)}
    agencies = ("SGDDT", "STC", "SNV", "SXD", "SNNMT", "SYT", "SCT", "SKHCN", "CAT", "X01")
    assert [a for a in agencies if a not in owe] == []
    assert [a for a in agencies if a not in lead] == []
    leaders = {e.leader for s in states if not s.phase.ended for e in s.escalations if e.undecided}
    assert leaders == {"CT", "PCT1", "PCT2", "PCT3", "PCT4"}
    assert {o for s in states for a in s.asks.values() if (o := a.outcome)} >= {
        Outcome.OUT_OF_FUNCTION,
        Outcome.EXCUSED,
    }


def test_what_a_drill_tells_is_not_touched_by_its_fast_clock() -> None:
    told_there = [one.id for one in scripts(RULES) if one.drill]
    assert 3 <= len(told_there) <= 5
    for id in told_there:
        assert wake_at(lives(NOWS[0])[id].state) is None


# --- in the register


async def differences(db: Database, operator: Operator | None = None) -> list[tuple[str, ...]]:
    """What ledger, contents and accounting find to complain of."""
    found = await verify(db, lambda done, total: None)
    assert found.ok, found
    report = await Accounting(db, operator, pause=0.2).examine(quiet)
    return [d.identity for one in report.checks for d in one.differences]


@pytest.mark.clause("Q37")
async def test_a_loaded_register_is_clean_and_loading_again_changes_nothing(db: Database) -> None:
    assert await is_empty(db)
    first = await furnish(settings(), db, NOON)
    assert (first.consultations, first.there, first.left_out) == (len(scripts(RULES)), 0, ())
    assert await differences(db) == []
    before = await contents_of(db)
    assert await furnish(settings(), db, NOON) == Furnished(there=first.consultations)
    assert await contents_of(db) == before


async def test_what_is_written_at_once_is_what_stamping_and_recording_one_by_one_would_leave(
    databases: Databases,
) -> None:
    chosen = [lives(NOWS[0])[f"c-minh-hoa-{n}"] for n in ("10", "22", "31", "39", "43")]
    urls = databases.empty(), databases.empty()
    one, other = [await opened(url) for url in urls]
    await Pasts(one).write([await lived(life) for life in chosen])
    await lived_through(other, chosen)
    assert await contents_of(one) == await contents_of(other)
    for db, url in zip((one, other), urls, strict=True):
        await db.close()
        databases.drop(url)


async def opened(url: str) -> Database:
    await migrate(url)
    return connect(url)


async def lived_through(db: Database, chosen: list[Life]) -> None:
    """The same lives by the register's own doors: every act stamped, recorded, answered at its instant."""
    clock = FixedClock()
    receipts, register, files = Receipts(db, clock), SqlRegister(db, clock), Files(db, clock)
    for upload in sorted((u for life in chosen for u in life.uploads), key=lambda u: u.row.uploaded_at):
        row, clock.instant = upload.row, upload.row.uploaded_at
        await files.save(row.name, row.media_type, upload.content.data, row.uploaded_by, row.consultation)
    steps = [(step, life) for life in chosen for step in life.steps if step.facts]
    for step, life in sorted(steps, key=lambda pair: pair[0].done_at):
        clock.instant = step.done_at
        stamp = next((s for s in life.stamps if s.receipt.id == step.receipt), None)
        if stamp:
            await stamped(receipts, stamp)
        await register.record(batch_of([step]))
        if stamp:
            await receipts.answer(stamp.receipt.id, stamp.status, stamp.answer, "done")


async def stamped(receipts: Receipts, stamp: Stamp) -> None:
    """One act taken in at the door."""
    given = stamp.receipt.model_dump(exclude={"received_at", "state", "status", "answer"})
    await receipts.stamp(**given, contents=[stamp.words], command=lambda at: stamp.submission)


# Told apart by design: random ids, when a row was first or last touched, and who has read what.
APART = {
    "files": ("id",),
    "asks": ("first_seq", "first_place"),
    "escalations": ("last_seq", "last_place"),
    "notices": ("read_at", "read_by", "number"),
}
LEFT_ALONE = ("instruments", "alembic_version")


async def contents_of(db: Database) -> dict[str, list[tuple[str, ...]]]:
    """Every row of every table, in words."""
    found = {}
    async with db.read() as connection:
        for table in METADATA.sorted_tables:
            if table.name not in LEFT_ALONE:
                columns = [column for column in table.c if column.name not in APART.get(table.name, ())]
                rows = await connection.execute(sa.select(*columns))
                found[table.name] = sorted(tuple(repr(_plain(value)) for value in row) for row in rows)
    return found


def _plain(value: Any) -> Any:
    """A kept state without what the consultation's own row says since."""
    return (
        {k: v for k, v in value.items() if k not in HEADER} if isinstance(value, dict) and "terms" in value else value
    )


async def test_a_drill_marks_what_it_tells(databases: Databases, tmp_path: Path) -> None:
    url = databases.empty()
    copy = load_settings(profile="drill", data_dir=tmp_path, database_url=url)
    wind(copy, load_rulebook(RULES).calendar, datetime.now(UTC))
    db = await opened(url)
    done = await furnish(copy, db)
    assert 3 <= done.consultations <= 5
    async with db.read() as connection:
        ledger, notices = METADATA.tables["ledger"], METADATA.tables["notices"]
        facts = [
            *await connection.scalars(sa.select(ledger.c.data)),
            *await connection.scalars(sa.select(notices.c.data)),
        ]
    assert [data["mode"] for data in facts] == ["DIỄN TẬP"] * len(facts)
    assert await differences(db) == []
    await db.close()
    databases.drop(url)


async def test_the_open_ones_run_as_the_register_has_them(db: Database, client: Client) -> None:
    await furnish(settings(), db)
    queue = f"demo-{uuid4().hex[:8]}"
    operator = Operator(client, queue)
    await make_current(client)
    async with build_worker(client, SqlRegister(db), queue, deployment=versioned(), cached=2000):
        assert await start_these(db, operator, quiet) == 0
        assert await start_these(db, operator, quiet) == 0
        assert await differences(db, operator) == []
    async with db.read() as connection:
        table = METADATA.tables["consultations"]
        open_ones = await connection.scalars(
            sa.select(table.c.id).where(table.c.phase.in_(("draft", "open", "synthesis")))
        )
        for id in open_ones:
            await operator.stop(id, (await operator.find(id)).chain, "the test is over")
