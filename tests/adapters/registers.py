"""Things to record and ways to look: batches as the workflow makes them, lives lived at random, statements counted."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.register.contents import content_of, store
from adapters.register.recording import SqlRegister
from domain.advance import advance
from domain.clarity.model import Fault, Position
from domain.commands import (
    AnswerRemark,
    AskExtension,
    Assign,
    ClaimIncomplete,
    Close,
    Decide,
    Interim,
    Redraft,
    Rule,
    Submission,
)
from domain.facts import Batch, Beginning
from domain.refusals import Refused
from domain.state import Ask, Channel, Consultation
from domain.step import Step
from tests.worlds import Desk, at, consultation, draft
from workflows.consultation import ConsultationWorkflow, header

START = "2026-01-05 09:00"


class FixedClock:
    """A clock that shows what a test sets."""

    def __init__(self, now: str = START) -> None:
        self.instant = at(now).astimezone(UTC)

    async def now(self, connection: AsyncConnection) -> datetime:
        """The instant set."""
        return self.instant


def batch_of(steps: Sequence[Step]) -> Batch:
    """What the workflow would hand over after these steps."""
    state = steps[-1].state
    facts = [fact for step in steps for fact in step.facts]
    asks = dict.fromkeys(agency for step in steps for agency in step.asks)
    cases = dict.fromkeys(id for step in steps for id in step.escalations)
    return Batch(
        header=header(state, facts),
        facts=tuple(facts),
        notices=tuple(notice for step in steps for notice in step.notices),
        asks=tuple(state.asks[agency] for agency in asks),
        escalations=tuple(case for case in state.escalations if case.id in cases),
        conflicts=state.conflicts,
    )


def slices_of(steps: Sequence[Step], many: int) -> list[Batch]:
    """The batches the workflow itself makes of these steps, with at most `many` facts in each."""
    flow = ConsultationWorkflow(Beginning.of(steps[0].state))
    for step in steps:
        flow._take(step)
    batches: list[Batch] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workflows.consultation.MANY", many)
        while flow._facts:
            batches.append(flow._batch())
    return batches


def running(id: str = "c1", *agencies: str, now: str = START, **values: Any) -> Desk:
    """A launched consultation, nothing recorded yet."""
    desk = Desk(consultation(*(agencies or ("STC", "SNV")), id=id, **values), now)
    desk.launch()
    return desk


async def record(db: Database, desk: Desk, *, subject: str | None = None) -> None:
    """Record everything the desk did, in one batch; with a subject, the launch's words are stored first."""
    if subject is not None:
        body = content_of({"subject": subject, "number": "12/SGDĐT-KH"})
        async with db.begin() as connection:
            await store(connection, [body], desk.now)
        desk.steps[-1].state = desk.state = desk.state.model_copy(update={"content": body.sha256})
    await SqlRegister(db).record(batch_of(desk.steps))
    desk.steps.clear()


def silence(desk: Desk, days: int = 40) -> Step:
    """Time passes and nobody says anything."""
    desk.now += timedelta(days=days)
    return desk.keep(advance(desk.state, desk.now))


def a_life(id: str, seed: int, acts: int = 25) -> Desk:
    """A consultation with four agencies to which many things happen in a random order; refusals do not count."""
    chance = random.Random(seed)
    desk = Desk(consultation("STC", "SNV", "BHXH", "SXD", id=id), START)
    paper = desk.state.asks["SXD"].model_copy(update={"channel": Channel.PAPER})
    central = desk.state.asks["BHXH"].model_copy(update={"central": True, "watched_by": "PCT2"})
    asks = {**desk.state.asks, "SXD": paper, "BHXH": central}
    desk.state = desk.state.model_copy(update={"asks": asks, "content": "khong-co"})
    desk.launch()
    for _ in range(acts):
        try:
            _act(desk, chance)
        except Refused:
            continue
    return desk


def _act(desk: Desk, chance: random.Random) -> None:
    agency = chance.choice(list(desk.state.asks))
    match chance.randrange(11):
        case 0 | 1:
            faults = [Fault.GENERIC] if chance.random() < 0.4 else []
            desk.reply(agency, chance.choice(list(Position)[:3]), *faults)
        case 2:
            desk.point(agency, "SCT", competent=chance.random() < 0.8)
            reroute = Ask(agency="SCT", parts=("d1",), questions=("q1",))
            ruling = chance.choice(["accept_pointer", "dispute_pointer"])
            desk.do(Rule, asked=agency, ruling=ruling, content="x", reroute=reroute)
        case 3:
            desk.do(AskExtension, agency, until=desk.now + timedelta(days=9), content="x")
            desk.do(Rule, asked=agency, ruling=chance.choice(["grant_extension", "refuse_extension"]), content="x")
        case 4:
            desk.do(Interim, agency, content="x")
            desk.do(ClaimIncomplete, agency, items=1, content="x")
        case 5:
            rulings = ("accept_clear", "flag_unclear", "dossier_completed")
            desk.do(Rule, asked=agency, ruling=chance.choice(rulings), content="x")
        case 6:
            action, case = chance.choice(["order_reply", "excuse", "note"]), f"{desk.state.id}.e{chance.randint(1, 4)}"
            until = desk.now + timedelta(days=3)
            desk.do(Decide, escalation=case, leader="CT", action=action, until=until, content="x")
        case 7:
            desk.do(AnswerRemark, remark=f"{agency}.1.1", outcome="accepted")
        case 8:
            version = desk.state.draft.version + 1
            desk.do(Redraft, draft=draft(version, d1=f"v{version}", d2="b"))
        case 9:
            desk.do(Assign, agency, handler="cv.x")
            desk.do(Close)
        case _:
            silence(desk, chance.randint(0, 9))


def submission(consultation: str, receipt: str, instant: datetime, agency: str = "STC") -> Submission:
    """A small command, as the edge builds it."""
    values = {"kind": "interim", "receipt": receipt, "at": instant, "actor": "cv.stc", "agency": agency, "content": "x"}
    return Submission.model_validate({"command": values})


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements the database is sent meanwhile."""
    sent: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    # PostgreSQL's two doors share one engine, whose listeners hear both.
    shared = db.engine.dialect.name == "postgresql"
    engines = [door.sync_engine for door in ((db.engine,) if shared else (db.engine, db.reader))]
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", note)


async def unguard(db: Database, table: str) -> None:
    """What somebody with the keys to the database could do first."""
    async with db.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            return
        for verb in ("update", "delete"):
            await connection.execute(sa.text(f"DROP TRIGGER {table}_{verb}_refused"))


async def tell(db: Database, statement: str | sa.Executable) -> None:
    """Send one statement in a transaction of its own."""
    async with db.begin() as connection:
        await connection.execute(sa.text(statement) if isinstance(statement, str) else statement)


async def count(db: Database, table: sa.Table) -> int:
    """How many rows the table has."""
    async with db.read() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def same(found: Consultation | None, state: Consultation) -> bool:
    """Whether two states are equal, the order of their asks included."""
    return found == state and list(found.asks) == list(state.asks)
