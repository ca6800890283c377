"""What people ask of a consultation: one frozen model per verb, holding ids, codes, hashes and instants only.

The edge resolves everything a rule needs to know (authority, competence, clarity) before it builds a command.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from domain.base import Frozen
from domain.calendar import Calendar
from domain.clarity.model import Position
from domain.state import Answer, Ask, Channel, DraftVersion, Pointer, Verdict
from domain.terms import LeaderTable

# What a lead may rule, a leader decide and add, and how a remark may be answered.
RulingName = Literal[
    "accept_clear",
    "flag_unclear",
    "accept_pointer",
    "dispute_pointer",
    "grant_extension",
    "refuse_extension",
    "dossier_completed",
    "refuse_incomplete",
    "ask_again",
    "minutes",
    "report_conflict",
]
ActionName = Literal[
    "order_reply",
    "extend",
    "back_to_lead",
    "call_meeting",
    "proceed_without",
    "excuse",
    "accept_out_of_function",
    "accept_clear",
    "refuse",
    "settle_conflict",
    "note",
]
MeasureName = Literal["remind", "criticise", "review_responsibility"]
AnswerName = Literal["accepted", "partly", "not_accepted", "more_information", "kept", "noted"]


class Command(Frozen):
    """Common to all: the receipt that proves it, the instant it was received, and the officer who sent it."""

    receipt: str
    at: datetime
    actor: str
    agency: str


class Prepare(Command):
    """The lead's officer lays down the consultation; a head who prepares it also approves it."""

    kind: Literal["prepare"] = "prepare"
    approve: bool = False


class Approve(Command):
    """The lead's head approves the launch."""

    kind: Literal["approve"] = "approve"


class GrantException(Command):
    """The leader in charge allows an agency that is not directly related to be asked (PRODUCT.md, launch gate)."""

    kind: Literal["grant_exception"] = "grant_exception"
    asked: str
    leader: str
    content: str | None


class Discard(Command):
    """A prepared consultation is laid aside before it was sent."""

    kind: Literal["discard"] = "discard"


class Withdraw(Command):
    """The lead withdraws the consultation; the reason is in `content`."""

    kind: Literal["withdraw"] = "withdraw"
    content: str | None


class Redraft(Command):
    """A new version of the draft; only agencies whose parts changed are asked again."""

    kind: Literal["redraft"] = "redraft"
    draft: DraftVersion


class Close(Command):
    """The lead's head signs the synthesis."""

    kind: Literal["close"] = "close"


class Deliver(Command):
    """Proof of delivery or the clerk's acknowledgement. `arrived_at`: when it came in, if not now."""

    kind: Literal["deliver"] = "deliver"
    arrived_at: datetime | None = None


class Assign(Command):
    """The agency names the handler who drafts the reply."""

    kind: Literal["assign"] = "assign"
    handler: str


class NewRemark(Frozen):
    """A remark inside a reply, before the engine numbers it."""

    part: str | None = None
    kind: Literal["amendment", "reason"] = "amendment"


class SendReply(Command):
    """A signed reply. `authorised`: the signer may sign on that day; `content`: hash of the stored reply."""

    kind: Literal["reply"] = "reply"
    draft_sha256: str
    signer: str
    authority: str
    authorised: bool
    channel: Channel = Channel.APP
    arrived_at: datetime | None = None
    secret: bool = False
    answers: tuple[Answer, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    remarks: tuple[NewRemark, ...] = ()
    verdict: Verdict
    content: str


class Interim(Command):
    """ "Đang nghiên cứu": an event that never stops the clock."""

    kind: Literal["interim"] = "interim"
    content: str


class AskExtension(Command):
    """More time, asked before the due instant."""

    kind: Literal["extension"] = "extension"
    until: datetime
    content: str | None


class ClaimIncomplete(Command):
    """Named items are missing from the dossier; `items` counts them, `content` holds them."""

    kind: Literal["incomplete"] = "incomplete"
    items: int
    content: str


class Contest(Command):
    """The agency contests that its reply was held unclear."""

    kind: Literal["contest"] = "contest"
    content: str | None


class Rule(Command):
    """The lead's ruling on one ask (PRODUCT.md 4). `reroute`: the new ask, when a pointer is accepted."""

    kind: Literal["ruling"] = "ruling"
    asked: str
    ruling: RulingName
    reroute: Ask | None = None
    position: Position | None = None
    part: str | None = None
    content: str | None = None


class Urge(Command):
    """The lead or the Office urges an agency that still owes a reply (đôn đốc). `content`: the words, if any."""

    kind: Literal["urge"] = "urge"
    asked: str
    content: str | None = None


class Decide(Command):
    """The leader's decision on an escalation. `until`: the new due instant or the meeting, if the action needs one."""

    kind: Literal["decide"] = "decide"
    escalation: str
    leader: str
    action: ActionName
    measures: tuple[MeasureName, ...] = ()
    agencies: tuple[str, ...] = ()
    until: datetime | None = None
    content: str | None = None


class AnswerRemark(Command):
    """The lead's answer to one remark (tiếp thu, giải trình)."""

    kind: Literal["answer"] = "answer"
    remark: str
    outcome: AnswerName
    content: str | None = None


class KeepDissent(Command):
    """The agency keeps its dissent after the lead's answer (bảo lưu), once."""

    kind: Literal["dissent"] = "dissent"
    remark: str
    content: str | None = None


class ChangeTerms(Command):
    """A person confirms a new calendar or leaders' table for this consultation; due instants may only move later."""

    kind: Literal["terms"] = "terms"
    calendar: Calendar | None = None
    leaders: LeaderTable | None = None


AnyCommand = (
    Prepare
    | Approve
    | GrantException
    | Discard
    | Withdraw
    | Redraft
    | Close
    | Deliver
    | Assign
    | SendReply
    | Interim
    | AskExtension
    | ClaimIncomplete
    | Contest
    | Rule
    | Urge
    | Decide
    | AnswerRemark
    | KeepDissent
    | ChangeTerms
)


# What asked agencies do side by side. One agency's acts, and everything a lead or a leader does, keep their place.
ABREAST = ("deliver", "assign", "reply", "interim", "extension", "incomplete", "contest")


class Submission(Frozen):
    """The envelope every command travels in: one plain model in the update's signature."""

    command: Annotated[AnyCommand, Field(discriminator="kind")]


class Bundle(Frozen):
    """Submissions to one consultation that travel together, in the order in which they were received."""

    submissions: tuple[Submission, ...]


class Decided(Frozen):
    """The engine's answer: the number of the last fact, the facts' kinds, and the phase afterwards."""

    seq: int
    phase: str
    kinds: tuple[str, ...] = ()
    agency: str | None = None
    stage: str | None = None
    due_at: datetime | None = None


class Handled(Frozen):
    """What became of one submission of a bundle: decided, or not, for the reason the code and its values name."""

    receipt: str
    decided: Decided | None = None
    code: str | None = None
    params: dict[str, str] = {}
