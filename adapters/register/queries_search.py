"""The search over all consultations a reader may see: number, subject, text, agencies; the nearest first.

What may be searched is what may be read: the questions put to others are looked through only for those who may read
every part of a consultation.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any

import sqlalchemy as sa

from adapters.database import Database
from adapters.register.paging import Page, bounded, decode, encode
from adapters.register.queries_consultations import COLUMNS, ConsultationHead
from adapters.register.viewing import OF_AGENCY, Viewer, visible
from adapters.tables import asks, consultations, search_texts
from domain.base import Frozen

MOST_WORDS = 8


class Why(IntEnum):
    """Why a consultation was found, the nearest first."""

    NUMBER = 0
    NUMBER_START = 1
    SUBJECT_START = 2
    SUBJECT = 3
    PHRASE = 4
    TEXT = 5
    AGENCY = 6


class Sought(Frozen):
    """What is looked for. `words`: folded, all of them must occur; `agencies`: codes whose names the query names.

    `rest`: the words without an agency's name, where the query says both.
    """

    words: tuple[str, ...]
    agencies: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


class Hit(ConsultationHead):
    """A consultation that was found, and why."""

    why: Why


async def search(
    db: Database, viewer: Viewer, sought: Sought, *, cursor: str | None = None, limit: int = 20
) -> Page[Hit]:
    """What the viewer may see and the words are found in; one statement. Nothing for no words.

    Refuses `body_invalid` for a cursor that is none of ours.
    """
    if not sought.words:
        return Page(items=())
    why = _why(sought, _reads_all(viewer)).label("why")
    joined = consultations.join(search_texts, search_texts.c.consultation == consultations.c.id)
    ranked = sa.select(*COLUMNS, why).select_from(joined).where(visible(viewer)).subquery()
    query = sa.select(ranked).where(ranked.c.why.is_not(None))
    if cursor:
        query = query.where(_after(ranked, *decode(cursor, int, datetime, str)))
    size = bounded(limit)
    query = query.order_by(ranked.c.why, ranked.c.prepared_at.desc(), ranked.c.id.desc()).limit(size + 1)
    async with db.read() as connection:
        rows: Sequence[Any] = (await connection.execute(query)).all()
    last = rows[size - 1] if len(rows) > size else None
    following = encode(last.why, last.prepared_at, last.id) if last else None
    return Page(items=tuple(Hit.model_validate(row._asdict()) for row in rows[:size]), next=following)


def _after(ranked: sa.Subquery, why: int, prepared_at: datetime, id: str) -> sa.ColumnElement[bool]:
    """The rows that follow; the newest come first among equals."""
    c = ranked.c
    earlier = sa.or_(c.prepared_at < prepared_at, sa.and_(c.prepared_at == prepared_at, c.id < id))
    return sa.or_(c.why > why, sa.and_(c.why == why, earlier))


def _why(sought: Sought, reads_all: sa.ColumnElement[bool]) -> sa.ColumnElement[int | None]:
    """The nearest reason, NULL for none; the long texts are looked at last."""
    words, s, t = sought.words[:MOST_WORDS], consultations.c.search, search_texts.c
    phrase = " ".join(words)
    reasons: list[Any] = [
        (sa.or_(t.number == f" {phrase} ", consultations.c.id == phrase), int(Why.NUMBER)),
        (
            sa.or_(_begins(t.number, f" {phrase}"), _all(t.number, [f" {word} " for word in words])),
            int(Why.NUMBER_START),
        ),
        (_begins(s, phrase), int(Why.SUBJECT_START)),
        (_all(s, words), int(Why.SUBJECT)),
        (_in_texts(words, reads_all), _phrase_first(phrase, reads_all)),
    ]
    if sought.agencies:
        named = sa.or_(consultations.c.lead.in_(sought.agencies), consultations.c.id.in_(_asked(sought.agencies)))
        also = sa.or_(_all(s, sought.rest), _in_texts(sought.rest, reads_all)) if sought.rest else sa.true()
        reasons.append((sa.and_(named, also), int(Why.AGENCY)))
    return sa.case(*reasons, else_=sa.null())


def _phrase_first(phrase: str, reads_all: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Of the texts that hold every word, those in which the words stand together; the others are not asked."""
    return sa.case((_in_texts([phrase], reads_all), int(Why.PHRASE)), else_=int(Why.TEXT))


def _in_texts(words: Sequence[str], reads_all: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Every word in subject, text or, where the reader may read them, questions."""
    t = search_texts.c
    places = [
        sa.or_(_holds(consultations.c.search, w), _holds(t.text, w), sa.and_(reads_all, _holds(t.questions, w)))
        for w in words
    ]
    return sa.and_(*places)


def _all(column: sa.ColumnElement[str], words: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.and_(*(_holds(column, word) for word in words))


def _holds(column: sa.ColumnElement[str], word: str) -> sa.ColumnElement[bool]:
    """Plain LIKE on both; `autoescape` is not needed for folded words, which are letters and digits."""
    return column.contains(word)


def _begins(column: sa.ColumnElement[str], phrase: str) -> sa.ColumnElement[bool]:
    return column.startswith(phrase)


def _asked(agencies: Sequence[str]) -> sa.Select[tuple[str]]:
    return sa.select(asks.c.consultation).where(asks.c.agency.in_(agencies), asks.c.sent_at.is_not(None))


def _reads_all(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Whether the reader may read every part: watchers, leaders in charge, and the lead itself."""
    watches = visible(viewer.model_copy(update={"agency": None}))
    leads = viewer.agency and any(role in OF_AGENCY for role in viewer.roles)
    return sa.or_(watches, consultations.c.lead == viewer.agency) if leads else watches
