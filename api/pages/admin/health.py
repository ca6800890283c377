"""The health page: does everything run, what waits, what did not arrive; and having it tried again."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, JSONResponse, Response

from adapters.register.queries_undeliverable import Kind
from api.pages.admin.vitals import SESSIONS, health, versions
from api.pages.forms import key_of
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes import undeliverable
from api.routes.common import Cursor, PlainId

router = APIRouter(prefix="/suc-khoe")
SHOWN = 50


@router.get("")
async def health_page(page: SignedInPage, cursor: Cursor = None) -> HTMLResponse:
    """Everything at once; the page asks for its figures again every fifteen seconds."""
    return await _shown(page, cursor)


@router.get("/so-lieu")
async def figures(page: SignedInPage) -> HTMLResponse:
    """The figures alone, for the page that shows them already."""
    page.require(Action.READ_UNDELIVERABLE)
    return await page.show("admin/figures.html", **await _figures(page))


async def _figures(page: Page) -> dict[str, Any]:
    found = await health(page.services)
    size = found.vitals.bytes if found.vitals else 0
    return {"health": found, "most": SESSIONS, "megabytes": f"{size / 1e6:.1f}".replace(".", ",")}


async def _shown(page: Page, cursor: str | None = None, problem: dict[str, Any] | None = None) -> HTMLResponse:
    page.require(Action.READ_UNDELIVERABLE)
    found = await undeliverable.list_them(page, cursor, SHOWN)
    context = {
        **await _figures(page),
        "versions": versions(page.services),
        "items": found.items,
        "next": found.next,
        "problem": problem,
    }
    return await page.show("admin/health.html", int(problem["status"]) if problem else 200, **context)


@router.post("/thu-lai/{kind}/{id}")
async def retry(page: SignedInPage, kind: Annotated[Kind, Path()], id: PlainId) -> Response:
    """Put it back among what waits."""
    form = await page.form()
    outcome = await page.carry_out(_retry(page, kind, id, key_of(form)))
    if outcome.refused:
        return await _shown(page, problem=outcome.body)
    return page.after(outcome, "/quan-tri/suc-khoe")


async def _retry(page: Page, kind: Kind, id: str, key: str | None) -> JSONResponse:
    return await undeliverable.retry(page, kind, id, key)
