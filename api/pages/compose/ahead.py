"""The dry run's timeline as a page tells it: agencies with the same dates once, every event in its order."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from api.previewing import AskAhead
from domain.base import Frozen


class Event(Frozen):
    """One thing that will happen. `kind`: key of its sentence; `who`: an audience or a leader's code."""

    at: datetime
    kind: str
    who: str = ""
    mail: bool = False


class Course(Frozen):
    """What will happen to agencies that share all dates, if nobody answers."""

    agencies: tuple[str, ...]
    due_at: datetime
    provisional: bool
    due_at_if_worked: datetime | None
    leader: str
    events: tuple[Event, ...]


def courses(timeline: Iterable[AskAhead], now: datetime) -> tuple[Course, ...]:
    """The agencies by their dates, in the order of the form."""
    groups: dict[tuple[Event, ...], list[AskAhead]] = {}
    for one in timeline:
        groups.setdefault(tuple(sorted(_events(one, now), key=lambda event: event.at)), []).append(one)
    return tuple(_course(events, some) for events, some in groups.items())


def _course(events: tuple[Event, ...], some: list[AskAhead]) -> Course:
    first = some[0]
    return Course(
        agencies=tuple(one.agency for one in some),
        due_at=first.due_at,
        provisional=first.provisional,
        due_at_if_worked=first.due_at_if_worked,
        leader=first.leader,
        events=events,
    )


def _events(one: AskAhead, now: datetime) -> Iterator[Event]:
    yield Event(at=now, kind="sent")
    yield Event(at=one.due_at, kind="due")
    for rung in one.reminders:
        yield Event(
            at=rung.at, kind="overdue" if rung.at >= one.due_at else "reminded", who=rung.audience, mail=rung.mail
        )
    yield Event(at=one.escalated_at, kind="escalated", who=one.leader)
    yield Event(at=one.leader_due_at, kind="second")
