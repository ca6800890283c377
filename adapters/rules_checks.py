"""The directory, the duties and the calendar seen together: every code exists, terms do not overlap, no year lacks.

Each check yields what is wrong with the place it stands at; none of them changes or completes a rule.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import chain, combinations
from typing import Any

from adapters.rules_read import CitationForms, Entry, Flaw, Meta, Reader
from adapters.rules_source import Loc
from adapters.rules_words import Saying, saying
from domain.calendar import Calendar
from domain.directory import Absence, Agency, Dated, Delegation, Field, Function, Leader, Mandatory
from domain.rulebook import OverrideReason, OwnMatter, SilenceEffect
from domain.terms import Silence

ONE_DAY = timedelta(days=1)
CAUTION = "than_trong"
# Sections whose entries are known by a code of their own, and the field that holds it.
CODED = {
    "superiors": "code",
    "agencies": "code",
    "fields": "code",
    "functions": "id",
    "rule_sets": "code",
    "national": "code",
    "draft_kinds": "code",
    "matters": "code",
    "reasons": "code",
}


def at(entry: Entry[Any], what: Saying, *loc: str | int) -> Flaw:
    """The flaw at a field of an entry."""
    return Flaw(entry.file, (*entry.loc, *loc), what)


def unknown(entry: Entry[Any], loc: Loc, codes: Iterable[str | None], known: Iterable[str], key: str) -> Iterator[Flaw]:
    """A flaw for each code that is named at `loc` and not known; a list's codes are told by their number."""
    there = dict.fromkeys(known)
    for number, code in enumerate(codes):
        if code is not None and code not in there:
            value = entry.value
            for step in loc:
                value = getattr(value, str(step)) if isinstance(step, str) else value[step]
            where: Loc = (*loc, number) if isinstance(value, tuple) else loc
            yield at(entry, saying(key, code=code), *where)


def codes_are_unique(reader: Reader) -> Iterator[Flaw]:
    """No two entries of a section under one code."""
    for section, name in CODED.items():
        seen: dict[str, None] = {}
        for entry in reader.entries.get(section, []):
            code = getattr(entry.value, name)
            if code in seen:
                yield at(entry, saying("duplicate", code=code), name)
            seen[code] = None


def days_are_in_order(reader: Reader) -> Iterator[Flaw]:
    """No entry ends before it begins."""
    for entry in chain.from_iterable(reader.entries.values()):
        if isinstance(entry.value, (Dated, Absence)):
            first, last = entry.value.effective_from, entry.value.effective_to
            if last is not None and last < first:
                yield at(entry, saying("dates_reversed", first=str(first), last=str(last)), "effective_to")


def agencies_are_whole(reader: Reader) -> Iterator[Flaw]:
    """Successors, superiors and watchers exist."""
    agencies = _codes(reader, "agencies")
    for entry in reader.each("agencies", Agency):
        yield from unknown(entry, ("successors",), entry.value.successors, agencies, "unknown_agency")
        superiors = _codes(reader, "superiors")
        yield from unknown(entry, ("superior",), [entry.value.superior], superiors, "unknown_superior")
        yield from unknown(entry, ("watched_by",), [entry.value.watched_by], _leaders(reader), "unknown_leader")


def fields_are_trees(reader: Reader) -> Iterator[Flaw]:
    """A parent exists and no field is its own ancestor."""
    parents = {entry.value.code: entry.value.parent for entry in reader.each("fields", Field)}
    for entry in reader.each("fields", Field):
        yield from unknown(entry, ("parent",), [entry.value.parent], parents, "unknown_field")
        above, steps = entry.value.parent, 0
        while above is not None and steps <= len(parents):
            above, steps = parents.get(above), steps + 1
        if steps > len(parents):
            yield at(entry, saying("field_loop"), "parent")


def functions_are_held(reader: Reader) -> Iterator[Flaw]:
    """Agency, field and heir of each function exist, and the heir begins on the day after the end."""
    agencies, fields = _codes(reader, "agencies"), _codes(reader, "fields")
    functions = {entry.value.id: entry.value for entry in reader.each("functions", Function)}
    for entry in reader.each("functions", Function):
        function = entry.value
        yield from unknown(entry, ("agency",), [function.agency], agencies, "unknown_agency")
        yield from unknown(entry, ("field",), [function.field], fields, "unknown_field")
        yield from unknown(entry, ("moved_to",), [function.moved_to], functions, "unknown_function")
        heir = functions.get(function.moved_to or "")
        if heir:
            yield from _handed_over(entry, heir)


def _handed_over(entry: Entry[Function], heir: Function) -> Iterator[Flaw]:
    """No day without a holder. An heir that had the matter before may simply go on."""
    last = entry.value.effective_to
    if last is None:
        yield at(entry, saying("moved_still_open"), "effective_to")
    elif heir.effective_from > last + ONE_DAY:
        yield at(entry, saying("moved_gap", code=heir.id, first=str(last + ONE_DAY)), "moved_to")


