"""One case on one page: question, texts side by side, record, consequence; the decision in one click and a reason."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response

from adapters.register.queries_record import records
from api.pages.forms import key_of
from api.pages.leader.deciding import body_of, proposed, typed_in
from api.pages.leader.telling import kind_of, names, otherwise, what
from api.pages.page import Page, SignedInPage
from api.pages.words import Words
from api.policy import Role
from api.routes import escalations
from api.routes.common import DottedId
from api.stored import LaunchWords
from api.views.asks import AskView
from api.views.escalations import EscalationView
from domain.base import Frozen
from domain.choices import choices, measures, needs_instant
from domain.state import Consultation, Escalation

router = APIRouter(prefix="/vu-viec")
RECORD_SPAN = timedelta(days=730)
# Records and parts of so many agencies are shown; the rest is on the consultation's own page.
SHOWN = 6
OTHERS_SHOWN = 24


class Part(Frozen):
    """A part of the draft in question."""

    label: str
    text: str = ""


@router.get("/{id}")
async def case(page: SignedInPage, id: DottedId) -> HTMLResponse:
    """The case with everything a decision needs."""
    return await _case(page, id, {})


@router.post("/{id}")
async def decide(page: SignedInPage, id: DottedId) -> Response:
    """The decision; from the list (`_ve`) back to the list."""
    form = await page.form()

    async def act() -> JSONResponse:
        return await escalations.decision(page, id, body_of(form), key_of(form))

    outcome = await page.carry_out(act())
    if outcome.refused:
        return await _case(page, id, typed_in(form), outcome.body)
    return page.after(outcome, "/lanh-dao" if form.get("_ve") == "danh-sach" else f"/vu-viec/{id}")


async def _case(page: Page, id: str, typed: dict[str, Any], problem: dict[str, Any] | None = None) -> HTMLResponse:
    view = await escalations.escalation(page, id)
    state = await page.state(view.consultation)
    found = next(one for one in state.escalations if one.id == id)
    launch = await page.services.launch_of(view.consultation) or LaunchWords({})
    words = await page.words()
    concerned = [state.asks[agency] for agency in found.agencies]
    charge = state.terms.leaders.in_charge(words.now)
    known = await records(page.services.database, found.agencies[:SHOWN], words.now - RECORD_SPAN, words.now)
    return await page.show(
        "leader/case.html",
        problem["status"] if problem else 200,
        it=view,
        state=state,
        kind=kind_of(found),
        what=what(words, found, state.lead, concerned[:SHOWN], launch),
        otherwise=otherwise(words, found, state.terms.leaders.chairman),
        named=names(words, found.agencies),
        parts_of={ask.agency: _parts(ask, launch) for ask in view.cases[:SHOWN]},
        part_label=launch.part_label(found.part),
        sides=_sides(state, found, view),
        records=known,
        shown=SHOWN,
        others_shown=OTHERS_SHOWN,
        charge=charge,
        decides=_decides(page, state, found, words),
        offered=[(action, consequence(words, found, action)) for action in choices(found, concerned)],
        needs_instant=needs_instant,
        measures=measures(found),
        proposed=proposed(page.services, words.now),
        typed=typed,
        problem=problem,
        leads=Role.LEADER in page.subject.roles,
    )


def _decides(page: Page, state: Consultation, case: Escalation, words: Words) -> bool:
    """Whether the form is shown: the reader is in charge by the consultation's terms, and something is undecided."""
    me, leaders = page.subject.leader, state.terms.leaders
    may = me is not None and Role.LEADER in page.subject.roles and not state.phase.ended
    return may and me in (leaders.in_charge(words.now).leader, leaders.chairman) and bool(case.undecided)


def consequence(words: Words, case: Escalation, action: str) -> str:
    """What follows from the decision, in one sentence."""
    own = f"leader.consequence.{action}_{case.kind}"
    return words.text(own if words.has(own) else f"leader.consequence.{action}")


def _parts(ask: AskView, launch: LaunchWords) -> tuple[Part, ...]:
    """The parts of the draft the agency's questions are about, with what was launched of their text."""
    named = [question.part for question in ask.questions if question.part] or list(ask.parts)
    known = {part["id"]: part for part in launch.words.get("parts") or ()}
    found = (known[id] for id in dict.fromkeys(named) if id in known)
    return tuple(Part(label=str(part["label"]), text=str(part.get("text") or "")) for part in found)


def _sides(state: Consultation, case: Escalation, view: EscalationView) -> tuple[tuple[str, list[AskView]], ...]:
    """Who stands for and against the part of a conflict, with their words."""
    conflict = next((c for c in state.conflicts if c.escalation == case.id), None)
    if conflict is None:
        return ()
    by = {ask.agency: ask for ask in view.cases}
    pairs = (("for", conflict.agree), ("against", conflict.disagree))
    return tuple((side, [by[agency] for agency in agencies if agency in by]) for side, agencies in pairs)
