"""The terms under which one consultation runs: what a rule set, the calendar and the leaders' table say about it.

A copy travels with each consultation, so that a later change of the rules cannot move a running clock by itself.
"""

from datetime import date, datetime, time
from enum import StrEnum

from domain.base import Frozen
from domain.calendar import Calendar
from domain.clock import VIETNAM
from domain.deadline import Limit, OfficeHours


class Silence(StrEnum):
    """The six lawful effects of silence (domain.md 1.3)."""

    NONE = "none"
    DEEMED_AGREE_LIABLE = "deemed_agree_liable"
    DEEMED_APPROVED_DAMAGES = "deemed_approved_damages"
    PROCEED_ON_FILE = "proceed_on_file"
    NOTIFY_HEAD = "notify_head"
    BOUND_BY_MEETING = "bound_by_meeting"

    @property
    def deems(self) -> bool:
        """Whether the rule itself settles a silent ask at its due instant."""
        return self in (Silence.DEEMED_AGREE_LIABLE, Silence.DEEMED_APPROVED_DAMAGES, Silence.PROCEED_ON_FILE)


class StartEvent(StrEnum):
    """What starts an ask's clock."""

    DELIVERED = "delivered"
    DOSSIER_COMPLETE = "dossier_complete"


class Anchor(StrEnum):
    """What a rung of the ladder is measured from."""

    HALF_TIME = "half_time"
    BEFORE_DUE = "before_due"
    DUE_MORNING = "due_morning"
    AT_DUE = "at_due"


class Audience(StrEnum):
    """Who hears a rung."""

    HANDLER = "handler"
    HEAD = "head"
    LEAD = "lead"
    LEADER = "leader"
    OFFICE = "office"


class Rung(Frozen):
    """One step of the reminder ladder, before or at the due instant. `days`: working days, for `before_due` only."""

    code: str
    anchor: Anchor
    days: int = 0
    audience: Audience = Audience.HANDLER
    mail: bool = False


class Ladder(Frozen):
    """Reminders and the escalation that follows them. Spans: working days or working hours, never both."""

    rungs: tuple[Rung, ...]
    opens_at: time = time(8, 0)
    escalate_after_hours: int = 1
    leader_days: int = 1
    lead_rules_days: int = 1
    conflict_days: int = 5
    undelivered_days: int = 1
    parent_days: int = 2


class RuleTerms(Frozen):
    """One rule set's line for one kind of draft. `citation` is shown only with confidence S or S2."""

    rule_set: str
    version: str
    draft_kind: str
    limit: Limit
    minimum: Limit | None = None
    start: StartEvent = StartEvent.DELIVERED
    closes_at: time | None = None
    silence: Silence = Silence.NONE
    extension_cap_days: int = 5
    extensions_allowed: int = 1
    return_window_days: int = 2
    incomplete_within_days: int = 2
    reroute_limit: Limit
    ladder: Ladder
    office_hours: OfficeHours
    citation: str | None = None
    confidence: str = "G"
    clauses: tuple[str, ...] = ()


class LeaderTerm(Frozen):
    """From when to when (both days included) a leader holds the consultation's field."""

    leader: str
    effective_from: date
    effective_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the term covers the day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


class Absence(Frozen):
    """A leader's absence, both days included; the stand-in acts in the leader's fields meanwhile."""

    leader: str
    stand_in: str
    effective_from: date
    effective_to: date

    def covers(self, day: date) -> bool:
        """Whether the leader is away on the day."""
        return self.effective_from <= day <= self.effective_to


class Charge(Frozen):
    """Who is in charge on a day: `leader` acts, `acting_for` is the absent holder when a stand-in acts."""

    leader: str
    acting_for: str | None = None


class LeaderTable(Frozen):
    """Who is in charge of the consultation's field, by day; the Chairman is the second rung."""

    terms: tuple[LeaderTerm, ...]
    absences: tuple[Absence, ...] = ()
    chairman: str = "CT"

    def in_charge(self, now: datetime) -> Charge:
        """The leader (or stand-in) in charge at the instant; the Chairman where nobody holds the field."""
        day = now.astimezone(VIETNAM).date()
        holder = next((t.leader for t in self.terms if t.holds(day)), self.chairman)
        stand_in = next((a.stand_in for a in self.absences if a.leader == holder and a.covers(day)), None)
        return Charge(leader=stand_in, acting_for=holder) if stand_in else Charge(leader=holder)


class Terms(Frozen):
    """Everything time-bound a running consultation needs to decide by itself."""

    rule: RuleTerms
    calendar: Calendar
    leaders: LeaderTable
