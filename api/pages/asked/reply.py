"""The reply form: written by a handler, handed to the head, checked, signed and sent; whatever happens the words stay.

Whether it may be sent is the reply route's to say. What the check finds is shown before that, and may be overruled.
"""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.register.compositions import Composition, Overtaken
from api.errors import Problem, document
from api.handlers import refusal
from api.pages.asked import explaining, pointing
from api.pages.asked.checking import checked_of
from api.pages.asked.fields import OUT, body_of, clean, of_words, positions, typed
from api.pages.asked.ours import Ours, ours
from api.pages.asked.saving import Gone, handed_of, keep, live, mark_of, overtaken_by, seen
from api.pages.forms import Tree, key_of
from api.pages.page import Outcome, SignedInPage
from api.policy import Action
from api.routes import asks
from api.routes.common import ConsultationId
from domain.refusals import Code, Refused
from domain.state import Stage

router = APIRouter()
# What the form's buttons ask for. The first is what the Enter key does: it sends nothing.
SAVE, FIND, ROW, HAND, SIGN, INSIST, CONFIRM = "luu", "tim", "them", "trinh", "ky", "van-gui", "xac-nhan"
SENDS = (SIGN, INSIST, CONFIRM)
NEW_DRAFT = "_theo_ban_moi"


@router.get("/{id}/tra-loi")
async def form(page: SignedInPage, id: ConsultationId, tu: str | None = None) -> HTMLResponse:
    """The form as it was last saved; or begun from the returned reply, or from what was sent under receipt `tu`."""
    mine = await ours(page, id, Action.REPLY)
    kept = await live(page, id)
    said, begun = (clean(kept.data), None) if kept else await _begun(mine, tu)
    return await show(mine, said, kept, begun=begun)


async def _begun(mine: Ours, receipt: str | None) -> tuple[Tree, str | None]:
    """A new form's fields, and the key of the sentence that says where they come from."""
    sha256, services = mine.state.draft.sha256, mine.page.services
    named = await services.receipts.get(receipt) if receipt else None
    last = mine.own.last_reply
    if named and (named.consultation, named.agency, named.verb) == (mine.it.id, mine.own.agency, "reply"):
        return of_words(await services.words(named.body_sha256), sha256), "sent"
    if last and not last.secret and mine.own.stage is Stage.RETURNED:
        return of_words(await services.words(last.content), sha256), "returned"
    return clean({"draft_sha256": sha256}), None


async def show(mine: Ours, said: Tree, kept: Composition | None, status: int = 200, **more: Any) -> HTMLResponse:
    """The form with everything typed in it."""
    query = more.get("query", "")
    # Looked for only where somebody wants to know: it reads the past of every agency suggested.
    wanted = query or more.get("asks") == FIND or said["pointer"]["agency"] or OUT in positions(said).values()
    about = (mine.page, mine.own, mine.launch, mine.state.field, said, query)
    context: dict[str, Any] = {
        "ours": mine,
        "it": mine.it,
        "ask": mine.ask,
        "said": said,
        "version": mark_of(kept),
        "kept": kept,
        "handed": handed_of(kept),
        "parts": explaining.parts(mine),
        "stale": said["draft_sha256"] not in ("", mine.state.draft.sha256),
        "check": await checked_of(mine, said),
        "candidates": await pointing.candidates(*about) if wanted else (),
        "query": query,
        **{name: None for name in ("problem", "conflict", "begun", "asks")},
        "rows": 1,
    }
    return await mine.page.show("asked/reply.html", status, **{**context, **more})


