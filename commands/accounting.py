"""The accounting as a whole: every check over register and engine; what is doubtful is looked at again first.

It composes; what is looked at is in `adapters.register.accounting_*`, what the engine is asked in
`workflows.operating`. Nothing is written anywhere.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.clock import DatabaseClock
from adapters.database import Database, RegisterUnavailable, is_down
from adapters.faults import told
from adapters.register.accounting_contents import chained, files_kept
from adapters.register.accounting_findings import Difference, Found, Ground
from adapters.register.accounting_journal import Journal, Tally, compared
from adapters.register.accounting_notices import notified
from adapters.register.accounting_outbox import backlog
from adapters.register.accounting_receipts import answering, effects, origins, refusals
from adapters.register.accounting_verdicts import standing
from commands.accounting_engine import Advance, Engine
from commands.problems import NO_TABLE
from domain.base import Frozen
from domain.clock import BusinessClock
from workflows.operating import EngineAway, Operator

CHECKS = tuple(f"A{number}" for number in range(1, 12))
# How long a reply may be decided and not recorded yet, or recorded and not answered; the engine is asked oftener.
PAUSE_SECONDS = 2.5
OFTENER = 0.3

Probe = Callable[[AsyncConnection, Ground], Awaitable[Found | tuple[Found, ...]]]

# The checks of the register, each in one instant's view, under the check that is told when a row cannot be read.
PROBES: tuple[tuple[str, Probe], ...] = (
    ("A1", effects),
    ("A2", refusals),
    ("A3", answering),
    ("A4", origins),
    ("A7", standing),
    ("A6", backlog),
    ("A8", notified),
    ("A9", files_kept),
)


class Check(Frozen):
    """One check. `looked`: at how many things; `count`: of all differences; `unasked`: why it was not made."""

    check: str
    looked: int = 0
    count: int = 0
    differences: tuple[Difference, ...] = ()
    unasked: str | None = None

    @property
    def state(self) -> str:
        """`clean`, `dirty` or `unasked`; a check that was not made whole is never clean."""
        return "unasked" if self.unasked else "dirty" if self.count else "clean"


class Report(Frozen):
    """All checks in order; with a client's journal its figures."""

    checks: tuple[Check, ...]
    tally: Tally | None = None

    @property
    def complete(self) -> bool:
        """Whether every check could be made."""
        return all(one.unasked is None for one in self.checks)

    @property
    def clean(self) -> bool:
        """Whether everything was looked at and fits."""
        return all(one.state == "clean" for one in self.checks)


class Accounting:
    """One examination of a copy. `operator` is None where the engine cannot be reached."""

    def __init__(
        self,
        db: Database,
        operator: Operator | None,
        *,
        clock: BusinessClock | None = None,
        mails: bool = False,
        journal: Journal | None = None,
        pause: float | None = None,
    ) -> None:
        self._db = db
        self._operator = operator
        self._clock = clock or BusinessClock()
        self._mails = mails
        self._journal = journal
        self._pause = PAUSE_SECONDS if pause is None else pause
        self._found: dict[str, list[Found]] = {check: [] for check in CHECKS}
        self._unasked: dict[str, str] = {}
        self._tally: Tally | None = None

    async def examine(self, advance: Advance) -> Report:
        """Make every check that can be made; `advance(done, total)` counts what the longest of them has looked at."""
        try:
            await self._register(advance)
        except (RegisterUnavailable, NoRegister):
            return without_register()
        await self._engine(advance)
        return self._report()

    async def _register(self, advance: Advance) -> None:
        probes = [*PROBES, *([("A1", self._journalled(self._journal))] if self._journal else [])]
        first = [await self._ask(*probe) for probe in probes]
        doubtful = [place for place, found in enumerate(first) if any(one.count for one in found)]
        self._note(await chained(self._db, advance))
        if doubtful:
            await asyncio.sleep(self._pause)
        for place, found in enumerate(first):
            self._note(_still(found, await self._ask(*probes[place])) if place in doubtful else found)

    async def _ask(self, check: str, probe: Probe) -> tuple[Found, ...]:
        try:
            async with self._db.read() as connection:
                now = await DatabaseClock(self._clock).now(connection)
                found = await probe(connection, Ground(now=now, clock=self._clock, mails=self._mails))
        except (ValueError, DBAPIError) as error:
            _require_about_row(error)
            broken = Found(check)
            broken.add("unreadable", getattr(error, "id", check), why=told(error))
            return (broken,)
        return found if isinstance(found, tuple) else (found,)

    def _journalled(self, journal: Journal) -> Probe:
        async def probe(connection: AsyncConnection, ground: Ground) -> tuple[Found, ...]:
            self._tally, found = await compared(connection, journal, ground)
            return found

        return probe

    async def _engine(self, advance: Advance) -> None:
        if self._operator is None:
            self._unasked |= dict.fromkeys(("A6", "A11"), "engine")
            return
        try:
            behind, runs, why = await Engine(self._db, self._operator, self._pause * OFTENER).compare(advance)
        except EngineAway:
            self._unasked |= dict.fromkeys(("A6", "A11"), "engine")
            return
        except RegisterUnavailable:
            self._unasked |= dict.fromkeys(("A6", "A11"), "register")
            return
        self._note((behind, runs))
        if why:
            self._unasked["A6"] = why

    def _note(self, found: Sequence[Found]) -> None:
        for one in found:
            self._found[one.check].append(one)

    def _report(self) -> Report:
        return Report(checks=tuple(self._check(check) for check in CHECKS), tally=self._tally)

    def _check(self, check: str) -> Check:
        found = self._found[check]
        return Check(
            check=check,
            looked=sum(one.looked for one in found),
            count=sum(one.count for one in found),
            differences=tuple(d for one in found for d in one.differences),
            unasked=self._unasked.get(check),
        )


class NoRegister(Exception):  # noqa: N818 - a state of the world
    """The database has no register in it."""


def _require_about_row(error: Exception) -> None:
    """Pass on what says nothing of a row: a database that cannot serve, or that nobody has migrated."""
    if isinstance(error, DBAPIError) and NO_TABLE.search(str(error)):
        raise NoRegister from error
    if isinstance(error, DBAPIError) and is_down(error):
        raise RegisterUnavailable(str(error.orig)) from error


def _still(earlier: Sequence[Found], now: Sequence[Found]) -> tuple[Found, ...]:
    return tuple(after.still(before) for before, after in zip(earlier, now, strict=True))


def as_json(report: Report, say: Callable[..., str]) -> dict[str, Any]:
    """The report for machines, with the sentences people get. `say` fills a sentence of the message file."""
    return {
        "clean": report.clean,
        "complete": report.complete,
        "journal": {**report.tally.model_dump(), "line": report.tally.line} if report.tally else None,
        "checks": [_check_json(one, say) for one in report.checks],
    }


def _check_json(check: Check, say: Callable[..., str]) -> dict[str, Any]:
    told = check.model_dump(mode="json", exclude={"differences"})
    differences = [
        {**d.model_dump(mode="json", exclude={"check"}), "said": sentence(d, say), "todo": say(f"doctor.todo.{d.what}")}
        for d in check.differences
    ]
    return {**told, "state": check.state, "name": say(f"doctor.check.{check.check}"), "differences": differences}


def sentence(difference: Difference, say: Callable[..., str]) -> str:
    """What does not fit, in words."""
    return say(f"doctor.what.{difference.what}", id=difference.id, **difference.params)


def without_register() -> Report:
    """Where there is no register nothing can be looked at."""
    return Report(checks=tuple(Check(check=check, unasked="register") for check in CHECKS))
