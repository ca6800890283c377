"""A tiny workflow for trying the servers.

In a module of its own: the workflow sandbox imports a workflow's module anew, and importing a test module's database
drivers twice ends in a segmentation fault.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel


class Wait(BaseModel):
    """Until when to sleep, and how long to rest in between."""

    until: datetime
    step: timedelta = timedelta(days=3650)


@activity.defn
async def look_at_the_clock() -> datetime:
    """A little real work; the machine's clock as seen from an activity."""
    await asyncio.sleep(0.05)
    return datetime.now(UTC)


@workflow.defn
class Sleeper:
    """Sleeps until a real instant in steps, does an activity after each, and can be told to end early."""

    def __init__(self) -> None:
        self._woken: list[datetime] = []
        self._machine: list[datetime] = []
        self._dismissed = False

    @workflow.run
    async def run(self, wait: Wait) -> list[datetime]:
        while not self._dismissed and workflow.now() < wait.until:
            rest = min(wait.step, wait.until - workflow.now())
            try:
                await workflow.wait_condition(lambda: self._dismissed, timeout=rest)
            except TimeoutError:
                self._woken.append(workflow.now())
                await self._look()
        return self._woken

    async def _look(self) -> None:
        self._machine.append(
            await workflow.execute_activity(look_at_the_clock, start_to_close_timeout=timedelta(seconds=10))
        )

    @workflow.update
    async def look(self) -> datetime:
        await self._look()
        return workflow.now()

    @workflow.update
    def dismiss(self) -> datetime:
        self._dismissed = True
        return workflow.now()

    @workflow.query
    def machine(self) -> list[datetime]:
        return self._machine
