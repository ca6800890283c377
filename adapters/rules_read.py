"""Rule files into domain entries, each remembering the file and field it came from; what does not fit is collected.

No entry is looked at beside another here: that is `adapters/rules_checks.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from adapters.rules_source import Broken, Loc, SourceFile
from adapters.rules_words import Saying, of_error, saying
from domain.base import Frozen
from domain.calendar import Calendar
from domain.directory import Absence, Agency, Delegation, Field, Function, Leader, Mandatory, Superior
from domain.rulebook import (
    DraftKind,
    NationalRule,
    OverrideReason,
    OwnMatter,
    RuleLine,
    RuleSet,
    SilenceEffect,
)

M = TypeVar("M", bound=BaseModel)


class Entry(NamedTuple, Generic[M]):
    """One validated entry with its origin."""

    file: SourceFile
    loc: Loc
    value: M


class Flaw(NamedTuple):
    """Something wrong at one field of one file; `file` None where a whole file is missing."""

    file: SourceFile | None
    loc: Loc
    saying: Saying
    name: str = ""
    line: int | None = None


class Meta(Frozen):
    """The head of a directory file."""

    province: str
    province_code: str
    invented: bool = False
    as_of: date
    chairman: str = "CT"


class CitationForms(Frozen):
    """How a citation is written, by confidence; any other mark is an unknown field."""

    S: str
    S2: str


class CautionPhrases(Frozen):
    """Phrases that are caution and nothing more."""

    caution_phrases: tuple[str, ...]


DIRECTORY: dict[str, type[BaseModel]] = {
    "superiors": Superior,
    "agencies": Agency,
    "fields": Field,
    "functions": Function,
    "leaders": Leader,
    "absences": Absence,
    "mandatory": Mandatory,
    "delegations": Delegation,
}
LISTS: dict[str, dict[str, type[BaseModel]]] = {
    "national.yaml": {"silences": SilenceEffect, "national": NationalRule, "lines": RuleLine},
    "draft_kinds.yaml": {"draft_kinds": DraftKind},
    "own_authority.yaml": {"matters": OwnMatter, "reasons": OverrideReason},
}
# Words for the reader of the file, not rules.
ASIDE = ("conventions", "source")
# Sections that are one value, not a list of entries.
SINGLES = ("meta", "citation_forms", "caution_phrases")


class Reader:
    """Reads every section once; `flaws` grows, `entries` holds what was sound. Local to one load."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self.files = {file.relative: file for file in files}
        self.flaws: list[Flaw] = []
        self.entries: dict[str, list[Entry[Any]]] = {}
        self._read()

    def all(self, section: str, model: type[M]) -> tuple[M, ...]:
        """The values of a section, in the order of the files."""
        return tuple(entry.value for entry in self.each(section, model))

    def each(self, section: str, model: type[M]) -> list[Entry[M]]:
        """The entries of a section with their origins."""
        return [entry for entry in self.entries.get(section, []) if isinstance(entry.value, model)]

    def only(self, section: str, model: type[M]) -> Entry[M] | None:
        """The one entry of a section that is not a list, if it was read."""
        return next(iter(self.each(section, model)), None)

    def need(self, section: str, model: type[M]) -> M:
        """The one value of a section. Raises `LookupError`; a load without flaws has them all."""
        found = self.only(section, model)
        if found is None:
            raise LookupError(section)
        return found.value

    def _read(self) -> None:
        for name in ("calendar.yaml", *LISTS):
            if name not in self.files:
                self.flaws.append(Flaw(None, (), saying("file_missing", name=name), name))
        for file in self.files.values():
            data = self._content(file)
            if data is not None:
                self._sections(file, data)
        for section in (*DIRECTORY, "meta", "rule_sets"):
            if section not in ("absences", "delegations", "mandatory") and section not in self.entries:
                self.flaws.append(Flaw(None, (), saying("file_missing", name=section), section))

    def _content(self, file: SourceFile) -> Mapping[str, Any] | None:
        """The file's top-level mapping; messages and lexicons belong to others."""
        if file.relative.startswith(("messages/", "lexicon/")):
            return None
        try:
            data = file.data
        except Broken as broken:
            self.flaws.append(Flaw(file, (), saying("yaml_broken", what=broken.what), line=broken.line))
            return None
        if not isinstance(data, dict):
            self.flaws.append(Flaw(file, (), saying("mapping")))
            return None
        return data

    def _sections(self, file: SourceFile, data: Mapping[str, Any]) -> None:
        folder = file.relative.partition("/")[0]
        if folder == "provinces":
            self._one(file, (), "rule_sets", RuleSet, data)
        elif file.relative == "calendar.yaml":
            self._one(file, (), "calendar", Calendar, {k: v for k, v in data.items() if k not in ASIDE})
        elif folder == "directory":
            self._directory(file, data)
        elif file.relative in LISTS:
            self._lists(file, LISTS[file.relative], data)

    def _directory(self, file: SourceFile, data: Mapping[str, Any]) -> None:
        if "meta" in data:
            self._one(file, ("meta",), "meta", Meta, data["meta"])
        self._lists(file, {section: DIRECTORY[section] for section in DIRECTORY if section in data}, data)

    def _lists(self, file: SourceFile, lists: dict[str, type[BaseModel]], data: Mapping[str, Any]) -> None:
        """Every list of the file, entry by entry, and the single values that stand beside them."""
        for section, model in lists.items():
            self._list(file, section, model, data.get(section))
        if file.relative == "national.yaml":
            self._one(file, ("citation_forms",), "citation_forms", CitationForms, data.get("citation_forms"))
        if file.relative == "own_authority.yaml":
            phrases = {"caution_phrases": data.get("caution_phrases")}
            self._one(file, (), "caution_phrases", CautionPhrases, phrases)
        strangers = [key for key in data if key not in (*lists, *ASIDE, *SINGLES)]
        self.flaws.extend(Flaw(file, (key,), saying("extra")) for key in strangers)

    def _list(self, file: SourceFile, section: str, model: type[BaseModel], rows: object) -> None:
        if not isinstance(rows, list):
            key = "section_missing" if rows is None else "list"
            self.flaws.append(Flaw(file, (section,), saying(key)))
            return
        name = "national_lines" if model is RuleLine else section
        for number, row in enumerate(rows):
            self._one(file, (section, number), name, model, row)

    def _one(self, file: SourceFile, loc: Loc, section: str, model: type[BaseModel], data: object) -> None:
        """Validate one entry; unknown keys are flaws here, although stored models ignore them."""
        try:
            value = model.model_validate(data, extra="forbid")
        except ValidationError as invalid:
            self.flaws.extend(_flaws(file, loc, invalid))
        else:
            self.entries.setdefault(section, []).append(Entry(file, loc, value))


def _flaws(file: SourceFile, loc: Loc, invalid: ValidationError) -> Iterator[Flaw]:
    for error in invalid.errors(include_url=False, include_input=False):
        yield Flaw(file, (*loc, *error["loc"]), of_error(error))
