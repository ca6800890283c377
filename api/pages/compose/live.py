"""The parts of a step that follow the typing: what the gate would say, suggestions, agencies looked for, rule lines.

Each takes the form as it stands in the page and stores nothing.
"""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from adapters.register.compositions import Composition
from api.pages.compose import shown
from api.pages.compose.checking import checked
from api.pages.compose.finding import found
from api.pages.compose.listing import CompositionId
from api.pages.compose.saving import mine, with_known_rule
from api.pages.compose.showing import deadline, lenient, rules
from api.pages.compose.steps import Step, lacking, step_of
from api.pages.compose.written import Written
from api.pages.page import Page, SignedInPage

router = APIRouter(prefix="/soan")


async def _typed(page: Page, id: str, step: Step) -> tuple[Composition, Written]:
    form = await page.form()
    composition = await mine(page, id)
    return composition, lenient(composition, step, form)


@router.post("/{id}/{step}/kiem-tra")
async def look(page: SignedInPage, id: CompositionId, step: Step) -> HTMLResponse:
    """What the gate would say of this step if the form were sent as typed."""
    composition, written = await _typed(page, id, step)
    seen = await checked(page, written)
    told = [one for one in seen.findings if step_of(one.code) is step]
    beside = await deadline(page, written) if step is Step.DEADLINE else {}
    context: dict[str, Any] = {
        "it": composition,
        "written": written,
        "step": step,
        "check": seen,
        "lacking": lacking(seen, step),
    }
    name = "due" if step is Step.DEADLINE else "check"
    return await page.show(f"compose/{name}.html", **context, told=told, **beside)


@router.post("/{id}/{step}/goi-y")
async def advice(page: SignedInPage, id: CompositionId, step: Step) -> HTMLResponse:
    """Who is directly concerned by what is typed, and who asked about the like before."""
    composition, written = await _typed(page, id, step)
    advised = await shown.advised(page, written)
    return await page.show("compose/advice.html", it=composition, written=written, step=step, advised=advised)


@router.post("/{id}/co-quan/tim")
async def seek(page: SignedInPage, id: CompositionId) -> HTMLResponse:
    """Agencies and functions that fit the words typed into the search field."""
    form = await page.form()
    composition = await mine(page, id)
    query = str(form.get("_tim") or "")[:200]
    day = await page.services.today()
    held = found(page.services.rulebook.directory, query, day, page.subject.agency or "")
    written = lenient(composition, Step.AGENCIES, form)
    return await page.show("compose/found.html", it=composition, written=written, query=query, found=held)


@router.post("/{id}/noi-dung/quy-tac")
async def rule_lines(page: SignedInPage, id: CompositionId) -> HTMLResponse:
    """The rule lines for the kind of draft that was just chosen."""
    composition, typed = await _typed(page, id, Step.CONTENT)
    day = await page.services.today()
    written = with_known_rule(page, typed, day)
    return await page.show("compose/lines.html", it=composition, written=written, **rules(page, written, day))
