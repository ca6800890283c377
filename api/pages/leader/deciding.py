"""The decision form: from its fields to the body, and what it proposes. What is allowed is the domain's."""

from datetime import datetime, time

from starlette.datastructures import FormData

from api.bodies.ruling import DecisionBody
from api.pages.forms import Tree, fields_of, instant, tree
from api.services import Services
from domain.base import Frozen
from domain.choices import needs_instant
from domain.clock import VIETNAM
from domain.deadline_work import day_in_vietnam, working_days_after
from domain.refusals import Refused

PROPOSED_DAYS = 2
CLOSES = time(17)


class Proposed(Frozen):
    """What stands in the date fields before anything is typed; blank where the calendar does not reach."""

    day: str = ""
    clock: str = f"{CLOSES:%H:%M}"


def proposed(services: Services, now: datetime) -> Proposed:
    """Two working days from today, at the end of the office day."""
    try:
        day = working_days_after(day_in_vietnam(now), PROPOSED_DAYS, services.rulebook.calendar)
    except Refused:
        return Proposed()
    return Proposed(day=day.isoformat())


def body_of(form: FormData) -> DecisionBody:
    """The body. The instant is left out where the chosen decision takes none: it was only proposed.

    Raises `ValidationError`.
    """
    given = tree(fields_of(form))
    action = str(given.get("action") or "")
    day, clock = (str(given.pop(name, "") or "") for name in ("until", "until_clock"))
    if needs_instant(action) and day:
        given["until"] = instant(day, clock, f"{CLOSES:%H:%M}")
    return DecisionBody.model_validate(given)


def typed_in(form: FormData) -> Tree:
    """Everything as it was typed, to be shown again."""
    return tree(fields_of(form), blanks=True)


def local_day(at: datetime) -> str:
    """The day in Vietnam as a date field takes it."""
    return at.astimezone(VIETNAM).date().isoformat()
