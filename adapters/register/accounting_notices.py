"""A8: whoever had to be told was told once: every mail is sent, failed with a reason, or waiting within its lease.

Pure SQL; whether mail leaves at all is a setting, and where it does not, waiting is right.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.register.accounting_findings import YOUNG, Found, Ground, each, number_of
from adapters.register.notices import LEASE
from adapters.tables import ledger, notices

# Facts that owe a notice under a key that can be told from the fact itself: kind of fact to last part of the key.
OWED = {"sent": "launched", "overdue": "overdue"}
PIECE = 500


async def notified(connection: AsyncConnection, ground: Ground) -> Found:
    """A8: the mails' states, the keys, and the notices that launches and missed due instants owe."""
    found = Found("A8")
    found.looked = await number_of(connection, notices)
    await _mails(connection, ground, found)
    await _keys(connection, found)
    await _owed(connection, found)
    return found


async def _mails(connection: AsyncConnection, ground: Ground, found: Found) -> None:
    state, until, limit = notices.c.mail_state, notices.c.claimed_until, ground.ago(LEASE)
    claim_over = sa.and_(state == "claimed", sa.or_(until.is_(None), until < ground.ago(YOUNG)))
    again_over = sa.and_(state == "waiting", until < limit)
    never = sa.and_(state == "waiting", until.is_(None), notices.c.recorded_at < limit)
    stuck = sa.or_(again_over, never) if ground.mails else sa.false()
    no_reason = sa.and_(state == "failed", sa.func.coalesce(notices.c.last_error, "") == "")
    no_time = sa.and_(state == "sent", notices.c.mailed_at.is_(None))
    query = sa.select(notices.c.key, state, notices.c.tries, notices.c.last_error).where(
        sa.or_(claim_over, stuck, no_reason, no_time)
    )
    words = {"claimed": "claim_overdue", "waiting": "mail_stuck", "failed": "failed_without_reason"}
    async for row in each(connection, query.order_by(notices.c.number)):
        told = {"tries": row.tries, "why": row.last_error or ""}
        found.add(words.get(row.mail_state, "sent_without_time"), row.key, **told)


async def _keys(connection: AsyncConnection, found: Found) -> None:
    """Each key once, and within its own consultation."""
    twice = sa.select(notices.c.key).group_by(notices.c.key).having(sa.func.count() > 1)
    found.add_all("notice_twice", [key async for (key,) in each(connection, twice)])
    own = sa.func.substr(notices.c.key, 1, sa.func.length(notices.c.consultation) + 1) == notices.c.consultation + "/"
    strange = sa.select(notices.c.key).where(sa.not_(own))
    found.add_all("notice_of_another", [key async for (key,) in each(connection, strange)])


async def _owed(connection: AsyncConnection, found: Found) -> None:
    """Nobody was asked or held overdue without being told."""
    query = sa.select(ledger.c.consultation, ledger.c.agency, ledger.c.kind, ledger.c.data)
    piece: list[str] = []
    async for row in each(connection, query.where(ledger.c.kind.in_(OWED))):
        piece.append(_key(row))
        if len(piece) == PIECE:
            found.add_all("notice_missing", await _missing(connection, piece))
            piece.clear()
    found.add_all("notice_missing", await _missing(connection, piece))


def _key(row: Any) -> str:
    return f"{row.consultation}/{row.agency}/{row.data.get('round')}/{OWED[row.kind]}"


async def _missing(connection: AsyncConnection, keys: Sequence[str]) -> list[str]:
    known = dict.fromkeys(await connection.scalars(sa.select(notices.c.key).where(notices.c.key.in_(keys))))
    return [key for key in keys if key not in known]
