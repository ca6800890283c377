"""What past consultations taught, read from the ledger and the launches' words, with the resets people made of it.

The rule is the domain's (`domain/relevance/lessons.py`). A reset is a receipt: named, dated, append-only, with its
reason under the receipt's hash; the last one of a lesson counts, and all of them stay.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.register.paging import Page, bounded, decode, encode
from adapters.tables import consultations, contents, ledger, receipts
from adapters.tables_ledger import TEACHES
from domain.base import Frozen
from domain.directory import Directory
from domain.facts import Fact
from domain.relevance.lessons import ACCEPTS, KINDS, Lesson, Matter, Put, lessons_of

RESET, RESTORE = "lesson_reset", "lesson_restore"
# So many of the newest acts are learned from: years of a province's re-routes.
MOST_ACTS = 500
EXCERPT = 600
# After every lesson of an act, in a cursor.
LAST = 2**31


class Reset(Frozen):
    """A person's act on a lesson. `reset`: taken out of use; False: taken back into it."""

    lesson: str
    reset: bool
    by: str
    agency: str | None
    at: datetime
    reason: str
    receipt: str


class Taught(Frozen):
    """A lesson, and the acts on it, oldest first."""

    lesson: Lesson
    acts: tuple[Reset, ...] = ()

    @property
    def in_use(self) -> bool:
        """Whether the suggester learns from it."""
        return not self.acts or not self.acts[-1].reset


class _Act(NamedTuple):
    """A fact that may teach: its place in the chain, its consultation, its number there."""

    seq: int
    consultation: str
    number: int


async def lessons_page(db: Database, directory: Directory, cursor: str | None = None, limit: int = 50) -> Page[Taught]:
    """All lessons, newest first, at most `limit`, in four statements whatever the size. Refuses `body_invalid`.

    A page may hold fewer and still have a next one: some acts teach nothing.
    """
    size = bounded(limit)
    seq, place = decode(cursor, int, int) if cursor else (None, -1)
    async with db.read() as connection:
        acts = await _acts(connection, size + 1, None if seq is None else ledger.c.seq <= seq)
        found = await _taught(connection, directory, acts[:size])
    placed = [(act.seq, n, one) for act, ones in found for n, one in enumerate(ones) if act.seq != seq or n > place]
    last = placed[size - 1][:2] if len(placed) > size else (acts[size - 1].seq, LAST) if len(acts) > size else None
    return Page(items=tuple(one for *_, one in placed[:size]), next=encode(*last) if last else None)


async def lessons_in_use(db: Database, directory: Directory, most: int = MOST_ACTS) -> tuple[Lesson, ...]:
    """What the suggester learns from, newest first: the lessons of the newest acts, without those that were reset."""
    async with db.read() as connection:
        found = await _taught(connection, directory, await _acts(connection, most))
    return tuple(one.lesson for _, ones in found for one in ones if one.in_use)


async def lesson_of(db: Database, directory: Directory, id: str) -> Taught | None:
    """The lesson of that id, with the acts on it."""
    consultation, _, rest = id.partition(".")
    number = rest.partition(".")[0]
    if not number.isdecimal() or len(number) > len("2147483647") - 1:
        return None
    own = sa.and_(ledger.c.consultation == consultation, ledger.c.number == int(number))
    async with db.read() as connection:
        found = await _taught(connection, directory, await _acts(connection, 1, own))
    return next((one for _, ones in found for one in ones if one.lesson.id == id), None)


async def _acts(
    connection: AsyncConnection, limit: int, where: sa.ColumnElement[bool] | None = None
) -> tuple[_Act, ...]:
    """The newest acts that may have taught something."""
    accepts = sa.cast(ledger.c.data, sa.Text).contains(f'"action":"{ACCEPTS}"', autoescape=True)
    query = sa.select(ledger.c.seq, ledger.c.consultation, ledger.c.number)
    query = query.where(TEACHES, sa.or_(ledger.c.kind == "pointer_accepted", accepts))
    if where is not None:
        query = query.where(where)
    rows = await connection.execute(query.order_by(ledger.c.seq.desc()).limit(limit))
    return tuple(_Act(*row) for row in rows)


