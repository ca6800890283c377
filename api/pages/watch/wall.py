"""The wall of the operations room: big type, live, nobody's opinion on it. It asks for itself every few seconds."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from adapters.register.queries_escalations import escalations_page
from adapters.register.queries_overdue import due_counts
from adapters.register.queries_wall import due_next, owing
from adapters.register.viewing import EVERYTHING
from api.pages.page import SignedInPage
from api.policy import Action
from domain.deadline import closing, day_in_vietnam

router = APIRouter(prefix="/theo-doi/man-hinh")
# As many lines as a screen of 1920 x 1080 holds without scrolling.
ROWS = 8
CASES = 4
SOON = timedelta(hours=30)


@router.get("")
async def wall(page: SignedInPage, phan: bool = False) -> HTMLResponse:
    """The wall; `phan`: only the part that lives, for the page that shows it already."""
    page.require(Action.FOLLOW)
    services = page.services
    db, now = services.database, await services.now()
    cases = await escalations_page(db, EVERYTHING, open_only=True, limit=CASES)
    soon = [row for row in await due_next(db, now, ROWS) if row.due_at <= now + SOON]
    return await page.show(
        "watch/live.html" if phan else "watch/wall.html",
        counts=await due_counts(db, EVERYTHING, now=now, today_ends=closing(day_in_vietnam(now), None)),
        owing=await owing(db, now, ROWS),
        soon=soon,
        cases=cases.items,
    )
