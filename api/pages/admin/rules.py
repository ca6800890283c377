"""The rules in force, each with the clause beside it as far as its confidence lets it be shown. Read-only.

S is shown as a citation, S2 with its caveat; what was not seen is never shown as law, and a number of this product's
own is called that.
"""

from datetime import date
from typing import Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.errors import Problem
from api.pages.admin.common import day_of
from api.pages.page import Page, SignedInPage
from api.policy import Action
from api.routes.common import PlainId
from api.services import Services
from domain.base import Frozen
from domain.directory import Mandatory
from domain.refusals import Code
from domain.rulebook import Clause, NationalLimit, NationalRule, OwnMatter, Rulebook, RuleLine, RuleSet, SilenceEffect

router = APIRouter(prefix="/quy-tac")
SHOWABLE = ("S", "S2")


class Quoted(NamedTuple):
    """A clause with the text it stands in; `source`: how it may be cited."""

    clause: Clause
    rules: RuleSet
    source: str


class Shown(Frozen):
    """A line of the rules. `citation`: of its basis; `unseen`: clauses it carries whose source may not be cited."""

    line: RuleLine
    silence: SilenceEffect
    citation: str | None
    clauses: tuple[Quoted, ...] = ()
    unseen: int = 0


class Law(Frozen):
    """A national rule as far as it was seen. `silence`: its effect, where that was seen too."""

    rule: NationalRule
    citation: str
    limits: tuple[NationalLimit, ...]
    silence: SilenceEffect | None
    second_hand: bool


@router.get("")
async def rule_sets(page: SignedInPage, bo: str | None = None, ngay: str | None = None) -> HTMLResponse:
    """The rule set in use, or another one, line by line."""
    rulebook, day = await _begin(page, ngay)
    services = page.services
    known = rulebook.rule_sets
    wanted = next((one for one in known if one.code == (bo or services.settings.rule_set)), None)
    if wanted is None:
        raise Problem(Code.NOT_FOUND)
    quoted = quotes(services, rulebook)
    lines = tuple(_shown(rulebook, line, quoted) for line in wanted.lines)
    context: dict[str, Any] = {
        "rules": wanted,
        "in_use": services.settings.rule_set,
        "known": known,
        "lines": lines,
        "mandatory": _mandatory(rulebook, day),
        "showable": wanted.confidence in SHOWABLE and not wanted.invented,
        "spans": ", ".join(f"{first:%H:%M}–{last:%H:%M}" for first, last in wanted.office_hours.spans),
    }
    return await page.show("admin/rules.html", tab="rules", day=day, rulebook=rulebook, **context)


@router.get("/trung-uong")
async def national(page: SignedInPage) -> HTMLResponse:
    """National rules that were seen, and the lines a lead may choose of them; how many were not seen."""
    rulebook, day = await _begin(page, None)
    quoted = quotes(page.services, rulebook)
    laws = [law for law in (_law(rulebook, rule) for rule in rulebook.national) if law is not None]
    context: dict[str, Any] = {
        "laws": laws,
        "unseen": len(rulebook.national) - len(laws),
        "lines": tuple(_shown(rulebook, line, quoted) for line in rulebook.national_lines),
    }
    return await page.show("admin/national.html", tab="national", day=day, rulebook=rulebook, **context)


@router.get("/loai-du-thao")
async def draft_kinds(page: SignedInPage, ngay: str | None = None) -> HTMLResponse:
    """Kinds of draft, who decides each, and the line that holds where the lead chooses none."""
    rulebook, day = await _begin(page, ngay)
    rule_set = page.services.settings.rule_set
    kinds = [(kind, rulebook.line(rule_set, kind.code, day)) for kind in rulebook.draft_kinds]
    lines = {kind.code: rulebook.lines(rule_set, kind.code, day) for kind in rulebook.draft_kinds}
    context: dict[str, Any] = {"kinds": kinds, "choices": lines, "mandatory": _mandatory(rulebook, day)}
    return await page.show("admin/draft_kinds.html", tab="kinds", day=day, rulebook=rulebook, **context)


@router.get("/tham-quyen")
async def own_authority(page: SignedInPage) -> HTMLResponse:
    """Matters an agency decides itself, and the reasons that do or do not allow to consult all the same."""
    rulebook, day = await _begin(page, None)
    matters = [
        (one, rulebook.cite(one.basis, one.confidence), _when(one, day)) for one in rulebook.own_authority.matters
    ]
    return await page.show("admin/own_authority.html", tab="own", day=day, rulebook=rulebook, matters=matters)


@router.get("/dieu-khoan/{code}")
async def clauses(page: SignedInPage, code: PlainId) -> HTMLResponse:
    """Every demand of one text and what carries it today. Refuses `not_found` where the text may not be cited."""
    rulebook, day = await _begin(page, None)
    rules = next((one for one in rulebook.rule_sets if one.code == code and one.clauses), None)
    if rules is None or rules.confidence not in SHOWABLE:
        raise Problem(Code.NOT_FOUND)
    carried = sum(1 for one in rules.clauses if one.enforced_by)
    return await page.show(
        "admin/clauses.html", tab="clauses", day=day, rulebook=rulebook, rules=rules, carried=carried
    )


async def _begin(page: Page, ngay: str | None) -> tuple[Rulebook, date]:
    page.require(Action.READ_DIRECTORY)
    return page.services.rulebook, day_of(ngay, await page.services.today())


def quotes(services: Services, rulebook: Rulebook) -> dict[str, Quoted]:
    """By its id: each clause of a text that may be cited, with how it is cited."""
    found: dict[str, Quoted] = {}
    for rules in rulebook.rule_sets:
        for clause in rules.clauses:
            said = services.messages.text("admin.rules.clause_at", at=clause.at, document=rules.document.title)
            source = rulebook.cite(said, rules.confidence)
            if source is not None and not rules.invented:
                found[clause.id] = Quoted(clause, rules, source)
    return found


def _shown(rulebook: Rulebook, line: RuleLine, quoted: dict[str, Quoted]) -> Shown:
    national = next((rule for rule in rulebook.national if rule.code == line.national), None)
    return Shown(
        line=line,
        silence=_silence(rulebook, line.silence),
        citation=rulebook.citation(national) if national else rulebook.cite(line.basis, line.confidence),
        clauses=tuple(quoted[id] for id in line.clauses if id in quoted),
        unseen=sum(1 for id in line.clauses if id not in quoted),
    )


def _silence(rulebook: Rulebook, code: str) -> SilenceEffect:
    return next(one for one in rulebook.silences if one.code == code)


def _law(rulebook: Rulebook, rule: NationalRule) -> Law | None:
    citation = rulebook.citation(rule)
    if citation is None:
        return None
    seen = rule.silence is not None and rule.silence_confidence in SHOWABLE
    return Law(
        rule=rule,
        citation=citation,
        limits=tuple(one for one in rule.limits if one.confidence in SHOWABLE),
        silence=_silence(rulebook, str(rule.silence)) if seen else None,
        second_hand=rule.confidence == "S2",
    )


def _mandatory(rulebook: Rulebook, day: date) -> dict[str, tuple[tuple[Mandatory, str | None], ...]]:
    """By kind of draft: whom a rule obliges to be asked on the day, and the rule as it may be cited."""
    directory = rulebook.directory
    return {
        kind.code: tuple((m, rulebook.cite(m.basis, m.confidence)) for m in directory.mandatory(kind.code, day))
        for kind in rulebook.draft_kinds
    }


def _when(matter: OwnMatter, day: date) -> str:
    return "now" if matter.in_force(day) else "ended" if matter.over(day) else "later"
