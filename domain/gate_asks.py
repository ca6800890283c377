"""The gate's look at each asked agency: does it exist, is it the right one, does its function touch the named part?"""

from collections.abc import Iterator
from datetime import date, datetime, time

from domain.clock import VIETNAM
from domain.directory import Agency, Function
from domain.gate_match import Named
from domain.gate_plan import AskPlan, Finding, LaunchPlan, WayOut
from domain.refusals import Code
from domain.rulebook import Rulebook


class AskCheck:
    """One plan under one rulebook on one day; local to one pure call."""

    def __init__(self, plan: LaunchPlan, rulebook: Rulebook, day: date, mandatory: tuple[str, ...]) -> None:
        self.plan = plan
        self.rulebook = rulebook
        self.directory = rulebook.directory
        self.day = day
        self.mandatory = mandatory
        self.parts = {part.id: part for part in plan.parts}
        self._ways: dict[str, tuple[WayOut, ...]] = {}

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the asks, in the order of the plan."""
        seen: dict[str, None] = {}
        for ask in self.plan.asks:
            yield from self._ask(ask, seen)
            seen[ask.agency] = None

    def _ask(self, ask: AskPlan, seen: dict[str, None]) -> Iterator[Finding]:
        agency = self.directory.find(ask.agency)
        if agency is None:
            yield Finding(code=Code.AGENCY_UNKNOWN, agency=ask.agency, params={"agency": ask.agency})
        elif ask.agency == self.plan.lead:
            yield self._finding(Code.SELF_ASK, agency)
        elif ask.agency in seen:
            yield self._finding(Code.DUPLICATE_ASK, agency)
        elif not agency.in_force(self.day):
            yield self._succeeded(agency)
        else:
            yield from self._contents(ask, agency)
            yield from self._relation(ask, agency)

    def _contents(self, ask: AskPlan, agency: Agency) -> Iterator[Finding]:
        """Questions and parts: every agency gets a question; one asked by relevance also gets a part."""
        if not any(question.text.strip() for question in ask.questions):
            yield self._finding(Code.QUESTION_MISSING, agency)
        named = (*ask.parts, *(question.part for question in ask.questions if question.part))
        for part in dict.fromkeys(named):
            if part not in self.parts:
                yield self._finding(Code.PART_UNKNOWN, agency, part=part)
        if not named and ask.agency not in self.mandatory:
            yield self._finding(Code.PART_MISSING, agency)

    def _relation(self, ask: AskPlan, agency: Agency) -> Iterator[Finding]:
        """The function: known, the agency's own, in force, and touching field or part. A duty to ask needs none."""
        faults = [fault for id in ask.functions for fault in self._function(id, agency)]
        faults += self._exception(ask, agency)
        if faults:
            yield from faults
        elif ask.agency not in self.mandatory and not self._excused(ask) and not self._related(ask, agency):
            yield self._unrelated(ask, agency)

    def _function(self, id: str, agency: Agency) -> Iterator[Finding]:
        function = self.directory.find_function(id)
        if function is None:
            yield self._finding(Code.FUNCTION_UNKNOWN, agency, function=id)
        elif function.agency != agency.code:
            yield self._function_finding(Code.FUNCTION_OF_ANOTHER_AGENCY, agency, function, function)
        elif not function.in_force(self.day):
            holder = self.directory.current_holder(id, self.day)
            moved = function.over(self.day) and holder is not None
            code = Code.AGENCY_SUCCEEDED if moved else Code.FUNCTION_NOT_IN_FORCE
            yield self._function_finding(code, agency, function, holder)

    def _exception(self, ask: AskPlan, agency: Agency) -> Iterator[Finding]:
        """Only the leader in charge of the field on the day (or the stand-in) may allow one, with a reason."""
        if ask.exception is None:
            return
        noon = datetime.combine(self.day, time(12), VIETNAM)
        charge = self.directory.leader_table(self.plan.field, self.day).in_charge(noon)
        if ask.exception.leader != charge.leader:
            yield self._finding(Code.NOT_THE_LEADER, agency, leader=ask.exception.leader, in_charge=charge.leader)
        elif not ask.exception.reason.strip():
            yield self._finding(Code.REASON_MISSING, agency)

    def _excused(self, ask: AskPlan) -> bool:
        """The leader allowed it, or is about to be asked: the launch then waits for the leader."""
        return ask.exception is not None or ask.request_exception

    def related(self, ask: AskPlan) -> bool:
        """Whether one of the ask's functions matches the field or touches what was named."""
        return self._related(ask, self.directory.agency(ask.agency))

    def _related(self, ask: AskPlan, agency: Agency) -> bool:
        functions = [self.directory.function(id) for id in ask.functions]
        if any(self.directory.field_matches(f.field, self.plan.field) for f in functions):
            return True
        named = self._named(ask, agency)
        return any(self.rulebook.matching.touches(f.id, named) for f in functions)

    def _named(self, ask: AskPlan, agency: Agency) -> Named:
        """What the lead named for this agency: the parts' labels and excerpts, and the questions."""
        ids = dict.fromkeys((*ask.parts, *(q.part for q in ask.questions if q.part)))
        parts = [self.parts[id] for id in ids if id in self.parts]
        texts = [text for part in parts for text in (part.label, part.text_excerpt)]
        return Named.of([*texts, *(question.text for question in ask.questions)], agency)

    def _unrelated(self, ask: AskPlan, agency: Agency) -> Finding:
        ways = self._nearest(self._named(ask, agency))
        shown = "; ".join(f"{way.title} ({way.agency_name})" for way in ways)
        return self._finding(Code.NOT_DIRECTLY_RELATED, agency, ways, nearest=shown)

    def _nearest(self, named: Named) -> tuple[WayOut, ...]:
        """The nearest functions, looked for once for all agencies that are asked the same."""
        if named.plain not in self._ways:
            nearest = self.rulebook.matching.nearest(named, self.day, self.plan.lead)
            self._ways[named.plain] = tuple(self._way(function) for function in nearest)
        return self._ways[named.plain]

    def lead_gone(self, lead: Agency) -> Finding:
        """The lead itself does not exist on the day."""
        return self._succeeded(lead)

    def _succeeded(self, agency: Agency) -> Finding:
        heirs = [self.directory.agency(code) for code in self.directory.successors(agency.code, self.day)]
        ways = tuple(WayOut(agency=heir.code, agency_name=heir.name) for heir in heirs)
        return self._finding(Code.AGENCY_SUCCEEDED, agency, ways, successors="; ".join(heir.name for heir in heirs))

    def _function_finding(self, code: Code, agency: Agency, function: Function, holder: Function | None) -> Finding:
        ways = (self._way(holder),) if holder else ()
        names = "; ".join(way.agency_name for way in ways)
        return self._finding(code, agency, ways, function=function.id, title=function.title, successors=names)

    def _way(self, function: Function) -> WayOut:
        holder = self.directory.agency(function.agency)
        return WayOut(agency=holder.code, agency_name=holder.name, function=function.id, title=function.title)

    def _finding(self, code: Code, agency: Agency, ways: tuple[WayOut, ...] = (), **params: str) -> Finding:
        shown = {"agency": agency.code, "agency_name": agency.name, "day": self.day.isoformat(), **params}
        return Finding(code=code, agency=agency.code, params={k: v for k, v in shown.items() if v}, ways_out=ways)
