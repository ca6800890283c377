"""What a measurement sends: whole consultations under the shipped rules, and the commands of the people in them.

Pure but for reading the rules once: it starts nothing. Nobody in it exists, and its words are not stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from adapters.rules import load_rulebook
from bench.rig import RULES
from bench.shapes import REPLIES
from domain.clarity.model import Position
from domain.clock import VIETNAM
from domain.commands import AnyCommand, Approve, Close, Deliver, Prepare, SendReply, Submission
from domain.rulebook import Rulebook
from domain.state import Answer, Ask, Consultation, DraftVersion, Part, Verdict
from domain.terms import Anchor, Terms

LEAD, FIELD, KIND, RULE_SET = "SGDDT", "PHO_THONG", "KE_HOACH", "mau"
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@cache
def rulebook() -> Rulebook:
    """The shipped rules."""
    return load_rulebook(RULES)


@cache
def terms() -> Terms:
    """The terms a launch of today gets."""
    return rulebook().terms(RULE_SET, KIND, FIELD, datetime.now(UTC).astimezone(VIETNAM).date())


def agencies(number: int) -> tuple[str, ...]:
    """So many agencies: those of the directory first, then invented communes."""
    known = [a.code for a in rulebook().directory.agencies if a.code != LEAD]
    return tuple([*known, *(f"XA{n:04}" for n in range(number))][:number])


def asked(agency: str, due_at: datetime | None = None) -> Ask:
    """One question to one agency on one part of the draft, as the gate resolves it."""
    question = {"questions": ("q1",), "question_parts": {"q1": "muc-3"}}
    return Ask(agency=agency, functions=(f"{agency}-01",), parts=("muc-3",), fixed_due=due_at, **question)


def consultation(id: str, asks: int = REPLIES, due_at: datetime | None = None) -> Consultation:
    """A prepared consultation. With `due_at` every ask is due at that instant, and nothing else falls due before."""
    draft = DraftVersion(version=1, file="d-01", sha256=SHA, parts=(Part(id="muc-3", sha256=SHA),))
    return Consultation(
        id=id,
        lead=LEAD,
        field=FIELD,
        draft_kind=KIND,
        officer="cv.sgddt",
        terms=_due_only(terms()) if due_at else terms(),
        content=SHA,
        drafts=(draft,),
        asks={agency: asked(agency, due_at) for agency in agencies(asks)},
    )


def _due_only(whole: Terms) -> Terms:
    """The terms with the one rung that a herd waits for."""
    rungs = tuple(rung for rung in whole.rule.ladder.rungs if rung.anchor is Anchor.AT_DUE)
    ladder = whole.rule.ladder.model_copy(update={"rungs": rungs})
    return whole.model_copy(update={"rule": whole.rule.model_copy(update={"ladder": ladder})})


@dataclass
class People:
    """Makes the commands of one consultation's people, each received now (less `behind`) under a receipt of its own."""

    id: str
    behind: timedelta = timedelta()
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def prepare(self, approve: bool = True) -> Submission:
        """The launch."""
        return self._submission(Prepare, LEAD, approve=approve)

    def approve(self) -> Submission:
        """The head's approval."""
        return self._submission(Approve, LEAD)

    def deliver(self, agency: str) -> Submission:
        """The clerk's acknowledgement."""
        return self._submission(Deliver, agency)

    def reply(self, agency: str, content: str = SHA) -> Submission:
        """A signed, clear agreement; `content`: the hash of its words."""
        return self._submission(
            SendReply,
            agency,
            draft_sha256=SHA,
            signer=f"gd.{agency.lower()}",
            authority="head",
            authorised=True,
            answers=(Answer(question="q1", position=Position.AGREE),),
            verdict=Verdict(clear=True, version="1"),
            content=content,
        )

    def close(self) -> Submission:
        """The head signs the synthesis."""
        return self._submission(Close, LEAD)

    def _submission(self, kind: type[AnyCommand], agency: str, **values: Any) -> Submission:
        actor, receipt = f"gd.{agency.lower()}", f"r-{self.id}-{next(self._numbers)}"
        base = {"receipt": receipt, "at": datetime.now(UTC) - self.behind, "actor": actor, "agency": agency}
        return Submission(command=kind.model_validate(base | values))
