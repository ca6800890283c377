"""Entering an amendment in two steps: first what it would change, then the very same words are saved.

Both steps are the JSON routes'; what was typed stays in the form whatever comes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fastapi.responses import JSONResponse
from starlette.datastructures import FormData

from api.bodies.amendments import AbsenceChangeBody, CalendarDayChangeBody, DelegationChangeBody
from api.pages.forms import fields_of, key_of, tree
from api.pages.page import Outcome, Page
from api.policy import Action
from api.routes import amendments
from api.services import Services
from api.views.amendments import AmendmentView, PreviewView, amendment_view
from domain.amendments import Amendment, Change, Kind, standing
from domain.calendar import DayNotice
from domain.refusals import Code, Refused
from domain.terms import Absence

ChangeBody = CalendarDayChangeBody | AbsenceChangeBody | DelegationChangeBody
BODIES: dict[Kind, type[ChangeBody]] = {
    "calendar_day": CalendarDayChangeBody,
    "absence": AbsenceChangeBody,
    "delegation": DelegationChangeBody,
}
# The button that saves; any other way of sending the form only looks ahead.
STEP, SAVE = "_viec", "luu"
SHOWN = 40


@dataclass(frozen=True)
class Weighed:
    """How far the form has come. `typed`: its fields by name; `pairs`: as they were sent, to be sent once more;
    `view`: what saving them would change; `number`: of the amendment, once it is entered.
    """

    typed: dict[str, Any] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()
    view: PreviewView | None = None
    problem: dict[str, Any] | None = None
    number: int | None = None
    outcome: Outcome | None = None

    @property
    def status(self) -> int:
        """The page's status."""
        return int(self.problem["status"]) if self.problem else 200


async def weigh(page: Page, kind: Kind, form: FormData) -> Weighed:
    """Look ahead or save, as the form's button says."""
    pairs = tuple(fields_of(form))
    typed = tree(pairs, blanks=True)
    if form.get(STEP) == SAVE:
        outcome = await page.carry_out(_enter(page, kind, form))
        if not outcome.refused:
            return Weighed(typed, pairs, number=outcome.body["amendment"]["number"], outcome=outcome)
    else:
        outcome = await page.carry_out(_look_ahead(page, kind, form))
        if not outcome.refused:
            return Weighed(typed, pairs, view=PreviewView.model_validate(outcome.body))
    return Weighed(typed, pairs, problem=outcome.body)


def _body(kind: Kind, form: FormData) -> ChangeBody:
    given = tree(fields_of(form))
    return BODIES[kind].model_validate({"data": {}, **given, "kind": kind})


async def _look_ahead(page: Page, kind: Kind, form: FormData) -> JSONResponse:
    """A reason that is missing is told now, not only at the saving."""
    page.require(Action.AMEND)
    body = _body(kind, form)
    if not body.reason.strip():
        raise Refused(Code.REASON_MISSING)
    return JSONResponse((await amendments.preview(page, body)).model_dump(mode="json"))


async def _enter(page: Page, kind: Kind, form: FormData) -> JSONResponse:
    return await amendments.enter(page, _body(kind, form), key_of(form))


class Past(NamedTuple):
    """An amendment or revocation with the number of the newer one that speaks of the same, if there is one."""

    view: AmendmentView
    replaced_by: int | None


async def history(services: Services, kind: Kind) -> tuple[Past, ...]:
    """The newest amendments and revocations of the kind; one statement."""
    rows = await services.amendments.all()
    newer = replaced(rows)
    mine = [row for row in reversed(rows) if row.kind == kind][:SHOWN]
    return tuple(Past(amendment_view(services, row, rows), newer.get(row.number)) for row in mine)


def replaced(rows: Sequence[Amendment]) -> dict[int, int]:
    """By number: the newest amendment that holds and speaks of the same day, absence or line; without the newest."""
    holding = standing(rows)
    newest = {_about(row.change): row.number for row in holding}
    pairs = ((row.number, newest[_about(row.change)]) for row in holding)
    return {number: newer for number, newer in pairs if number != newer}


def _about(change: Change | None) -> tuple[object, ...]:
    """What a change speaks of: a later one about the same takes its place."""
    if isinstance(change, DayNotice):
        return (change.date,)
    if isinstance(change, Absence):
        return (change.leader, change.effective_from)
    return (change.agency, change.officer, change.form, change.effective_from) if change else ()
