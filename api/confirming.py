"""Today's calendar or leaders for a consultation that runs: what confirming would change, and the act of confirming.

One way for one consultation and for many. The engine decides; a due instant moves later or not at all.
"""

from collections.abc import Sequence
from datetime import date, datetime

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from adapters.register.contents import Content
from adapters.register.queries_consultations import consultation as find_consultation
from api.errors import Problem
from api.front import Front
from domain.calendar import Calendar
from domain.clock import VIETNAM
from domain.commands import ChangeTerms
from domain.refusals import Code
from domain.rulebook import Rulebook
from domain.terms import LeaderTable, Terms


def calendar_for(terms: Terms, rulebook: Rulebook, now: datetime) -> Calendar:
    """The calendar that would take the place of the consultation's own: its years, and those up to the next one."""
    years = (*terms.calendar.years, now.year + 1)
    return rulebook.calendar.between(min(years), max(years))


def leaders_for(field: str, opened_at: datetime | None, rulebook: Rulebook, now: datetime) -> LeaderTable:
    """The table that would take the place of the consultation's own, from its first day on."""
    return rulebook.directory.leader_table(field, _since(opened_at, now))


def _since(opened_at: datetime | None, now: datetime) -> date:
    return min(now, opened_at or now).astimezone(VIETNAM).date()


async def confirm(
    front: Front,
    id: str,
    what: Sequence[str],
    body: BaseModel,
    *,
    key: str | None,
    words: Content | None = None,
) -> JSONResponse:
    """Confirm `calendar`, `leaders` or both for one consultation; an act under its receipt. Refuses `not_found`."""
    row = await find_consultation(front.services.database, id)
    if row is None:
        raise Problem(Code.NOT_FOUND)
    state = await front.state(id)
    rulebook, now = front.services.rulebook, await front.services.now()
    calendar = calendar_for(state.terms, rulebook, now) if "calendar" in what else None
    leaders = leaders_for(row.field, state.opened_at, rulebook, now) if "leaders" in what else None
    return await front.act(
        id,
        body,
        "terms",
        lambda base: ChangeTerms(**base, calendar=calendar, leaders=leaders),
        key=key,
        words=words,
    )
