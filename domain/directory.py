"""The province's dated directory: who existed, did what and led what on a given day.

Every question takes the day it is asked for; nothing here knows today's date or reads a file.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import TypeVar

from domain.directory_entries import (
    Agency,
    ChannelCode,
    Confidence,
    Dated,
    Delegation,
    Field,
    Function,
    Indexed,
    Leader,
    Mandatory,
    Superior,
)
from domain.refusals import Code, Refused
from domain.terms import Absence, LeaderTable, LeaderTerm

__all__ = [
    "Absence",
    "Agency",
    "ChannelCode",
    "Confidence",
    "Dated",
    "Delegation",
    "Directory",
    "Field",
    "Function",
    "Indexed",
    "Leader",
    "Mandatory",
    "Superior",
]

V = TypeVar("V")


class Directory(Indexed):
    """The whole directory. Look-ups cost one dictionary access; unknown codes are refused, never guessed."""

    province: str
    province_code: str
    invented: bool = False
    as_of: date
    chairman: str = "CT"
    superiors: tuple[Superior, ...] = ()
    agencies: tuple[Agency, ...]
    fields: tuple[Field, ...]
    functions: tuple[Function, ...] = ()
    leaders: tuple[Leader, ...] = ()
    absences: tuple[Absence, ...] = ()
    mandatory_asks: tuple[Mandatory, ...] = ()
    delegations: tuple[Delegation, ...] = ()

    @cached_property
    def _agencies(self) -> dict[str, Agency]:
        return {a.code: a for a in self.agencies}

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {f.code: f for f in self.fields}

    @cached_property
    def _functions(self) -> dict[str, Function]:
        return {f.id: f for f in self.functions}

    @cached_property
    def _superiors(self) -> dict[str, Superior]:
        return {s.code: s for s in self.superiors}

    @cached_property
    def _by_agency(self) -> dict[str, tuple[Function, ...]]:
        return _grouped((f.agency, f) for f in self.functions)

    @cached_property
    def _came_from(self) -> dict[str, tuple[Function, ...]]:
        return _grouped((f.moved_to, f) for f in self.functions if f.moved_to)

    @cached_property
    def _predecessors(self) -> dict[str, tuple[Agency, ...]]:
        return _grouped((heir, a) for a in self.agencies for heir in a.successors)

    def find(self, agency: str) -> Agency | None:
        """The agency, or None."""
        return self._agencies.get(agency)

    def find_function(self, id: str) -> Function | None:
        """The function, or None."""
        return self._functions.get(id)

    def agency(self, code: str) -> Agency:
        """The agency; refuses `agency_unknown`."""
        try:
            return self._agencies[code]
        except KeyError:
            raise Refused(Code.AGENCY_UNKNOWN, agency=code) from None

    def field(self, code: str) -> Field:
        """The field; refuses `field_unknown`."""
        try:
            return self._fields[code]
        except KeyError:
            raise Refused(Code.FIELD_UNKNOWN, field=code) from None

    def function(self, id: str) -> Function:
        """The function; refuses `function_unknown`."""
        try:
            return self._functions[id]
        except KeyError:
            raise Refused(Code.FUNCTION_UNKNOWN, function=id) from None

    def in_force(self, agency: str, day: date) -> bool:
        """Whether the agency exists on the day."""
        return self.agency(agency).in_force(day)

    def successors(self, code: str, day: date) -> tuple[str, ...]:
        """The agencies that stand on the day where `code` once stood; itself while it is in force.

        Before its own founding it is the agencies it was made from. Chains of several reforms are followed.
        """
        agency = self.agency(code)
        if agency.in_force(day):
            return (code,)
        kin = agency.successors if agency.over(day) else tuple(a.code for a in self._predecessors.get(code, ()))
        return tuple(dict.fromkeys(heir for next_code in kin for heir in self._onward(code, next_code, day)))

    def _onward(self, origin: str, code: str, day: date) -> tuple[str, ...]:
        """Successors of one relative, unless the chain would turn back on itself."""
        ahead = self.agency(origin).over(day)
        agency = self.agency(code)
        turns = not agency.in_force(day) and agency.over(day) != ahead
        return () if turns else self.successors(code, day)

    def functions_of(self, agency: str, day: date) -> tuple[Function, ...]:
        """The agency's functions in force on the day, in the directory's order."""
        return tuple(f for f in self._by_agency.get(self.agency(agency).code, ()) if f.in_force(day))

    def functions_on(self, day: date) -> tuple[Function, ...]:
        """Every function in force on the day."""
        return tuple(f for f in self.functions if f.in_force(day))

    def current_holder(self, function_id: str, day: date) -> Function | None:
        """The function that carries `function_id`'s matter on the day: itself, its heir, or what it came from.

        None where the function ended without an heir, or had not begun and replaced nothing.
        """
        function: Function | None = self.function(function_id)
        while function is not None and function.over(day):
            function = self._functions.get(function.moved_to) if function.moved_to else None
        if function is None or function.in_force(day):
            return function
        return next((f for f in self._came_from.get(function.id, ()) if f.in_force(day)), None)

    def lineage(self, field: str) -> tuple[str, ...]:
        """The field and its ancestors, nearest first."""
        chain: list[str] = []
        code: str | None = self.field(field).code
        while code is not None and code not in chain:
            chain.append(code)
            code = self.field(code).parent
        return tuple(chain)

    def field_matches(self, function_field: str, matter_field: str) -> bool:
        """Whether the two fields are the same, or one contains the other. Siblings do not match."""
        return function_field in self.lineage(matter_field) or matter_field in self.lineage(function_field)

    def leader_table(self, field: str, day: date) -> LeaderTable:
        """Who holds the field from the day on, absences included; a gap falls to the parent field's holder.

        The more special field comes first, because the table's reader takes the first term that covers a day.
        """
        held = [x for code in self.lineage(field) for x in self.leaders if code in x.fields and not x.over(day)]
        terms = (LeaderTerm(leader=x.code, effective_from=x.effective_from, effective_to=x.effective_to) for x in held)
        away = tuple(a for a in self.absences if a.effective_to >= day)
        return LeaderTable(terms=tuple(dict.fromkeys(terms)), absences=away, chairman=self.chairman)

    def leader(self, code: str, day: date) -> Leader | None:
        """The leader's term that covers the day, if any."""
        return next((x for x in self.leaders if x.code == code and x.in_force(day)), None)

    def watcher(self, agency: str, day: date) -> str | None:
        """The leader who watches the agency on the day; the Chairman where that leader holds no term then."""
        code = self.agency(agency).watched_by
        if code is None or self.leader(code, day) is not None:
            return code
        return self.chairman

    def is_central(self, agency: str) -> bool:
        """Whether the agency answers to a ministry, so that the province may only report to its superior (F49)."""
        return self.agency(agency).kind == "central"

    def superior(self, agency: str) -> Superior | None:
        """The body the agency reports to."""
        return self._superiors.get(self.agency(agency).superior or "")

    def mandatory(self, draft_kind: str, day: date) -> tuple[Mandatory, ...]:
        """The rules in force on the day that oblige agencies to be asked about this kind of draft."""
        return tuple(m for m in self.mandatory_asks if m.draft_kind == draft_kind and m.in_force(day))

    def competent(self, agency: str, field: str, day: date, function: str | None = None) -> bool:
        """Whether the agency is the right one to point at on the day: it holds the function's heir, or the field.

        `function`: the function the pointing agency was asked under. Where the two disagree the moved function wins.
        """
        if not self.in_force(agency, day):
            return False
        heir = self.current_holder(function, day) if function else None
        if heir is not None and heir.id != function:
            return heir.agency == agency
        return any(self.field_matches(f.field, field) for f in self.functions_of(agency, day))

    def may_sign(self, agency: str, officer: str, day: date, head: bool, field: str | None = None) -> bool:
        """Whether the officer may sign for the agency on the day: its head, or a delegate whose fields cover it."""
        return head or self.delegation(agency, officer, day, field) is not None

    def delegation(
        self, agency: str, officer: str, day: date, field: str | None = None, form: str | None = None
    ) -> Delegation | None:
        """The line of the register that lets the officer sign on the day for the field; None if there is none.

        `form`: only a line of that form; an officer may have several.
        """
        lines = (d for d in self.delegations if d.agency == agency and d.officer == officer and d.in_force(day))
        return next((d for d in lines if form in (None, d.form) and self._covers(d, field)), None)

    def _covers(self, delegation: Delegation, field: str | None) -> bool:
        """A delegation covers the fields it names and what they contain."""
        lineage = self.lineage(field) if field else ()
        return not delegation.fields or any(code in delegation.fields for code in lineage)


def _grouped(pairs: Iterable[tuple[str, V]]) -> dict[str, tuple[V, ...]]:
    """Values by key, in order of appearance."""
    groups: dict[str, tuple[V, ...]] = {}
    for key, value in pairs:
        groups[key] = (*groups.get(key, ()), value)
    return groups
