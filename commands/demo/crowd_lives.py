"""How one of a crowd's consultations goes: launched, received, answered, sometimes late or not at all, closed.

Who does what when is a matter of chance, told from the consultation's number; what follows is the rules' business.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from random import Random
from typing import Any, NamedTuple

from adapters.register.contents import Content, content_of
from api.bodies.reply import AssignmentBody
from api.bodies.ruling import DecisionBody, RemarkAnswerBody
from api.front import Base
from api.stored import words_of
from commands.demo.crowd_plans import Plan, Saying, head_of
from commands.demo.life import Act, Life
from commands.demo.world import World
from domain.clock import VIETNAM
from domain.commands import AnswerRemark, AnyCommand, Assign, Close, Decide, Deliver, Prepare
from domain.state import Remark

OPENS, CLOSES = 8 * 60, 17 * 60
PREPARE, RECEIVE, CLOSE = "prepare", "deliver", "close"
# Working days after the launch on which agencies answer; the limit is five.
ANSWERED_AFTER = (1, 2, 2, 3, 3, 4, 4, 4, 5, 5)
RECEIVED, ASSIGNED, SILENT, LATE = 0.7, 0.4, 0.015, 0.04
PLAIN = {verb: content_of({"kind": verb}) for verb in (RECEIVE, CLOSE)}


class Over(Exception):  # noqa: N818 - the end of what can be told
    """The next act would lie ahead of now."""


class Due(NamedTuple):
    """Something an agency is going to do."""

    at: datetime
    agency: str
    saying: Saying | None
    verb: str


class Crowd:
    """Tells consultations over a row of working days. `days`: without gaps, past the last launch as well."""

    def __init__(self, world: World, days: Sequence[date], says: dict[str, Any]) -> None:
        self._world = world
        self._days = days
        self._answers = {kind: RemarkAnswerBody(**body) for kind, body in says["answers"].items()}
        self._answered = {kind: words_of("answer", body) for kind, body in self._answers.items()}
        self._decision = DecisionBody(action="proceed_without", measures=["remind"], reason=says["decision"])
        self._decided = words_of("decide", self._decision)

    def life(self, id: str, plan: Plan, place: int, chance: Random) -> Life:
        """A consultation of the plan, launched on the day at that place, up to now."""
        life, world = Life(self._world, id), self._world
        at = self._instant(place, chance.randint(OPENS, 14 * 60))
        head = head_of(plan.lead)
        life.begin(plan.state(world, id, head, at), plan.told)
        life.uploads.append(plan.upload)
        try:
            self._do(life, at, head, plan.lead, "", PREPARE, plan.words, lambda base: Prepare(**base, approve=True))
            last = self._agencies(life, plan, place, at, chance)
            self._finish(life, head, plan, last, chance)
        except Over:
            life.let_pass(world.now)
        return life

    def _agencies(self, life: Life, plan: Plan, place: int, at: datetime, chance: Random) -> int:
        """What the asked agencies do, in order; the last day's place."""
        ways = [list(self._way(plan, agency, place, at, chance)) for agency in plan.replies]
        for due in merge(*ways):
            self._due(life, due)
        last = max((self._place(way[-1].at, place) for way in ways if way), default=place)
        if life.state.settled:
            return last
        return self._leader(life, max(last, place + 6), chance)

    def _way(self, plan: Plan, agency: str, place: int, at: datetime, chance: Random) -> Iterator[Due]:
        came = at + timedelta(minutes=chance.randint(5, 90))
        if chance.random() < RECEIVED:
            yield Due(came, agency, None, RECEIVE)
            if chance.random() < ASSIGNED:
                yield Due(came + timedelta(minutes=chance.randint(10, 60)), agency, None, "assign")
        fate = chance.random()
        if fate < SILENT:
            return
        after = chance.randint(6, 8) if fate < SILENT + LATE else chance.choice(ANSWERED_AFTER)
        for number, saying in enumerate(plan.replies[agency]):
            minute = chance.randint(OPENS + 60, CLOSES)
            yield Due(self._instant(place + after + number, minute), agency, saying, "reply")

    def _due(self, life: Life, due: Due) -> None:
        clerk, head, path = f"vt.{due.agency.lower()}", head_of(due.agency), f"asks/{due.agency}"
        if due.saying:
            self._reply(life, due, due.saying, head, path)
        elif due.verb == RECEIVE:
            words = PLAIN[RECEIVE]
            self._do(life, due.at, clerk, due.agency, f"{path}/receipt", RECEIVE, words, lambda base: Deliver(**base))
        else:
            body = AssignmentBody(handler=f"cv.{due.agency.lower()}")
            words, handler = words_of("assign", body), body.handler
            made = lambda base: Assign(**base, handler=handler)  # noqa: E731
            self._do(life, due.at, head, due.agency, f"{path}/assignment", "assign", words, made)

    def _reply(self, life: Life, due: Due, saying: Saying, head: str, path: str) -> None:
        def send(base: Base) -> AnyCommand:
            return saying.command.model_copy(update={"receipt": base["receipt"], "at": base["at"]})

        self._do(life, due.at, head, due.agency, f"{path}/reply", "reply", saying.words, send)

    def _leader(self, life: Life, place: int, chance: Random) -> int:
        """The leader lets the lead go on without whoever stays silent; the day's place."""
        at = self._instant(place + 1, chance.randint(OPENS + 120, CLOSES))
        if at > self._world.now:
            raise Over
        life.let_pass(at)
        for case in [case for case in life.state.escalations if case.undecided]:
            leader = life.state.terms.leaders.in_charge(at).leader
            made = self._decide(case.id, leader)
            path = f"escalations/{case.id}/decision"
            self._do(life, at, leader.lower(), None, path, "decide", self._decided, made)
        return place + 1

    def _decide(self, case: str, leader: str) -> Any:
        body, content = self._decision, self._decided.sha256
        return lambda base: Decide(
            **base, escalation=case, leader=leader, action=body.action, measures=tuple(body.measures), content=content
        )

    def _finish(self, life: Life, head: str, plan: Plan, last: int, chance: Random) -> None:
        """Every remark is answered, and the synthesis signed."""
        at = self._instant(last + chance.randint(1, 2), chance.randint(OPENS, 15 * 60))
        remarks = [r for ask in life.state.asks.values() for r in ask.live_remarks if r.outcome is None]
        for number, remark in enumerate(remarks):
            self._answer(life, at + timedelta(minutes=5 * number), head, plan.lead, remark)
        at = self._instant(last + 3, chance.randint(OPENS, CLOSES))
        if life.state.settled:
            self._do(life, at, head, plan.lead, "closure", CLOSE, PLAIN[CLOSE], lambda base: Close(**base))

    def _answer(self, life: Life, at: datetime, head: str, lead: str, remark: Remark) -> None:
        body, words = self._answers[remark.kind], self._answered[remark.kind]
        made = lambda base: AnswerRemark(**base, remark=remark.id, outcome=body.outcome, content=words.sha256)  # noqa: E731
        self._do(life, at, head, lead, f"remarks/{remark.id}/answer", "answer", words, made)

    def _do(
        self, life: Life, at: datetime, actor: str, agency: str | None, path: str, verb: str, words: Content, made: Any
    ) -> None:
        if at > self._world.now:
            raise Over
        whole = path if path.startswith("escalations/") else "/".join(p for p in ("consultations", life.id, path) if p)
        life.act(Act(at, actor, agency, whole if verb != PREPARE else "consultations", verb, words, made))

    def _instant(self, place: int, minute: int) -> datetime:
        clock = time(minute // 60, minute % 60)
        return datetime.combine(self._days[min(place, len(self._days) - 1)], clock, VIETNAM).astimezone(UTC)

    def _place(self, at: datetime, place: int) -> int:
        """The place of an instant's day, which is at most some days after the place given."""
        day = at.astimezone(VIETNAM).date()
        return next((n for n in range(place, len(self._days)) if self._days[n] >= day), len(self._days) - 1)
