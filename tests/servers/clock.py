"""The clock of a scenario: Temporal's time-skipping server starts now, the scenario on a day of its own choosing.

Every reading is the server's, mapped by `domain.clock.BusinessClock` at rate 1, so that what a receipt is stamped
with and what a workflow sees are one time. How the server behaves was found by trying (tests/test_servers.py):

- While nobody skips, its clock runs with real time. A skip goes from timer to timer; the clock stands still while a
  workflow task or an activity runs and goes on when it is done, so an activity never "misses" a later timer.
- A skip ends when the clock has come to its goal, not when the workflows have reacted to it: wait with `settled`.
- An activity reads the machine's clock, not the server's: give it "now" as an argument.
- An update does not make the clock jump while it is awaited. Awaiting a *result* does, by ten years: use `result`.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from domain.clock import BusinessClock


class TestClock:
    """Reads and moves the business time of one scenario. Instants are aware; answers are in UTC."""

    __test__ = False

    def __init__(self, env: WorkflowEnvironment, business: BusinessClock, server_now: datetime) -> None:
        self.env = env
        self.business = business
        self._read(server_now)

    @classmethod
    async def starting_at(cls, env: WorkflowEnvironment, scenario_start: datetime) -> "TestClock":
        """A clock that shows `scenario_start` now. Its `business` is for whatever maps times (API, workflow input)."""
        server_now = await env.get_current_time()
        return cls(env, BusinessClock(real_anchor=server_now, business_anchor=scenario_start), server_now)

    def _read(self, server_now: datetime) -> None:
        self._server_now, self._read_at = server_now.astimezone(UTC), time.monotonic()

    async def now(self) -> datetime:
        """The business instant, asked from the server."""
        self._read(await self.env.get_current_time())
        return self.business.business(self._server_now)

    def instant(self) -> datetime:
        """The business instant, without asking: the last reading plus the real time since. For a synchronous port.

        Right as long as only this clock moves the server's, within a few milliseconds.
        """
        return self.business.business(self._server_now + timedelta(seconds=time.monotonic() - self._read_at))

    async def skip_to(self, instant: datetime, *waiting: WorkflowHandle[Any, Any]) -> datetime:
        """Move on to the business instant, letting everything due before it happen, then wait for `waiting` to settle.

        Returns the instant reached, a few milliseconds after the one asked for. ValueError when that is past: time
        only goes forward.
        """
        missing = instant - await self.now()
        if missing < timedelta(0):
            raise ValueError(f"the scenario's clock shows {self.instant()}, already after {instant}")
        await self.env.sleep(self.business.real_span(missing))
        await self.settled(*waiting)
        return await self.now()

    async def skip(self, span: timedelta, *waiting: WorkflowHandle[Any, Any]) -> datetime:
        """Move on by a business span; as `skip_to`."""
        return await self.skip_to(await self.now() + span, *waiting)

    async def settled(self, *handles: WorkflowHandle[Any, Any], within: float = 20.0) -> None:
        """Return when each workflow has nothing left to do now: closed, or only later timers and callers to wait for.

        AssertionError after `within` real seconds: a worker is missing, or an activity is being retried.
        """
        limit = time.monotonic() + within
        for handle in handles:
            while waits_for := await self._busy_with(handle):
                assert time.monotonic() < limit, f"{handle.id} is still busy with {waits_for}"
                await asyncio.sleep(0.01)

    async def _busy_with(self, handle: WorkflowHandle[Any, Any]) -> str:
        # A handle of a first run would show that run's history for ever; the workflow's current run is meant.
        current = self.env.client.get_workflow_handle(handle.id)
        events = [event async for event in current.fetch_history_events()]
        return busy_with(events, await self.env.get_current_time())

    async def result(self, handle: WorkflowHandle[Any, Any]) -> Any:
        """A workflow's result, without moving the clock."""
        with self.env.auto_time_skipping_disabled():
            return await handle.result()


# Where an activity's or a timer's end names its beginning.
_ENDS = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED: ("activity_task_completed_event_attributes", "scheduled_event_id"),
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED: ("activity_task_failed_event_attributes", "scheduled_event_id"),
    EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT: ("activity_task_timed_out_event_attributes", "scheduled_event_id"),
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED: ("activity_task_canceled_event_attributes", "scheduled_event_id"),
    EventType.EVENT_TYPE_TIMER_FIRED: ("timer_fired_event_attributes", "started_event_id"),
    EventType.EVENT_TYPE_TIMER_CANCELED: ("timer_canceled_event_attributes", "started_event_id"),
}
_CLOSED = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
)
_WORKFLOW_TASK = 0  # one at a time; a failed one is tried again without a word in history, so failing does not end it


def busy_with(events: list[HistoryEvent], server_now: datetime) -> str:
    """What a run with this history still has to do at once, in words; "" when it is closed or only waits."""
    pending: dict[int, str] = {}
    for event in events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
            pending[_WORKFLOW_TASK] = "a workflow task"
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            pending.pop(_WORKFLOW_TASK, None)
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            kind = event.activity_task_scheduled_event_attributes.activity_type.name
            pending[event.event_id] = f"activity {kind}"
        elif event.event_type == EventType.EVENT_TYPE_TIMER_STARTED and _due(event) <= server_now:
            pending[event.event_id] = "a timer that is due"
        elif event.event_type in _ENDS:
            attributes, beginning = _ENDS[event.event_type]
            pending.pop(getattr(getattr(event, attributes), beginning), None)
    return "" if events[-1].event_type in _CLOSED else ", ".join(pending.values())


def _due(started: HistoryEvent) -> datetime:
    span = started.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
    return started.event_time.ToDatetime(UTC) + span
