"""Tổng hợp, tiếp thu, giải trình: every remark with its answer or the form for it, and the table as it is printed."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from adapters.register.queries_story import said_of_remarks
from api.pages.consultation.reading import BASE, Reading, Typed, read
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes.common import ConsultationId
from api.views.asks import AskViews, RemarkView
from domain.decide.answering import NEEDS_REASON
from domain.state import Ask, Outcome, Remark, Stage
from domain.synthesis import totals

router = APIRouter(prefix=BASE + "/{id}/tong-hop")
SIZE = 30
Which = Literal["", "cho", "bao-luu"]
WhichOnes = Annotated[Which, Query(alias="loc")]
PageNumber = Annotated[int, Query(alias="trang", ge=1, le=100_000)]
Pair = tuple[Ask, Remark]
# In the order of the table at its end: those who have nothing to answer, by how their part ended.
ENDS = tuple(Outcome)


@router.get("")
async def synthesis(
    page: SignedInPage, id: ConsultationId, which: WhichOnes = "", number: PageNumber = 1
) -> HTMLResponse:
    """The remarks, to be answered in place."""
    return await show(page, id, which, number)


async def show(page: Page, id: str, which: Which = "", number: int = 1, typed: Typed | None = None) -> HTMLResponse:
    """The page; after a refusal with what was typed still in its form."""
    reading = await read(page, id, Action.READ_OPINIONS)
    every = [(ask, remark) for ask in reading.state.asks.values() for remark in ask.live_remarks]
    fit = [pair for pair in every if _fits(pair[1], which) or (typed and typed.form == pair[1].id)]
    pages = max(1, -(-len(fit) // SIZE))
    number = min(number, pages)
    context = {
        "typed": typed,
        "totals": totals(reading.state),
        "remarks": await views_of(reading, fit[(number - 1) * SIZE : number * SIZE]),
        "which": which,
        "number": number,
        "pages": pages,
        "counts": {one: sum(_fits(remark, one) for _, remark in every) for one in ("", "cho", "bao-luu")},
        "needs_reason": NEEDS_REASON,
    }
    status = typed.status if typed else 200
    return await page.show("consultation/synthesis.html", status, **reading.context("synthesis") | context)


def _fits(remark: Remark, which: str) -> bool:
    if which == "cho":
        return remark.outcome is None
    return which == "" or remark.dissent_at is not None


async def views_of(reading: Reading, pairs: Sequence[Pair]) -> list[RemarkView]:
    """These remarks in words, in a constant number of statements."""
    services, id = reading.page.services, reading.state.id
    named = dict.fromkeys(remark.id for _, remark in pairs)
    said = await said_of_remarks(services.database, id)
    await services.fetch(hash for (_, remark), hash in said.items() if remark in named)
    await services.fetch(reply.content for ask, _ in pairs for reply in ask.replies)
    views = AskViews(services, id, reading.launch, reading.now)
    return [await views.remark(ask, remark) for ask, remark in pairs]


@router.get("/ban-in")
async def printed(page: SignedInPage, id: ConsultationId) -> HTMLResponse:
    """The whole table as it is signed: A4 across, Tinos."""
    reading = await read(page, id, Action.READ_OPINIONS)
    asks = tuple(reading.state.asks.values())
    remarks = await views_of(reading, [(ask, remark) for ask in asks for remark in ask.live_remarks])
    context = {"totals": totals(reading.state), "remarks": remarks, "silent": _without_remarks(asks)}
    return await page.show("consultation/print.html", **reading.context("synthesis") | context)


def _without_remarks(asks: Sequence[Ask]) -> dict[str, Any]:
    """The agencies that left nothing to answer, by how their part stands; those still owing last."""
    quiet = [ask for ask in asks if not ask.live_remarks]
    ended = {f"{end}": [a.agency for a in quiet if a.stage is Stage.SETTLED and a.outcome is end] for end in ENDS}
    waiting = [a.agency for a in quiet if a.stage is not Stage.SETTLED]
    return {name: some for name, some in {**ended, "waiting": waiting}.items() if some}
