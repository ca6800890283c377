"""The agencies on a day, and one agency: dated functions, predecessors and successors, who watches it. Read-only.

Agencies and functions come from the province's files, where a change of them is reviewed before it counts.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from adapters.register.queries_health import accounts_by_agency
from api.errors import Problem
from api.pages.admin.common import day_of
from api.pages.page import SignedInPage
from api.policy import Action
from api.routes.common import AgencyCode
from domain.base import Frozen
from domain.directory import Agency, Directory, Function
from domain.refusals import Code
from domain.text import fold, words

router = APIRouter(prefix="/danh-ba")


class Listed(Frozen):
    """An agency in the list. `when`: `now`, `ended`, `later`; `functions`: in force on the day;
    `found`: titles of those that hold what was searched for.
    """

    agency: Agency
    when: str
    functions: int
    accounts: int
    watcher: str | None
    found: tuple[str, ...] = ()


class Dated(Frozen):
    """A function with how it stands on the day; `onward`: the function that carries it on."""

    function: Function
    when: str
    citation: str | None
    onward: Function | None = None


@router.get("")
async def agencies(page: SignedInPage, ngay: str | None = None, q: str = "") -> HTMLResponse:
    """Agencies on the day; searched without diacritics in name, code and functions."""
    page.require(Action.READ_DIRECTORY)
    services = page.services
    directory, today = services.rulebook.directory, await services.today()
    day = day_of(ngay, today)
    counts = await accounts_by_agency(services.database)
    listed = [_listed(directory, one, day, counts.get(one.code, 0), q[:200]) for one in directory.agencies]
    rows = [one for one in listed if one is not None]
    context: dict[str, Any] = {
        "day": day,
        "today": today,
        "q": q[:200],
        "now_": [one for one in rows if one.when == "now"],
        "others": [one for one in rows if one.when != "now"],
        "as_of": directory.as_of,
    }
    return await page.show("admin/directory.html", **context)


@router.get("/{code}")
async def agency(page: SignedInPage, code: AgencyCode, ngay: str | None = None) -> HTMLResponse:
    """One agency on the day. Refuses `not_found`."""
    page.require(Action.READ_DIRECTORY)
    services = page.services
    rulebook, today = services.rulebook, await services.today()
    day = day_of(ngay, today)
    directory = rulebook.directory
    found = directory.find(code)
    if found is None:
        raise Problem(Code.NOT_FOUND)
    own = [one for one in directory.functions if one.agency == code]
    functions = [
        Dated(
            function=one,
            when=when(one, day),
            citation=rulebook.cite(one.basis, one.confidence),
            onward=directory.find_function(one.moved_to) if one.moved_to else None,
        )
        for one in own
    ]
    context: dict[str, Any] = {
        "it": found,
        "day": day,
        "today": today,
        "when": when(found, day),
        "superior": directory.superior(code),
        "watcher": directory.watcher(code, day),
        "functions": functions,
        "came_from": _came_from(directory, own),
        "fields": list(dict.fromkeys(one.field for one in own if one.in_force(day))),
        "predecessors": [one for one in directory.agencies if code in one.successors],
        "successors": [directory.agency(heir) for heir in found.successors],
        "accounts": (await accounts_by_agency(services.database)).get(code, 0),
    }
    return await page.show("admin/agency.html", **context)


def when(dated: Agency | Function, day: date) -> str:
    """How it stands on the day."""
    return "now" if dated.in_force(day) else "ended" if dated.over(day) else "later"


def _listed(directory: Directory, agency: Agency, day: date, accounts: int, query: str) -> Listed | None:
    """The agency's line; None where it does not hold what was searched for."""
    functions = directory.functions_of(agency.code, day)
    found = tuple(one.title for one in functions if holds(query, (one.title,)))
    if query.strip() and not found and not holds(query, (agency.name, agency.code)):
        return None
    return Listed(
        agency=agency,
        when=when(agency, day),
        functions=len(functions),
        accounts=accounts,
        watcher=directory.watcher(agency.code, day),
        found=found if query.strip() else (),
    )


def holds(query: str, texts: Iterable[str]) -> bool:
    """Whether every word of the query stands in one of the texts, case and diacritics aside."""
    wanted = words(query)
    return any(all(word in folded for word in wanted) for folded in map(fold, texts))


def _came_from(directory: Directory, own: list[Function]) -> dict[str, Function]:
    """By function: the one it was before, at another agency."""
    mine = [one.id for one in own]
    return {one.moved_to: one for one in directory.functions if one.moved_to in mine}
