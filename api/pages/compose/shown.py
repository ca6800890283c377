"""What each step's page shows beside the form itself: agencies with their record and load, suggestions, rule lines.

It reads the register and the rules through the routes and queries there are; it decides nothing.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi.responses import JSONResponse

from adapters.register.queries_load import Load, loads
from api.bodies.tools import DeadlineBody, RelevanceBody
from api.foresight import histories
from api.pages.compose.checking import Checked, Told
from api.pages.compose.planning import best_part, duties
from api.pages.compose.written import AskWritten, Written
from api.pages.page import Page
from api.routes import relevance, tools
from api.routes.tools import DeadlineView
from api.views.relevance import HistoryView, RelevanceView
from domain.base import Frozen
from domain.clock import VIETNAM
from domain.directory import Function
from domain.refusals import Refused
from domain.rulebook import RuleLine

LONGEST_TEXT = 60_000
A_MOMENT = timedelta(minutes=1)
MOST_KEPT = 64
_LATELY: OrderedDict[tuple[int, str, str], tuple[datetime, RelevanceView]] = OrderedDict()


class Card(Frozen):
    """One agency that is to be asked. `held`: what it does on the day; `standing`: whether it exists on the day."""

    place: int
    ask: AskWritten
    held: tuple[Function, ...]
    standing: bool
    mandatory: bool
    history: HistoryView | None
    load: Load
    told: tuple[Told, ...]


async def cards(page: Page, written: Written, checked: Checked, due_at: datetime | None) -> tuple[Card, ...]:
    """The agencies in the order of the form, in a constant number of statements."""
    services, now = page.services, await page.services.now()
    day = now.astimezone(VIETNAM).date()
    agencies = [ask.agency for ask in written.asks]
    known = await _histories(page, written, agencies, day)
    since, until = week_of(due_at or now)
    busy = await loads(services.database, agencies, since, until)
    owed = duties(services.rulebook, services.settings.rule_set, written, page.subject.agency or "", day)
    return tuple(
        Card(
            place=place,
            ask=ask,
            held=_functions(page, ask, day),
            standing=_standing(page, ask.agency, day),
            mandatory=ask.agency in owed,
            history=known.get(ask.agency),
            load=busy.get(ask.agency, Load(open=0, due=0)),
            told=checked.about(ask.agency),
        )
        for place, ask in enumerate(written.asks)
    )


async def _histories(page: Page, written: Written, agencies: Sequence[str], day: date) -> dict[str, HistoryView]:
    """Nothing where the field is none of the directory's."""
    try:
        return await histories(page.services, agencies, written.field, written.draft_kind, day)
    except Refused:
        return {}


def _functions(page: Page, ask: AskWritten, day: date) -> tuple[Function, ...]:
    """The agency's functions in force, and those chosen that are not: the gate says what is wrong with them."""
    directory = page.services.rulebook.directory
    if directory.find(ask.agency) is None:
        return ()
    held = directory.functions_of(ask.agency, day)
    chosen = (directory.find_function(id) for id in ask.functions if id not in [one.id for one in held])
    return (*held, *(one for one in chosen if one))


def _standing(page: Page, agency: str, day: date) -> bool:
    found = page.services.rulebook.directory.find(agency)
    return found is not None and found.in_force(day)


def week_of(instant: datetime) -> tuple[datetime, datetime]:
    """Monday 00:00 to the next Monday, in Vietnam."""
    day = instant.astimezone(VIETNAM).date()
    monday = datetime.combine(day - timedelta(days=day.weekday()), time(), VIETNAM)
    return monday, monday + timedelta(days=7)


class Advice(Frozen):
    """One suggestion with the part it touches; `asked`: whether the form has it already."""

    agency: str
    agency_name: str
    function: str
    function_title: str
    reason: str
    mandatory: bool
    history: HistoryView | None
    part: str
    part_label: str
    asked: bool


class Advised(Frozen):
    """The suggestions, and who asked about the like before."""

    advice: tuple[Advice, ...] = ()
    earlier: tuple[Any, ...] = ()


async def advised(page: Page, written: Written) -> Advised:
    """The relevance route's suggestions for the form as it stands; nothing without a subject or for a broken form."""
    found: list[RelevanceView] = []

    async def suggested() -> JSONResponse:
        found.append(await _suggested(page, _about(page, written)))
        return JSONResponse({})

    outcome = await page.carry_out(suggested()) if written.subject.strip() else None
    if outcome is None or outcome.refused:
        return Advised()
    return Advised(advice=tuple(_advice(page, written, one) for one in found[0].suggestions), earlier=found[0].earlier)


async def _suggested(page: Page, body: RelevanceBody) -> RelevanceView:
    """The route's answer, or its answer to the same person about the same words a moment ago.

    Every button of the agencies' page shows it again; weighing a long draft takes longer than all the rest.
    """
    key, now = (id(page.services), page.subject.model_dump_json(), body.model_dump_json()), await page.services.now()
    known = _LATELY.get(key)
    if known is None or not now - A_MOMENT < known[0] <= now:
        known = (now, await relevance.relevance(page, body))
        _LATELY[key] = known
        while len(_LATELY) > MOST_KEPT:
            _LATELY.popitem(last=False)
    return known[1]


def _about(page: Page, written: Written) -> RelevanceBody:
    texts = [written.summary, *(f"{part.label}\n{part.text}" for part in written.parts)]
    codes = {"field": written.field, "draft_kind": written.draft_kind}
    return RelevanceBody.model_validate(
        {
            "subject": written.subject,
            "text": "\n".join(text for text in texts if text.strip())[:LONGEST_TEXT],
            "lead": page.subject.agency,
            **{name: code for name, code in codes.items() if code},
        }
    )


def _advice(page: Page, written: Written, one: Any) -> Advice:
    part = best_part(page.services.rulebook, one.function, written.parts)
    label = written.part(part)
    asked = written.ask(one.agency)
    same = ("agency", "agency_name", "function", "function_title", "reason", "mandatory", "history")
    return Advice(
        **{name: getattr(one, name) for name in same},
        part=part,
        part_label=label.label if label else "",
        asked=asked is not None and (not one.function or one.function in asked.functions),
    )


def rule_lines(page: Page, written: Written, day: date) -> tuple[RuleLine, ...]:
    """The lines the lead may choose from for the kind of draft; none for an unknown kind."""
    try:
        return page.services.rulebook.lines(page.services.settings.rule_set, written.draft_kind, day)
    except Refused:
        return ()


def line_of(page: Page, written: Written, day: date) -> RuleLine | None:
    """The line that holds: the chosen one, or the kind's default."""
    try:
        rule_set = page.services.settings.rule_set
        return page.services.rulebook.line(rule_set, written.draft_kind, day, written.rule or None)
    except Refused:
        return None


async def deadline(page: Page, line: RuleLine | None) -> DeadlineView | None:
    """When an answer would be due by the line if the request arrived now, day by day; None where it cannot be told."""
    if line is None:
        return None
    found: list[DeadlineView] = []
    now = (await page.services.now()).isoformat()
    given: dict[str, Any] = {"limit": {"n": line.limit.n, "unit": str(line.limit.unit)}}
    if line.closes_at:
        given["closes_at"] = f"{line.closes_at:%H:%M}"

    async def counted() -> JSONResponse:
        body = DeadlineBody.model_validate({"received_at": now, **given})
        found.append(await tools.deadlines(page, body))
        return JSONResponse({})

    outcome = await page.carry_out(counted())
    return None if outcome.refused else found[0]
