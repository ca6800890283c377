"""`ykien deadline`: when an answer is due, with the reason for every day. All counting is the domain's."""

import re
from datetime import datetime, time
from typing import Annotated, Any, NamedTuple

import typer

from commands.options import AsJson, rules_of, settings_of
from commands.output import give_json, headings, refuse, table, tell
from commands.shell import usage
from commands.texts import say
from domain.clock import VIETNAM
from domain.deadline import DayExplained, Due, Limit, Unit, due
from domain.messages import Messages
from domain.rulebook import Rulebook, RuleLine

OFFICIAL = ("%d/%m/%Y %H:%M", "%d/%m/%Y")
CLOSING = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Received(NamedTuple):
    """The start as it was typed: an instant in Vietnam's time, and whether an hour was named."""

    at: datetime
    with_hour: bool


class Asked(NamedTuple):
    """What is to be computed, and what is to be said of it: the rule it comes from, if any, and its citation."""

    start: datetime
    limit: Limit
    closes_at: time | None
    with_hour: bool
    line: RuleLine | None
    citation: str | None


def deadline(
    received: Annotated[str, typer.Argument(metavar="NGÀY_NHẬN", help=say("help.deadline_received"))],
    limit: Annotated[str | None, typer.Option(metavar="THỜI_HẠN", help=say("help.deadline_limit"))] = None,
    rule: Annotated[str | None, typer.Option(metavar="MÃ", help=say("help.deadline_rule"))] = None,
    closes_at: Annotated[str | None, typer.Option(metavar="HH:MM", help=say("help.deadline_closes_at"))] = None,
    rule_set: Annotated[str | None, typer.Option(metavar="MÃ", help=say("help.deadline_rule_set"))] = None,
    as_json: AsJson = False,
) -> None:
    """Print the due instant and the reason for every day."""
    from adapters.rules import load_messages, load_rulebook

    if limit is None and rule is None:
        raise usage(say("usage.limit_or_rule"))
    settings = settings_of(rule_set=rule_set)
    rulebook = load_rulebook(rules_of(settings))
    asked = _asked(rulebook, settings.rule_set, received, limit, rule, closes_at)
    answer = due(asked.start, asked.limit, rulebook.calendar, closes_at=asked.closes_at)
    messages = load_messages(rules_of(settings))
    if as_json:
        give_json(as_document(answer, messages))
    else:
        _show(asked, answer, messages)


def _asked(
    rulebook: Rulebook, rule_set: str, received: str, limit: str | None, rule: str | None, closes_at: str | None
) -> Asked:
    start = read_received(received)
    line = rulebook.named_line(rule_set, rule, start.at.date()) if rule else None
    wanted = Limit.parse(limit) if limit else line.limit if line else None
    if wanted is None:
        raise usage(say("usage.limit_or_rule"))
    if wanted.unit is Unit.HOUR and not start.with_hour:
        refuse(say("deadline.hour_needs_time"), say("deadline.hour_needs_time_way_out"))
    closing = _closing(closes_at) or (line.closes_at if line else None)
    return Asked(start.at, wanted, closing, start.with_hour, line, _citation(rulebook, line) if line else None)


def read_received(text: str) -> Received:
    """The start of a limit: ISO 8601, or the official `05/01/2026 10:00`; without an offset it is Vietnam time."""
    plain = " ".join(text.split())
    with_hour = ":" in plain or "T" in plain
    for form in (*OFFICIAL, None):
        try:
            at = datetime.strptime(plain, form) if form else datetime.fromisoformat(plain)  # noqa: DTZ007 - zone below
            return Received((at if at.tzinfo else at.replace(tzinfo=VIETNAM)).astimezone(VIETNAM), with_hour)
        except (ValueError, OverflowError):
            continue
    refuse(say("deadline.received_unreadable", text=text), say("deadline.received_way_out"))


def _closing(text: str | None) -> time | None:
    if text is None or text == "24:00":
        return None
    if not CLOSING.fullmatch(text):
        refuse(say("deadline.closes_at_unreadable", text=text), say("deadline.closes_at_way_out"))
    return time.fromisoformat(text)


def _citation(rulebook: Rulebook, line: RuleLine) -> str | None:
    """What the line rests on, as far as it may be shown."""
    if line.national:
        return rulebook.citation(rulebook.national_rule(line.national))
    return rulebook.cite(line.basis, line.confidence)


def as_document(answer: Due, messages: Messages) -> dict[str, Any]:
    """The answer as `POST /api/v1/deadlines` gives it, with `due_on`."""
    return {
        "due_at": _vietnam(answer.instant),
        "due_on": answer.day.isoformat(),
        "provisional": answer.provisional,
        "due_at_if_worked": _vietnam(answer.due_at_if_worked),
        "due_on_if_worked": answer.due_on_if_worked.isoformat() if answer.due_on_if_worked else None,
        "days": [_day(day, messages) for day in answer.days],
    }


def _day(day: DayExplained, messages: Messages) -> dict[str, Any]:
    """`reason` is the sentence, `code` its stable name; `source` is empty where nothing may be cited."""
    return {
        "date": day.date.isoformat(),
        "counted": day.counted,
        "reason": _reason(day, messages),
        "code": str(day.reason),
        "source": day.source,
        "provisional": day.provisional,
    }


def _reason(day: DayExplained, messages: Messages) -> str:
    return messages.text(day.message, date=day.date, name=day.name, source=day.source)


def _vietnam(at: datetime | None) -> str | None:
    return at.astimezone(VIETNAM).isoformat() if at else None


def _show(asked: Asked, answer: Due, messages: Messages) -> None:
    tell(_due_sentence(answer))
    unit = messages.text(f"units.{asked.limit.unit}")
    received = asked.start.strftime("%H:%M %d/%m/%Y" if asked.with_hour else "%d/%m/%Y")
    tell(say("deadline.limit", n=asked.limit.n, unit=unit, received=received))
    if asked.line:
        tell(say("deadline.rule", code=asked.line.code, name=asked.line.name))
    if asked.citation:
        tell(say("deadline.citation", citation=asked.citation))
    if answer.due_at_if_worked:
        worked = _local(answer.due_at_if_worked)
        tell(say("deadline.provisional", hour=f"{worked:%H:%M}", day=f"{worked:%d/%m/%Y}"))
    table("", headings("day", "count", "reason"), _rows(answer, messages))


def _due_sentence(answer: Due) -> str:
    at = _local(answer.instant)
    on = answer.day
    return say(
        "deadline.due",
        hour=f"{at:%H:%M}",
        day=f"{at:%d/%m/%Y}",
        weekday=say(f"weekday.{on.weekday()}"),
        due_on=f"{on:%d/%m/%Y}",
    )


def _rows(answer: Due, messages: Messages) -> list[list[str]]:
    """One row a day; counted days carry their number."""
    rows: list[list[str]] = []
    count = 0
    for day in answer.days:
        count += day.counted
        shown = say("deadline.day", weekday=say(f"weekday.{day.date.weekday()}"), date=f"{day.date:%d/%m/%Y}")
        rows.append([shown, str(count) if day.counted else say("deadline.not_counted"), _reason(day, messages)])
    return rows


def _local(at: datetime) -> datetime:
    return at.astimezone(VIETNAM)
