"""The dated directory and the rules, as they hold on a day."""

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Query

from api.front import FrontDesk
from api.policy import Action
from api.routes.common import READ, CodeFilter, On
from api.views.base import View
from domain.clock import VIETNAM
from domain.deadline import Limit
from domain.directory import Agency, Function, Leader
from domain.rulebook import RuleLine
from domain.terms import Absence, Silence

router = APIRouter(prefix="/api/v1", tags=["Danh bạ và quy tắc"], responses=READ)


class Agencies(View):
    """Agencies in force on the day, in the directory's order."""

    on: date
    items: tuple[Agency, ...]
    next: str | None = None


class Functions(View):
    """Functions in force on the day."""

    on: date
    items: tuple[Function, ...]
    next: str | None = None


class Leaders(View):
    """Leaders' terms on the day, their absences, and who is in charge of each field."""

    on: date
    items: tuple[Leader, ...]
    absences: tuple[Absence, ...]
    in_charge: dict[str, str]
    next: str | None = None


class LineView(View):
    """One line of a rule set; the citation only as far as its confidence allows."""

    code: str
    name: str
    default: bool
    draft_kinds: tuple[str, ...]
    limit: Limit
    minimum: Limit | None
    silence: Silence
    citation: str | None
    clauses: tuple[str, ...]


class RuleSetView(View):
    """A rule set with the lines a lead may choose from."""

    code: str
    province: str
    invented: bool
    in_use: bool
    effective_from: date
    effective_to: date | None
    lines: tuple[LineView, ...]


class RuleSets(View):
    """Rule sets in force on the day, and the lines of national rules beside them."""

    on: date
    version: str
    items: tuple[RuleSetView, ...]
    national: tuple[LineView, ...]
    draft_kinds: dict[str, str]
    fields: dict[str, str]
    override_reasons: dict[str, str]
    next: str | None = None


class CalendarDay(View):
    """What an official notice says of a day; `source` only where it may be cited."""

    date: date
    kind: str
    name: str
    provisional: bool
    source: str | None


class CalendarView(View):
    """The notices of one year; every other weekday is worked, every other weekend is not."""

    year: int
    version: str
    years: tuple[int, ...]
    items: tuple[CalendarDay, ...]
    next: str | None = None


@router.get("/agencies", summary="Cơ quan đang hoạt động vào một ngày")
async def agencies(front: FrontDesk, on: On = None) -> Agencies:
    """Danh bạ cơ quan theo ngày."""
    front.require(Action.READ_DIRECTORY)
    day = on or await front.services.today()
    directory = front.services.rulebook.directory
    return Agencies(on=day, items=tuple(a for a in directory.agencies if a.in_force(day)))


@router.get("/functions", summary="Chức năng đang có hiệu lực vào một ngày")
async def functions(front: FrontDesk, on: On = None, agency: CodeFilter = None, field: CodeFilter = None) -> Functions:
    """Chức năng theo ngày, lọc theo cơ quan và lĩnh vực. Căn cứ chỉ hiện khi có nguồn được phép trích dẫn."""
    front.require(Action.READ_DIRECTORY)
    day = on or await front.services.today()
    rulebook = front.services.rulebook
    found = (f for f in rulebook.directory.functions_on(day) if agency in (None, f.agency) and field in (None, f.field))
    shown = (f.model_copy(update={"basis": rulebook.cite(f.basis, f.confidence)}) for f in found)
    return Functions(on=day, items=tuple(shown))


@router.get("/leaders", summary="Lãnh đạo và lĩnh vực phụ trách vào một ngày")
async def leaders(front: FrontDesk, on: On = None) -> Leaders:
    """Phân công lãnh đạo theo ngày, kể cả người xử lý thay khi vắng."""
    front.require(Action.READ_DIRECTORY)
    services = front.services
    day = on or await services.today()
    directory = services.rulebook.directory
    noon = datetime.combine(day, time(12), VIETNAM)
    charge = {f.code: directory.leader_table(f.code, day).in_charge(noon).leader for f in directory.fields}
    return Leaders(
        on=day,
        items=tuple(x for x in directory.leaders if x.in_force(day)),
        absences=tuple(a for a in directory.absences if a.covers(day)),
        in_charge=charge,
    )


@router.get("/rule-sets", summary="Bộ quy tắc đang có hiệu lực vào một ngày")
async def rule_sets(front: FrontDesk, on: On = None) -> RuleSets:
    """Bộ quy tắc theo ngày; bộ đang dùng được đánh dấu."""
    front.require(Action.READ_DIRECTORY)
    services = front.services
    rulebook, day = services.rulebook, on or await services.today()
    sets = tuple(
        RuleSetView(
            **{name: getattr(rules, name) for name in ("code", "province", "invented")},
            effective_from=rules.effective_from,
            effective_to=rules.effective_to,
            in_use=rules.code == services.settings.rule_set,
            lines=tuple(_line(front, line) for line in rules.lines),
        )
        for rules in rulebook.rule_sets_on(day)
    )
    return RuleSets(
        on=day,
        version=rulebook.version,
        items=sets,
        national=tuple(_line(front, line) for line in rulebook.national_lines),
        draft_kinds={kind.code: kind.name for kind in rulebook.draft_kinds},
        fields={f.code: f.name for f in rulebook.directory.fields},
        override_reasons={r.code: r.label for r in rulebook.own_authority.reasons if r.accepted},
    )


def _line(front: FrontDesk, line: RuleLine) -> LineView:
    rulebook = front.services.rulebook
    national = next((rule for rule in rulebook.national if rule.code == line.national), None)
    citation = rulebook.citation(national) if national else rulebook.cite(line.basis, line.confidence)
    same = ("code", "name", "default", "draft_kinds", "limit", "minimum", "silence", "clauses")
    return LineView(**{name: getattr(line, name) for name in same}, citation=citation)


@router.get("/calendar", summary="Lịch làm việc của một năm")
async def calendar(
    front: FrontDesk, on: On = None, year: Annotated[int | None, Query(ge=1990, le=2200)] = None
) -> CalendarView:
    """Ngày nghỉ, ngày làm bù và nguồn; ngày chưa có thông báo chính thức được đánh dấu tạm tính."""
    front.require(Action.READ_DIRECTORY)
    rulebook = front.services.rulebook
    wanted = year or (on or await front.services.today()).year
    rulebook.calendar.require(date(wanted, 1, 1))
    days = tuple(
        CalendarDay(
            date=notice.date,
            kind=notice.kind,
            name=notice.name,
            provisional=notice.provisional,
            source=rulebook.cite(notice.basis, notice.confidence),
        )
        for notice in rulebook.calendar.notices
        if notice.date.year == wanted
    )
    return CalendarView(year=wanted, version=rulebook.calendar.version, years=rulebook.calendar.years, items=days)
