"""Finding an agency or one of its functions by any word, with or without diacritics. It reads the directory only."""

from collections.abc import Iterable, Iterator
from datetime import date

from domain.base import Frozen
from domain.directory import Directory
from domain.text import fold, words

MOST = 25


class Held(Frozen):
    """An agency, and one of its functions where the words speak of one."""

    agency: str
    agency_name: str
    function: str = ""
    title: str = ""
    text: str = ""


def found(directory: Directory, query: str, day: date, lead: str) -> tuple[Held, ...]:
    """What every word of the query fits, names before descriptions; empty without words. The lead is left out."""
    wanted = words(query)
    if not wanted:
        return ()
    near = sorted(_scored(directory, wanted, day, lead), key=lambda one: one[0])
    return tuple(held for _, held in near[:MOST])


def _scored(directory: Directory, wanted: Iterable[str], day: date, lead: str) -> Iterator[tuple[int, Held]]:
    sought = list(wanted)
    for agency in directory.agencies:
        if agency.code == lead or not agency.in_force(day):
            continue
        name = fold(f"{agency.name} {agency.code}")
        if all(word in name for word in sought):
            yield 0, Held(agency=agency.code, agency_name=agency.name)
        for function in directory.functions_of(agency.code, day):
            held = Held(
                agency=agency.code,
                agency_name=agency.name,
                function=function.id,
                title=function.title,
                text=function.text,
            )
            title = f"{name} {fold(function.title)} {fold(function.id)}"
            if all(word in title for word in sought):
                yield 1, held
            elif all(word in f"{title} {fold(function.text)}" for word in sought):
                yield 2, held