def leaders_do_not_overlap(reader: Reader) -> Iterator[Flaw]:
    """Fields exist; on no day do two terms hold one field; whom a leader stands in for exists."""
    fields = _codes(reader, "fields")
    entries = reader.each("leaders", Leader)
    for entry in entries:
        yield from unknown(entry, ("fields",), entry.value.fields, fields, "unknown_field")
        yield from unknown(entry, ("stands_in",), entry.value.stands_in, _leaders(reader), "unknown_leader")
    for first, second in combinations(entries, 2):
        if _together(first.value, second.value):
            for number, code in enumerate(second.value.fields):
                if code in first.value.fields:
                    what = saying("terms_overlap", code=code, first=str(first.value.effective_from))
                    yield at(second, what, "fields", number)


def absences_have_stand_ins(reader: Reader) -> Iterator[Flaw]:
    """Leader and stand-in of each absence exist, and so does the Chairman, who is the second rung."""
    for entry in reader.each("absences", Absence):
        yield from unknown(entry, ("leader",), [entry.value.leader], _leaders(reader), "unknown_leader")
        yield from unknown(entry, ("stand_in",), [entry.value.stand_in], _leaders(reader), "unknown_leader")
    for meta in reader.each("meta", Meta):
        yield from unknown(meta, ("chairman",), [meta.value.chairman], _leaders(reader), "unknown_leader")


def duties_and_delegations_name_what_exists(reader: Reader) -> Iterator[Flaw]:
    """Mandatory consultees, the signing register and the own matters name agencies, fields and kinds that exist."""
    agencies, fields, kinds = (_codes(reader, section) for section in ("agencies", "fields", "draft_kinds"))
    for duty in reader.each("mandatory", Mandatory):
        yield from unknown(duty, ("agencies",), duty.value.agencies, agencies, "unknown_agency")
        yield from unknown(duty, ("draft_kind",), [duty.value.draft_kind], kinds, "unknown_draft_kind")
    for line in reader.each("delegations", Delegation):
        yield from unknown(line, ("agency",), [line.value.agency], agencies, "unknown_agency")
        yield from unknown(line, ("fields",), line.value.fields, fields, "unknown_field")
    for own in reader.each("matters", OwnMatter):
        yield from unknown(own, ("agency",), [own.value.agency], agencies, "unknown_agency")
        yield from unknown(own, ("fields",), own.value.fields, fields, "unknown_field")
        yield from unknown(own, ("draft_kinds",), own.value.draft_kinds, kinds, "unknown_draft_kind")


def caution_is_never_accepted(reader: Reader) -> Iterator[Flaw]:
    """No province can make "để thận trọng" a reason (Kon Tum 1)."""
    for entry in reader.each("reasons", OverrideReason):
        if entry.value.code == CAUTION and entry.value.accepted:
            yield at(entry, saying("caution_accepted"), "accepted")


def calendar_has_no_gap(reader: Reader) -> Iterator[Flaw]:
    """The years follow one another and reach the directory's year and the one after it."""
    calendar, meta = reader.only("calendar", Calendar), reader.only("meta", Meta)
    if calendar is None or meta is None:
        return
    years = calendar.value.years
    wanted = range(min(years, default=0), max(years, default=-1) + 1)
    for year in wanted:
        if year not in years:
            yield at(calendar, saying("year_gap", year=str(year)), "years")
    for year in (meta.value.as_of.year, meta.value.as_of.year + 1):
        if year not in years and year not in wanted:
            yield at(calendar, saying("year_missing", year=str(year)), "years")


def citations_and_silences_are_described(reader: Reader) -> Iterator[Flaw]:
    """Each form holds the citation, and each of the six effects of silence is explained."""
    forms = reader.only("citation_forms", CitationForms)
    for name in CitationForms.model_fields if forms else ():
        if forms and "{citation}" not in getattr(forms.value, name):
            yield at(forms, saying("citation_form"), name)
    described = [entry.value.code for entry in reader.each("silences", SilenceEffect)]
    kinds = reader.each("silences", SilenceEffect)
    for code in Silence:
        if code not in described and kinds:
            yield Flaw(kinds[0].file, ("silences",), saying("silence_undescribed", code=code))


def _codes(reader: Reader, section: str) -> tuple[str, ...]:
    name = CODED[section]
    return tuple(getattr(entry.value, name) for entry in reader.entries.get(section, []))


def _leaders(reader: Reader) -> tuple[str, ...]:
    return tuple(entry.value.code for entry in reader.each("leaders", Leader))


def _together(one: Dated, other: Dated) -> bool:
    """Whether the two share a day."""
    last = min(one.effective_to or date.max, other.effective_to or date.max)
    return max(one.effective_from, other.effective_from) <= last


DIRECTORY_CHECKS: tuple[Callable[[Reader], Iterator[Flaw]], ...] = (
    codes_are_unique,
    days_are_in_order,
    agencies_are_whole,
    fields_are_trees,
    functions_are_held,
    leaders_do_not_overlap,
    absences_have_stand_ins,
    duties_and_delegations_name_what_exists,
    caution_is_never_accepted,
    calendar_has_no_gap,
    citations_and_silences_are_described,
)
