"""Small consultations for tests of the pure core: two lines to a running one, every instant in Vietnamese time."""

from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from domain.calendar import Calendar
from domain.clarity.model import Fault, Position
from domain.clock import VIETNAM
from domain.commands import AnyCommand, NewRemark, Prepare, SendReply
from domain.deadline import Limit, OfficeHours
from domain.decide import decide
from domain.state import Answer, Ask, Consultation, DraftVersion, Part, Pointer, Verdict
from domain.step import Step
from domain.terms import Anchor, Audience, Ladder, LeaderTable, LeaderTerm, RuleTerms, Rung, Terms

RULES = Path(__file__).parent.parent / "rules"


@cache
def calendar() -> Calendar:
    """The official calendar, as shipped."""
    return Calendar.model_validate(YAML(typ="safe").load(RULES / "calendar.yaml"))


def at(text: str) -> datetime:
    """`2026-03-13 16:10` as an instant in Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


LADDER = Ladder(
    rungs=(
        Rung(code="half_time", anchor=Anchor.HALF_TIME),
        Rung(code="one_day_before", anchor=Anchor.BEFORE_DUE, days=1, mail=True),
        Rung(code="due_morning", anchor=Anchor.DUE_MORNING),
        Rung(code="overdue", anchor=Anchor.AT_DUE, audience=Audience.HEAD, mail=True),
    )
)


def terms(**rule: object) -> Terms:
    """Five working days, silence without effect, the default ladder; `rule` overrides."""
    base: dict[str, object] = {
        "rule_set": "thử",
        "version": "1",
        "draft_kind": "KE_HOACH",
        "limit": Limit.parse("5 wd"),
        "reroute_limit": Limit.parse("3 wd"),
        "ladder": LADDER,
        "office_hours": OfficeHours(),
    }
    leaders = LeaderTable(terms=(LeaderTerm(leader="PCT1", effective_from=date(2025, 7, 1)),))
    return Terms(rule=RuleTerms.model_validate(base | rule), calendar=calendar(), leaders=leaders)


def draft(version: int = 1, **parts: str) -> DraftVersion:
    """A draft whose parts' hashes are the given words."""
    parts = parts or {"d1": "a", "d2": "b"}
    return DraftVersion(
        version=version,
        file=f"f{version}",
        sha256=f"draft-{version}",
        parts=tuple(Part(id=id, sha256=word) for id, word in parts.items()),
    )


def consultation(*agencies: str, **values: object) -> Consultation:
    """A prepared consultation of Sở Giáo dục with one question per agency on part d1."""
    asks = {a: Ask(agency=a, functions=(f"{a}-01",), parts=("d1",), questions=("q1",)) for a in agencies or ("STC",)}
    base: dict[str, object] = {
        "id": "c1",
        "lead": "SGDDT",
        "field": "PHO_THONG",
        "draft_kind": "KE_HOACH",
        "officer": "cv.sgddt",
        "terms": terms(),
        "drafts": (draft(),),
        "asks": asks,
    }
    return Consultation.model_validate(base | values)


class Desk:
    """A consultation one can act on: each act is received at `now`."""

    def __init__(self, state: Consultation, now: str) -> None:
        self.state, self.now, self.count = state, at(now), 0
        self.steps: list[Step] = []

    def do(self, kind: type[AnyCommand], agency: str = "SGDDT", **values: object) -> Step:
        """Send a command of the kind and keep the state it leads to."""
        self.count += 1
        base = {"receipt": f"r{self.count}", "at": self.now, "actor": f"người.{agency.lower()}", "agency": agency}
        step = decide(self.state, kind.model_validate(base | values))
        return self.keep(step)

    def keep(self, step: Step) -> Step:
        """Take a step's outcome as today's state."""
        self.state = step.state
        self.steps.append(step)
        return step

    def launch(self) -> Step:
        """Prepare and approve in one breath."""
        return self.do(Prepare, approve=True)

    def launch_prepared(self) -> Step:
        """Prepare only; the head has not approved."""
        return self.do(Prepare)

    def reply(self, agency: str, position: Position | None = Position.AGREE, *faults: Fault, **values: object) -> Step:
        """A signed reply on the current draft; faults make it unclear; disagreement and amendments carry one remark."""
        remarks = (NewRemark(part="d1"),) if position in (Position.DISAGREE, Position.AGREE_WITH_AMENDMENTS) else ()
        base: dict[str, object] = {
            "draft_sha256": self.state.draft.sha256,
            "signer": f"giamdoc.{agency.lower()}",
            "authority": "head",
            "authorised": True,
            "answers": (Answer(question="q1", position=position),),
            "remarks": remarks,
            "verdict": Verdict(clear=not faults, faults=faults),
            "content": "sha",
        }
        return self.do(SendReply, agency, **(base | values))

    def point(self, agency: str, to: str, competent: bool = True) -> Step:
        """An out-of-function reply with a pointer."""
        pointer = Pointer(question="q1", agency=to, competent=competent)
        return self.reply(agency, Position.OUT_OF_FUNCTION, pointers=(pointer,))

    def ask(self, agency: str) -> Ask:
        """The agency's ask as it stands."""
        return self.state.asks[agency]

    @property
    def kinds(self) -> list[str]:
        """The kinds of all facts so far, in order."""
        return [f.kind for s in self.steps for f in s.facts]

    @property
    def notices(self) -> list[str]:
        """`kind>to` of all notices so far, in order."""
        return [f"{n.kind}>{n.to}" for s in self.steps for n in s.notices]


def hour(text: str) -> time:
    """`17:00` as a time."""
    return time.fromisoformat(text)
