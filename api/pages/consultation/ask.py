"""One asked agency's part, as lead, leader and Office see it: replies with their checks, rulings, the story.

The agency's own people read it here too, as far as it is theirs; what they do, they do on their own page.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from adapters.register.queries_story import story_of
from api.errors import Problem
from api.pages.consultation.reading import BASE, Reading, Typed, read
from api.pages.consultation.rerouting import rerouting
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes.common import AgencyCode, ConsultationId
from api.views.asks import AskView, AskViews
from api.views.timeline import TimelineItem, items
from domain.awaited import ruling_owed
from domain.clarity.model import Fault
from domain.decide.urging import OWES
from domain.refusals import Code
from domain.rulings import conflicts_to_report, rulings
from domain.state import Ask

router = APIRouter(prefix=BASE + "/{id}/co-quan/{agency}")
# People's words about the machine's, and about each other's.
OVERRULINGS = ("accepted_as_clear", "flagged_unclear", "contested", "decided")
# What an agency asked for, with the words that came with it.
REQUESTS = {"extension": "extension_asked", "dossier": "incomplete_claimed"}


@router.get("")
async def ask(
    page: SignedInPage,
    id: ConsultationId,
    agency: AgencyCode,
    chuyen: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,60}$")] = None,
) -> HTMLResponse:
    """The agency's part. `chuyen`: to which agency its questions might go instead."""
    return await show(page, id, agency, to=chuyen)


async def show(page: Page, id: str, agency: str, *, to: str | None = None, typed: Typed | None = None) -> HTMLResponse:
    """The page; after a refusal with what was typed still in its form."""
    reading = await read(page, id, Action.READ_ASK, agency)
    own = reading.state.asks.get(agency)
    if own is None:
        raise Problem(Code.NOT_FOUND)
    told = await items(page.services, await story_of(page.services.database, id, agency))
    context = {
        "typed": typed,
        "ask": await _view(reading, own),
        "story": told,
        "overrulings": [item for item in told if item.kind in OVERRULINGS],
        "functions": _functions(reading, own),
        "cases": [case for case in reading.state.escalations if agency in case.agencies],
        **_rulings(reading, own, told, to),
    }
    return await page.show("consultation/ask.html", typed.status if typed else 200, **reading.context("") | context)


async def _view(reading: Reading, own: Ask) -> AskView:
    services = reading.page.services
    await services.fetch(reply.content for reply in own.replies)
    return await AskViews(services, reading.state.id, reading.launch, reading.now).view(own)


def _functions(reading: Reading, own: Ask) -> list[str]:
    """The titles of the functions it was asked under; the code where the directory does not know it."""
    found = ((id, reading.page.services.rulebook.directory.find_function(id)) for id in own.functions)
    return [function.title if function else id for id, function in found]


def _rulings(reading: Reading, own: Ask, told: Sequence[TimelineItem], to: str | None) -> dict[str, Any]:
    """What the lead may rule now, and what must be known for it."""
    offered = rulings(reading.state, own) if reading.may(Action.RULE) else ()
    owes = own.stage in OWES and not own.open_pause and reading.running
    return {
        "offered": offered,
        "owed": ruling_owed(own) if reading.running else None,
        "escalates_at": own.escalate_at,
        "pending": own.pending_extension,
        "requests": {name: _last_words(told, kind) for name, kind in REQUESTS.items()},
        "rerouting": rerouting(reading, own, to) if "accept_pointer" in offered else None,
        "disputes": conflicts_to_report(reading.state, own),
        "faults": [str(fault) for fault in Fault],
        "may_urge": owes and reading.may(Action.URGE, own.agency),
    }


def _last_words(told: Sequence[TimelineItem], kind: str) -> str:
    return next((item.words for item in reversed(told) if item.kind == kind), "")
