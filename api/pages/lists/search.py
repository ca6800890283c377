"""Tìm: one field over number, subject, text, questions and agencies' names, with or without diacritics."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from adapters.register.queries_cases import launches
from adapters.register.queries_search import Hit, Sought, Why, search
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes.common import Cursor
from api.services import Services
from api.stored import LaunchWords, parsed
from domain.base import Frozen
from domain.clock import VIETNAM
from domain.text import fold, words

router = APIRouter()
PATH = "/tim"
SHOWN = 20
LONGEST = 220


class Found(Frozen):
    """One result. `why`: key of the reason; `excerpt`: its words in which the query was found, if they may be shown."""

    id: str
    subject: str
    number: str
    lead: str
    phase: str
    why: str
    excerpt: str = ""


@router.get(PATH)
async def find(
    page: SignedInPage, q: Annotated[str, Query(max_length=200)] = "", cursor: Cursor = None
) -> HTMLResponse:
    """The results, the nearest first, highlighted as they were written."""
    page.require(Action.LIST_CONSULTATIONS)
    query = " ".join(q.split())
    sought = sought_in(page.services, query, await page.services.now())
    found = await search(page.services.database, page.caller.viewer, sought, cursor=cursor, limit=SHOWN)
    rows = await _told(page, found.items, sought)
    return await page.show("lists/search.html", q=query, sought=bool(sought.words), rows=rows, next=found.next)


def sought_in(services: Services, query: str, now: datetime) -> Sought:
    """The query's words, and the agencies it names: by a part of the name, by the whole name in it, or by code."""
    wanted = words(query)
    if not wanted:
        return Sought(words=())
    day = now.astimezone(VIETNAM).date()
    names = {a.code: words(a.name) for a in services.rulebook.directory.agencies if a.in_force(day)}
    whole = tuple(code for code, name in names.items() if _run(wanted, name) or wanted == words(code))
    if whole:
        return Sought(words=wanted, agencies=whole)
    inside = max((name for name in names.values() if _run(name, wanted)), key=len, default=())
    if not inside:
        return Sought(words=wanted)
    at = _place(inside, wanted)
    rest = wanted[:at] + wanted[at + len(inside) :]
    return Sought(words=wanted, agencies=tuple(c for c, name in names.items() if name == inside), rest=rest)


def _run(few: Sequence[str], many: Sequence[str]) -> bool:
    """Whether the words stand one after another among the others; a single short word names nobody."""
    return (len(few) > 1 or len(few[0]) > 3) and f" {' '.join(few)} " in f" {' '.join(many)} "


def _place(few: Sequence[str], many: Sequence[str]) -> int:
    size = len(few)
    return next(at for at in range(len(many)) if tuple(many[at : at + size]) == tuple(few))


async def _told(page: Page, hits: Sequence[Hit], sought: Sought) -> tuple[Found, ...]:
    """The results with an excerpt; one statement for all their words."""
    stored = await launches(page.services.database, [hit.id for hit in hits])
    return tuple(_found(page, hit, LaunchWords(parsed(stored.get(hit.id, b"{}"))), sought) for hit in hits)


def _found(page: Page, hit: Hit, launch: LaunchWords, sought: Sought) -> Found:
    texts = _texts(launch, all_questions=_reads_all(page, hit), agency=page.subject.agency)
    return Found(
        id=hit.id,
        subject=hit.subject,
        number=hit.doc_number,
        lead=hit.lead,
        phase=hit.phase,
        why=hit.why.name.lower(),
        excerpt=excerpt(texts, sought.rest or sought.words, always=hit.why in (Why.PHRASE, Why.TEXT)),
    )


def _reads_all(page: Page, hit: Hit) -> bool:
    viewer = page.caller.viewer
    watches = any(role in ("office", "inspector", "leader") for role in viewer.roles)
    return watches or (viewer.agency is not None and viewer.agency == hit.lead)


def _texts(launch: LaunchWords, *, all_questions: bool, agency: str | None) -> list[str]:
    """The stretches an excerpt may come from: questions to others only for those who may read them."""
    plan: Mapping[str, Any] = launch.plan
    texts = [plan.get(name) for name in ("summary", "own_position", "proposal", "legal_basis")]
    texts += [part.get("label") for part in launch.words.get("parts") or ()]
    asks = [ask for ask in plan.get("asks", ()) if all_questions or ask.get("agency") == agency]
    texts += [question.get("text") for ask in asks for question in ask.get("questions", ())]
    return [text for text in texts if isinstance(text, str) and text.strip()]


def excerpt(texts: Sequence[str], wanted: Sequence[str], *, always: bool) -> str:
    """The text with most of the words, cut around the first; blank where none has any. `always`: else the first."""
    best = max(texts, key=lambda text: _hits(text, wanted), default="")
    if not best or not (_hits(best, wanted) or always):
        return ""
    start = min((at for word in wanted if (at := fold(best).find(word)) >= 0), default=0)
    start = max(0, best.rfind(" ", 0, max(0, start - LONGEST // 3)) + 1) if start > LONGEST // 2 else 0
    piece = best[start : start + LONGEST]
    if start + LONGEST < len(best):
        piece = piece.rsplit(" ", 1)[0] + "…"
    return f"…{piece}" if start else piece


def _hits(text: str, wanted: Sequence[str]) -> int:
    folded = fold(text)
    return sum(word in folded for word in wanted)
