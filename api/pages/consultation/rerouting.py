"""Where the questions of a pointer might go: the pointed agency, its functions, and what the directory says of it."""

from datetime import date

from api.pages.consultation.reading import Reading
from api.services import Services
from domain.base import Frozen
from domain.clock import VIETNAM
from domain.directory_entries import Function
from domain.gate_pointer import PointerCheck, check_pointer
from domain.refusals import Refused
from domain.state import Ask, Stage


class Rerouting(Frozen):
    """The agency `to` with its functions; `check`: the directory's view of it, None where it cannot say.

    `asked`: it is one of those asked already, `busy` while it has not finished. `others`: whoever else might be asked.
    """

    to: str
    functions: tuple[Function, ...]
    check: PointerCheck | None
    asked: bool
    busy: bool
    others: tuple[tuple[str, str], ...]


def rerouting(reading: Reading, ask: Ask, to: str | None) -> Rerouting:
    """For the agency that was chosen, else for the one the agency points at."""
    services = reading.page.services
    day, directory = reading.now.astimezone(VIETNAM).date(), services.rulebook.directory
    chosen = to if to and directory.find(to) else ask.pointers[0].agency
    known = reading.state.asks.get(chosen)
    return Rerouting(
        to=chosen,
        functions=directory.functions_of(chosen, day),
        check=_check(reading, ask, chosen, day),
        asked=known is not None,
        busy=known is not None and known.stage is not Stage.SETTLED,
        others=_others(services, reading, ask, day),
    )


def _check(reading: Reading, ask: Ask, to: str, day: date) -> PointerCheck | None:
    texts = [text for pointer in ask.pointers for text in reading.launch.named_in(ask, pointer.question)]
    try:
        return check_pointer(
            reading.page.services.rulebook,
            ask.agency,
            to,
            field=reading.state.field,
            day=day,
            functions=ask.functions,
            texts=texts,
        )
    except Refused:
        return None


def _others(services: Services, reading: Reading, ask: Ask, day: date) -> tuple[tuple[str, str], ...]:
    """Every agency in force that may be asked instead, by name: not the lead, nor whoever pointed away before."""
    barred = (reading.state.lead, ask.agency, *ask.routed_from)
    found = (one for one in services.rulebook.directory.agencies if one.in_force(day) and one.code not in barred)
    return tuple(sorted(((one.code, one.name) for one in found), key=lambda pair: pair[1]))
