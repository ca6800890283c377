"""A1 to A4 against a client's own words: what it was told, line by line, and what the register has under the same keys.

A journal is JSON lines, one when a request leaves and one when its answer is in: `key`, `actor`, `body_sha256` (of the
words as the register keeps them, `content_sha256` in an answer), `sent_at`, `answered_at` (real time), `outcome` (ok,
refused, unknown), `receipt`, `status`, `retries`. Lines of one key are one act. Of its actors it must hold every act of
its time, of the kinds it holds.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.register.accounting_findings import Found, Ground, each
from adapters.register.accounting_receipts import ONCE
from adapters.tables import answers, ledger, outbox, receipts
from domain.base import Frozen

# A client's clock and the database's may differ by so much; SQLite cuts instants to the millisecond.
TOLERANCE = timedelta(seconds=1)
PIECE = 400
ACCEPTED = 202

Outcome = Literal["ok", "refused", "unknown"]
Key = tuple[str, str]


class Line(Frozen):
    """One request as the client wrote it down; instants are real ones, with their zone."""

    key: str
    actor: str
    body_sha256: str = ""
    sent_at: datetime
    answered_at: datetime | None = None
    outcome: Outcome = "unknown"
    receipt: str | None = None
    status: int | None = None
    retries: int = 0


class Word(NamedTuple):
    """All that the client says of one act: its lines, oldest first."""

    lines: tuple[Line, ...]

    @property
    def told(self) -> Line:
        """The line that counts: an acceptance before a refusal, a refusal before silence."""
        order = ("ok", "refused", "unknown")
        return min(self.lines, key=lambda line: order.index(line.outcome))

    @property
    def accepted(self) -> list[str]:
        """The receipts the client was given for this act; more than one is one too many."""
        return list(dict.fromkeys(x.receipt for x in self.lines if x.outcome == "ok" and x.receipt))


class Seen(NamedTuple):
    """What the register has under a key. `posted`: it was for the engine; `doubled`: it took effect more than once."""

    receipt: str
    received_at: datetime
    content: str
    state: str
    posted: bool
    facts: int
    doubled: bool


class Tally(Frozen):
    """The journal in figures. `unknown_ok`, `unknown_refused`: what became of those whose first end was unknown."""

    sent: int = 0
    ok: int = 0
    refused: int = 0
    unknown_ok: int = 0
    unknown_refused: int = 0
    unknown_gone: int = 0
    pending: int = 0
    lost: int = 0
    doubled: int = 0

    @property
    def line(self) -> str:
        """The one line a load run prints."""
        return (
            f"sent={self.sent} ok={self.ok} refused={self.refused} unknown→ok={self.unknown_ok} "
            f"lost={self.lost} doubled={self.doubled}"
        )


class Journal(NamedTuple):
    """The acts by actor and key, and the numbers of the lines that could not be read."""

    words: dict[Key, Word]
    unreadable: tuple[int, ...]


def read(lines: Iterable[str]) -> Journal:
    """The journal of these lines; blank ones do not count, a torn one is named by its number from 1."""
    found: dict[Key, list[Line]] = {}
    torn: list[int] = []
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            line = Line.model_validate_json(text)
        except ValidationError:
            torn.append(number)
            continue
        found.setdefault((line.actor, line.key), []).append(line)
    return Journal({key: Word(tuple(said)) for key, said in found.items()}, tuple(torn))


async def compared(connection: AsyncConnection, journal: Journal, ground: Ground) -> tuple[Tally, tuple[Found, ...]]:
    """A1 to A4 by the journal, and its figures."""
    found = {check: Found(check) for check in ("A1", "A2", "A3", "A4")}
    figures = dict.fromkeys(Tally.model_fields, 0)
    figures["sent"] = len(journal.words)
    async for key, word, seen in _pairs(connection, journal.words):
        for figure in _figures(word, seen):
            figures[figure] += 1
        for check, what in judged(word, seen, ground):
            found[check].add(what, key[1], actor=key[0], receipt=seen.receipt if seen else word.told.receipt or "")
            if what in ("lost", "doubled"):
                figures[what] += 1
    for number in journal.unreadable:
        found["A3"].add("journal_unreadable", str(number))
    await _invented(connection, journal.words, ground, found["A4"])
    for one in found.values():
        one.looked = len(journal.words)
    return Tally.model_validate(figures), tuple(found.values())


def judged(word: Word, seen: Seen | None, ground: Ground) -> Iterator[tuple[str, str]]:
    """What does not fit between the client's words and the register's, as pairs of check and code."""
    told = word.told
    if len(dict.fromkeys(line.body_sha256 for line in word.lines if line.outcome == "ok")) > 1:
        yield "A1", "two_bodies"
    if seen is None:
        if told.outcome == "ok":
            yield "A1", "lost"
        return
    if seen.doubled or len(word.accepted) > 1:
        yield "A1", "doubled"
    if told.outcome == "ok":
        yield from _accepted(word, seen, ground)
    if told.outcome == "refused" and (seen.facts or seen.state == "pending"):
        yield "A2", "refused_with_facts" if seen.facts else "refused_but_waiting"
    if told.outcome != "refused" and seen.state == "pending":
        yield "A3", "still_pending"
    if seen.state == "refused" and seen.facts:
        yield "A2", "refused_with_facts"


def _accepted(word: Word, seen: Seen, ground: Ground) -> Iterator[tuple[str, str]]:
    """An act the client was told is recorded: the same receipt and words, in its time, with its effect."""
    told = word.told
    if told.receipt and told.receipt != seen.receipt:
        yield "A1", "another_receipt"
    if told.body_sha256 and told.body_sha256 != seen.content:
        yield "A1", "hash_differs"
    if not _within(word, seen, ground):
        yield "A1", "outside_window"
    effective = seen.facts > 0 or not seen.posted
    refused_later = seen.state == "refused" and told.status == ACCEPTED
    if seen.state != "pending" and not effective and not refused_later:
        yield "A1", "lost"


def _within(word: Word, seen: Seen, ground: Ground) -> bool:
    """Whether the stamp lies between the first sending and the last answer."""
    first = min(line.sent_at for line in word.lines) - TOLERANCE
    answered = [line.answered_at for line in word.lines if line.answered_at]
    last = max(answered) + TOLERANCE if answered else None
    clock = ground.clock
    return clock.business(first) <= seen.received_at and (last is None or seen.received_at <= clock.business(last))


def _figures(word: Word, seen: Seen | None) -> tuple[str, ...]:
    """Under which figures the act is counted; one that was asked for again until it was answered counts twice."""
    outcome = word.told.outcome
    if outcome != "unknown":
        return (outcome, f"unknown_{outcome}") if word.told.retries else (outcome,)
    if seen is None:
        return ("unknown_gone",)
    return ({"done": "unknown_ok", "refused": "unknown_refused"}.get(seen.state, "pending"),)


async def _pairs(connection: AsyncConnection, words: dict[Key, Word]) -> AsyncIterator[tuple[Key, Word, Seen | None]]:
    keys = list(words)
    for start in range(0, len(keys), PIECE):
        piece = keys[start : start + PIECE]
        seen = await _seen(connection, piece)
        for key in piece:
            yield key, words[key], seen.get(key)


async def _seen(connection: AsyncConnection, keys: Sequence[Key]) -> dict[Key, Seen]:
    columns = [receipts.c[n] for n in ("id", "actor", "key", "received_at", "body_sha256")]
    state = sa.func.coalesce(answers.c.state, "pending").label("state")
    query = sa.select(*columns, state, outbox.c.number).select_from(receipts.outerjoin(answers).outerjoin(outbox))
    actors, names = (list(dict.fromkeys(part)) for part in zip(*keys, strict=True))
    rows = (await connection.execute(query.where(receipts.c.actor.in_(actors), receipts.c.key.in_(names)))).all()
    effects = await _effects(connection, [row.id for row in rows])
    return {
        (row.actor, row.key): Seen(
            row.id,
            row.received_at,
            row.body_sha256,
            row.state,
            row.number is not None,
            *effects.get(row.id, (0, False)),
        )
        for row in rows
    }


async def _effects(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, tuple[int, bool]]:
    """By receipt: how many facts, and whether they come from more than one decision."""
    kinds: dict[str, list[tuple[int, str]]] = {}
    query = sa.select(ledger.c.receipt, ledger.c.number, ledger.c.kind).where(ledger.c.receipt.in_(ids))
    for row in await connection.execute(query.order_by(ledger.c.number)):
        kinds.setdefault(row.receipt, []).append((row.number, row.kind))
    return {id: (len(facts), _twice(facts)) for id, facts in kinds.items()}


def _twice(facts: Sequence[tuple[int, str]]) -> bool:
    once = [kind for _, kind in facts if kind in ONCE]
    return facts[-1][0] - facts[0][0] + 1 != len(facts) or len(dict.fromkeys(once)) < len(once)


async def _invented(connection: AsyncConnection, words: dict[Key, Word], ground: Ground, found: Found) -> None:
    """Acts of the journal's actors, in its time and of its kinds, of which the journal knows nothing."""
    lines = [line for word in words.values() for line in word.lines]
    if not lines:
        return
    first, last = min(x.sent_at for x in lines), max(x.answered_at or x.sent_at for x in lines)
    between = receipts.c.received_at.between(ground.clock.business(first), ground.clock.business(last))
    query = sa.select(receipts.c.id, receipts.c.actor, receipts.c.key, receipts.c.verb).join(outbox).where(between)
    actors, strange = dict.fromkeys(actor for actor, _ in words), []
    verbs: dict[str, None] = {}
    async for row in each(connection, query):
        if (row.actor, row.key) in words:
            verbs[row.verb] = None
        elif row.actor in actors:
            strange.append(row)
    for row in strange:
        if row.verb in verbs:
            found.add("invented", row.id, actor=row.actor, key=row.key)
