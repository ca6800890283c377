"""A reply that came on paper, entered by the clerk; of a secret letter only number, date and arrival."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.bodies.reply import ReplyBody
from api.pages.asked import explaining
from api.pages.asked.fields import body_of, clean
from api.pages.asked.ours import Ours, ours
from api.pages.asked.sending import twin, within_the_minute
from api.pages.forms import Tree, fields_of, instant, key_of, ticked, tree
from api.pages.page import SignedInPage
from api.policy import Action
from api.routes import asks
from api.routes.common import ConsultationId
from domain.clock import VIETNAM

router = APIRouter()
PAPER = ("number", "date", "day", "clock", "secret")


@router.get("/{id}/van-ban-giay")
async def form(page: SignedInPage, id: ConsultationId) -> HTMLResponse:
    """An empty form; the letter is taken to have arrived today."""
    mine = await ours(page, id, Action.REGISTER_PAPER)
    now = (await page.services.now()).astimezone(VIETNAM)
    paper = {**dict.fromkeys(PAPER, ""), "day": f"{now:%Y-%m-%d}", "clock": f"{now:%H:%M}"}
    return await _show(mine, clean({"draft_sha256": mine.state.draft.sha256}), paper)


@router.post("/{id}/van-ban-giay")
async def enter(page: SignedInPage, id: ConsultationId) -> Response:
    """Enter the letter; refused, everything typed is shown again."""
    form = await page.form()
    fields = tree(fields_of(form), blanks=True)
    given = fields.get("paper")
    known = given if isinstance(given, dict) else {}
    paper = {name: value if isinstance(value := known.get(name), str) else "" for name in PAPER}
    said, signer = clean(fields), str(fields.get("signer") or "")
    agency = page.subject.agency or ""

    async def act() -> JSONResponse:
        found = await page.find(id, Action.REGISTER_PAPER, agency)
        body = _body(said, paper, signer, found.own_ask.start_at)
        return await asks.reply(page, id, agency, body, key_of(form))

    outcome = await page.carry_out(act())
    first = await twin(page, form, outcome)
    if first:
        return first
    if outcome.refused:
        return await _show(await ours(page, id), said, paper, signer, outcome.body)
    return RedirectResponse(f"/bien-nhan/{outcome.receipt}", status_code=303)


def _body(said: Tree, paper: dict[str, str], signer: str, asked_at: datetime | None) -> ReplyBody:
    secret = ticked(paper["secret"])
    line = {name: paper[name] for name in ("number", "date") if paper[name].strip()}
    arrived = within_the_minute(instant(paper["day"], paper["clock"], default=""), asked_at)
    line |= {"arrived_at": arrived} if arrived else {}
    more: dict[str, Any] = {"paper": {**line, "secret": secret}, **({"signer": signer} if signer else {})}
    # What stands in a secret letter never enters the system, whatever was typed beside it.
    words = clean({"draft_sha256": said["draft_sha256"], "authority": said["authority"]}) if secret else said
    # A letter was confirmed by whoever signed it.
    return body_of(words, confirm=True, **more)


async def _show(
    mine: Ours, said: Tree, paper: dict[str, str], signer: str = "", problem: dict[str, Any] | None = None
) -> HTMLResponse:
    services = mine.page.services
    people = await services.accounts.of_agency(mine.own.agency)
    day = await services.today()
    known = (a for a in services.rulebook.directory.agencies if a.in_force(day) and a.code != mine.own.agency)
    return await mine.page.show(
        "asked/paper.html",
        problem["status"] if problem else 200,
        problem=problem,
        ours=mine,
        it=mine.it,
        ask=mine.ask,
        said=said,
        paper=paper,
        signer=signer,
        parts=explaining.parts(mine),
        signers=[(person.username, person.full_name) for person in people],
        agencies=[(one.code, one.name) for one in known],
        rows=max(1, len(said["amendments"])),
    )
