"""Which agency is the right one: searched by name or function, or suggested by the question. It only proposes."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.bodies.tools import RelevanceBody
from api.errors import Problem
from api.pages.asked.fields import positions, typed
from api.pages.forms import Tree
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes import relevance
from api.routes.common import ConsultationId
from api.stored import LaunchWords
from domain.directory import Agency, Directory, Function
from domain.gate_pointer import check_pointer
from domain.refusals import Refused
from domain.state import Ask
from domain.text import words as words_in

router = APIRouter()
SEARCH_FIELD = "_tim_co_quan"
MOST = 8
LONGEST = 200


class Candidate(NamedTuple):
    """One agency that might be the right one: its nearest function, why it is shown, and what the directory says."""

    agency: str
    name: str
    function: str
    reason: str
    ground: str
    competent: bool


async def candidates(page: Page, own: Ask, launch: LaunchWords, field: str, said: Tree, query: str) -> list[Candidate]:
    """The chosen agency first, then those found by the query, or without one those the question's words suggest."""
    directory, day = page.services.rulebook.directory, await page.services.today()
    pointed = [q for q, p in positions(said).items() if p == "out_of_function"] or list(own.questions)
    texts = [text for question in pointed for text in launch.named_in(own, question)]
    if query.strip():
        found = _searched(directory, own.agency, query, day)
    else:
        found = await _suggested(page, own, launch, field, texts)
    chosen = said["pointer"]["agency"]
    if chosen and directory.find(chosen) and chosen not in [code for code, *_ in found]:
        found = [(chosen, "", ""), *found]
    judged = [(one[0], (*one[1:], *_judged(page, own, one[0], field, texts, day))) for one in found[: MOST + 1]]
    return [Candidate(code, page.services.agency_name(code), *rest) for code, rest in judged]


def _judged(page: Page, own: Ask, code: str, field: str, texts: Iterable[str], day: date) -> tuple[str, bool]:
    """What the directory of the day says of pointing there, as the reply will be judged."""
    book = page.services.rulebook
    try:
        found = check_pointer(book, own.agency, code, field=field, day=day, functions=own.functions, texts=texts)
    except Refused:
        return "", False
    return page.services.messages.text(f"pointers.{found.ground}", day=day), found.competent


def _searched(directory: Directory, ours: str, query: str, day: date) -> list[tuple[str, str, str]]:
    """Agencies in force whose name, code or a function holds every word of the query, case and diacritics aside."""
    wanted = words_in(query[:LONGEST])
    hits: list[tuple[int, str, str, str]] = []
    for agency in directory.agencies:
        if agency.code != ours and agency.in_force(day):
            hit = _hit(agency, directory.functions_of(agency.code, day), wanted)
            hits += [(hit[0], agency.code, *hit[1:])] if hit else []
    return [(code, function, why) for _, code, function, why in sorted(hits, key=lambda hit: hit[0])[:MOST]]


def _hit(agency: Agency, functions: tuple[Function, ...], wanted: tuple[str, ...]) -> tuple[int, str, str] | None:
    """How near, 0 best, by which function, and the words of it that tell; None where a word is missing.

    Words that stand together count for more than the same words scattered: "dat dai" is not "đặt tượng đài".
    """
    name = words_in(f"{agency.code} {agency.name}")
    if _holds(name, wanted):
        return 0, functions[0].title if functions else "", ""
    for near, holds in ((1, _together), (3, _holds)):
        titled = next((f for f in functions if holds(words_in(f.title), wanted)), None)
        if titled:
            return near, titled.title, ""
        told = next((f for f in functions if holds((*name, *words_in(f"{f.title} {f.text}")), wanted)), None)
        if told:
            return near + 1, told.title, told.text
    return None


def _holds(known: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return bool(wanted) and all(any(word.startswith(want) for word in known) for want in wanted)


def _together(known: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return bool(wanted) and f" {' '.join(wanted)}" in f" {' '.join(known)}"


async def _suggested(
    page: Page, own: Ask, launch: LaunchWords, field: str, texts: list[str]
) -> list[tuple[str, str, str]]:
    """What the suggester makes of the questions that are said to be somebody else's."""
    body = {"subject": launch.subject, "text": "\n".join(texts), "field": field, "lead": own.agency}
    try:
        found = await relevance.relevance(page, RelevanceBody.model_validate(body))
    except (Refused, Problem, ValueError):
        return []
    shown = [one for one in found.suggestions if one.agency != own.agency][:MOST]
    return [(one.agency, one.function_title, one.reason) for one in shown]


@router.post("/{id}/tra-loi/co-quan")
async def search(page: SignedInPage, id: ConsultationId) -> HTMLResponse:
    """The agencies' part of the page, while somebody types."""
    form = await page.form()
    found = await page.find(id, Action.REPLY, page.subject.agency)
    launch = await page.services.launch_of(id) or LaunchWords({})
    query = asked_for(form.get(SEARCH_FIELD))
    said = typed(form)
    shown = await candidates(page, found.own_ask, launch, found.row.field, said, query)
    return await page.show("asked/agencies.html", candidates=shown, query=query, said=said)


def asked_for(value: object) -> str:
    """The words searched for."""
    return value[:LONGEST] if isinstance(value, str) else ""
