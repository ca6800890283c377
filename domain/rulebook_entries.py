"""What the rule data is made of: provinces' rule sets with their clauses, national rules, draft kinds, own matters.

Values only; the questions asked of them are in `domain/rulebook.py`. No Vietnamese sentence is made here.
"""

from datetime import date, time
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.base import Frozen
from domain.deadline import Limit, OfficeHours, Unit
from domain.directory import Confidence, Dated
from domain.terms import Ladder, Silence, StartEvent

ClauseKind = Literal["E", "R", "C", "N"]
# What the engine can do today, as clauses name it in `enforced_by`; a new one is added here when it is built.
ENGINE = (
    "central_report",
    "clarity_check",
    "conflict",
    "dated_directory",
    "deadline",
    "delivery",
    "escalation",
    "extension",
    "leader_decision",
    "leader_of_field",
    "ledger",
    "named_handler",
    "own_authority_list",
    "parent_task",
    "pointer",
    "position",
    "return_once",
    "silence",
)
FEATURES = tuple(f"F{number:02}" for number in range(1, 51))
Decider = Literal["lead", "chairman", "ubnd", "hdnd", "other"]
LimitSource = Literal["text", "national", "province", "default"]


class DraftKind(Frozen):
    """A kind of draft and who decides it; `normative`: a legal document (văn bản quy phạm pháp luật)."""

    code: str
    name: str
    decided_by: Decider
    normative: bool = False


class SilenceEffect(Frozen):
    """One of the six lawful effects of silence (domain.md 1.3), in words."""

    code: Silence
    name: str
    explanation: str
    seen_in: tuple[str, ...]


class NationalLimit(Frozen):
    """One time limit of a national rule; without `n` the text fixes none that was seen."""

    what: str
    n: int | None = Field(default=None, ge=1)
    unit: Unit | None = None
    confidence: Confidence

    @model_validator(mode="after")
    def _a_number_has_a_unit(self) -> Self:
        if (self.n is None) != (self.unit is None):
            raise ValueError("n and unit belong together")
        return self


class NationalRule(Frozen):
    """A rule of domain.md 1.2 as it was seen. `citation` is shown to users only as far as `confidence` allows.

    `silence` is None where the text speaks of silence in a way that is none of the six effects; no line offers it then.
    """

    code: str
    instrument: str
    concerns: str
    limits: tuple[NationalLimit, ...] = ()
    silence: Silence | None = Silence.NONE
    silence_confidence: Confidence
    synthesis: str | None = None
    citation: str
    confidence: Confidence
    sources: tuple[str, ...]
    note: str | None = None


class Clause(Frozen):
    """One demand of a seed text. `enforced_by`: what in the engine carries it today (`refusal:`, `ladder:`, `engine:`).

    `at`: its place in the text. `quote`: at most twelve words, condensed where not `verbatim`. `kinds`: E enforce,
    R report, C configure or support, N not for software. `features`: F01…F50 of domain.md 7.1.
    """

    id: str
    at: str
    quote: str
    verbatim: bool = True
    kinds: tuple[ClauseKind, ...] = ()
    features: tuple[str, ...] = ()
    enforced_by: tuple[str, ...] | None = None


class RuleLine(Frozen):
    """One line of a rule set: what holds for the named kinds of draft (none named: for every kind).

    `code` is what the lead chooses at launch; the line with `default` holds where none is chosen. `limit_source` says
    whose number it is: the seed's text, a national rule, the province's own decision, or this product's default.
    """

    code: str
    name: str
    default: bool = False
    draft_kinds: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    limit: Limit
    limit_source: LimitSource
    minimum: Limit | None = None
    start: StartEvent = StartEvent.DELIVERED
    closes_at: time | None = None
    silence: Silence = Silence.NONE
    mandatory_agencies: tuple[str, ...] = ()
    extension_cap_days: int = Field(default=5, ge=0)
    extensions_allowed: int = Field(default=1, ge=0)
    return_window_days: int = Field(default=2, ge=1)
    incomplete_within_days: int = Field(default=2, ge=0)
    reroute_limit: Limit
    national: str | None = None
    basis: str | None = None
    confidence: Confidence = "G"
    clauses: tuple[str, ...] = ()

    def holds_for(self, draft_kind: str, day: date) -> bool:
        """Whether the line speaks of this kind of draft on the day."""
        begun = self.effective_from is None or self.effective_from <= day
        ended = self.effective_to is not None and self.effective_to < day
        return begun and not ended and (not self.draft_kinds or draft_kind in self.draft_kinds)


class SourceDocument(Frozen):
    """The text a rule set was read from. `issued_on` is None where the stored copy carries no day."""

    title: str
    number: str | None = None
    issued_on: date | None = None
    issued_year: int
    issuer: str
    note: str | None = None


class RuleSet(Dated):
    """A province's rules, dated. `clauses` lists every demand of its text in the text's order."""

    code: str
    province: str
    invented: bool = False
    document: SourceDocument
    confidence: Confidence
    lines: tuple[RuleLine, ...] = Field(min_length=1)
    ladder: Ladder
    office_hours: OfficeHours
    clauses: tuple[Clause, ...] = ()


class OwnMatter(Dated):
    """A matter its agency decides itself (phân cấp, ủy quyền): found by lead, kind, field and one of the phrases.

    No agency means any lead; no kinds or fields means all. `title` names the matter in the refusal.
    """

    code: str
    title: str
    agency: str | None = None
    draft_kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    phrases: tuple[str, ...] = Field(min_length=1)
    basis: str
    confidence: Confidence = "G"


class OverrideReason(Frozen):
    """A reason the head may give for consulting on an own matter; `accepted` is False for mere caution."""

    code: str
    label: str
    accepted: bool = True


class OwnAuthority(Frozen):
    """The list of own matters, the reasons that override it, and the phrases that are caution and nothing more."""

    matters: tuple[OwnMatter, ...] = ()
    reasons: tuple[OverrideReason, ...]
    caution_phrases: tuple[str, ...]
