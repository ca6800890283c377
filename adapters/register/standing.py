"""Writes how a consultation stands after a batch: its own row, its asks, its escalations, and the notices it owes.

Only columns that queries need stand beside the domain's own models, which are kept whole as JSON.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.register.searchable import searchable
from adapters.register.sql import insert_new, put
from adapters.tables import (
    asks,
    consultation_states,
    consultations,
    contents,
    drafts,
    escalation_leaders,
    escalations,
    notices,
    search_texts,
)
from domain.awaited import awaited
from domain.facts import Batch, Header, Notice
from domain.state import Ask, Escalation
from domain.text import fold, nfc

# The stored launch's own words for what lists show; long subjects are cut in lists only.
SUBJECT_LENGTH = 1000
# Columns that repeat a field of the domain's model under its own name. They are read by attribute, never from a dump:
# a dump may leave blanks out, and a column left out would keep its old value.
ASK_COLUMNS = tuple(column.name for column in asks.c if column.name in Ask.model_fields and column.name != "state")
CASE_COLUMNS = tuple(column.name for column in escalations.c if column.name in Escalation.model_fields)


async def write(connection: AsyncConnection, batch: Batch, recorded_at: datetime) -> None:
    """Bring the read tables to the batch's state; a handful of statements, however many agencies."""
    id, seq = batch.header.id, batch.header.seq
    await _write_consultation(connection, batch)
    await put(
        connection,
        asks,
        [ask_row(id, seq, place, ask) for place, ask in enumerate(batch.asks)],
        keep=("first_seq", "first_place"),
    )
    cases = [escalation_row(id, seq, place, case) for place, case in enumerate(batch.escalations)]
    await put(connection, escalations, cases)
    await insert_new(connection, escalation_leaders, _leaders(id, batch.escalations))
    await insert_new(connection, notices, [_notice_row(id, notice, recorded_at) for notice in batch.notices])


async def _write_consultation(connection: AsyncConnection, batch: Batch) -> None:
    header, conflicts = batch.header, [c.model_dump(mode="json") for c in batch.conflicts]
    if header.state is None:
        changed = {name: getattr(header, name) for name in ("phase", "opened_at", "ended_at", "seq")}
        same = consultations.c.id == header.id
        await connection.execute(sa.update(consultations).where(same).values(**changed, conflicts=conflicts))
        return
    body = _object(await connection.scalar(sa.select(contents.c.data).where(contents.c.sha256 == header.content)))
    row = {
        **{name: value for name, value in header if name != "state"},
        **_described(body, header),
        "chairman": _chairman(header.state),
        "prepared_at": batch.facts[0].done_at,
        "conflicts": conflicts,
    }
    await put(connection, consultations, [row], keep=("prepared_at",))
    await put(connection, search_texts, [{"consultation": header.id, **searchable(body)}])
    await put(connection, consultation_states, [{"consultation": header.id, "state": header.state}])
    await insert_new(connection, drafts, _draft_rows(header.id, header.state))


def _described(body: Mapping[str, Any], header: Header) -> dict[str, str]:
    """Subject and number from the stored launch; empty where the launch was not stored as JSON."""
    subject, number = _text(body.get("subject")), _text(body.get("number"))
    words = fold(" ".join((subject, number, header.id, header.lead)))
    return {"subject": subject, "doc_number": number, "search": words}


def _object(data: bytes | None) -> Mapping[str, Any]:
    try:
        body = json.loads(data or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _text(value: object) -> str:
    """Text as lists show it. PostgreSQL knows no NUL in text."""
    return nfc(value).replace("\0", "")[:SUBJECT_LENGTH] if isinstance(value, str) else ""


def _chairman(state: Mapping[str, Any]) -> str:
    return str(state["terms"]["leaders"]["chairman"])


def _draft_rows(consultation: str, state: Mapping[str, JsonValue]) -> list[dict[str, Any]]:
    versions: Any = state.get("drafts", ())
    return [{"consultation": consultation, **{k: v[k] for k in ("version", "file", "sha256")}} for v in versions]


def ask_row(consultation: str, seq: int, place: int, ask: Ask) -> dict[str, Any]:
    """The row of an ask that was changed by the batch ending at `seq`."""
    last = ask.last_reply
    return {
        "consultation": consultation,
        "first_seq": seq,
        "first_place": place,
        **{name: getattr(ask, name) for name in ASK_COLUMNS},
        "replied_at": last.received_at if last else None,
        "late": bool(last and last.late),
        "days_late": last.days_late if last else 0,
        "unanswered_remarks": sum(r.outcome is None for r in ask.live_remarks),
        "awaits": awaited(ask),
        "state": ask.model_dump(mode="json"),
    }


def escalation_row(consultation: str, seq: int, place: int, case: Escalation) -> dict[str, Any]:
    """The row of an escalation that was changed by the batch ending at `seq`."""
    return {
        "consultation": consultation,
        "last_seq": seq,
        "last_place": place,
        **{name: getattr(case, name) for name in CASE_COLUMNS},
        "state": case.model_dump(mode="json"),
    }


def _leaders(consultation: str, cases: tuple[Escalation, ...]) -> list[dict[str, Any]]:
    return [
        {"escalation": case.id, "leader": leader, "consultation": consultation}
        for case in cases
        for leader in dict.fromkeys((case.leader, *case.copies))
    ]


def _notice_row(consultation: str, notice: Notice, recorded_at: datetime) -> dict[str, Any]:
    return {
        **{name: value for name, value in notice if name not in ("to", "mail")},
        "consultation": consultation,
        "addressee": notice.to,
        "recorded_at": recorded_at,
        "mail_state": "waiting" if notice.mail else "none",
    }
