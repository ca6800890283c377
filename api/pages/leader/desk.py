"""The leader's desk: today's decisions on one page, the digest for paper, what was decided, exceptions wanted."""

from datetime import datetime, time, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response

from adapters.register.queries_cases import launches
from adapters.register.queries_escalations import escalations_page
from adapters.register.queries_todo import exceptions_wanted
from api.bodies.ruling import ExceptionBody
from api.pages.forms import fields_of, key_of, tree
from api.pages.leader.deciding import proposed
from api.pages.leader.telling import cards, is_mine, names, question
from api.pages.page import Page, SignedInPage
from api.policy import Action, Role
from api.routes import lifecycle
from api.routes.common import ConsultationId, Cursor
from api.stored import LaunchWords, parsed
from domain.base import Frozen
from domain.calendar import Calendar
from domain.clock import VIETNAM
from domain.deadline_work import working_days_before
from domain.refusals import Refused
from domain.terms import Absence

router = APIRouter(prefix="/lanh-dao")
SHOWN = 30
MOST = 200
LONG_AGO = datetime(1, 1, 2, tzinfo=VIETNAM)


class Wanted(Frozen):
    """An agency only the leader can allow to be asked."""

    consultation: str
    subject: str
    agency: str
    line: str


@router.get("")
async def desk(page: SignedInPage, cursor: Cursor = None) -> HTMLResponse:
    """What waits for a decision, soonest due first; what others decide is below, to be known of."""
    return await _desk(page, cursor)


async def _desk(page: Page, cursor: str | None = None, **refused: object) -> HTMLResponse:
    page.require(Action.LIST_ESCALATIONS)
    words = await page.words()
    viewer = page.caller.viewer
    found = await escalations_page(page.services.database, viewer, open_only=True, cursor=cursor, limit=SHOWN)
    rows = sorted(found.items, key=lambda row: row.escalation.due_at)
    shown = await cards(page, rows, words)
    leads = Role.LEADER in page.subject.roles
    context = {
        "mine": [card for card in shown if card.mine or not leads],
        "copies": [card for card in shown if leads and not card.mine],
        "leads": leads,
        "next": found.next,
        "proposed": proposed(page.services, words.now),
        "wanted": await _wanted(page) if leads else (),
        "absences": _absences(page, words.now),
        "problem": None,
        "typed": {},
    }
    problem = refused.get("problem")
    status = problem["status"] if isinstance(problem, dict) else 200
    return await page.show("leader/desk.html", status, **{**context, **refused})


async def _wanted(page: Page) -> tuple[Wanted, ...]:
    """Exceptions asked of this leader; two statements."""
    rows = await exceptions_wanted(page.services.database, page.caller.viewer)
    stored = await launches(page.services.database, [row.consultation for row in rows])
    words = await page.words()
    found = []
    for row in rows:
        launch = LaunchWords(parsed(stored.get(row.consultation, b"{}")))
        agency, lead = words.agency(row.ask.agency), words.agency(row.lead)
        line = words.text("leader.exceptions.line", lead=lead, agency=agency, question=question(launch, row.ask))
        found.append(
            Wanted(consultation=row.consultation, subject=row.subject, agency=row.ask.agency, line=line),
        )
    return tuple(found)


def _absences(page: Page, now: datetime) -> dict[str, list[Absence]]:
    """Who stands in for this leader now and later, and for whom this leader stands in."""
    me, day = page.subject.leader, now.astimezone(VIETNAM).date()
    known = [a for a in page.services.rulebook.directory.absences if a.effective_to >= day]
    return {
        "now": [a for a in known if a.leader == me and a.covers(day)],
        "later": [a for a in known if a.leader == me and a.effective_from > day],
        "stands_in": [a for a in known if a.stand_in == me and a.covers(day)],
    }


@router.post("/ngoai-le/{id}")
async def grant(page: SignedInPage, id: ConsultationId) -> Response:
    """Allow an agency that is not directly related to be asked."""
    form = await page.form()
    typed = tree(fields_of(form), blanks=True)

    async def act() -> JSONResponse:
        body = ExceptionBody.model_validate(tree(fields_of(form)))
        return await lifecycle.exception(page, id, body, key_of(form))

    outcome = await page.carry_out(act())
    if outcome.refused:
        return await _desk(page, problem=outcome.body, typed={id: typed})
    return page.after(outcome, "/lanh-dao")


@router.get("/da-quyet-dinh")
async def decided(page: SignedInPage, cursor: Cursor = None) -> HTMLResponse:
    """Cases that are over, newest first."""
    page.require(Action.LIST_ESCALATIONS)
    db, viewer = page.services.database, page.caller.viewer
    found = await escalations_page(db, viewer, closed_only=True, cursor=cursor, limit=SHOWN)
    rows = await cards(page, found.items, await page.words())
    return await page.show("leader/decided.html", cards=rows, next=found.next)


@router.get("/diem-tin")
async def digest(page: SignedInPage) -> HTMLResponse:
    """All cases since the last working day, one line each, for paper."""
    page.require(Action.LIST_ESCALATIONS)
    words = await page.words()
    since = day_before(page.services.rulebook.calendar, words.now)
    found = await escalations_page(page.services.database, page.caller.viewer, limit=MOST)
    new = [row for row in found.items if row.escalation.raised_at >= since]
    before = [row for row in found.items if row.escalation.raised_at < since]
    groups = {
        "new": new,
        "decided": [row for row in before if (row.escalation.closed_at or LONG_AGO) >= since],
        "waiting": [row for row in before if row.escalation.closed_at is None],
    }
    named = {row.escalation.id: names(words, row.escalation.agencies) for row in found.items}
    mine = {row.escalation.id for row in found.items if is_mine(page, row)}
    return await page.show(
        "leader/digest.html", groups=groups, since=since, named=named, mine=mine, cut=found.next is not None
    )


def day_before(calendar: Calendar, now: datetime) -> datetime:
    """The beginning of the last working day before today; of yesterday where the calendar does not reach."""
    today = now.astimezone(VIETNAM).date()
    try:
        day = working_days_before(today - timedelta(days=1), 0, calendar)
    except Refused:
        day = today - timedelta(days=1)
    return datetime.combine(day, time(), VIETNAM)