async def _taught(
    connection: AsyncConnection, directory: Directory, acts: Sequence[_Act]
) -> list[tuple[_Act, tuple[Taught, ...]]]:
    """Each act with its lessons, in the order of the acts."""
    ids = list(dict.fromkeys(act.consultation for act in acts))
    facts, matters = await _facts(connection, ids), await _matters(connection, ids)
    resets = await _resets(connection, ids)
    lessons = {id: lessons_of(matters.get(id, Matter(consultation=id)), facts.get(id, ()), directory) for id in ids}
    return [
        (
            act,
            tuple(
                Taught(lesson=lesson, acts=resets.get(lesson.id, ()))
                for lesson in lessons[act.consultation]
                if lesson.id.startswith(f"{act.consultation}.{act.number}.")
            ),
        )
        for act in acts
    ]


async def _facts(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, tuple[Fact, ...]]:
    """The facts that lessons are read from, by consultation, in their order."""
    query = sa.select(ledger).where(ledger.c.consultation.in_(ids), ledger.c.kind.in_(KINDS))
    rows = (await connection.execute(query.order_by(ledger.c.consultation, ledger.c.number))).all()
    found: dict[str, list[Fact]] = {}
    for row in rows:
        found.setdefault(row.consultation, []).append(Fact.model_validate({**row._asdict(), "seq": row.number}))
    return {id: tuple(facts) for id, facts in found.items()}


async def _matters(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Matter]:
    """The leads' own words, one launch in memory at a time: some are megabytes long."""
    query = sa.select(consultations.c.id, contents.c.data).join_from(
        consultations, contents, contents.c.sha256 == consultations.c.content
    )
    found: dict[str, Matter] = {}
    async with connection.stream(query.where(consultations.c.id.in_(ids))) as rows:
        async for row in rows:
            found[row.id] = _matter(row.id, row.data)
    return found


def _matter(consultation: str, data: bytes) -> Matter:
    """What the stored launch says; nothing where it is no launch."""
    try:
        words = json.loads(data)
    except ValueError:
        words = None
    if not isinstance(words, dict):
        return Matter(consultation=consultation)
    plan = words.get("plan") or {}
    parts = {part["id"]: f"{part.get('label', '')}\n{part.get('text_excerpt', '')}" for part in plan.get("parts", ())}
    asked = [_put(ask, question, parts) for ask in plan.get("asks", ()) for question in ask.get("questions", ())]
    return Matter(consultation=consultation, subject=str(words.get("subject") or ""), questions=tuple(asked))


def _put(ask: Mapping[str, Any], question: Mapping[str, Any], parts: Mapping[str, str]) -> Put:
    """The question's own words, or those of its part of the draft."""
    text = str(question.get("text") or "").strip() or parts.get(str(question.get("part")), "").strip()[:EXCERPT]
    return Put(agency=str(ask.get("agency", "")), id=str(question.get("id", "")), text=text)


async def _resets(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, tuple[Reset, ...]]:
    """The acts on lessons of these consultations, by lesson, oldest first."""
    columns = (receipts.c.id, receipts.c.verb, receipts.c.actor, receipts.c.agency, receipts.c.received_at)
    query = sa.select(*columns, contents.c.data).join_from(
        receipts, contents, contents.c.sha256 == receipts.c.body_sha256
    )
    query = query.where(receipts.c.consultation.in_(ids), receipts.c.verb.in_((RESET, RESTORE)))
    found: dict[str, tuple[Reset, ...]] = {}
    for row in await connection.execute(query.order_by(receipts.c.received_at, receipts.c.id)):
        act = _reset(row)
        found[act.lesson] = (*found.get(act.lesson, ()), act)
    return found


def _reset(row: Any) -> Reset:
    words = json.loads(row.data)
    return Reset(
        lesson=words["lesson"],
        reset=row.verb == RESET,
        by=row.actor,
        agency=row.agency,
        at=row.received_at,
        reason=words["reason"],
        receipt=row.id,
    )
