"""The leaders on a day: fields held, absences, who stands in for whom; and the form that enters an absence."""

from datetime import date, datetime, time

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.pages.admin.common import day_of, may
from api.pages.admin.weighing import Weighed, history, weigh
from api.pages.page import Page, SignedInPage
from api.policy import Action
from domain.base import Frozen
from domain.clock import VIETNAM
from domain.directory import Directory, Leader
from domain.terms import Absence

router = APIRouter(prefix="/lanh-dao")


class Desk(Frozen):
    """One leader on the day. `away`: the absence that covers it; `for_others`: absences in which this leader acts;
    `coming`: own absences still to come; `acting`: fields in charge of for somebody else.
    """

    leader: Leader
    away: Absence | None = None
    for_others: tuple[Absence, ...] = ()
    coming: tuple[Absence, ...] = ()
    acting: tuple[str, ...] = ()


@router.get("")
async def leaders(page: SignedInPage, ngay: str | None = None, nguoi: str | None = None) -> HTMLResponse:
    """Everybody with a term on the day. `nguoi`: the leader the form begins with."""
    page.require(Action.READ_DIRECTORY)
    return await _shown(page, ngay, Weighed(typed={"data": {"leader": nguoi or ""}}))


@router.post("")
async def weigh_absence(page: SignedInPage) -> Response:
    """Look ahead at whose charge an absence changes, or save it."""
    weighed = await weigh(page, "absence", await page.form())
    if weighed.outcome is not None:
        return page.after(weighed.outcome, f"/quan-tri/muc/{weighed.number}")
    return await _shown(page, None, weighed)


async def _shown(page: Page, ngay: str | None, weighed: Weighed) -> HTMLResponse:
    services = page.services
    directory, today = services.rulebook.directory, await services.today()
    day = day_of(ngay, today)
    choices = [x for x in directory.leaders if not x.over(today)]
    context = {
        "day": day,
        "today": today,
        "desks": desks(directory, day),
        "unheld": unheld(directory, day),
        "later": [x for x in directory.leaders if x.effective_from > day],
        "named": standing_arrangements(directory, day),
        "choices": list({x.code: f"{x.title} {x.name}" for x in choices}.items()),
        "admin": may(page, Action.AMEND),
        "history": await history(services, "absence") if may(page, Action.READ_AMENDMENTS) else None,
        "weighed": weighed,
        "typed": {"data": {}, **weighed.typed},
    }
    return await page.show("admin/leaders.html", weighed.status, **context)


def desks(directory: Directory, day: date) -> tuple[Desk, ...]:
    """The leaders in force on the day, in the directory's order."""
    charge = in_charge(directory, day)
    return tuple(_desk(directory, one, day, charge) for one in directory.leaders if one.in_force(day))


def _desk(directory: Directory, leader: Leader, day: date, charge: dict[str, tuple[str, str | None]]) -> Desk:
    known = directory.absences
    return Desk(
        leader=leader,
        away=next((a for a in known if a.leader == leader.code and a.covers(day)), None),
        for_others=tuple(a for a in known if a.stand_in == leader.code and a.covers(day)),
        coming=tuple(a for a in known if a.leader == leader.code and a.effective_from > day),
        acting=tuple(code for code, (who, absent) in charge.items() if who == leader.code and absent is not None),
    )


def in_charge(directory: Directory, day: date) -> dict[str, tuple[str, str | None]]:
    """By field: who is in charge on the day, and for whom, where a stand-in acts."""
    noon = datetime.combine(day, time(12), VIETNAM)
    found = ((f.code, directory.leader_table(f.code, day).in_charge(noon)) for f in directory.fields)
    return {code: (charge.leader, charge.acting_for) for code, charge in found}


def unheld(directory: Directory, day: date) -> tuple[str, ...]:
    """Fields that nobody holds on the day, not even with the field above: they fall to the Chairman."""
    tables = ((f.code, directory.leader_table(f.code, day)) for f in directory.fields)
    return tuple(code for code, table in tables if not any(term.holds(day) for term in table.terms))


def ending(directory: Directory, day: date, until: date) -> tuple[Leader, ...]:
    """Terms that end between the two days, both included, and that no later term of the same leader follows."""
    last = (x for x in directory.leaders if x.effective_to is not None and day <= x.effective_to <= until)
    return tuple(x for x in last if not _followed(directory, x))


def _followed(directory: Directory, term: Leader) -> bool:
    return any(x.code == term.code and x.effective_from > term.effective_from for x in directory.leaders)


def standing_arrangements(directory: Directory, day: date) -> dict[str, str]:
    """Who is named beforehand to stand in, by the absent leader's code."""
    pairs = [(absent, f"{x.title} {x.name}") for x in directory.leaders if x.in_force(day) for absent in x.stands_in]
    return {code: "; ".join(name for absent, name in pairs if absent == code) for code, _ in pairs}
