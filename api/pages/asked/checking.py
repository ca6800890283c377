"""The clarity check while a reply is written: what the check endpoint says, put beside the text. It records nothing."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse

from api.bodies.tools import AssessmentBody
from api.pages.asked.fields import position, positions, typed
from api.pages.asked.ours import Ours
from api.pages.forms import Tree
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes import tools
from api.routes.common import ConsultationId
from api.routes.tools import AssessmentView
from api.stored import LaunchWords
from domain.state import Ask
from domain.text import nfc

router = APIRouter()
MOST_QUESTIONS = 50


async def checked(page: Page, own: Ask, launch: LaunchWords, said: Tree) -> dict[str, Any]:
    """What the check says: `view` where there is something to judge, `problem` where the text cannot be taken."""
    overall = position(said)
    nothing: dict[str, Any] = {"view": None, "problem": None, "text": nfc(said["text"]), "ticked": overall is not None}
    if overall is None or (not any(said[name].strip() for name in ("text", "reason")) and not said["amendments"]):
        return nothing

    async def answer() -> JSONResponse:
        view = await tools.assessments(page, _body(page, own, launch, said, str(overall)))
        return JSONResponse(view.model_dump(mode="json"))

    outcome = await page.carry_out(answer())
    if outcome.refused:
        return {**nothing, "problem": outcome.body}
    return {**nothing, "view": AssessmentView.model_validate(outcome.body)}


def _body(page: Page, own: Ask, launch: LaunchWords, said: Tree, overall: str) -> AssessmentBody:
    """The reply as the check takes it; rows that are not finished yet do not count."""
    subject, ticked = launch.subject, positions(said)
    questions = own.questions[:MOST_QUESTIONS]
    rows = [row for row in said["amendments"] if row["where"].strip() and row["what"].strip()]
    return AssessmentBody.model_validate(
        {
            "position": overall,
            "subject": subject,
            "agency": page.services.agency_name(own.agency),
            "questions": [str(launch.question(own, q).get("text") or subject) for q in questions],
            "answers": [ticked.get(q) for q in questions],
            "amendments": [{name: row[name] for name in ("where", "what", "why")} for row in rows],
            **{name: said[name] for name in ("text", "reason", "basis")},
            "pointer": page.services.agency_name(said["pointer"]["agency"] or None),
        }
    )


async def checked_of(mine: Ours, said: Tree) -> dict[str, Any]:
    """The check of a form of this request."""
    return await checked(mine.page, mine.own, mine.launch, said)


@router.post("/{id}/tra-loi/kiem-tra")
async def check(page: SignedInPage, id: ConsultationId) -> HTMLResponse:
    """The check's part of the page, for a form that is being filled in."""
    form = await page.form()
    found = await page.find(id, Action.REPLY, page.subject.agency)
    launch = await page.services.launch_of(id) or LaunchWords({})
    said = await checked(page, found.own_ask, launch, typed(form))
    return await page.show("asked/check.html", check=said)
