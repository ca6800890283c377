"""Some of the asked agencies of one consultation: by standing, by name, page by page. Thousands stay readable."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from api.services import Services
from domain.base import Frozen
from domain.state import Ask
from domain.synthesis import Standing, standing
from domain.text import fold

SIZE = 50


class Wanted(Frozen):
    """What the reader asked for. Codes that do not exist find nothing."""

    standing: str = ""
    name: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.standing or self.name.strip())


class Some(Frozen):
    """One page of the agencies that fit. `counts`: all of them by standing, those with none left out."""

    asks: tuple[Ask, ...]
    page: int
    pages: int
    all: int
    counts: dict[Standing, int]


def wanted(
    tinh_trang: Annotated[str, Query(max_length=20)] = "",
    ten: Annotated[str, Query(max_length=100)] = "",
    trang: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Wanted:
    """What the address asks for."""
    return Wanted(standing=tinh_trang, name=ten, page=trang)


WantedAsks = Annotated[Wanted, Depends(wanted)]


def some(services: Services, asks: Sequence[Ask], wish: Wanted, now: datetime, size: int = SIZE) -> Some:
    """The page wanted, or the last one there is."""
    standings = [standing(ask, now) for ask in asks]
    sought = fold(wish.name)
    fit = [
        ask
        for ask, stands in zip(asks, standings, strict=True)
        if wish.standing in ("", stands) and (not sought or sought in fold(services.agency_name(ask.agency)))
    ]
    pages = max(1, -(-len(fit) // size))
    page = min(wish.page, pages)
    counted = Counter(standings)
    return Some(
        asks=tuple(fit[(page - 1) * size : page * size]),
        page=page,
        pages=pages,
        all=len(fit),
        counts={one: counted[one] for one in Standing if counted[one]},
    )
