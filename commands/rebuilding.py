"""Open consultations run again from the register alone, and those that run are compared with it.

Two of these at once do no harm: the engine starts a consultation once, and a workflow is only ended by its own name.
What a notice's key or a receipt has settled before is settled: nobody is told twice.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from enum import StrEnum

from adapters.database import Database
from adapters.register.accounting_outbox import open_ones
from adapters.register.accounting_receipts import done_without_facts
from adapters.register.queries_state import state as recorded_state
from adapters.tables_types import canonical_json
from commands.accounting_engine import Advance, bounded
from domain.base import Frozen
from domain.state import Consultation
from workflows.operating import EngineAway, Found, NoAnswer, NotStarted, Operator, Standing

REASON = "ykien rebuild --replace"
LOOKS = 6
PAUSE_SECONDS = 0.5


class Outcome(StrEnum):
    """What became of one consultation."""

    STARTED = "started"
    RUNNING = "running"
    REPLACED = "replaced"
    STOPPED = "stopped"
    ENDED = "ended"
    DIFFERS = "differs"
    FAILED = "failed"


# What needs somebody's attention.
BAD = (Outcome.DIFFERS, Outcome.FAILED)


class Restored(Frozen):
    """One consultation: what was done, and why not more. `told_again`: answered acts that had not been recorded."""

    id: str
    outcome: Outcome
    why: str | None = None
    told_again: int = 0


def fingerprint(state: Consultation) -> str:
    """SHA-256 of the state's canonical JSON, the order of its asks included: equal states, equal fingerprints."""
    whole = {"state": state.model_dump(mode="json"), "order": list(state.asks)}
    return hashlib.sha256(canonical_json(whole).encode()).hexdigest()


class Rebuilder:
    """Brings consultations back. `replace`: also those whose workflow does not agree with the register."""

    def __init__(self, db: Database, operator: Operator, *, replace: bool = False, pause: float = PAUSE_SECONDS):
        self._db = db
        self._operator = operator
        self._replace = replace
        self._pause = pause

    async def everything(self, advance: Advance) -> list[Restored]:
        """Every consultation that has not ended. Raises `EngineAway`, `RegisterUnavailable` before the first."""
        async with self._db.read() as connection:
            ids = list(await open_ones(connection))
        return await self.these(ids, advance)

    async def these(self, ids: Sequence[str], advance: Advance) -> list[Restored]:
        """The consultations named, in order; what fails for one stops no other."""
        done = 0

        async def one(id: str) -> Restored:
            nonlocal done
            restored = await self.one(id)
            done += 1
            advance(done, len(ids))
            return restored

        return await bounded(ids, one)

    async def one(self, id: str) -> Restored:
        """One consultation."""
        try:
            return await self._one(id)
        except NotStarted as error:
            return Restored(id=id, outcome=Outcome.FAILED, why=f"not_started {error}")
        except EngineAway as error:
            return Restored(id=id, outcome=Outcome.FAILED, why=f"engine {error}")

    async def _one(self, id: str) -> Restored:
        # The engine first: a workflow that has ended by then has recorded its end before.
        found = await self._operator.find(id)
        state = await recorded_state(self._db, id)
        if state is None:
            return Restored(id=id, outcome=Outcome.FAILED, why="unknown")
        if state.phase.ended:
            return await self._ended(id, found)
        if found.standing is Standing.RUNNING:
            return await self._running(id, found)
        if found.standing is Standing.FINISHED and not self._replace:
            return Restored(id=id, outcome=Outcome.DIFFERS, why="finished")
        return await self._start(state, Outcome.STARTED)

    async def _ended(self, id: str, found: Found) -> Restored:
        """The register is the only truth: a workflow that goes on all the same may be ended."""
        if found.standing is not Standing.RUNNING:
            return Restored(id=id, outcome=Outcome.ENDED)
        if self._replace and await self._operator.stop(id, found.chain, REASON):
            return Restored(id=id, outcome=Outcome.STOPPED)
        return Restored(id=id, outcome=Outcome.DIFFERS, why="lingers")

    async def _running(self, id: str, found: Found) -> Restored:
        why = await self._disagreement(id)
        if why is None:
            return Restored(id=id, outcome=Outcome.RUNNING)
        if not self._replace:
            return Restored(id=id, outcome=Outcome.DIFFERS, why=why)
        await self._operator.stop(id, found.chain, REASON)
        state = await recorded_state(self._db, id)
        return await self._start(state, Outcome.REPLACED) if state else Restored(id=id, outcome=Outcome.FAILED)

    async def _start(self, state: Consultation, outcome: Outcome) -> Restored:
        """Start it; where somebody else was quicker, it runs already."""
        if not await self._operator.start(state, even_finished=self._replace):
            outcome = Outcome.RUNNING
        why = await self._disagreement(state.id)
        if why:
            return Restored(id=state.id, outcome=Outcome.FAILED, why=why)
        if outcome is Outcome.RUNNING:
            return Restored(id=state.id, outcome=outcome)
        return await self._tell_again(state.id, outcome)

    async def _tell_again(self, id: str, outcome: Outcome) -> Restored:
        """Acts that were answered as done while the lost engine had not recorded them yet."""
        async with self._db.read() as connection:
            submissions = await done_without_facts(connection, id)
        told = 0
        for submission in submissions:
            try:
                refused = await self._operator.tell(id, submission)
            except NoAnswer as error:
                refused = str(error)
            if refused:
                why = f"not_repeated {submission.command.receipt}: {refused}"
                return Restored(id=id, outcome=Outcome.FAILED, why=why, told_again=told)
            told += 1
        return Restored(id=id, outcome=outcome, told_again=told)

    async def _disagreement(self, id: str) -> str | None:
        """None when workflow and register hold the same state; else why not, after several looks at both."""
        why: str | None = None
        for look in range(LOOKS):
            if look:
                await asyncio.sleep(self._pause)
            why = await self._look(id)
            if why is None or why == "differs" or (why == "no_answer" and look):
                return why
        return why

    async def _look(self, id: str) -> str | None:
        try:
            engine = await self._operator.state(id)
        except NoAnswer:
            return "no_answer"
        register = await recorded_state(self._db, id)
        if register is None or engine.seq > register.seq:
            return "ahead"
        if engine.seq < register.seq:
            return "behind"
        return None if fingerprint(engine) == fingerprint(register) else "differs"
