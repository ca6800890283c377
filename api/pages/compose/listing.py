"""The agency's preparations: the list, a new one (also from an earlier consultation), one set aside, the task list."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.register.compositions import Composition
from api.pages.compose.checking import checked
from api.pages.compose.saving import mine, written_in
from api.pages.compose.steps import Step, entered, states
from api.pages.compose.written import AskWritten, ParentWritten, PartWritten, QuestionWritten, Written
from api.pages.page import Page, SignedInPage
from api.policy import Action

router = APIRouter(prefix="/soan")
CompositionId = Annotated[str, Path(pattern=r"^s-[0-9a-f]{20}$")]


@router.get("")
async def preparations(page: SignedInPage) -> HTMLResponse:
    """What the agency is writing, last saved first."""
    page.require(Action.LAUNCH)
    found = await page.services.compositions.of_agency(page.subject.agency or "", "launch")
    rows = [(one, written, sum(entered(written).values())) for one in found for written in [written_in(one)]]
    return await page.show("compose/list.html", rows=rows, steps=len(Step) - 1)


@router.post("")
async def begin(page: SignedInPage) -> Response:
    """A new preparation; `tu`: with the plan of one of the agency's own consultations."""
    form = await page.form()
    page.require(Action.LAUNCH)
    source = form.get("tu")
    written = await _copied(page, source) if isinstance(source, str) and source else Written()
    data = written.model_dump(mode="json")
    made = await page.services.compositions.start_launch(page.subject.agency or "", page.caller.account.username, data)
    return RedirectResponse(f"/soan/{made.id}/{Step.CONTENT}", status_code=303)


async def _copied(page: Page, consultation: str) -> Written:
    """The plan of a consultation the agency led, without its number, file and dates. Refuses `not_found`."""
    await page.find(consultation, Action.REDRAFT)
    launch = await page.services.launch_of(consultation)
    plan, words = (launch.plan, launch.words) if launch else ({}, {})
    same = ("subject", "summary", "field", "draft_kind", "own_position", "proposal", "legal_basis")
    return Written(
        **{name: plan.get(name) or "" for name in same},
        rule=plan.get("rule_code") or "",
        innovation=bool(plan.get("innovation")),
        parent_task=ParentWritten(name=(plan.get("parent_task") or {}).get("name", "")),
        parts=tuple(
            PartWritten(id=part["id"], label=part["label"], text=part.get("text") or "")
            for part in words.get("parts", ())
        ),
        asks=tuple(_asked(ask) for ask in plan.get("asks", ())),
    )


def _asked(ask: dict[str, object]) -> AskWritten:
    given = AskWritten.model_validate({k: ask[k] for k in ("agency", "functions", "parts") if k in ask})
    listed = ask.get("questions")
    questions = tuple(
        QuestionWritten(
            text=one["text"], closed=one["closed"], part=one.get("part") or "", options="\n".join(one["options"])
        )
        for one in (listed if isinstance(listed, list) else [])
    )
    return given.model_copy(update={"questions": questions})


@router.get("/{id}")
async def preparation(page: SignedInPage, id: CompositionId) -> Response:
    """The steps with how far each has come."""
    composition = await mine(page, id)
    if composition.ended_at:
        return await gone(page, composition)
    written = written_in(composition)
    look = await checked(page, written)
    steps = states(written, look)
    return await page.show("compose/overview.html", it=composition, written=written, steps=steps, check=look, step=None)


@router.post("/{id}/bo")
async def set_aside(page: SignedInPage, id: CompositionId) -> Response:
    """Out of the list; its words stay."""
    await page.form()
    composition = await mine(page, id)
    await page.services.compositions.end(composition.id)
    return RedirectResponse("/soan", status_code=303)


async def gone(page: Page, composition: Composition) -> Response:
    """Onward from a preparation that was sent, or set aside."""
    sent = await page.services.receipts.get(composition.receipt) if composition.receipt else None
    return RedirectResponse(f"/lay-y-kien/{sent.consultation}" if sent else "/soan", status_code=303)
