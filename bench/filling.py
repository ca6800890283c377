"""Fills a register with consultations in the middle of their lives, through the register's own write side.

The facts are those the domain decides; only Temporal is left out. Nothing here is measured but how long it took.
"""

import time
from datetime import UTC, datetime

from adapters.database import Database
from adapters.register.recording import SqlRegister
from bench.crowd import Tell
from bench.world import People, consultation
from domain.decide import decide
from domain.facts import Batch
from domain.step import Step
from workflows.consultation import header

ASKS_EACH = 100


async def fill(database: Database, there: int, asks: int, tell: Tell) -> float:
    """Record open consultations of a hundred agencies each, from `there` asks up to `asks`; the seconds it took."""
    register, begun, done = SqlRegister(database), time.perf_counter(), there
    while done < asks:
        many = min(ASKS_EACH, asks - done)
        await register.record(launched(f"fill-{done:07}", many))
        done += many
        tell(done, asks)
    return round(time.perf_counter() - begun, 2)


def launched(id: str, asks: int) -> Batch:
    """What the workflow would hand over after a launch to so many agencies."""
    submission = People(id).prepare()
    at = datetime.now(UTC)
    return batch(decide(consultation(id, asks), submission.command.model_copy(update={"at": at})))


def batch(step: Step) -> Batch:
    """One step as the register takes it."""
    return Batch(
        header=header(step.state, step.facts),
        facts=tuple(step.facts),
        notices=tuple(step.notices),
        asks=tuple(step.state.asks[agency] for agency in step.asks),
        escalations=step.state.escalations,
        conflicts=step.state.conflicts,
    )
