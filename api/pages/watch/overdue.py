"""Theo dõi: the counts and what is overdue, with filters; the Office ticks, sees what will happen, and urges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import FormData

from adapters.register.queries_overdue import OverdueRow, due_counts, overdue_page
from adapters.register.queries_wall import chosen
from adapters.register.viewing import EVERYTHING, Viewer
from api.bodies.urging import MOST_AT_ONCE, UrgingsBody
from api.pages.choosing import agencies, fields
from api.pages.forms import key_of
from api.pages.page import Page, SignedInPage
from api.policy import Action, Role
from api.routes import urging
from api.routes.common import CodeFilter, Cursor
from domain.deadline import closing, day_in_vietnam

router = APIRouter(prefix="/theo-doi")
SIZES = (50, 100)
Size = Annotated[int, Query(alias="so-dong")]
FILTERS = ("agency", "lead", "field")


@router.get("")
async def overdue(
    page: SignedInPage,
    agency: CodeFilter = None,
    lead: CodeFilter = None,
    field: CodeFilter = None,
    cursor: Cursor = None,
    size: Size = SIZES[0],
) -> HTMLResponse:
    """What is overdue, the longest first, and the counts under the same filters."""
    page.require(Action.FOLLOW)
    services, viewer = page.services, seeing(page)
    now = await services.now()
    wanted = {"agency": agency, "lead": lead, "field": field}
    size = size if size in SIZES else SIZES[0]
    found = await overdue_page(services.database, viewer, now=now, cursor=cursor, limit=size, **wanted)
    today_ends = closing(day_in_vietnam(now), None)
    counts = await due_counts(services.database, viewer, now=now, today_ends=today_ends, **wanted)
    return await page.show(
        "watch/overdue.html",
        rows=found.items,
        next=found.next,
        counts=counts,
        wanted=wanted,
        query=urlencode([(name, value) for name, value in wanted.items() if value] + _sized(size)),
        size=size,
        sizes=SIZES,
        agencies=agencies(services, now),
        fields=fields(services),
        urges=Role.OFFICE in page.subject.roles,
        reads=reads(page),
    )


def seeing(page: Page) -> Viewer:
    """Whoever may follow sees what is owed in the whole province; what a consultation says is another question."""
    return EVERYTHING if Role.HOME_AFFAIRS in page.subject.roles else page.caller.viewer


def reads(page: Page) -> bool:
    """Whether rows may link to the consultation."""
    return any(role in (Role.OFFICE, Role.INSPECTOR) for role in page.subject.roles)


def _sized(size: int) -> list[tuple[str, str]]:
    return [("so-dong", str(size))] if size != SIZES[0] else []


@router.post("/don-doc")
async def confirm(page: SignedInPage) -> Response:
    """What will happen if these are urged; nothing happens yet."""
    page.require(Action.FOLLOW)
    return await _confirmation(page, await page.form())


@router.post("/don-doc/gui")
async def send(page: SignedInPage) -> Response:
    """Urge them; each item is told by itself. The same form sent twice gets the same answers."""
    form = await page.form()

    async def act() -> JSONResponse:
        items = [{"consultation": id, "agency": agency} for id, agency in places(form)]
        body = UrgingsBody.model_validate({"items": items, "reason": str(form.get("reason") or "")})
        return JSONResponse((await urging.urgings(page, body, key_of(form))).model_dump(mode="json"))

    outcome = await page.carry_out(act())
    if outcome.refused:
        return await _confirmation(page, form, outcome.body)
    items = outcome.body["items"]
    rows = await chosen(page.services.database, places(form), page.caller.viewer)
    named = {f"{row.consultation}|{row.agency}": row for row in rows}
    done = sum(item["outcome"] != "refused" for item in items)
    return await page.show("watch/outcome.html", items=items, named=named, count=done, refused=len(items) - done)


async def _confirmation(page: Page, form: FormData, problem: dict[str, Any] | None = None) -> HTMLResponse:
    rows = await chosen(page.services.database, places(form), page.caller.viewer)
    now = await page.services.now()
    return await page.show(
        "watch/confirm.html",
        problem["status"] if problem else 200,
        rows=[(row, urged_by_office(row), again_today(row, now)) for row in rows],
        reason=str(form.get("reason") or ""),
        most=MOST_AT_ONCE,
        problem=problem,
        back=back_of(form),
    )


def places(form: FormData) -> list[tuple[str, str]]:
    """The ticked (consultation, agency) pairs, each once, at most so many as one list may hold."""
    ticked = (str(value).partition("|") for value in form.getlist("chon"))
    return list(dict.fromkeys((id, agency) for id, _, agency in ticked if id and agency))[:MOST_AT_ONCE]


def back_of(form: FormData) -> str:
    """The list's filters, to come back to."""
    query = str(form.get("_loc") or "")
    return f"/theo-doi?{query}" if query and query.isascii() and query.isprintable() else "/theo-doi"


def urged_by_office(row: OverdueRow) -> int:
    """How often the Office has urged already."""
    return next((one.times for one in row.urged if one.side == "office"), 0)


def again_today(row: OverdueRow, now: datetime) -> bool:
    """Whether the Office urged today already; the domain, which knows the calendar, has the last word."""
    last: Sequence[datetime] = [one.last_at for one in row.urged if one.side == "office"]
    return bool(last) and day_in_vietnam(last[0]) == day_in_vietnam(now)
