"""Replies on whose clarity a named person has ruled, each with the last word: examples that label themselves.

The labels are read from the ledger; nothing is judged here, and the words are the contents' under the hashes given.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import Database
from adapters.register.paging import Page, bounded, decode, encode
from adapters.tables import asks, consultations, ledger
from adapters.tables_ledger import RULED
from domain.base import Frozen
from domain.state import Ask, Reply

# The entries in which a person may have spoken of clarity, and those that say of which reply.
ACTS = ("accepted_as_clear", "flagged_unclear", "contested", "decided")
NEEDED = (*ACTS, "replied", "escalated")
# Cases about clarity: in them an order to reply, like a refused contest, leaves the reply held unclear.
ABOUT_CLARITY = ("unclear", "contest")
UPHOLDS = ("refuse", "order_reply")

Act = Literal["accepted_as_clear", "flagged_unclear", "contested", "decided"]


class Label(Frozen):
    """What a person held of a reply. `content`: the hash of the act's words, the reason among them.

    `upholds`: an earlier word stands, the flag's or else the machine's, with its faults.
    """

    seq: int
    act: Act
    clear: bool
    by: str
    at: datetime
    content: str | None
    upholds: str | None = None


class OverrulingRow(Frozen):
    """A reply with its final label. `launch`: the hash of the consultation's words."""

    consultation: str
    launch: str
    ask: Ask
    reply: Reply
    label: Label


class _Told(NamedTuple):
    """One entry of the ledger."""

    seq: int
    kind: str
    at: datetime
    actor: str
    agency: str | None
    data: dict[str, Any]


Key = tuple[str, str, int]


async def overrulings(db: Database, cursor: str | None = None, limit: int = 50) -> Page[OverrulingRow]:
    """Replies with a human label, oldest label first; whoever is ruled on again moves to the end with the new label.

    Secret replies, whose words are not here, are left out. Refuses `body_invalid` for a bad cursor.
    """
    after = decode(cursor, int, str) if cursor else (0, "")
    size = bounded(limit)
    found: list[OverrulingRow] = []
    async with db.read() as connection:
        while len(found) <= size:
            acts = await _acts(connection, after[0], size + 1)
            found += [row for row in await _rows(connection, acts) if _place(row) > after]
            if len(acts) <= size:
                break
            after = (acts[-1].seq, "~")
    shown = found[:size]
    more = encode(*_place(shown[-1])) if len(found) > size else None
    return Page(items=tuple(shown), next=more)


def _place(row: OverrulingRow) -> tuple[int, str]:
    """One decision may label the replies of many agencies."""
    return row.label.seq, f"{row.ask.agency}/{row.reply.version:06}"


async def _acts(connection: AsyncConnection, first: int, many: int) -> Sequence[Any]:
    """The next acts from that entry on, itself included: a page may end within a decision."""
    query = sa.select(ledger.c.seq, ledger.c.consultation).where(ledger.c.seq >= first, RULED)
    return (await connection.execute(query.order_by(ledger.c.seq).limit(many))).all()


async def _rows(connection: AsyncConnection, acts: Sequence[Any]) -> list[OverrulingRow]:
    """The replies whose last word one of these acts is."""
    places = dict.fromkeys(act.seq for act in acts)
    labels: dict[Key, Label] = {}
    for id, told in (await _told(connection, dict.fromkeys(act.consultation for act in acts))).items():
        last = last_words(told)
        labels |= {(id, agency, version): label for (agency, version), label in last if label.seq in places}
    rows = [row async for row in _with_asks(connection, labels)]
    return sorted(rows, key=_place)


async def _told(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, list[_Told]]:
    columns = [ledger.c[name] for name in ("consultation", *_Told._fields)]
    query = sa.select(*columns).where(ledger.c.consultation.in_(list(ids)), ledger.c.kind.in_(NEEDED))
    told: dict[str, list[_Told]] = {}
    for row in await connection.execute(query.order_by(ledger.c.seq)):
        told.setdefault(row.consultation, []).append(_Told(*row[1:]))
    return told


async def _with_asks(connection: AsyncConnection, labels: dict[Key, Label]) -> AsyncIterator[OverrulingRow]:
    """The labelled replies as they were recorded."""
    ids = list(dict.fromkeys(id for id, _, _ in labels))
    agencies = list(dict.fromkeys(agency for _, agency, _ in labels))
    query = sa.select(asks.c.consultation, asks.c.agency, asks.c.state, consultations.c.content).join(consultations)
    query = query.where(asks.c.consultation.in_(ids), asks.c.agency.in_(agencies))
    kept = {(row.consultation, row.agency): row for row in await connection.execute(query)}
    for (id, agency, version), label in labels.items():
        row = kept[(id, agency)]
        ask = Ask.model_validate(row.state)
        reply = next(reply for reply in ask.replies if reply.version == version)
        if not reply.secret:
            yield OverrulingRow(consultation=id, launch=row.content, ask=ask, reply=reply, label=label)


def last_words(told: Iterable[_Told]) -> Iterator[tuple[tuple[str, int], Label]]:
    """Each labelled reply of one consultation with its last label, from the entries in their order."""
    story = _Story()
    for one in told:
        story.follow(one)
    return iter(story.labels.items())


class _Story:
    """Who said what of which reply, as one consultation's entries go by."""

    def __init__(self) -> None:
        self.labels: dict[tuple[str, int], Label] = {}
        self._machine: dict[str, dict[int, bool]] = {}
        self._cases: dict[str, str] = {}

    def follow(self, told: _Told) -> None:
        """Take in the next entry."""
        match told.kind:
            case "replied":
                self._machine.setdefault(str(told.agency), {})[told.data["version"]] = told.data["clear"]
            case "escalated":
                self._cases[told.data["escalation"]] = told.data["why"]
            case "accepted_as_clear" | "flagged_unclear":
                self._label(told, str(told.agency), told.data["version"], told.kind == "accepted_as_clear")
            case "contested":
                self._label(told, str(told.agency), self._in_question(str(told.agency)), clear=True)
            case "decided":
                self._decided(told)

    def _decided(self, told: _Told) -> None:
        """Accepted as clear; or, in a case about clarity, the contest refused or a reply ordered."""
        kind, action = self._cases.get(told.data["escalation"]), told.data["action"]
        if action != "accept_clear" and not (kind in ABOUT_CLARITY and action in UPHOLDS):
            return
        for agency in told.data["agencies"]:
            self._label(told, agency, self._held(agency), action == "accept_clear")

    def _in_question(self, agency: str) -> int | None:
        """What a contest is about: the last reply held unclear, else the last one."""
        return self._held(agency) or max(self._machine.get(agency, {}), default=None)

    def _held(self, agency: str) -> int | None:
        """The last reply held unclear, by the machine or by the lead."""
        given = self._machine.get(agency, {})
        return max((v for v, clear in given.items() if not clear or self._flag(agency, v)), default=None)

    def _flag(self, agency: str, version: int) -> str | None:
        """The words of the lead's flag, unless it was taken back; a contest alone does not."""
        label = self.labels.get((agency, version))
        if label is None:
            return None
        return label.content if label.act == "flagged_unclear" else label.upholds

    def _label(self, told: _Told, agency: str, version: int | None, clear: bool) -> None:
        if version is None:
            return
        disputed = told.kind == "contested" or (told.kind == "decided" and not clear)
        self.labels[(agency, version)] = Label(
            seq=told.seq,
            act=told.kind,
            clear=clear,
            by=told.actor,
            at=told.at,
            content=told.data.get("content"),
            upholds=self._flag(agency, version) if disputed else None,
        )
