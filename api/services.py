"""Everything a route may use, made once for the application: register, engine, rules, clock. Holds, decides nothing."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from adapters.clock import Clock
from adapters.database import Database
from adapters.faults import told
from adapters.register.accounts import Accounts
from adapters.register.amendments import Amendments
from adapters.register.compositions import Compositions
from adapters.register.contents import content, contents_of
from adapters.register.files import Files
from adapters.register.filters import Filters
from adapters.register.instruments import Instruments
from adapters.register.notices import Notices
from adapters.register.queries_consultations import consultation as find_consultation
from adapters.register.receipts import Receipts
from adapters.register.recording import SqlRegister
from adapters.register.sessions import Sessions
from adapters.rules_amended import AmendedRules
from adapters.settings import Settings
from api.gateway import Gateway
from api.lessons import Lessons
from api.limiting import Window
from api.metrics import Metrics
from api.passwords import Passwords
from api.people import People
from api.stored import LaunchWords, parsed
from domain.clarity.instrument import Instrument
from domain.clock import VIETNAM, BusinessClock
from domain.logistic import Sum
from domain.messages import Messages
from domain.relevance import Suggester, Synonyms
from domain.rulebook import Rulebook

WORDS_KEPT = 4096
LAUNCHES_KEPT = 256
AT_ONCE = 200
KEEPING_SECONDS = 5

# For an application that suggests nothing.
NO_SUGGESTER = Suggester(
    synonyms=Synonyms(negations=(), common_words=(), concepts=()), weighing=Sum(bias=0.0, weights={}), shown_from=1.0
)

log = structlog.get_logger()


@dataclass
class Services:
    """The application's parts. `business` maps real to business time; `clock` reads it.

    `rulebook`: at first the rules of the files, then those in force; `rules_in_force` keeps it up to date.
    """

    settings: Settings
    rulebook: Rulebook
    instrument: Instrument
    messages: Messages
    database: Database
    gateway: Gateway
    clock: Clock
    business: BusinessClock = field(default_factory=BusinessClock)
    suggester: Suggester = field(default_factory=lambda: NO_SUGGESTER)
    metrics: Metrics = field(default_factory=Metrics)
    passwords: Passwords = field(default_factory=Passwords)
    # Five wrong passwords in five minutes.
    failures: Window = field(default_factory=lambda: Window(5, 300))

    def __post_init__(self) -> None:
        self.receipts = Receipts(self.database, self.clock)
        self.files = Files(self.database, self.clock)
        self.instruments = Instruments(self.database, self.clock)
        self.notices = Notices(self.database, self.clock)
        self.amendments = Amendments(self.database)
        self.amended_rules = AmendedRules(self.database, self.rulebook)
        self.lessons = Lessons(self.database, self.rulebook.directory)
        # Sessions end by the real time: a drill's or a test's days do not sign anybody out.
        self.accounts = Accounts(self.database)
        self.people = People(self.accounts)
        self.sessions = Sessions(
            self.database,
            idle=timedelta(minutes=self.settings.session_idle_minutes),
            lifetime=timedelta(hours=self.settings.session_hours),
        )
        self.compositions = Compositions(self.database)
        self.filters = Filters(self.database)
        self.register = SqlRegister(self.database, self.clock)
        # Receipts this process is answering right now: nobody else here takes them up meanwhile.
        self.at_work: dict[str, None] = {}
        self._words: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._launches: OrderedDict[str, LaunchWords] = OrderedDict()

    async def now(self) -> datetime:
        """The business instant."""
        async with self.database.read() as connection:
            return await self.clock.now(connection)

    async def today(self) -> date:
        """The business day in Vietnam."""
        return (await self.now()).astimezone(VIETNAM).date()

    async def rules_in_force(self) -> Rulebook:
        """The rules with their amendments, from now on this process's `rulebook`; asked at the door of every request.

        At most some seconds old; see `AmendedRules`. Raises `RegisterUnavailable` where they were never read.
        """
        self.rulebook = await self.amended_rules.rulebook()
        return self.rulebook

    async def words(self, sha256: str | None) -> dict[str, Any]:
        """The stored JSON of that hash; empty where nothing is stored. Contents never change, so they are kept here."""
        if not sha256:
            return {}
        if sha256 not in self._words:
            found = await content(self.database, sha256)
            if found is None:
                return {}
            self._words[sha256] = parsed(found.data)
            while len(self._words) > WORDS_KEPT:
                self._words.popitem(last=False)
        return self._words[sha256]

    async def fetch(self, hashes: Iterable[str]) -> None:
        """Read many contents ahead, some hundred a statement, for a page that shows them all."""
        missing = [sha256 for sha256 in dict.fromkeys(hashes) if sha256 not in self._words][:WORDS_KEPT]
        for start in range(0, len(missing), AT_ONCE):
            for found in await contents_of(self.database, missing[start : start + AT_ONCE]):
                self._words[found.sha256] = parsed(found.data)
        while len(self._words) > WORDS_KEPT:
            self._words.popitem(last=False)

    async def launch_of(self, consultation: str) -> LaunchWords | None:
        """The consultation's stored launch, read once: neither its words nor which they are can change."""
        known = self._launches.get(consultation)
        if known is None:
            row = await find_consultation(self.database, consultation)
            known = LaunchWords(await self.words(row.content)) if row else None
        if known is not None:
            self._launches[consultation] = known
            while len(self._launches) > LAUNCHES_KEPT:
                self._launches.popitem(last=False)
        return known

    async def keep_instrument(self) -> None:
        """Keep the instrument in use, once. What stands in the way is logged: a reply is never refused for it."""
        try:
            async with asyncio.timeout(KEEPING_SECONDS):
                await self.instruments.keep(self.instrument)
        except Exception as error:
            log.warning("instrument not kept", version=self.instrument.version, error=told(error))

    async def instrument_of(self, version: str) -> Instrument:
        """The instrument of that version, the one in use or a kept one. Raises `NoInstrument`."""
        return self.instrument if version == self.instrument.version else await self.instruments.find(version)

    def agency_name(self, code: str | None) -> str:
        """The agency's name, or the code itself where the directory does not know it."""
        found = self.rulebook.directory.find(code) if code else None
        return found.name if found else code or ""

    def leader_name(self, code: str, now: datetime) -> str:
        """The leader's title and name at the instant."""
        found = self.rulebook.directory.leader(code, now.astimezone(VIETNAM).date())
        return f"{found.title} {found.name}" if found else code
