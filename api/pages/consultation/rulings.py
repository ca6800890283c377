"""The lead's rulings on one agency's part, and urging it: the forms of the agency's page, handed to the routes."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from api.bodies.ruling import RulingBody
from api.bodies.urging import UrgingBody
from api.pages.consultation.ask import show
from api.pages.consultation.reading import BASE, Typed
from api.pages.forms import Tree, fields_of, key_of, tree
from api.pages.page import SignedInPage
from api.routes import ruling, urging
from api.routes.common import AgencyCode, ConsultationId

router = APIRouter(prefix=BASE + "/{id}/co-quan/{agency}")
# A box of the form that is no member of the body: whether the pointed agency is asked at all.
ASKED_ANEW = "hoi"


@router.post("/xu-ly")
async def rule(page: SignedInPage, id: ConsultationId, agency: AgencyCode) -> Response:
    """One ruling."""
    form = await page.form()
    fields = fields_of(form)
    body = tree(fields)

    async def ruled() -> JSONResponse:
        return await ruling.ruling(page, id, agency, RulingBody.model_validate(ruling_of(body)), key_of(form))

    outcome = await page.carry_out(ruled())
    if outcome.refused:
        typed = Typed(str(body.get("ruling", "")), tree(fields, blanks=True), outcome.body)
        return await show(page, id, agency, to=_named(body), typed=typed)
    return page.after(outcome, f"{BASE}/{id}/co-quan/{agency}")


def ruling_of(body: Tree) -> Tree:
    """The fields as the route takes them: without the box, and without a new ask where none is wanted."""
    wanted = body.get(ASKED_ANEW, "1") == "1"
    return {name: value for name, value in body.items() if name != ASKED_ANEW and (wanted or name != "reroute")}


def _named(body: Tree) -> str | None:
    reroute = body.get("reroute")
    found = reroute.get("agency") if isinstance(reroute, dict) else None
    return found if isinstance(found, str) else None


@router.post("/don-doc")
async def urge(page: SignedInPage, id: ConsultationId, agency: AgencyCode) -> Response:
    """The lead or the Office urges the agency."""
    form = await page.form()
    fields = fields_of(form)

    async def urged() -> JSONResponse:
        return await urging.urging(page, id, agency, UrgingBody.model_validate(tree(fields)), key_of(form))

    outcome = await page.carry_out(urged())
    if outcome.refused:
        return await show(page, id, agency, typed=Typed("urge", tree(fields, blanks=True), outcome.body))
    return page.after(outcome, f"{BASE}/{id}/co-quan/{agency}")
