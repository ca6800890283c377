"""One consultation, lived: people act at told instants, time passes in between, and everything is kept as it happened.

It does what the desk and the workflow do (stamp, decide, let time pass, hand over), only without waiting. Whether an
act is allowed is the rules' business; one they refuse ends the telling.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from adapters.demo_writing import Stamp, Upload
from adapters.register.contents import Content
from adapters.register.receipts import Receipt
from api.front import Base
from api.outcomes import status_of
from api.stored import LaunchWords
from api.views.base import stamp
from commands.demo.world import World
from domain.advance import advance, wake_at
from domain.clock import VIETNAM
from domain.commands import AnyCommand, Decided, Submission
from domain.decide import decide
from domain.facts import Batch
from domain.state import Consultation
from domain.step import Step
from workflows.consultation import header

# A workflow's alarm rings a moment after the instant, never before.
AFTER = timedelta(milliseconds=1)


class Act(NamedTuple):
    """One person's act. `path`: where the request went, below the consultation; `verb`: as receipts name it."""

    at: datetime
    actor: str
    agency: str | None
    path: str
    verb: str
    words: Content
    command: Callable[[Base], AnyCommand]


class Life:
    """A consultation's telling, act by act in the order of time."""

    def __init__(self, world: World, id: str) -> None:
        self.world = world
        self.id = id
        self.launch = LaunchWords({})
        self.stamps: list[Stamp] = []
        self.uploads: list[Upload] = []
        self.steps: list[Step] = []
        self._state: Consultation | None = None

    @property
    def state(self) -> Consultation:
        """As it stands. RuntimeError before it began."""
        if self._state is None:
            raise RuntimeError(f"{self.id} has not begun")
        return self._state

    def begin(self, state: Consultation, launch: LaunchWords) -> None:
        """The state the engine would start with, and the words it was launched with."""
        self._state, self.launch = state, launch

    def act(self, act: Act) -> None:
        """Let time pass up to the act, and take it in. Raises `Refused`; ValueError for an act out of order."""
        if self.stamps and act.at < self.stamps[-1].receipt.received_at:
            raise ValueError(f"{self.id}: {act.verb} at {act.at} comes after a later act")
        self.let_pass(act.at)
        receipt = self._receipt(act)
        base = Base(receipt=receipt.id, at=act.at, actor=act.actor, agency=act.agency or "")
        command = act.command(base)
        step = decide(self.state, command)
        self._take(step)
        answer = {**stamp(receipt), "decision": self._decided(command, step).model_dump(mode="json")}
        submission = Submission.model_construct(command=command)
        self.stamps.append(Stamp(receipt, submission, act.words, status_of(command.kind), answer))

    def let_pass(self, until: datetime) -> None:
        """Everything that falls due up to the instant, each at its own."""
        while (due := wake_at(self.state)) is not None and due + AFTER <= until:
            day = due.astimezone(VIETNAM).date()
            self._take(advance(self.state, due + AFTER, leaders=self.world.leaders(self.state.field, day)))

    def batch(self) -> Batch:
        """All that was decided, as the workflow hands it over when it has had to wait for the register."""
        facts = [fact for step in self.steps for fact in step.facts]
        return Batch.model_construct(
            header=header(self.state, facts),
            facts=tuple(facts),
            notices=tuple(notice for step in self.steps for notice in step.notices),
            asks=tuple(self.state.asks.values()),
            escalations=self.state.escalations,
            conflicts=self.state.conflicts,
        )

    def _take(self, step: Step) -> None:
        self._state = step.state
        self.steps.append(step)

    def _receipt(self, act: Act) -> Receipt:
        id = f"{self.id.replace('c-', 'r-', 1)}-{len(self.stamps) + 1:03}"
        return Receipt.model_construct(
            id=id,
            consultation=self.id,
            verb=act.verb,
            actor=act.actor,
            agency=act.agency,
            key=id,
            request=f"POST /api/v1/{act.path}",
            body_sha256=act.words.sha256,
            received_at=act.at,
        )

    def _decided(self, command: AnyCommand, step: Step) -> Decided:
        agency: Any = getattr(command, "asked", command.agency)
        ask = step.state.asks.get(agency)
        return Decided.model_construct(
            seq=step.state.seq,
            phase=step.state.phase,
            kinds=tuple(fact.kind for fact in step.facts),
            agency=ask.agency if ask else None,
            stage=ask.stage if ask else None,
            due_at=ask.due_at if ask else None,
        )
