"""Việc cần làm: the first page of everybody, by due instant, overdue and today's on top."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.duties import PREPARES, Task, tasks
from api.pages.page import SignedInPage
from api.pages.words import Urgency, Words

router = APIRouter()

GROUPS = (Urgency.OVERDUE, Urgency.TODAY, Urgency.WEEK, Urgency.LATER, Urgency.NONE)


@router.get("/")
async def todo(page: SignedInPage) -> HTMLResponse:
    """What this person must do now."""
    found = await tasks(page)
    agency = page.subject.agency
    writes = agency is not None and any(role in PREPARES for role in page.subject.roles)
    begun = await page.services.compositions.of_agency(agency or "", "launch", limit=20) if writes else ()
    return await page.show("todo.html", groups=grouped(found, await page.words()), count=len(found), begun=begun)


def grouped(found: Sequence[Task], words: Words) -> tuple[tuple[Urgency, tuple[Task, ...]], ...]:
    """The tasks by urgency, groups without any left out."""
    by = ((urgency, tuple(t for t in found if words.urgency(t.due_at) is urgency)) for urgency in GROUPS)
    return tuple((urgency, some) for urgency, some in by if some)
