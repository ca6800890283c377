"""The small parts of a consultation's state: phases, stages, replies, remarks, returns, extensions.

Values only. Import them from `domain.state`, the one front door.
"""

from datetime import datetime
from enum import StrEnum

from domain.base import Frozen
from domain.clarity.model import Fault, Position


class Phase(StrEnum):
    """The life of a consultation (PRODUCT.md 2)."""

    DRAFT = "draft"
    OPEN = "open"
    SYNTHESIS = "synthesis"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"

    @property
    def ended(self) -> bool:
        """Whether nothing can happen any more."""
        return self in (Phase.CLOSED, Phase.WITHDRAWN, Phase.DISCARDED)


class Stage(StrEnum):
    """Where one ask stands. "Overdue" and "escalated" are not stages: they follow from instants and open cases."""

    PREPARED = "prepared"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"
    POINTING = "pointing"
    WITH_LEAD = "with_lead"
    SETTLED = "settled"


class Outcome(StrEnum):
    """How an ask was settled; a deemed silence is never an agreement."""

    REPLIED = "replied"
    OUT_OF_FUNCTION = "out_of_function"
    MINUTES = "minutes"
    DEEMED = "deemed"
    EXCUSED = "excused"
    WITHOUT_REPLY = "without_reply"


class Channel(StrEnum):
    """How an agency is reached; only `app` proves delivery by itself."""

    APP = "app"
    EXCHANGE = "exchange"
    PAPER = "paper"


class Part(Frozen):
    """A part of the draft by its id and the hash of its text."""

    id: str
    sha256: str


class DraftVersion(Frozen):
    """One version of the draft, bound by its file's hash."""

    version: int
    file: str
    sha256: str
    parts: tuple[Part, ...]
    at: datetime | None = None


class Verdict(Frozen):
    """What the clarity check said of a reply, and which lexicon said it."""

    clear: bool
    faults: tuple[Fault, ...] = ()
    version: str = ""


class Pointer(Frozen):
    """ "Not ours but theirs": the agency pointed at, and whether the directory agrees on that day."""

    question: str
    agency: str
    competent: bool
    ruling: str | None = None


class Answer(Frozen):
    """The position on one question; None where the words are in a secret letter outside the system."""

    question: str
    position: Position | None


class Remark(Frozen):
    """One amendment or ground of disagreement that the lead must answer."""

    id: str
    part: str | None = None
    kind: str = "amendment"
    outcome: str | None = None
    answered_at: datetime | None = None
    superseded: bool = False
    dissent_at: datetime | None = None


class Reply(Frozen):
    """A version of an agency's reply; never edited."""

    version: int
    round: int
    draft_version: int
    receipt: str
    received_at: datetime
    signer: str
    authority: str
    channel: Channel = Channel.APP
    secret: bool = False
    answers: tuple[Answer, ...] = ()
    position: Position | None = None
    verdict: Verdict
    content: str
    days_late: int = 0
    late: bool = False
    accepted_by: str | None = None


class Return(Frozen):
    """The one return for a clear position: by the rule's own check or by a named officer."""

    at: datetime
    due_at: datetime
    by: str
    round: int
    faults: tuple[Fault, ...] = ()
    why: str = "unclear"


class Extension(Frozen):
    """A request for more time and what became of it: granted, refused or passed to the leader."""

    asked_at: datetime
    until: datetime
    officer: str
    outcome: str | None = None
    by: str | None = None


class Urged(Frozen):
    """How often one side, the lead or the Office, has urged the agency, and when last."""

    side: str
    times: int
    last_at: datetime


class RungDone(Frozen):
    """A rung of the ladder: when it was due and when it was really done."""

    key: str
    due_at: datetime
    done_at: datetime
