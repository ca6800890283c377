"""The reply form: written by a handler, handed to the head, checked, signed and sent; whatever happens the words stay.

Whether it may be sent is the reply route's to say. What the check finds is shown before that, and may be overruled.
"""

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.register.compositions import Composition, Overtaken
from api.errors import Problem, document
from api.handlers import refusal
from api.pages.asked import explaining, pointing
from api.pages.asked.checking import checked_of
from api.pages.asked.fields import OUT, body_of, clean, of_words, position, positions, sent_of, typed
from api.pages.asked.ours import Ours, ours
from api.pages.asked.saving import Gone, handed_of, keep, live, mark_of, overtaken_by, seen
from api.pages.asked.sending import twin
from api.pages.forms import Tree, key_of
from api.pages.page import Outcome, SignedInPage
from api.policy import Action
from api.routes import asks
from api.routes.common import ConsultationId
from domain.clarity.model import Position
from domain.refusals import Code, Refused
from domain.state import Stage

router = APIRouter()
# What the form's buttons ask for. The first is what the Enter key does: it sends nothing.
SAVE, FIND, ROW, HAND, SIGN, INSIST, CONFIRM = "luu", "tim", "them", "trinh", "ky", "van-gui", "xac-nhan"
SENDS = (SIGN, INSIST, CONFIRM)
NEW_DRAFT = "_theo_ban_moi"
MOST_ROWS = 200
# Once it is kept, a form is shown again by an address: going back in the browser sends nothing anew.
Shown = Literal["kiem-tra", "xac-nhan", ""]


@router.get("/{id}/tra-loi")
async def form(
    page: SignedInPage,
    id: ConsultationId,
    tu: str | None = None,
    buoc: Shown = "",
    tim: Annotated[str | None, Query(max_length=pointing.LONGEST)] = None,
    dong: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 1,
) -> HTMLResponse:
    """The form as it was last saved; or begun from the returned reply, or from what was sent under receipt `tu`.

    `buoc`: what is asked before sending; `tim`: the agency looked for; `dong`: rows of amendments to show.
    """
    mine = await ours(page, id, Action.REPLY)
    kept = await live(page, id)
    said, begun = (clean(kept.data), None) if kept else await _begun(mine, tu)
    asked = FIND if tim is not None else None
    if buoc == CONFIRM and position(said) is Position.AGREE:
        asked = "confirm"
    check = await checked_of(mine, said)
    if buoc == "kiem-tra" and check["view"] is not None and not check["view"].clear:
        asked = "findings"
    return await show(mine, said, kept, begun=begun, check=check, asks=asked, query=tim or "", rows=dong)


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
        "check": more.get("check") or await checked_of(mine, said),
        "candidates": await pointing.candidates(*about) if wanted else (),
        "query": query,
        **dict.fromkeys(("problem", "conflict", "begun", "asks")),
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
    again = await _again(mine, given, said) if wish in SENDS else None
    if again:
        return again
    try:
        kept = await keep(page, id, said, seen(given), hand=wish == HAND)
    except (Overtaken, Gone) as other:
        return await _conflict(mine, said, other)
    except Refused as refused:
        told = document(refusal(refused, page.services.messages), page.services)
        return await show(mine, said, await live(page, id), told["status"], problem=told)
    if wish in SENDS:
        return await _send(mine, given, said, kept, wish)
    return RedirectResponse(_onward(mine, given, said, wish), status_code=303)


async def _again(mine: Ours, given: FormData, said: Tree) -> Response | None:
    """Sent before: in the same words to the same receipt, whatever has changed since; in others it is asked about."""
    services = mine.page.services
    first = await services.receipts.of_key(mine.page.subject.account, key_of(given) or "")
    if first is None:
        return None
    sent = await services.words(first.body_sha256)
    if sent_of(said).items() <= sent.items():
        return RedirectResponse(f"/bien-nhan/{first.id}", status_code=303)
    return await show(mine, said, await live(mine.page, mine.it.id), 409, begun="changed")


async def _conflict(mine: Ours, said: Tree, other: Overtaken | Gone) -> HTMLResponse:
    """A colleague was faster: both texts are shown, the one just typed stays in the form."""
    theirs = other.current if isinstance(other, Overtaken) else None
    told = await overtaken_by(mine, theirs)
    return await show(mine, said, theirs, 409, conflict=told)


def _onward(mine: Ours, given: FormData, said: Tree, wish: str) -> str:
    """Where a form that is kept goes on."""
    here = f"/duoc-hoi/{mine.it.id}"
    if wish == HAND:
        return here
    if wish == FIND:
        query = pointing.asked_for(given.get(pointing.SEARCH_FIELD))
        return f"{here}/tra-loi?tim={quote(query)}#co-quan-dung"
    if wish == ROW:
        return f"{here}/tra-loi?dong={min(len(said['amendments']) + 1, MOST_ROWS)}#de-nghi-sua"
    return f"{here}/tra-loi"


async def _send(mine: Ours, given: FormData, said: Tree, kept: Composition, wish: str) -> Response:
    """The last looks before sending: the draft must be today's, and findings are shown once."""
    draft = mine.state.draft
    if said["draft_sha256"] != draft.sha256:
        stale = Problem(Code.WRONG_DRAFT_VERSION, params={"version": str(draft.version)})
        return await show(mine, said, kept, 409, problem=document(stale, mine.page.services))
    if wish == SIGN:
        check = await checked_of(mine, said)
        if check["view"] is not None and not check["view"].clear:
            return RedirectResponse(f"/duoc-hoi/{mine.it.id}/tra-loi?buoc=kiem-tra", status_code=303)
    return await _sent(mine, given, said, kept, wish)


async def _sent(mine: Ours, given: FormData, said: Tree, kept: Composition, wish: str) -> Response:
    page, id, agency = mine.page, mine.it.id, mine.own.agency

    async def act() -> JSONResponse:
        body = body_of(said, confirm=wish == CONFIRM, handler=mine.own.handler or kept.started_by)
        return await asks.reply(page, id, agency, body, key_of(given))

    outcome = await page.carry_out(act())
    first = await twin(page, given, outcome)
    if first:
        return first
    if outcome.refused:
        return await _refused(mine, said, kept, outcome)
    await page.services.compositions.end(kept.id, outcome.receipt)
    return RedirectResponse(f"/bien-nhan/{outcome.receipt}", status_code=303)


async def _refused(mine: Ours, said: Tree, kept: Composition, outcome: Outcome) -> Response:
    problem = outcome.body
    if problem["type"].endswith(f":{Code.CONFIRMATION_NEEDED}"):
        return RedirectResponse(f"/duoc-hoi/{mine.it.id}/tra-loi?buoc={CONFIRM}", status_code=303)
    return await show(mine, said, kept, problem["status"], problem=problem)
