"""One step as a page: the form with whatever was typed, the task list, and what helps beside it."""

from typing import Any

from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from adapters.register.compositions import Composition
from api.pages.compose import shown
from api.pages.compose.ahead import courses
from api.pages.compose.checking import Checked, checked
from api.pages.compose.finding import found
from api.pages.compose.saving import typed_over, written_in
from api.pages.compose.steps import Step, after, lacking, states, step_of
from api.pages.compose.written import Written
from api.pages.page import Page
from api.policy import Role
from domain.clock import VIETNAM
from domain.gate_secret import LEVELS

TEMPLATES = {
    Step.CONTENT: "content",
    Step.POSITION: "position",
    Step.DRAFT: "draft",
    Step.AGENCIES: "agencies",
    Step.DEADLINE: "deadline",
    Step.REVIEW: "review",
}


async def step_page(
    page: Page,
    composition: Composition,
    step: Step,
    *,
    written: Written | None = None,
    status: int = 200,
    seen: int | None = None,
    **more: Any,
) -> HTMLResponse:
    """The step. `written`: what was typed where it is not what is kept; `seen`: the version it was typed over."""
    given = written or written_in(composition)
    look = await checked(page, given)
    context = {
        "it": composition,
        "written": given,
        "step": step,
        "next_step": after(step),
        "steps": states(given, look, step),
        "check": look,
        "lacking": lacking(look, step),
        "told": [one for one in look.findings if step_of(one.code) is step],
        "seen": composition.version if seen is None else seen,
        "head": Role.AGENCY_HEAD in page.subject.roles,
        "problem": None,
        "conflict": None,
        "focus": page.http.query_params.get("o", ""),
    }
    beside = await _beside(page, step, given, look, str(more.pop("query", "")))
    errors = (more.get("problem") or {}).get("errors")
    return await page.show(f"compose/{TEMPLATES[step]}.html", status, **(context | beside | more), errors=errors)


def lenient(composition: Composition, step: Step, form: FormData) -> Written:
    """What was typed, to be shown again; the kept form where it cannot even be read."""
    try:
        return typed_over(written_in(composition), step, form, strict=False)
    except ValueError:
        return written_in(composition)


async def _beside(page: Page, step: Step, written: Written, look: Checked, query: str) -> dict[str, Any]:
    """What only this step shows."""
    day = (await page.services.now()).astimezone(VIETNAM).date()
    if step is Step.CONTENT:
        return _choices(page) | rules(page, written, day) | {"advised": await shown.advised(page, written)}
    if step is Step.AGENCIES:
        return await agencies(page, written, look, query)
    if step is Step.DEADLINE:
        return await deadline(page, written)
    if step is Step.REVIEW:
        return await _whole(page, written, look)
    return {}


def rules(page: Page, written: Written, day: Any) -> dict[str, Any]:
    """The lines that hold for the kind of draft, and the effects of silence in words."""
    return {
        "lines": shown.rule_lines(page, written, day),
        "line": shown.line_of(page, written, day),
        "silences": {effect.code: effect for effect in page.services.rulebook.silences},
        "cite": page.services.rulebook.cite,
        "national": {rule.code: page.services.rulebook.citation(rule) for rule in page.services.rulebook.national},
    }


def _choices(page: Page) -> dict[str, Any]:
    """The fields under their parents, the kinds of draft, the secrecy levels."""
    fields = page.services.rulebook.directory.fields
    tops = [field for field in fields if field.parent is None]
    return {
        "fields": [(top, [field for field in fields if field.parent == top.code]) for top in tops],
        "kinds": page.services.rulebook.draft_kinds,
        "levels": LEVELS,
    }


async def agencies(page: Page, written: Written, look: Checked, query: str = "") -> dict[str, Any]:
    """The agencies of the form, suggestions, and what was looked for."""
    due = await deadline(page, written)
    at = due["chosen"] or (due["due"].due_at if due["due"] else None)
    day = (await page.services.now()).astimezone(VIETNAM).date()
    return {
        "cards": await shown.cards(page, written, look, at),
        "week": shown.week_of(at)[0] if at else None,
        "advised": await shown.advised(page, written),
        "query": query,
        "found": found(page.services.rulebook.directory, query, day, page.subject.agency or ""),
    }


async def deadline(page: Page, written: Written) -> dict[str, Any]:
    """What the rule gives, and the chosen instant where one was chosen."""
    day = (await page.services.now()).astimezone(VIETNAM).date()
    given = rules(page, written, day)
    return {**given, "due": await shown.deadline(page, given["line"]), "chosen": written.due.at}


async def _whole(page: Page, written: Written, look: Checked) -> dict[str, Any]:
    """Everything on one page, with what will happen when."""
    services = page.services
    passed = look.preview.timeline if look.preview else ()
    due = await deadline(page, written)
    cards = await shown.cards(page, written, look, due["chosen"] or (due["due"].due_at if due["due"] else None))
    field = next((f for f in services.rulebook.directory.fields if f.code == written.field), None)
    own = any(one.code in ("own_authority", "caution_is_no_reason", "reason_missing") for one in look.findings)
    return {
        **due,
        "cards": cards,
        "field": field,
        "courses": courses(passed, await services.now()),
        "reason_pairs": [(reason.code, reason.label) for reason in services.rulebook.own_authority.reasons],
        "waiting": ", ".join(
            services.agency_name(code) for code in (look.preview.needs_exception if look.preview else ())
        ),
        "overriding": own or bool(written.override.reason_code or written.override.reason),
        "earlier": look.preview.earlier if look.preview else (),
    }
