"""The rule sets seen beside the rest: what they name exists, and silence has a basis.

Nothing is corrected here, and consent by silence is never supplied.
"""

from collections.abc import Callable, Iterator

from adapters.rules_checks import at, unknown
from adapters.rules_read import Entry, Flaw, Reader
from adapters.rules_words import saying
from domain.refusals import Code
from domain.rulebook import Clause, DraftKind, NationalRule, RuleLine, RuleSet
from domain.rulebook_entries import ENGINE, FEATURES
from domain.terms import Anchor, Silence


def lines_name_what_exists(reader: Reader) -> Iterator[Flaw]:
    """Kinds, agencies, national rules and clauses named by a line exist."""
    known = {
        "draft_kinds": ("unknown_draft_kind", [e.value.code for e in reader.each("draft_kinds", DraftKind)]),
        "mandatory_agencies": ("unknown_agency", [e.value.code for e in reader.entries.get("agencies", [])]),
        "clauses": ("unknown_clause", [c.id for e in reader.each("rule_sets", RuleSet) for c in e.value.clauses]),
    }
    for entry, line in _lines(reader):
        for name, (key, codes) in known.items():
            yield from unknown(entry, (name,), getattr(line, name), codes, key)


def silence_has_a_basis(reader: Reader) -> Iterator[Flaw]:
    """An effect of silence comes from a cited rule that carries it, or from the province's own named document."""
    rules = {entry.value.code: entry.value for entry in reader.each("national", NationalRule)}
    for entry, line in _lines(reader):
        if line.national and line.national not in rules:
            yield at(entry, saying("unknown_national", code=line.national), "national")
        elif line.silence is not Silence.NONE:
            rule = rules.get(line.national or "")
            if rule is None and not line.basis:
                yield at(entry, saying("silence_without_basis"), "silence")
            elif rule is not None and rule.silence is not line.silence:
                yield at(entry, saying("silence_not_of_rule", code=rule.code), "silence")


def sets_have_one_default(reader: Reader) -> Iterator[Flaw]:
    """Each set has exactly one default line for every kind, and no code twice."""
    for entry in reader.each("rule_sets", RuleSet):
        general = [line for line in entry.value.lines if line.default and not line.draft_kinds]
        if len(general) != 1:
            yield at(entry, saying("no_default_line"), "lines")
        seen: dict[str, None] = {}
        for number, line in enumerate(entry.value.lines):
            if line.code in seen:
                yield at(entry, saying("duplicate", code=line.code), "lines", number, "code")
            seen[line.code] = None


def ladders_end_at_due(reader: Reader) -> Iterator[Flaw]:
    """Exactly one rung stands at the due instant, and no code is used twice: a rung is done once."""
    for entry in reader.each("rule_sets", RuleSet):
        rungs = entry.value.ladder.rungs
        if len([rung for rung in rungs if rung.anchor is Anchor.AT_DUE]) != 1:
            yield at(entry, saying("no_rung_at_due"), "ladder", "rungs")
        seen: dict[str, None] = {}
        for number, rung in enumerate(rungs):
            if rung.code in seen:
                yield at(entry, saying("duplicate", code=rung.code), "ladder", "rungs", number, "code")
            seen[rung.code] = None


def clauses_name_what_carries_them(reader: Reader) -> Iterator[Flaw]:
    """A clause stands once, its features exist, and what is said to enforce it is there."""
    seen: dict[str, None] = {}
    for entry in reader.each("rule_sets", RuleSet):
        for number, clause in enumerate(entry.value.clauses):
            if clause.id in seen:
                yield at(entry, saying("duplicate", code=clause.id), "clauses", number, "id")
            seen[clause.id] = None
            for code in clause.features:
                if code not in FEATURES:
                    yield at(entry, saying("unknown_feature", code=code), "clauses", number, "features")
            yield from _carriers(entry, number, clause)


def _carriers(entry: Entry[RuleSet], number: int, clause: Clause) -> Iterator[Flaw]:
    rungs = [rung.code for rung in entry.value.ladder.rungs]
    known: dict[str, list[str]] = {"refusal": list(Code), "ladder": rungs, "engine": list(ENGINE)}
    keys = {"refusal": "unknown_refusal", "ladder": "unknown_rung", "engine": "unknown_engine"}
    for carrier in clause.enforced_by or ():
        kind, _, code = carrier.partition(":")
        if code not in known.get(kind, []):
            what = saying(keys.get(kind, "unknown_engine"), code=code or carrier)
            yield at(entry, what, "clauses", number, "enforced_by")


def _lines(reader: Reader) -> Iterator[tuple[Entry[RuleLine], RuleLine]]:
    """Every rule line with its origin: the provinces' and the national ones."""
    for line in reader.each("national_lines", RuleLine):
        yield line, line.value
    for entry in reader.each("rule_sets", RuleSet):
        for number, value in enumerate(entry.value.lines):
            yield Entry(entry.file, (*entry.loc, "lines", number), value), value


SET_CHECKS: tuple[Callable[[Reader], Iterator[Flaw]], ...] = (
    lines_name_what_exists,
    silence_has_a_basis,
    sets_have_one_default,
    ladders_end_at_due,
    clauses_name_what_carries_them,
)
