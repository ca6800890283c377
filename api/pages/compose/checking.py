"""What the launch route would say of the form now: its dry run, ready for a page. It records and decides nothing."""

import json
from typing import Any

from fastapi.responses import JSONResponse

from api.bodies.launch import LaunchBody
from api.errors import FieldProblem
from api.pages.compose.written import Written, body_of
from api.pages.page import Page
from api.routes import consultations
from api.routes.consultations import Preview
from domain.base import Frozen
from domain.gate import WayOut


class Told(Frozen):
    """One finding of the gate in words, with the agencies that would pass."""

    code: str
    title: str
    detail: str
    way_out: str = ""
    agency: str | None = None
    nearest: tuple[WayOut, ...] = ()


class Checked(Frozen):
    """The dry run's answer. `errors`: what is no body at all yet, so that the gate could not look."""

    findings: tuple[Told, ...] = ()
    errors: tuple[FieldProblem, ...] = ()
    preview: Preview | None = None

    @property
    def passes(self) -> bool:
        """Whether it could be sent now."""
        return self.preview is not None and not self.findings and not self.errors

    def about(self, agency: str) -> tuple[Told, ...]:
        """What is told about one agency."""
        return tuple(told for told in self.findings if told.agency == agency)


async def checked(page: Page, written: Written) -> Checked:
    """The launch route's dry run over the form."""

    async def dry_run() -> JSONResponse:
        body = LaunchBody.model_validate(body_of(written))
        return await consultations.launch(page, body, None, True)

    outcome = await page.carry_out(dry_run())
    unsaid = page.services.messages.text("recorded.no")
    if outcome.refused:
        errors = tuple(FieldProblem(**one) for one in outcome.body.get("errors") or ())
        return Checked(errors=errors, findings=() if errors else (_told(outcome.body, unsaid),))
    preview = Preview.model_validate_json(json.dumps(outcome.body))
    return Checked(findings=tuple(_told(one, unsaid) for one in outcome.body["findings"]), preview=preview)


def _told(problem: dict[str, Any], unsaid: str) -> Told:
    """The problem document without the sentence that nothing was recorded: of a preview everybody knows."""
    return Told(
        code=problem["type"].rpartition(":")[2],
        title=problem["title"],
        detail=problem["detail"].replace(unsaid, "").strip(),
        way_out=problem.get("way_out") or "",
        agency=problem.get("agency"),
        nearest=tuple(WayOut(**way) for way in problem.get("nearest") or ()),
    )
