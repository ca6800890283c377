"""Hướng dẫn: what each role does here, and good and bad replies beside each other, judged by the check in use."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.bodies.tools import AssessmentBody
from api.pages.page import AnyPage, show_anybody
from api.pages.signing import ServicesOf
from api.policy import Role
from api.routes.tools import AssessmentView, assessment_of
from api.services import Services
from domain.base import Frozen

router = APIRouter(prefix="/huong-dan")

# Each has a subject, a question, a bad and a good reply under `guide.examples`.
EXAMPLES = (
    ("generic", "agree", "agree"),
    ("hedged", "agree", "agree"),
    ("deferring", "agree", "disagree"),
    ("no_reason", "disagree", "disagree"),
    ("no_amendment", "agree_with_amendments", "agree_with_amendments"),
    ("unanswered", "agree", "agree"),
)


class Judged(Frozen):
    """One reply with what the check says of it."""

    position: str
    text: str
    verdict: AssessmentView


class Example(Frozen):
    """One question with a bad and a good reply."""

    key: str
    subject: str
    question: str
    bad: Judged
    good: Judged


@router.get("")
async def guide(request: Request, services: ServicesOf, page: AnyPage) -> HTMLResponse:
    """The one page."""
    judged = examples(services)
    return await show_anybody(request, services, page, "tools/help.html", examples=judged, roles_told=tuple(Role))


def examples(services: Services) -> tuple[Example, ...]:
    """The examples, judged once for each version of the check."""
    known = _KEPT.get(services.instrument.version)
    if known is None:
        known = tuple(_example(services, *one) for one in EXAMPLES)
        _KEPT.clear()
        _KEPT[services.instrument.version] = known
    return known


_KEPT: dict[str, tuple[Example, ...]] = {}


def _example(services: Services, key: str, bad: str, good: str) -> Example:
    say = services.messages.text
    subject, question = say(f"guide.examples.{key}.subject"), say(f"guide.examples.{key}.question")

    def judged(which: str, position: str) -> Judged:
        text = say(f"guide.examples.{key}.{which}")
        body = {"position": position, "subject": subject, "questions": [question], "text": text}
        return Judged(
            position=position, text=text, verdict=assessment_of(services, AssessmentBody.model_validate(body))
        )

    return Example(key=key, subject=subject, question=question, bad=judged("bad", bad), good=judged("good", good))
