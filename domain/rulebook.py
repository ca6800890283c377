"""All rules as one value: directory, calendar, rule sets, national rules, draft kinds and the own-authority list.

It answers which terms hold on a day and what may be cited; it reads no file, and it never makes up a rule or a year.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from domain.amendments import Amendment, amended_calendar, amended_directory
from domain.calendar import Calendar
from domain.directory import Confidence, Directory, Indexed
from domain.gate_match import FunctionIndex
from domain.refusals import Code, Refused
from domain.rulebook_entries import (
    Clause,
    DraftKind,
    LimitSource,
    NationalLimit,
    NationalRule,
    OverrideReason,
    OwnAuthority,
    OwnMatter,
    RuleLine,
    RuleSet,
    SilenceEffect,
    SourceDocument,
)
from domain.terms import RuleTerms, Terms

__all__ = [
    "Clause",
    "DraftKind",
    "LimitSource",
    "NationalLimit",
    "NationalRule",
    "OverrideReason",
    "OwnAuthority",
    "OwnMatter",
    "RuleLine",
    "RuleSet",
    "Rulebook",
    "SilenceEffect",
    "SourceDocument",
]


class Rulebook(Indexed):
    """The rules of one installation. `version`: SHA-256 of every rule file's bytes, in hexadecimal.

    `citation_forms`: how a citation is written by confidence (S and S2 only), with the place `{citation}`.
    """

    version: str
    directory: Directory
    calendar: Calendar
    rule_sets: tuple[RuleSet, ...]
    draft_kinds: tuple[DraftKind, ...]
    national: tuple[NationalRule, ...]
    national_lines: tuple[RuleLine, ...] = ()
    silences: tuple[SilenceEffect, ...]
    citation_forms: dict[Confidence, str]
    own_authority: OwnAuthority

    @cached_property
    def matching(self) -> FunctionIndex:
        """The word index of the directory's functions."""
        return FunctionIndex(self.directory)

    def amended(self, amendments: Sequence[Amendment], known: "Rulebook | None" = None) -> "Rulebook":
        """These rules with the amendments that hold; the very same ones without any. `version` still names the files.

        `known`: an earlier result. A directory that says the same is taken from there, with all that was built for it.
        """
        calendar = amended_calendar(self.calendar, amendments)
        directory = amended_directory(self.directory, amendments, known.directory if known else None)
        if calendar is self.calendar and directory is self.directory:
            return self
        amended = self.model_copy(update={"calendar": calendar, "directory": directory})
        # No amendment changes a function: the index is built once for all of them.
        amended.__dict__["matching"] = self.matching
        return amended

    @cached_property
    def _kinds(self) -> dict[str, DraftKind]:
        return {kind.code: kind for kind in self.draft_kinds}

    @cached_property
    def _national(self) -> dict[str, NationalRule]:
        return {rule.code: rule for rule in self.national}

    def rule_set(self, code: str) -> RuleSet:
        """The rule set; refuses `rule_set_unknown`."""
        found = next((rules for rules in self.rule_sets if rules.code == code), None)
        if found is None:
            raise Refused(Code.RULE_SET_UNKNOWN, rule_set=code)
        return found

    def rule_sets_on(self, day: date) -> tuple[RuleSet, ...]:
        """The rule sets in force on the day."""
        return tuple(rules for rules in self.rule_sets if rules.in_force(day))

    def draft_kind(self, code: str) -> DraftKind:
        """The kind of draft; refuses `draft_kind_unknown`."""
        if code not in self._kinds:
            raise Refused(Code.DRAFT_KIND_UNKNOWN, draft_kind=code)
        return self._kinds[code]

    def national_rule(self, code: str) -> NationalRule:
        """The national rule R1…R18; refuses `rule_unknown`."""
        if code not in self._national:
            raise Refused(Code.RULE_UNKNOWN, rule=code)
        return self._national[code]

    def lines(self, rule_set: str, draft_kind: str, day: date) -> tuple[RuleLine, ...]:
        """The lines a lead may choose from on the day: the province's own first, then those of national rules."""
        kind = self.draft_kind(draft_kind).code
        return tuple(x for x in (*self.rule_set(rule_set).lines, *self.national_lines) if x.holds_for(kind, day))

    def line(self, rule_set: str, draft_kind: str, day: date, rule_code: str | None = None) -> RuleLine:
        """The chosen line, or the default for the kind: one made for this kind before the general one.

        Refuses `rule_unknown` for a code that is not offered for this kind on the day.
        """
        lines = self.lines(rule_set, draft_kind, day)
        if rule_code is not None:
            found = next((line for line in lines if line.code == rule_code), None)
        else:
            defaults = sorted((line for line in lines if line.default), key=lambda line: not line.draft_kinds)
            found = next(iter(defaults), None)
        if found is None:
            raise Refused(Code.RULE_UNKNOWN, rule=rule_code or "", draft_kind=draft_kind, rule_set=rule_set)
        return found

    def named_line(self, rule_set: str, code: str, day: date) -> RuleLine:
        """The line of that code in force on the day, the province's own first; or a kind of draft's default line.

        Refuses `rule_unknown`, `rule_set_unknown`.
        """
        for line in (*self.rule_set(rule_set).lines, *self.national_lines):
            if line.code == code and line.holds_for(next(iter(line.draft_kinds), ""), day):
                return line
        if any(kind.code == code for kind in self.draft_kinds):
            return self.line(rule_set, code, day)
        raise Refused(Code.RULE_UNKNOWN, rule=code, rule_set=rule_set)

    def terms(self, rule_set: str, draft_kind: str, field: str, day: date, rule_code: str | None = None) -> Terms:
        """What a consultation launched on the day runs under: the rule, three years of calendar, the leaders.

        Refuses `rule_set_unknown`, `rule_unknown`, `draft_kind_unknown`, `field_unknown`, `calendar_year_missing`.
        """
        line = self.line(rule_set, draft_kind, day, rule_code)
        leaders = self.directory.leader_table(field, day)
        self.calendar.require(day)
        calendar = self.calendar.between(day.year - 1, day.year + 1)
        rule = self._rule_terms(self.rule_set(rule_set), line, draft_kind)
        return Terms(rule=rule, calendar=calendar, leaders=leaders)

    def _rule_terms(self, rules: RuleSet, line: RuleLine, draft_kind: str) -> RuleTerms:
        """The line as it travels with a consultation; the citation only as far as its confidence allows."""
        rule = self._national.get(line.national or "")
        same = [name for name in RuleTerms.model_fields if name in RuleLine.model_fields]
        carried = {name: getattr(line, name) for name in same if name != "confidence"}
        return RuleTerms(
            **carried,
            rule_set=rules.code,
            version=self.version,
            draft_kind=draft_kind,
            ladder=rules.ladder,
            office_hours=rules.office_hours,
            citation=self.citation(rule) if rule else self.cite(line.basis, line.confidence),
            confidence=rule.confidence if rule else line.confidence,
        )

    def citation(self, rule: NationalRule) -> str | None:
        """The rule's citation as a user may see it: S as it is, S2 with the caveat, G and U not at all."""
        return self.cite(rule.citation, rule.confidence)

    def cite(self, basis: str | None, confidence: Confidence) -> str | None:
        """Any basis with a confidence mark, as a user may see it; None where it must not be shown."""
        form = self.citation_forms.get(confidence) if confidence in ("S", "S2") else None
        return form.replace("{citation}", basis) if form and basis else None
