"""A consultation's own page: what it is, how far it is, what waits for whom, and the acts on the whole of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.errors import document
from api.pages.consultation.narrowing import Wanted, WantedAsks, some
from api.pages.consultation.reading import Reading, Typed, prepared, read
from api.pages.consultation.waiting import waiting
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.previewing import timeline
from api.routes.common import ConsultationId
from api.routes.lifecycle import gate_again
from domain.obstacles import obstacles
from domain.refusals import Refused
from domain.state import Ask, Roll
from domain.synthesis import totals

router = APIRouter()


@router.get("/lay-y-kien/{id}")
async def overview(page: SignedInPage, id: ConsultationId, wish: WantedAsks) -> HTMLResponse:
    """The consultation's own page."""
    return await show(page, id, wish)


async def show(page: Page, id: str, wish: Wanted | None = None, typed: Typed | None = None) -> HTMLResponse:
    """The page; after a refusal with what was typed still in its form."""
    reading = await read(page, id)
    wish = wish or Wanted()
    shown = some(page.services, reading.asks(), wish, reading.now)
    others = reading.others()
    return await page.show(
        "consultation/overview.html",
        typed.status if typed else 200,
        **reading.context("overview")
        | {
            "typed": typed,
            "wish": wish,
            "some": shown,
            "others": others[: 4 * len(shown.asks) + 200],
            "others_count": len(others),
            "state": reading.state,
            "settled": len(reading.state.asks) - reading.state.roll.unsettled,
            "totals": totals(reading.state) if reading.whole else None,
            "waits": waiting(reading.state, reading.now) if reading.whole else (),
            "silence": _silence(reading),
            **await _preparing(reading, shown.asks),
            **_ending(reading),
        },
    )


def _silence(reading: Reading) -> str:
    """What silence leads to under the rule, in the rule data's own words."""
    code = reading.state.terms.rule.silence
    found = next((effect for effect in reading.page.services.rulebook.silences if effect.code == code), None)
    return found.explanation if found else ""


async def _preparing(reading: Reading, asks: Sequence[Ask]) -> dict[str, Any]:
    """Before the sending: what the gate says today, who still needs an exception, and when answers would be due."""
    if not prepared(reading) or not reading.whole:
        return {"findings": None, "unrelated": (), "ahead": {}}
    problem = await gate_again(reading.page, reading.state, reading.now)
    unrelated = [ask for ask in reading.state.asks.values() if ask.needs_exception and not ask.exception_by]
    findings: list[dict[str, Any]] = []
    if problem:
        told = document(problem, reading.page.services)
        findings = told.get("findings") or [told]
    return {"findings": findings, "unrelated": unrelated, "ahead": _ahead(reading, asks)}


def _ahead(reading: Reading, asks: Sequence[Ask]) -> dict[str, datetime]:
    """When each answer would be due, sent now; nothing where the calendar does not reach."""
    few = reading.state.model_copy(update={"asks": Roll({ask.agency: ask for ask in asks})})
    try:
        return {one.agency: one.due_at for one in timeline(few, reading.now, {})}
    except Refused:
        return {}


def _ending(reading: Reading) -> dict[str, Any]:
    """What stands in the way of closing, for whoever may read it."""
    shown = reading.running and reading.whole
    remarks = reading.may(Action.READ_OPINIONS)
    return {"obstacles": obstacles(reading.state) if shown and remarks else None}
