"""A draft that names an agency of yesterday means the agency that carries on its work today ("nay là …")."""

from datetime import date

from domain.directory import Directory
from domain.relevance.draft import Draft, Reader
from domain.relevance.terms import written


def heirs_named(draft: Draft, reader: Reader, directory: Directory, day: date) -> tuple[str, ...]:
    """For each agency that is named but not in force on the day: its first heir, to whom most of its work went."""
    affirmed = " ; ".join(reader.affirmed(draft.whole))
    gone = [agency for agency in directory.agencies if not agency.in_force(day)]
    named = [agency for agency in gone if written(agency.name, reader.bare) in affirmed]
    return tuple(heir for agency in named for heir in directory.successors(agency.code, day)[:1])
