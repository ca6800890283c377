"""Reads consultations with their asks and the facts that tell of clocks and replies, a few dozen at a time.

For the checks that compute something anew (A5, A7). Order is the ledger's; nothing is judged here.
"""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.register.accounting_findings import Unreadable
from adapters.tables import asks, consultation_states, consultations, ledger
from domain.base import Frozen
from domain.state import Ask, Phase
from domain.terms import Terms

PIECE = 40
# Facts that tell a due instant, by the member of their data that holds it.
CLOCKS = {
    **dict.fromkeys(("delivered", "returned", "dossier_completed", "refuse_incomplete"), "due_at"),
    **{"due_extended": "now", "extension_granted": "until", "reply_ordered": "until"},
}
# Facts after which the due instant is another one, which they do not tell.
UNSETTLING = ("sent", "incomplete_claimed", "claim_dropped", "sent_back_to_lead")
KINDS = (*CLOCKS, *UNSETTLING, "replied", "overdue", "terms_changed")


class Told(Frozen):
    """One fact of the ledger, as far as clocks and replies go."""

    number: int
    kind: str
    agency: str | None
    receipt: str | None
    at: datetime
    done_at: datetime
    data: dict[str, Any]


class AskRow(Frozen):
    """An ask as it is kept: the row's columns, and the model they were taken from."""

    row: dict[str, Any]
    ask: Ask


class Kept(Frozen):
    """A consultation with its asks by agency and its facts in order."""

    id: str
    phase: Phase
    terms: Terms
    asks: dict[str, AskRow] = {}
    facts: tuple[Told, ...] = ()

    def by_agency(self) -> dict[str, list[Told]]:
        """Each agency's facts in order; agencies without any are not in it."""
        found: dict[str, list[Told]] = {}
        for fact in self.facts:
            if fact.agency is not None:
                found.setdefault(fact.agency, []).append(fact)
        return found

    @property
    def recounted(self) -> int:
        """The number of the last fact that changed the calendar, 0 if none did: what came before counted by another."""
        changes = [f.number for f in self.facts if f.kind == "terms_changed" and f.data.get("calendar")]
        return max(changes, default=0)


class Pieces:
    """Goes through all consultations; terms that several have in common are read once."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._terms: dict[str, Terms] = {}

    async def __aiter__(self) -> AsyncIterator[Kept]:
        """Every consultation, in the order of the ids."""
        last: str | None = None
        while rows := await self._headers(last):
            ids = [row.id for row in rows]
            kept_asks, facts = await self._asks(ids), await self._facts(ids)
            for row in rows:
                yield Kept.model_construct(
                    id=row.id,
                    phase=Phase(row.phase),
                    terms=self._terms_of(row.state["terms"]),
                    asks=kept_asks.get(row.id, {}),
                    facts=tuple(facts.get(row.id, ())),
                )
            last = ids[-1]

    async def _headers(self, last: str | None) -> Sequence[Any]:
        query = sa.select(consultations.c.id, consultations.c.phase, consultation_states.c.state)
        joined = query.join(consultation_states).order_by(consultations.c.id).limit(PIECE)
        if last is not None:
            joined = joined.where(consultations.c.id > last)
        return (await self._connection.execute(joined)).all()

    def _terms_of(self, value: dict[str, Any]) -> Terms:
        key = json.dumps(value, sort_keys=True)
        if key not in self._terms:
            self._terms[key] = Terms.model_validate(value)
        return self._terms[key]

    async def _asks(self, ids: Sequence[str]) -> dict[str, dict[str, AskRow]]:
        found: dict[str, dict[str, AskRow]] = {}
        for row in await self._connection.execute(sa.select(asks).where(asks.c.consultation.in_(ids))):
            try:
                ask = Ask.model_validate(row.state)
            except ValidationError as error:
                raise Unreadable(f"{row.consultation}/{row.agency}", error) from error
            kept = AskRow.model_construct(row=row._asdict(), ask=ask)
            found.setdefault(row.consultation, {})[row.agency] = kept
        return found

    async def _facts(self, ids: Sequence[str]) -> dict[str, list[Told]]:
        found: dict[str, list[Told]] = {}
        names = ("consultation", *Told.model_fields)
        query = sa.select(*(ledger.c[name] for name in names))
        query = query.where(ledger.c.consultation.in_(ids), ledger.c.kind.in_(KINDS))
        for row in await self._connection.execute(query.order_by(ledger.c.consultation, ledger.c.number)):
            told = Told.model_construct(**{name: getattr(row, name) for name in Told.model_fields})
            found.setdefault(row.consultation, []).append(told)
        return found
