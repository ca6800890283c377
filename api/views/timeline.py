"""The way of a consultation in Vietnamese sentences, each with the words given with it, and the raw ledger."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.register.chain import Entry
from api.errors import named
from api.services import Services
from api.views.base import View
from domain.step import SYSTEM

# Where the fact's values name codes, the label of the code is shown.
LABELS = {"position": "positions", "action": "decisions", "faults": "faults", "side": "sides"}
# The words that came with a fact, whatever the act called them.
WORDS = ("reason", "text", "note", "items", "minutes")


class TimelineItem(View):
    """One fact. `at`: when it belongs; `done_at`: when the engine did it; `actor`: an account or `system`."""

    number: int
    kind: str
    title: str
    sentence: str
    at: datetime
    done_at: datetime
    actor: str
    agency: str | None
    words: str = ""


class LedgerEntry(View):
    """One entry of the hash chain as it is kept."""

    seq: int
    number: int
    kind: str
    at: datetime
    done_at: datetime
    recorded_at: datetime
    actor: str
    agency: str | None
    receipt: str | None
    data: dict[str, Any]
    prev_hash: str
    hash: str


def ledger_entry(entry: Entry) -> LedgerEntry:
    """The entry without the consultation's id, which every entry of the list shares."""
    return LedgerEntry(**{name: value for name, value in entry if name != "consultation"})


async def items(services: Services, entries: Sequence[Entry]) -> list[TimelineItem]:
    """The facts in words."""
    await services.fetch(str(entry.data["content"]) for entry in entries if entry.data.get("content"))
    people = await services.people.names()
    return [await _item(services, entry, people) for entry in entries]


async def _item(services: Services, entry: Entry, people: Mapping[str, str]) -> TimelineItem:
    say = services.messages
    title = f"ledger.{entry.kind}"
    return TimelineItem(
        number=entry.number,
        kind=entry.kind,
        title=say.text(title) if say.has(title) else entry.kind,
        sentence=sentence(services, entry, await _called(services, entry, people)),
        at=entry.at,
        done_at=entry.done_at,
        actor=entry.actor,
        agency=entry.agency,
        words=await _words(services, entry),
    )


async def _called(services: Services, entry: Entry, people: Mapping[str, str]) -> dict[str, str]:
    """What the sentence says for accounts and for parts of the draft, whose codes say nothing to a reader."""
    handler, part = str(entry.data.get("handler")), entry.data.get("part")
    called = {"handler": people[handler]} if handler in people else {}
    launch = await services.launch_of(entry.consultation) if isinstance(part, str) else None
    return called | ({"part": launch.part_label(str(part))} if launch else {})


def sentence(services: Services, entry: Entry, called: Mapping[str, str]) -> str:
    """The fact as one sentence. `called`: values that are written otherwise than they are kept."""
    key = f"api.facts.{_variant(entry)}"
    if not services.messages.has(key):
        key = f"ledger.{entry.kind}"
    codes = {**{name: str(value) for name, value in _plain(entry).items()}, **called}
    shown = {**codes, **{n: _label(services, n, entry.data.get(n)) for n in LABELS if entry.data.get(n)}}
    if entry.kind in ("settled", "remark_answered"):
        group = "statuses.outcome" if entry.kind == "settled" else "outcomes"
        shown["outcome"] = services.messages.text(f"{group}.{entry.data['outcome']}")
    return services.messages.text(key, **named(shown, services))


def _variant(entry: Entry) -> str:
    if entry.kind == "replied" and entry.data.get("secret"):
        return "replied_secret"
    if entry.kind == "replied" and entry.data.get("late"):
        return "replied_late"
    if entry.kind == "reminded" and entry.data.get("silent"):
        return "reminded_silent"
    return entry.kind


def _plain(entry: Entry) -> dict[str, Any]:
    """The fact's single values and its agency."""
    values = {name: value for name, value in entry.data.items() if isinstance(value, (str, int)) and value != ""}
    to = entry.data.get("to")
    values |= {"agency": entry.agency} if entry.agency else {}
    return values | ({"to": to[0]} if isinstance(to, list) and to else {})


def _label(services: Services, name: str, value: Any) -> str:
    codes = value if isinstance(value, list) else [value]
    return "; ".join(services.messages.text(f"{LABELS[name]}.{code}") for code in codes)


async def _words(services: Services, entry: Entry) -> str:
    """What the person wrote with the act; nothing for acts of the engine."""
    if entry.actor == SYSTEM or entry.kind in ("prepared", "launched"):
        return ""
    words = await services.words(entry.data.get("content"))
    found = next((words[name] for name in WORDS if words.get(name)), "")
    return "\n".join(found) if isinstance(found, list) else str(found)
