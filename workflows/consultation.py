"""One consultation, driven: waits for people and instants, lets the domain decide, and has every fact recorded.

Must not decide anything itself, read a clock other than the workflow's, or touch I/O.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import VersioningBehavior
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.register import Consulted, RegisterActivities
    from domain.advance import advance, wake_at
    from domain.commands import AnyCommand, Bundle, Decided, Handled, Submission
    from domain.deadline import day_in_vietnam
    from domain.decide import decide
    from domain.facts import Batch, Beginning, Fact, Header, Notice, Unrecorded
    from domain.refusals import Refused
    from domain.state import Consultation
    from domain.step import Step
    from domain.terms import LeaderTable
    from workflows.policies import RECORD

# Temporal's timers are about one second coarse; waking a moment late is right, a moment early is a wasted turn.
GRAIN = timedelta(milliseconds=1)
# As many facts as one record and one workflow task hold well below Temporal's 2 MB and two seconds.
MANY = 500
# The code of a command that could not be decided: a fault of ours, for an administrator, not a refusal.
FAULT = "engine_fault"
# Patches, by name; see docs/how-to/change-a-workflow.md.
LEFT_TO_THE_NEXT = "left-to-the-next-run"
# The facts that change what the header's `state` holds, and what has rows or columns of its own.
CARRIERS = ("prepared", "launched", "redrafted", "terms_changed", "leaders_refreshed", "parent_task_near")
APART = {"asks", "escalations", "conflicts", "receipts"}


@workflow.defn(name="Consultation", versioning_behavior=VersioningBehavior.AUTO_UPGRADE)
class ConsultationWorkflow:
    """State is one frozen model; facts wait in `_pending` until the next record."""

    @workflow.init
    def __init__(self, begin: Beginning) -> None:
        left = begin.left or Unrecorded()
        self._state = begin.state
        self._turn = asyncio.Lock()
        self._recording = asyncio.Lock()
        self._facts: list[Fact] = list(left.facts)
        self._notices: list[Notice] = list(left.notices)
        self._asks: dict[str, None] = dict.fromkeys(left.asks)
        self._escalations: dict[str, None] = dict.fromkeys(left.escalations)
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at: datetime | None = None
        self._rang = False
        self._renew = False
        self._uncountable: str | None = None
        self._wake: tuple[Consultation, datetime | None] | None = None
        self._checked: tuple[Consultation, str, Step] | None = None

    @workflow.run
    async def run(self, begin: Beginning) -> str:
        """Wait, advance, record, until the consultation has ended; the result is its last phase."""
        while not self._ended():
            await self._wait()
            if self._due_by(self._now()):
                async with self._turn:
                    await self._pass_time(self._now())
            await self._flush()
            if self._must_renew():
                await self._continue_as_new()
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._flush()
        return self._state.phase

    @workflow.update
    async def submit(self, submission: Submission) -> Decided:
        """Decide one command. A receipt that was seen before gets today's standing and changes nothing."""
        async with self._turn:
            return await self._decide(submission.command)

    @workflow.update
    async def submit_all(self, bundle: Bundle) -> tuple[Handled, ...]:
        """Decide what came in together, each command by itself: one that is refused changes nothing for the others."""
        async with self._turn:
            return tuple([await self._handle(s.command) for s in bundle.submissions])

    @submit.validator
    def _check_submission(self, submission: Submission) -> None:
        command = submission.command
        if command.receipt not in self._state.receipts:
            # Kept for the handler: unless something happens in between, it would compute the same again.
            self._checked = (self._state, command.receipt, _refusable(lambda: decide(self._state, command)))

    @workflow.signal
    def renew(self) -> None:
        """An operator's wish for a fresh run with the same state, before a long migration of the code."""
        self._renew = True

    @workflow.query
    def state(self) -> Consultation:
        """The whole state, for operators and tests; pages read the register."""
        return self._state

    @workflow.query
    def seq(self) -> int:
        """The number of the last fact, for the accounting: all of them must be in the ledger soon."""
        return self._state.seq

    async def _decide(self, command: AnyCommand) -> Decided:
        if self._due_by(command.at):
            await self._pass_time(command.at, but=command.receipt)
        return self._apply(command)

    async def _handle(self, command: AnyCommand) -> Handled:
        try:
            return Handled(receipt=command.receipt, decided=await self._decide(command))
        except ApplicationError as error:
            params = dict(error.details[0]) if error.details else {}
            return Handled(receipt=command.receipt, code=error.type, params=params)

    def _apply(self, command: AnyCommand) -> Decided:
        if command.receipt in self._state.receipts:
            return self._answer(command, ())
        state, receipt, step = self._checked or (None, "", None)
        if step is None or state is not self._state or receipt != command.receipt:
            step = _refusable(lambda: decide(self._state, command))
        self._checked = None
        self._take(step)
        return self._answer(command, tuple(f.kind for f in step.facts))

    def _answer(self, command: AnyCommand, kinds: tuple[str, ...]) -> Decided:
        ask = self._state.asks.get(getattr(command, "asked", command.agency))
        return Decided(
            seq=self._state.seq,
            phase=self._state.phase,
            kinds=kinds,
            agency=ask.agency if ask else None,
            stage=ask.stage if ask else None,
            due_at=ask.due_at if ask else None,
        )

    def _take(self, step: Step) -> None:
        """Make the step's outcome ours: state at once, the record at the next flush."""
        self._state = step.state
        self._facts += step.facts
        self._notices += step.notices
        self._asks |= step.asks
        self._escalations |= step.escalations

    def _now(self) -> datetime:
        return self._state.clock.business(workflow.now())

    def _ended(self) -> bool:
        return self._state.phase.ended and not self._facts

    def _due_by(self, now: datetime) -> bool:
        at = None if self._uncountable == self._state.terms.calendar.version else self._wake_at()
        return at is not None and at <= now

    def _wake_at(self) -> datetime | None:
        """The next instant at which anything is due, computed once a state: it looks at every ask."""
        if self._wake is None or self._wake[0] is not self._state:
            self._wake = (self._state, wake_at(self._state))
        return self._wake[1]

    async def _wait(self) -> None:
        """Sleep until somebody acts or the alarm rings."""
        self._set_alarm()
        await workflow.wait_condition(lambda: bool(self._facts) or self._rang or self._renew)
        self._rang = False

    def _set_alarm(self) -> None:
        """Keep one pending timer. One that would ring too early is left alone: re-arming costs two events a reply."""
        at = self._wake_at()
        if at is None or (self._alarm_at is not None and self._alarm_at <= at):
            return
        if self._alarm:
            self._alarm.cancel()
        self._alarm_at = at
        self._alarm = asyncio.create_task(self._ring(self._state.clock.real(at) - workflow.now() + GRAIN))

    async def _ring(self, delay: timedelta) -> None:
        if delay > timedelta():
            await workflow.sleep(delay)
        self._alarm_at, self._rang = None, True

    async def _pass_time(self, now: datetime, but: str | None = None) -> None:
        """Before anyone is held overdue, receipts that never reached us are asked for: they decide lateness."""
        which = Consulted(consultation=self._state.id, field=self._state.field, day=day_in_vietnam(now))
        leaders: LeaderTable | None = None
        after: int | None = 0
        while after is not None:
            page = which.model_copy(update={"after": after})
            pending = await workflow.execute_activity_method(RegisterActivities.undelivered, page, **RECORD)
            for submission in pending.submissions:
                if submission.command.receipt != but and submission.command.at <= now:
                    self._apply_late(submission.command)
            leaders, after = pending.leaders, pending.next
        while self._due_by(now):
            self._advance(now, leaders)
            if self._due_by(now):
                # Each record ends a workflow task, so that weeks of a large consultation fit into its two seconds.
                await self._flush()

    def _advance(self, now: datetime, leaders: LeaderTable | None) -> None:
        """Time that cannot be counted (a year missing from the calendar) waits for new terms, it never guesses."""
        try:
            self._take(advance(self._state, now, MANY, leaders))
        except Refused as refused:
            self._uncountable = self._state.terms.calendar.version
            workflow.logger.error("time cannot pass", extra={"code": refused.code, **refused.params})

    def _apply_late(self, command: AnyCommand) -> None:
        """A stored receipt is applied as if it had come in time; its refusal is told when it is delivered."""
        if command.receipt in self._state.receipts:
            return
        try:
            self._take(decide(self._state, command))
        except Refused as refused:
            workflow.logger.info("stored receipt refused", extra={"code": refused.code, "receipt": command.receipt})
        except Exception as error:
            # A receipt nobody can decide must not keep time from passing for everybody else.
            workflow.logger.error("stored receipt failed", extra={"error": str(error), "receipt": command.receipt})

    async def _flush(self) -> None:
        """Record everything pending, in few activities; facts that arrive meanwhile wait for the next one."""
        async with self._recording:
            while self._facts:
                await workflow.execute_activity_method(RegisterActivities.record, self._batch(), **RECORD)
                # Under a steady stream there is always more to record: the next run takes it over.
                if self._must_renew() and workflow.patched(LEFT_TO_THE_NEXT):
                    return

    def _batch(self) -> Batch:
        """Take the oldest pending facts, as many as a payload holds, and with the last of them all the rest."""
        facts, self._facts = self._facts[:MANY], self._facts[MANY:]
        touched = {f.agency: None for f in facts}
        asks = {a: None for a in self._asks if not self._facts or a in touched}
        notices, self._notices = (self._notices[:MANY], self._notices[MANY:]) if self._facts else (self._notices, [])
        state = self._state
        batch = Batch(
            header=header(state, facts),
            facts=tuple(facts),
            notices=tuple(notices),
            asks=tuple(state.asks[a] for a in asks),
            escalations=tuple(e for e in state.escalations if e.id in self._escalations),
            conflicts=state.conflicts,
        )
        self._asks = {a: None for a in self._asks if a not in asks}
        self._escalations = self._escalations if self._facts else {}
        return batch

    def _must_renew(self) -> bool:
        return self._renew or workflow.info().is_continue_as_new_suggested()

    async def _continue_as_new(self) -> None:
        """Begin a fresh run between two commands; what is not recorded yet goes with the state."""
        await workflow.wait_condition(workflow.all_handlers_finished)
        while self._facts and not workflow.patched(LEFT_TO_THE_NEXT):
            await self._flush()
            await workflow.wait_condition(workflow.all_handlers_finished)
        left = Unrecorded(
            facts=tuple(self._facts),
            notices=tuple(self._notices),
            asks=tuple(self._asks),
            escalations=tuple(self._escalations),
        )
        workflow.continue_as_new(Beginning.of(self._state, left))


def header(state: Consultation, facts: list[Fact]) -> Header:
    """The consultation's own row. What changes rarely travels only with the facts that change it."""
    whole = any(f.kind in CARRIERS for f in facts)
    return Header(
        id=state.id,
        lead=state.lead,
        field=state.field,
        draft_kind=state.draft_kind,
        officer=state.officer,
        phase=state.phase,
        content=state.content,
        own_authority=state.own_authority,
        opened_at=state.opened_at,
        ended_at=state.ended_at,
        seq=facts[-1].seq if facts else state.seq,
        state=state.model_dump(mode="json", exclude=APART) if whole else None,
    )


def _refusable(decision: Callable[[], Step]) -> Step:
    """Translate the domain's refusal at the border; a plain exception would hang the caller, and all who come after."""
    try:
        return decision()
    except Refused as refused:
        raise ApplicationError(str(refused), refused.params, type=refused.code, non_retryable=True) from refused
    except Exception as error:
        raise ApplicationError(f"{type(error).__name__}: {error}", type=FAULT, non_retryable=True) from error
