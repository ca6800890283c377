"""One request on one page: what is asked of us and why us, until when, what to do next; and its one-click acts."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import FormData

from adapters.register.accounts import Account
from api.bodies.reply import AssignmentBody, DissentBody, ReceiptBody
from api.pages.asked import explaining
from api.pages.asked.ours import RUNNING, Ours, Step, ours
from api.pages.asked.saving import handed_of, live
from api.pages.asked.sending import twin, within_the_minute
from api.pages.forms import fields_of, instant, key_of, tree
from api.pages.page import Outcome, Page, SignedInPage
from api.policy import Action, Role
from api.routes import asks, consultations, ruling
from api.routes.common import ConsultationId
from api.views.timeline import TimelineItem
from domain.clock import VIETNAM
from domain.deadline import is_late
from domain.state import Channel, Stage

router = APIRouter()
# The way of one agency's part lies among everybody's facts; beyond so many pages of them a reader is told so.
MOST_PAGES = 10


@router.get("/{id}")
async def request(page: SignedInPage, id: ConsultationId) -> HTMLResponse:
    """The request."""
    return await show(page, id)


async def show(page: Page, id: str, problem: dict[str, Any] | None = None, **typed: Any) -> HTMLResponse:
    """The request's page; after a refusal with the reason on top and what was typed in its place."""
    mine = await ours(page, id)
    kept = await live(page, id)
    way, more = await _way(page, id)
    people = await page.services.accounts.of_agency(mine.own.agency)
    officer = await page.services.accounts.find(mine.state.officer)
    file = await page.services.files.file(mine.state.draft.file)
    now = await page.services.now()
    return await page.show(
        "asked/request.html",
        problem["status"] if problem else 200,
        problem=problem,
        typed=typed,
        ours=mine,
        it=mine.it,
        ask=mine.ask,
        file=file,
        officer=officer.full_name if officer else mine.state.officer,
        functions=explaining.functions(mine),
        parts=explaining.parts(mine),
        explained=explaining.due_explained(mine),
        silence=explaining.effect_of_silence(mine),
        kept=kept,
        handed=handed_of(kept),
        way=way,
        way_goes_on=more,
        handlers=_drafters(people),
        offers=_offers(mine, late=mine.own.due_at is not None and is_late(mine.own.due_at, now)),
        proved=mine.own.stage is not Stage.SENT or mine.own.channel is Channel.APP,
        today=now.astimezone(VIETNAM),
    )


def _drafters(people: tuple[Account, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Whom a reply may be given to: account, name, roles."""
    drafts = (Role.HANDLER, Role.AGENCY_HEAD)
    return [(p.username, p.full_name, p.roles) for p in people if any(role in p.roles for role in drafts)]


async def _way(page: Page, id: str) -> tuple[tuple[TimelineItem, ...], bool]:
    """What happened to our part so far, and whether there is more than was read."""
    found: list[TimelineItem] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        part = await consultations.timeline_of(page, id, cursor, 200)
        found += [item for item in part.items if item.agency in (None, page.subject.agency)]
        cursor = part.next
        if cursor is None:
            break
    return tuple(found), cursor is not None


def _offers(mine: Ours, *, late: bool) -> tuple[str, ...]:
    """The acts beside the reply that may make sense now; the engine decides when one is sent."""
    own, stage = mine.own, mine.own.stage
    if mine.state.phase not in RUNNING:
        return ()
    waits = stage in (Stage.DELIVERED, Stage.RETURNED)
    ways = (
        ("gia-han", Action.ASK_EXTENSION, waits and bool(own.due_at) and not late and not own.pending_extension),
        ("thieu-ho-so", Action.CLAIM_INCOMPLETE, not late and explaining.incomplete_until(mine) is not None),
        ("dang-xu-ly", Action.INTERIM, waits),
        ("khieu-nai", Action.CONTEST, own.unclear > 0 and stage in (Stage.RETURNED, Stage.WITH_LEAD)),
        ("van-ban-giay", Action.REGISTER_PAPER, stage is not Stage.SENT),
        ("tra-loi", Action.REPLY, mine.step in (Step.DONE, Step.WITH_LEAD, Step.POINTING, Step.PAUSED)),
    )
    return tuple(name for name, action, sensible in ways if sensible and mine.may(action))


@router.post("/{id}/tiep-nhan")
async def acknowledge(page: SignedInPage, id: ConsultationId) -> Response:
    """The clerk confirms that the request arrived, on paper or by the exchange with the instant of arrival."""
    form = await page.form()
    said = tree(fields_of(form))

    async def act() -> JSONResponse:
        found = await page.find(id, Action.RECEIPT, page.subject.agency)
        arrived = within_the_minute(instant(said.get("day"), said.get("clock")), found.own_ask.sent_at)
        body = ReceiptBody.model_validate({"arrived_at": arrived}) if arrived else None
        return await asks.receipt(page, id, page.subject.agency or "", body, key_of(form))

    return await _after(page, id, form, await page.carry_out(act()), said)


@router.post("/{id}/giao-viec")
async def assign(page: SignedInPage, id: ConsultationId) -> Response:
    """Somebody of the agency is to draft the reply."""
    form = await page.form()
    said = tree(fields_of(form))

    async def act() -> JSONResponse:
        return await asks.assignment(
            page, id, page.subject.agency or "", AssignmentBody.model_validate(said), key_of(form)
        )

    return await _after(page, id, form, await page.carry_out(act()), said)


@router.post("/{id}/bao-luu")
async def keep_dissent(page: SignedInPage, id: ConsultationId) -> Response:
    """The agency keeps its opinion against the lead's answer, once for each remark."""
    form = await page.form()
    said = tree(fields_of(form))

    async def act() -> JSONResponse:
        body = DissentBody.model_validate({"reason": said.get("reason", "")})
        return await ruling.dissent(page, id, str(said.get("remark", "")), body, key_of(form))

    return await _after(page, id, form, await page.carry_out(act()), said)


async def _after(page: Page, id: str, form: FormData, outcome: Outcome, said: dict[str, Any]) -> Response:
    first = await twin(page, form, outcome)
    if first:
        return first
    if outcome.refused:
        return await show(page, id, outcome.body, **said)
    return page.after(outcome, f"/duoc-hoi/{id}")
