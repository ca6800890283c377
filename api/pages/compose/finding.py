"""Finding an agency or one of its functions by any word, with or without diacritics. It reads the directory only."""

from collections.abc import Iterator, Sequence
from datetime import date

from domain.base import Frozen
from domain.directory import Directory
from domain.text import words

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


def _scored(directory: Directory, wanted: Sequence[str], day: date, lead: str) -> Iterator[tuple[int, Held]]:
    for agency in directory.agencies:
        if agency.code == lead or not agency.in_force(day):
            continue
        whose = words(f"{agency.name} {agency.code}")
        if _fits(wanted, whose):
            yield 0, Held(agency=agency.code, agency_name=agency.name)
        for function in directory.functions_of(agency.code, day):
            held = Held(
                agency=agency.code,
                agency_name=agency.name,
                function=function.id,
                title=function.title,
                text=function.text,
            )
            title = (*words(f"{function.title} {function.id}"), *whose)
            if _fits(wanted, title):
                yield 1 if " ".join(wanted) in " ".join(title) else 2, held
            elif _fits(wanted, (*title, *words(function.text))):
                yield 3, held


def _fits(wanted: Sequence[str], said: Sequence[str]) -> bool:
    """Whether every word wanted begins a word that is said."""
    return all(any(word.startswith(one) for word in said) for one in wanted)
