"""Amendments at the edge: may this one be entered, what would it change where something runs, and confirming it there.

The sums are the domain's, the decisions the engine's.
"""

import asyncio
import json
from datetime import datetime, time
from typing import Any, Literal

from adapters.database import RegisterUnavailable
from adapters.register.contents import content_of
from adapters.register.queries_running import MOST, Running, running_after, running_in
from api.bodies.amendments import ConfirmationBody
from api.confirming import calendar_for, confirm, leaders_for
from api.errors import Problem, document, of_refused
from api.front import Front
from api.services import Services
from api.views.amendments import (
    CONFIRMS,
    ConcernedView,
    ConfirmedView,
    PreviewView,
    concerned_view,
    preview_view,
)
from domain.amendments import Amendment, Change, Kind, require_sound
from domain.calendar import DayNotice
from domain.clock import VIETNAM
from domain.directory import Delegation
from domain.foreseen import changed_charge, moves
from domain.refusals import Code, Refused
from domain.rulebook import Rulebook
from domain.terms import Absence

# Confirmations under way at once for one caller: the engine has others to serve.
ABREAST = 4


async def require(services: Services, change: Change) -> None:
    """Refuse what the rules in force, or the accounts, do not bear out. See `require_sound`; `officer_unknown`."""
    rulebook = await services.rules_in_force()
    require_sound(change, rulebook.calendar, rulebook.directory)
    if isinstance(change, Delegation):
        found = await services.accounts.find(change.officer)
        if found is None or found.disabled or found.agency != change.agency:
            raise Refused(Code.OFFICER_UNKNOWN, officer=change.officer, agency=change.agency)


async def foreseen(services: Services, kind: Kind, change: Change, rulebook: Rulebook) -> PreviewView:
    """What confirming these rules would change in running consultations that the change concerns."""
    now = await services.now()
    if isinstance(change, DayNotice):
        items, more = await _moved(services, change, rulebook, now)
    elif isinstance(change, Absence):
        items, more = await _led(services, change, rulebook, now)
    else:
        items, more = (), False
    return preview_view(services, kind, items, more)


async def _moved(
    services: Services, day: DayNotice, rulebook: Rulebook, now: datetime
) -> tuple[tuple[ConcernedView, ...], bool]:
    """A day can move only what is due after it has begun."""
    found = await running_after(services.database, datetime.combine(day.date, time(), VIETNAM), MOST + 1)

    def weigh() -> tuple[ConcernedView, ...]:
        weighed = ((one, moves(one.asks, one.terms, calendar_for(one.terms, rulebook, now))) for one in found[:MOST])
        return tuple(concerned_view(services, one, moved) for one, moved in weighed if moved)

    # Hundreds of consultations are a second's work, which nobody else should wait for.
    return await asyncio.to_thread(weigh), len(found) > MOST


async def _led(
    services: Services, absence: Absence, rulebook: Rulebook, now: datetime
) -> tuple[tuple[ConcernedView, ...], bool]:
    """Consultations of the fields the absent leader holds, in which somebody else would be in charge."""
    today = now.astimezone(VIETNAM).date()
    day = max(today, absence.effective_from)
    noon = datetime.combine(day, time(12), VIETNAM)
    tables = ((f.code, rulebook.directory.leader_table(f.code, day).in_charge(noon)) for f in rulebook.directory.fields)
    fields = [code for code, charge in tables if absence.leader in (charge.leader, charge.acting_for)]
    found = await running_in(services.database, fields, MOST + 1)

    def item(one: Running) -> ConcernedView | None:
        table = leaders_for(one.field, one.opened_at, rulebook, now)
        charge = changed_charge(one.terms.leaders, table, absence, today)
        return concerned_view(services, one, (), charge) if charge else None

    return tuple(view for view in map(item, found[:MOST]) if view), len(found) > MOST


async def confirm_all(
    front: Front, amendment: Amendment, body: ConfirmationBody, key: str | None
) -> tuple[ConfirmedView, ...]:
    """The act for each consultation, some at once; what stands in one's way is that one's outcome."""
    turn = asyncio.Semaphore(ABREAST)

    async def one(id: str) -> ConfirmedView:
        async with turn:
            return await _confirm_one(front, amendment, body, id, f"{key}/{id}" if key else None)

    return tuple(await asyncio.gather(*(one(id) for id in dict.fromkeys(body.consultations))))


async def _confirm_one(
    front: Front, amendment: Amendment, body: ConfirmationBody, id: str, key: str | None
) -> ConfirmedView:
    what = CONFIRMS[amendment.kind]
    words = {"kind": "terms", "confirm": list(what), "reason": body.reason, "amendment": amendment.number}
    try:
        answered = await confirm(front, id, what, body, key=key, words=content_of(words))
    except Refused as refused:
        return _not_done(front.services, id, of_refused(refused))
    except Problem as problem:
        return _not_done(front.services, id, problem)
    except RegisterUnavailable:
        return _not_done(front.services, id, Problem(Code.UNAVAILABLE))
    return _answered(front.services, id, answered.status_code, json.loads(bytes(answered.body)))


def _not_done(services: Services, id: str, problem: Problem) -> ConfirmedView:
    return _answered(services, id, problem.status, document(problem, services))


def _answered(services: Services, id: str, status: int, body: dict[str, Any]) -> ConfirmedView:
    """The act's own answer, in one line."""
    outcome: Literal["done", "queued", "refused"] = "queued" if status == 202 else "done"
    extended = list((body.get("decision") or {}).get("kinds", ())).count("due_extended")
    said = services.messages.text("api.amendments.confirmed", extended=extended)
    return ConfirmedView(
        consultation=id,
        outcome=outcome if status < 400 else "refused",
        status=status,
        receipt=body.get("receipt"),
        extended=extended,
        code=str(body["type"]).rpartition(":")[2] if status >= 400 else None,
        detail=said if status == 200 else str(body.get("detail") or ""),
    )