@router.post("/{id}/tra-loi")
async def send(page: SignedInPage, id: ConsultationId) -> Response:
    """Whatever the button pressed asks for."""
    given = await page.form()
    mine = await ours(page, id, Action.REPLY)
    said, wish = typed(given), str(given.get("_viec") or SAVE)
    if given.get(NEW_DRAFT) == mine.state.draft.sha256:
        said["draft_sha256"] = mine.state.draft.sha256
    if wish in SENDS and await _known(mine, given):
        # Sent before: the same answer again, whatever has changed since.
        return await _sent(mine, given, said, None, wish)
    try:
        kept = await keep(page, id, said, seen(given), hand=wish == HAND)
    except (Overtaken, Gone) as other:
        return await _conflict(mine, said, other)
    except Refused as refused:
        told = document(refusal(refused, page.services.messages), page.services)
        return await show(mine, said, await live(page, id), told["status"], problem=told)
    return await _wished(mine, given, said, kept, wish)


async def _known(mine: Ours, given: FormData) -> bool:
    key = key_of(given)
    account = mine.page.subject.account
    return key is not None and await mine.page.services.receipts.of_key(account, key) is not None


async def _conflict(mine: Ours, said: Tree, other: Overtaken | Gone) -> HTMLResponse:
    """A colleague was faster: both texts are shown, the one just typed stays in the form."""
    theirs = other.current if isinstance(other, Overtaken) else None
    told = await overtaken_by(mine, theirs)
    return await show(mine, said, theirs, 409, conflict=told)


async def _wished(mine: Ours, given: FormData, said: Tree, kept: Composition, wish: str) -> Response:
    """The words are kept; now what the button asked for."""
    if wish == FIND:
        return await show(mine, said, kept, query=pointing.asked_for(given.get(pointing.SEARCH_FIELD)), asks="tim")
    if wish == ROW:
        return await show(mine, said, kept, rows=len(said["amendments"]) + 1, asks="them")
    if wish == HAND:
        return RedirectResponse(f"/duoc-hoi/{mine.it.id}", status_code=303)
    if wish in SENDS:
        return await _send(mine, given, said, kept, wish)
    return RedirectResponse(f"/duoc-hoi/{mine.it.id}/tra-loi", status_code=303)


async def _send(mine: Ours, given: FormData, said: Tree, kept: Composition, wish: str) -> Response:
    """The last looks before sending: the draft must be today's, and findings are shown once."""
    draft = mine.state.draft
    if said["draft_sha256"] != draft.sha256:
        stale = Problem(Code.WRONG_DRAFT_VERSION, params={"version": str(draft.version)})
        return await show(mine, said, kept, 409, problem=document(stale, mine.page.services))
    if wish == SIGN:
        check = await checked_of(mine, said)
        if check["view"] is not None and not check["view"].clear:
            return await show(mine, said, kept, 422, check=check, asks="findings")
    return await _sent(mine, given, said, kept, wish)


async def _sent(mine: Ours, given: FormData, said: Tree, kept: Composition | None, wish: str) -> Response:
    page, id, agency = mine.page, mine.it.id, mine.own.agency

    async def act() -> JSONResponse:
        body = body_of(said, confirm=wish == CONFIRM, **_drafted(mine, kept))
        return await asks.reply(page, id, agency, body, key_of(given))

    outcome = await page.carry_out(act())
    if outcome.refused:
        return await _refused(mine, said, kept, outcome)
    done = kept or await live(page, id)
    if done is not None and clean(done.data) == said:
        await page.services.compositions.end(done.id, outcome.receipt)
    return RedirectResponse(f"/bien-nhan/{outcome.receipt}", status_code=303)


def _drafted(mine: Ours, kept: Composition | None) -> dict[str, str]:
    """By whom it was drafted, where that is somebody else than the signer."""
    handler = mine.own.handler or (kept.started_by if kept else None)
    return {"handler": handler} if handler else {}


async def _refused(mine: Ours, said: Tree, kept: Composition | None, outcome: Outcome) -> HTMLResponse:
    problem = outcome.body
    asked = "confirm" if problem["type"].endswith(Code.CONFIRMATION_NEEDED) else None
    return await show(mine, said, kept, problem["status"], problem=problem, asks=asked)
