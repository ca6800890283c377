"""The rules folder into one `Rulebook` and one `Messages`; what is wrong is told all at once.

It checks and hashes; it changes no file and supplies no default for a rule that is missing.
"""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from adapters.rules_checks import DIRECTORY_CHECKS
from adapters.rules_checks_sets import SET_CHECKS
from adapters.rules_messages import load_messages, read_messages
from adapters.rules_read import CautionPhrases, CitationForms, Flaw, Meta, Reader
from adapters.rules_source import Problem, RulesInvalid, source_files, version_of
from adapters.rules_words import said, saying
from domain.calendar import Calendar
from domain.directory import Absence, Agency, Delegation, Directory, Field, Function, Leader, Mandatory, Superior
from domain.messages import Messages
from domain.rulebook import (
    DraftKind,
    NationalRule,
    OverrideReason,
    OwnAuthority,
    OwnMatter,
    Rulebook,
    RuleLine,
    RuleSet,
    SilenceEffect,
)
from domain.terms import Anchor

__all__ = ["Problem", "RulesInvalid", "load_messages", "load_rulebook"]


def load_rulebook(folder: Path) -> Rulebook:
    """Read, check and join every rule file under the folder. Raises `RulesInvalid` with every problem found.

    The version is the hash of all files' bytes, messages and lexicons included. Takes well under a second.
    """
    files = source_files(folder)
    messages = read_messages(files)[0]
    reader = Reader(files)
    if not reader.flaws:
        reader.flaws.extend(chain.from_iterable(check(reader) for check in (*DIRECTORY_CHECKS, *SET_CHECKS)))
    if not reader.flaws:
        reader.flaws.extend(_mute_rungs(reader, messages))
    if reader.flaws:
        raise RulesInvalid(_problem(flaw, messages, folder) for flaw in reader.flaws)
    return _joined(reader, version_of(files))


def _mute_rungs(reader: Reader, messages: Messages) -> Iterable[Flaw]:
    """Rungs of a ladder that would have nothing to say."""
    for entry in reader.each("rule_sets", RuleSet):
        for number, rung in enumerate(entry.value.ladder.rungs):
            key = "notices.overdue_head" if rung.anchor is Anchor.AT_DUE else f"notices.reminder.{rung.code}"
            if not (messages.has(f"{key}.subject") and messages.has(f"{key}.body")):
                loc = (*entry.loc, "ladder", "rungs", number, "code")
                yield Flaw(entry.file, loc, saying("rung_without_message", code=rung.code))


def _problem(flaw: Flaw, messages: Messages, folder: Path) -> Problem:
    text = said(messages, flaw.saying)
    if flaw.file is None:
        return Problem(f"{folder.name}/{flaw.name}", None, "", text)
    if flaw.line is not None:
        return Problem(flaw.file.name, flaw.line, "", text)
    return flaw.file.problem(flaw.loc, text)


def _joined(reader: Reader, version: str) -> Rulebook:
    """The rulebook from entries that were all found sound."""
    forms = reader.need("citation_forms", CitationForms)
    return Rulebook(
        version=version,
        directory=_directory(reader),
        calendar=reader.need("calendar", Calendar),
        rule_sets=reader.all("rule_sets", RuleSet),
        draft_kinds=reader.all("draft_kinds", DraftKind),
        national=reader.all("national", NationalRule),
        national_lines=reader.all("national_lines", RuleLine),
        silences=reader.all("silences", SilenceEffect),
        citation_forms={"S": forms.S, "S2": forms.S2},
        own_authority=OwnAuthority(
            matters=reader.all("matters", OwnMatter),
            reasons=reader.all("reasons", OverrideReason),
            caution_phrases=reader.need("caution_phrases", CautionPhrases).caution_phrases,
        ),
    )


def _directory(reader: Reader) -> Directory:
    meta = reader.need("meta", Meta)
    return Directory(
        **{name: getattr(meta, name) for name in Meta.model_fields},
        superiors=reader.all("superiors", Superior),
        agencies=reader.all("agencies", Agency),
        fields=reader.all("fields", Field),
        functions=reader.all("functions", Function),
        leaders=reader.all("leaders", Leader),
        absences=reader.all("absences", Absence),
        mandatory_asks=reader.all("mandatory", Mandatory),
        delegations=reader.all("delegations", Delegation),
    )
