"""What every invented life needs: the rules, the people, the calendar, and the instant at which the story is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from adapters.clock import DatabaseClock
from adapters.database import Database
from adapters.demo import DemoAccount, demo_accounts
from adapters.drill import business_clock
from adapters.lexicon import load_instrument
from adapters.rules import load_messages, load_rulebook
from adapters.settings import Settings
from api.gateway import Gateway
from api.services import Services
from commands.demo.days import Days
from commands.options import rules_of
from domain.terms import LeaderTable


@dataclass
class World:
    """One telling. `now`: the business instant up to which everybody has lived; `mark`: what a drill's records say."""

    services: Services
    people: Mapping[str, DemoAccount]
    now: datetime
    mark: str | None = None

    def __post_init__(self) -> None:
        self._leaders: dict[tuple[str, date], LeaderTable] = {}

    @cached_property
    def days(self) -> Days:
        """Working days around the telling."""
        return Days(self.services.rulebook.calendar, self.now)

    def leaders(self, field: str, day: date) -> LeaderTable:
        """Who leads the field, as the directory says on the day."""
        if (field, day) not in self._leaders:
            self._leaders[field, day] = self.services.rulebook.directory.leader_table(field, day)
        return self._leaders[field, day]


def services_of(settings: Settings, database: Database) -> Services:
    """The application's parts for whoever only tells stories: no engine is connected."""
    rules, business = rules_of(settings), business_clock(settings)
    return Services(
        settings=settings,
        rulebook=load_rulebook(rules),
        instrument=load_instrument(rules),
        messages=load_messages(rules),
        database=database,
        gateway=Gateway.at(settings.temporal_address, settings.temporal_namespace, settings.task_queue),
        clock=DatabaseClock(business),
        business=business,
    )


def world_of(services: Services, now: datetime) -> World:
    """The world of this copy at the instant."""
    known = demo_accounts(rules_of(services.settings))
    mark = services.messages.text("drill.mark") if services.settings.drill else None
    return World(services, {one.username: one for one in known.accounts}, now, mark)
