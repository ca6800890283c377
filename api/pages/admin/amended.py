"""One amendment on one page: what it says, who entered it and why, taking it back, confirming it where something runs.

Running consultations are shown by id, agency and field only: an administrator reads none of them.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, JSONResponse, Response

from api.bodies.amendments import ConfirmationBody, RevocationBody
from api.errors import Problem
from api.pages.admin.common import may
from api.pages.admin.weighing import replaced
from api.pages.forms import fields_of, key_of, tree
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes import amendments
from api.views.amendments import CONFIRMS, AmendmentView, ConfirmedAllView, PreviewView, amendment_view
from domain.amendments import Amendment
from domain.refusals import Code

router = APIRouter(prefix="/muc")
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
# As many as one act of confirming takes.
AT_ONCE = 100
# Where the amendments of a kind are entered and listed.
HOMES = {"calendar_day": "/quan-tri/lich", "absence": "/quan-tri/lanh-dao", "delegation": "/quan-tri/uy-quyen"}


@router.get("/{number}")
async def amendment(page: SignedInPage, number: Number) -> HTMLResponse:
    """The amendment, or the revocation, of that number."""
    return await _shown(page, number)


async def _shown(
    page: Page,
    number: int,
    problem: dict[str, Any] | None = None,
    typed: dict[str, Any] | None = None,
    results: ConfirmedAllView | None = None,
) -> HTMLResponse:
    page.require(Action.READ_AMENDMENTS)
    rows = await page.services.amendments.all()
    view, about = _find(page, number, rows)
    admin = may(page, Action.AMEND)
    actor = await page.services.accounts.find(view.actor)
    context = {
        "it": view,
        "about": about,
        "actor": actor.full_name if actor else view.actor,
        "newer": replaced(rows).get(number),
        "home": HOMES[view.kind],
        "pending": await _pending(page, view) if admin else None,
        "at_once": AT_ONCE,
        "admin": admin,
        "results": results,
        "typed": typed or {},
        "problem": problem,
    }
    return await page.show("admin/amendment.html", int(problem["status"]) if problem else 200, **context)


def _find(page: Page, number: int, rows: tuple[Amendment, ...]) -> tuple[AmendmentView, AmendmentView]:
    """The row of that number, and the one that carries the words: itself, or the one it takes back."""
    by_number = {row.number: row for row in rows}
    if number not in by_number:
        raise Problem(Code.NOT_FOUND)
    row = by_number[number]
    views = (amendment_view(page.services, one, rows) for one in (row, by_number[row.revokes or number]))
    view, about = views
    return view, about


async def _pending(page: Page, view: AmendmentView) -> PreviewView | None:
    """What confirming would still change; None where nothing is confirmed, or the row no longer says anything."""
    if not CONFIRMS[view.kind] or view.revoked_by is not None:
        return None
    return await amendments.pending(page, view.number)


@router.post("/{number}/thu-hoi")
async def revoke(page: SignedInPage, number: Number) -> Response:
    """Take it back; the revocation's own page says what it changes where something runs."""
    form = await page.form()
    typed = tree(fields_of(form), blanks=True)

    async def act() -> JSONResponse:
        body = RevocationBody.model_validate(tree(fields_of(form)))
        return await amendments.revoke(page, number, body, key_of(form))

    outcome = await page.carry_out(act())
    if outcome.refused:
        return await _shown(page, number, outcome.body, {"revoke": typed})
    return page.after(outcome, f"/quan-tri/muc/{outcome.body['amendment']['number']}")


@router.post("/{number}/xac-nhan")
async def confirm(page: SignedInPage, number: Number) -> Response:
    """Confirm for the chosen consultations; each is an act of its own, and has its own line in the answer."""
    form = await page.form()
    typed = tree(fields_of(form), blanks=True)

    async def act() -> JSONResponse:
        body = ConfirmationBody.model_validate({"consultations": [], **tree(fields_of(form))})
        done = await amendments.confirmation(page, number, body, key_of(form))
        return JSONResponse(done.model_dump(mode="json"))

    outcome = await page.carry_out(act())
    if outcome.refused:
        return await _shown(page, number, outcome.body, {"confirm": typed})
    return await _shown(page, number, results=ConfirmedAllView.model_validate(outcome.body))
