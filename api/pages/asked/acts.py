"""Requests that are not replies: more time, a missing document, a word in between, a complaint. One small page each."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, JSONResponse, Response

from api.bodies.reply import ExtensionBody, IncompleteBody, InterimBody, ReasonBody
from api.pages.asked import explaining
from api.pages.asked.ours import Ours, ours
from api.pages.asked.sending import twin
from api.pages.forms import Tree, fields_of, instant, key_of, tree
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes import asks
from api.routes.common import ConsultationId

router = APIRouter()
Act = Callable[[Page, str, str, Tree, str | None], Awaitable[JSONResponse]]


class Small(NamedTuple):
    """One of these acts: who may, and how it is sent. Its words are `asked.act.{key}`."""

    key: str
    action: Action
    send: Act


async def _extension(page: Page, id: str, agency: str, said: Tree, key: str | None) -> JSONResponse:
    given = {"until": instant(said.get("day"), said.get("clock")), "reason": said.get("reason", "")}
    body = ExtensionBody.model_validate({name: value for name, value in given.items() if value is not None})
    return await asks.extension(page, id, agency, body, key)


async def _incomplete(page: Page, id: str, agency: str, said: Tree, key: str | None) -> JSONResponse:
    """One item a line: everybody can type a list, with or without script."""
    lines = [line.strip(" -•\t") for line in str(said.get("items", "")).splitlines()]
    body = IncompleteBody.model_validate({"items": [line for line in lines if line], "note": said.get("note", "")})
    return await asks.incomplete(page, id, agency, body, key)


async def _interim(page: Page, id: str, agency: str, said: Tree, key: str | None) -> JSONResponse:
    return await asks.interim(page, id, agency, InterimBody.model_validate(said), key)


async def _contest(page: Page, id: str, agency: str, said: Tree, key: str | None) -> JSONResponse:
    return await asks.contest(page, id, agency, ReasonBody.model_validate(said), key)


ACTS = {
    "gia-han": Small("extension", Action.ASK_EXTENSION, _extension),
    "thieu-ho-so": Small("incomplete", Action.CLAIM_INCOMPLETE, _incomplete),
    "dang-xu-ly": Small("interim", Action.INTERIM, _interim),
    "khieu-nai": Small("contest", Action.CONTEST, _contest),
}
FIELDS = ("day", "clock", "reason", "items", "note", "text")
What = Annotated[str, Path(pattern="^(gia-han|thieu-ho-so|dang-xu-ly|khieu-nai)$")]


@router.get("/{id}/{what}")
async def ask(page: SignedInPage, id: ConsultationId, what: What) -> HTMLResponse:
    """The act's form, with what follows from it."""
    return await _show(await ours(page, id, ACTS[what].action), what, {})


@router.post("/{id}/{what}")
async def send(page: SignedInPage, id: ConsultationId, what: What) -> Response:
    """Send it; refused, it is shown again as typed."""
    form = await page.form()
    act, said = ACTS[what], tree(fields_of(form))
    outcome = await page.carry_out(act.send(page, id, page.subject.agency or "", said, key_of(form)))
    first = await twin(page, form, outcome)
    if first:
        return first
    if outcome.refused:
        return await _show(await ours(page, id), what, said, outcome.body)
    return page.after(outcome, f"/duoc-hoi/{id}")


async def _show(mine: Ours, what: str, said: dict[str, Any], problem: dict[str, Any] | None = None) -> HTMLResponse:
    return await mine.page.show(
        "asked/act.html",
        problem["status"] if problem else 200,
        problem=problem,
        ours=mine,
        it=mine.it,
        ask=mine.ask,
        said={**dict.fromkeys(FIELDS, ""), **said},
        what=what,
        act=ACTS[what].key,
        rule=mine.state.terms.rule,
        until=explaining.incomplete_until(mine),
    )
