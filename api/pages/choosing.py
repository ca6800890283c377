"""What filters let people choose from: agencies and fields as the directory names them. It knows no page."""

from datetime import datetime

from api.services import Services
from domain.clock import VIETNAM

Options = tuple[tuple[str, str], ...]


def agencies(services: Services, now: datetime) -> Options:
    """Codes and names of the agencies in force today, provincial ones before communes, as the directory lists them."""
    day = now.astimezone(VIETNAM).date()
    found = [a for a in services.rulebook.directory.agencies if a.in_force(day)]
    return tuple((a.code, a.name) for a in sorted(found, key=lambda a: a.kind == "commune"))


def fields(services: Services) -> Options:
    """Codes and names of the fields."""
    return tuple((field.code, field.name) for field in services.rulebook.directory.fields)
