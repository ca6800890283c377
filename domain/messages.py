"""Every sentence an official sees, by key, with its named places filled in. It loads nothing and composes nothing.

Sentences come whole from `rules/messages/`; a place nobody filled gets the neutral words declared for it there, so a
person never sees a raw brace, and a template that uses an undeclared place is a start-up error.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from string import Formatter
from typing import NamedTuple

from domain.base import Frozen
from domain.clock import VIETNAM
from domain.refusals import Code

Value = str | int | date | datetime
# Filled by whoever raised the refusal or owes the notice, not by the module that owns the sentence: every place of
# these needs declared words for the case that it was not filled.
FILLED_FROM_AFAR = ("refusals.", "notices.")
REFUSAL_PARTS = ("title", "detail", "way_out")
_FORMATS: dict[str, tuple[str, ...]] = {
    "formats.day": ("day", "month", "year"),
    "formats.instant": ("hour", "minute", "date"),
    "formats.end_of_day": ("date",),
}


class RefusalText(NamedTuple):
    """A refusal in words: what it is, what happened and whether anything was recorded, and what to do."""

    title: str
    detail: str
    way_out: str


class Lack(StrEnum):
    """What can be wrong with the message files; the key of the loader's own sentence."""

    MISSING = "message_missing"
    MALFORMED = "message_malformed"
    UNKNOWN_PLACE = "message_unknown_place"


class Flaw(NamedTuple):
    """One thing wrong with the message files: the key it concerns, and the place where one is meant."""

    lack: Lack
    key: str
    place: str = ""


class Messages(Frozen):
    """Templates by dotted key, such as `refusals.self_ask.title`; places are written `{agency_name}`."""

    entries: dict[str, str]

    def text(self, key: str, /, **params: Value) -> str:
        """The sentence. Instants and days (also as ISO text) are written the official way, in Vietnam time.

        Raises `KeyError` for an unknown key; `flaws` finds those at start-up.
        """
        template = self.entries[key]
        shown = {name: self._shown(value) for name, value in params.items()}
        return template.format_map({name: self._filled(name, shown) for name in places(template)})

    def refusal(self, code: Code, recorded: bool, /, **params: Value) -> RefusalText:
        """The three sentences of a refusal; `recorded` says whether anything was kept in the register."""
        said = self.entries["recorded.yes" if recorded else "recorded.no"]
        filled: dict[str, Value] = {**params, "recorded": said}
        return RefusalText(*(self.text(f"refusals.{code}.{part}", **filled) for part in REFUSAL_PARTS))

    def has(self, key: str) -> bool:
        """Whether there is a sentence for the key."""
        return key in self.entries

    def instant(self, at: datetime) -> str:
        """ "16 giờ 00 ngày 28/7/2026"; midnight is the 24:00 that closes the day before (Civil Code 148(6))."""
        local = at.astimezone(VIETNAM)
        if local.time() == time(0):
            return self.entries["formats.end_of_day"].format(date=self.day(local.date() - timedelta(days=1)))
        return self.entries["formats.instant"].format(
            hour=f"{local:%H}", minute=f"{local:%M}", date=self.day(local.date())
        )

    def day(self, day: date) -> str:
        """ "28/7/2026", "05/01/2026": a leading zero for days below 10 and the months 1 and 2 (Decree 30/2020)."""
        month = f"{day.month:02}" if day.month < 3 else str(day.month)
        return self.entries["formats.day"].format(day=f"{day.day:02}", month=month, year=day.year)

    def flaws(self, required: Iterable[str] = ()) -> tuple[Flaw, ...]:
        """Everything wrong with the messages; empty when each refusal code and required key has a sound sentence."""
        refusals = (f"refusals.{code}.{part}" for code in Code for part in REFUSAL_PARTS)
        wanted = dict.fromkeys((*refusals, *_FORMATS, "recorded.yes", "recorded.no", *required))
        missing = (Flaw(Lack.MISSING, key) for key in wanted if not self.entries.get(key, "").strip())
        unsound = (flaw for key, template in self.entries.items() for flaw in self._flaws_of(key, template))
        return (*missing, *unsound)

    def _flaws_of(self, key: str, template: str) -> tuple[Flaw, ...]:
        if not key.startswith(FILLED_FROM_AFAR) and key not in _FORMATS:
            return ()
        try:
            named = places(template)
        except ValueError:
            return (Flaw(Lack.MALFORMED, key),)
        known = _FORMATS.get(key)
        return tuple(
            Flaw(Lack.UNKNOWN_PLACE, key, place)
            for place in named
            if (place not in known if known else not self._declared(place))
        )

    def _declared(self, place: str) -> bool:
        return place == "recorded" or f"places.{place}" in self.entries

    def _filled(self, place: str, shown: Mapping[str, str]) -> str:
        """The place's value, or its code where only that is known, or the words declared for its absence."""
        value = shown.get(place) or shown.get(place.removesuffix("_name"))
        return value or self.entries.get(f"places.{place}", "")

    def _shown(self, value: Value) -> str:
        if isinstance(value, datetime):
            return self.instant(value)
        if isinstance(value, date):
            return self.day(value)
        return self._dated(value) if isinstance(value, str) else str(value)

    def _dated(self, value: str) -> str:
        """ISO text written the official way; anything else as it is."""
        try:
            if len(value) == len("2026-01-01"):
                return self.day(date.fromisoformat(value))
            at = datetime.fromisoformat(value)
            return self.instant(at) if at.tzinfo else value
        except ValueError:
            return value


def places(template: str) -> tuple[str, ...]:
    """The named places of a template, once each. Raises `ValueError` for broken braces and anything but plain names."""
    fields = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(template) if name is not None]
    if any(not name.isidentifier() or spec or conversion for name, spec, conversion in fields):
        raise ValueError(template)
    return tuple(dict.fromkeys(name for name, _, _ in fields))
