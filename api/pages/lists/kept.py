"""Filters a person keeps under a name, for the list of consultations; removing one takes nothing else away."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from api.pages.lists.filtering import clean
from api.pages.page import SignedInPage
from api.policy import Action
from api.routes.common import PlainId

router = APIRouter(prefix="/bo-loc")
PATH = "/lay-y-kien"
LONGEST_NAME = 60


def _back(query: str) -> RedirectResponse:
    return RedirectResponse(f"{PATH}?{query}" if query else PATH, status_code=303)


@router.post("")
async def keep(page: SignedInPage) -> RedirectResponse:
    """Keep the list's filters under a name; a name already kept is moved to them, without a name nothing is kept."""
    page.require(Action.LIST_CONSULTATIONS)
    form = await page.form()
    name = " ".join(str(form.get("name") or "").split())[:LONGEST_NAME]
    query = clean(str(form.get("query") or ""))
    filters, me = page.services.filters, page.subject.account
    if name and query:
        known = [one for one in await filters.of(me, PATH) if one.name == name]
        if not any(one.query == query for one in known):
            await filters.keep(me, PATH, name, query)
            for one in known:
                await filters.remove(me, one.id)
    return _back(query)


@router.post("/{id}/bo")
async def remove(page: SignedInPage, id: PlainId) -> RedirectResponse:
    """Remove one's own filter."""
    page.require(Action.LIST_CONSULTATIONS)
    form = await page.form()
    await page.services.filters.remove(page.subject.account, id)
    return _back(clean(str(form.get("query") or "")))
