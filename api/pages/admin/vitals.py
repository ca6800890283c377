"""How the installation is, put together from register and engine: for the health page and for what needs attention."""

import asyncio
from datetime import datetime, timedelta
from importlib.metadata import version

from adapters.database import RegisterUnavailable
from adapters.register.outbox import Backlog
from adapters.register.queries_health import Verified, Vitals, vitals
from api.engine_queue import QueueSight
from api.services import Services
from domain.base import Frozen

# A worker asks for work at least once a minute.
SILENT = timedelta(minutes=2)
# Longer than the relay needs for one round.
WAITED = timedelta(minutes=5)
# How long a verification of the ledger counts as recent.
RECENT = timedelta(days=7)
SESSIONS = 500


class Health(Frozen):
    """Everything asked at one moment. None: the register (`vitals`, `backlog`) or the engine (`queue`) cannot say."""

    now: datetime
    engine: bool
    queue: QueueSight | None
    backlog: Backlog | None
    vitals: Vitals | None
    sessions: int | None

    @property
    def workers_heard(self) -> bool:
        """Whether a worker has asked for work lately."""
        heard, register = self.queue.heard_at if self.queue else None, self.vitals
        return heard is not None and register is not None and register.now - heard < SILENT

    @property
    def stuck(self) -> bool:
        """Whether something has waited for the engine for longer than a round of the relay."""
        return _longer(self.backlog.oldest if self.backlog else None, self.now)

    @property
    def mails_stuck(self) -> bool:
        """Whether a mail has waited for longer than that."""
        return _longer(self.vitals.oldest_mail if self.vitals else None, self.now)

    @property
    def verified(self) -> Verified | None:
        """The last finished verification of the ledger."""
        return self.vitals.verified if self.vitals else None

    @property
    def verified_lately(self) -> bool:
        """Whether the ledger was verified within the last days."""
        found, register = self.verified, self.vitals
        return found is not None and register is not None and register.now - found.finished_at < RECENT


def _longer(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since > WAITED


async def health(services: Services) -> Health:
    """Ask all at once; what cannot be asked is left out, and nobody waits for longer than two seconds."""
    (backlog, register, sessions), engine, queue = await asyncio.gather(
        _register(services), services.gateway.ready(), services.gateway.queue()
    )
    return Health(
        now=await services.now(), engine=engine, queue=queue, backlog=backlog, vitals=register, sessions=sessions
    )


async def _register(services: Services) -> tuple[Backlog | None, Vitals | None, int | None]:
    try:
        backlog = await services.receipts.backlog()
        register = await vitals(services.database)
        return backlog, register, len(await services.sessions.live(limit=SESSIONS))
    except RegisterUnavailable:
        return None, None, None


class Versions(Frozen):
    """What runs here, by fingerprint."""

    program: str
    rules: str
    calendar: str
    clarity: str
    suggester: str


def versions(services: Services) -> Versions:
    """The versions of program, rules and instruments."""
    rulebook = services.rulebook
    return Versions(
        program=version("ykien"),
        rules=rulebook.version,
        calendar=rulebook.calendar.version,
        clarity=services.instrument.version,
        suggester=services.suggester.version,
    )
