"""A receipt: its number, the second, the hash, what became of it and, for a reply, in time or late and why.

The receipt route says who may see it; opening the page again, a double click or the way back show the same receipt.
"""

from datetime import datetime
from typing import Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from adapters.register.queries_state import state as find_state
from api.errors import Problem
from api.front import Found
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes import notices
from api.routes.common import PlainId
from api.routes.notices import ReceiptView
from domain.clock import VIETNAM
from domain.deadline import is_late
from domain.state import Ask, Reply
from domain.terms import Terms
from domain.timing import due_of

router = APIRouter(prefix="/bien-nhan")


class Timeliness(NamedTuple):
    """Whether a reply came in time. `why`: key of the sentence; `due_at`: against which instant, where that is sure."""

    late: bool
    why: str
    days: int
    clear: bool
    counted_at: datetime
    due_at: datetime | None


class About(NamedTuple):
    """What a receipt is about, for those who may see it; `path`: where they follow it."""

    subject: str
    number: str
    path: str
    found: Found


@router.get("/{id}")
async def receipt(page: SignedInPage, id: PlainId) -> HTMLResponse:
    """The receipt; as long as it waits for its decision the page looks again by itself."""
    view = await notices.receipt(page, id)
    about = await _about(page, view)
    actor = await page.services.accounts.find(view.actor)
    return await page.show(
        "receipt.html",
        it=view,
        about=about,
        actor=actor.full_name if actor else view.actor,
        timely=await _timeliness(page, view, about),
        verb=view.verb if (await page.words()).has(f"receipt.verb.{view.verb}") else "other",
        problem=view.answer if view.state == "refused" else None,
        back=_back(view, about),
    )


async def _about(page: Page, view: ReceiptView) -> About | None:
    """The consultation, if the reader may still see it."""
    if not view.consultation:
        return None
    try:
        found = await page.find(view.consultation, Action.SEE)
    except Problem:
        return None
    room = "duoc-hoi" if found.own and found.row.lead != page.subject.agency else "lay-y-kien"
    return About(found.row.subject, found.row.doc_number, f"/{room}/{view.consultation}", found)


async def _timeliness(page: Page, view: ReceiptView, about: About | None) -> Timeliness | None:
    """The verdict on the reply that came under this receipt; None for anything else."""
    if view.verb != "reply" or view.state != "done" or about is None or about.found.own is None:
        return None
    ask = about.found.own
    reply = next((one for one in ask.replies if one.receipt == view.id), None)
    state = await find_state(page.services.database, view.consultation)
    if reply is None or state is None:
        return None
    due_at = _judged_by(ask, reply, state.terms, view.answer or {})
    if reply.late:
        why = "late"
    elif due_at is not None and is_late(due_at, reply.received_at):
        why = "corrects"
    else:
        why = "on_time" if due_at else "no_due"
    return Timeliness(reply.late, why, reply.days_late, reply.verdict.clear, reply.received_at, due_at)


def _judged_by(ask: Ask, reply: Reply, terms: Terms, answer: dict[str, Any]) -> datetime | None:
    """The due instant the reply was judged by: the answer shows it, unless the reply was returned.

    Then it is computed again from the ask's events; where that contradicts the verdict nothing is claimed.
    """
    then = answer.get("ask") or {}
    if then.get("round") == reply.round and then.get("due_at"):
        return datetime.fromisoformat(then["due_at"]).astimezone(VIETNAM)
    due_at = due_of(ask.model_copy(update={"round": reply.round, "returned": None}), terms)
    return due_at if due_at and is_late(due_at, reply.received_at) == reply.late else None


def _back(view: ReceiptView, about: About | None) -> str | None:
    """Where a refused reply can be mended, with its words."""
    if view.state != "refused" or view.verb != "reply" or about is None or about.found.own is None:
        return None
    return f"/duoc-hoi/{view.consultation}/tra-loi?tu={view.id}"
