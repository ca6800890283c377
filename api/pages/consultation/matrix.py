"""The matrix: who says what to which question, with the parts on which agencies stand against one another.

Questions that read alike are one column; a page has only the columns its agencies were asked.
"""

from collections.abc import Sequence
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.consultation.narrowing import WantedAsks, some
from api.pages.consultation.reading import BASE, Reading, read
from api.pages.page import SignedInPage
from api.policy import Action
from api.routes.common import ConsultationId
from domain.clarity.model import Position
from domain.state import Ask, Conflict

router = APIRouter(prefix=BASE + "/{id}")
SIZE = 100


class Column(NamedTuple):
    """One question; `part`: the part of the draft it is about, if it is about one."""

    text: str
    part: str | None


class Cell(NamedTuple):
    """What one agency says to one question; `conflict`: whether others stand against it on that part."""

    position: Position | None
    conflict: bool


Row = tuple[Ask, tuple[Cell | None, ...]]


class Group(NamedTuple):
    """The columns about one part, side by side. `conflict`: whether it is in dispute."""

    part: str | None
    width: int
    conflict: bool


@router.get("/ma-tran")
async def matrix(page: SignedInPage, id: ConsultationId, wish: WantedAsks) -> HTMLResponse:
    """Agencies by questions."""
    reading = await read(page, id, Action.READ_OPINIONS)
    shown = some(page.services, reading.asks(), wish, reading.now, SIZE)
    disputed = {c.part: c for c in reading.state.conflicts if not c.resolved_at}
    columns = columns_of(reading, shown.asks)
    context = {
        "wish": wish,
        "some": shown,
        "columns": columns,
        "groups": groups_of(columns, disputed),
        "rows": [row_of(reading, ask, columns, disputed) for ask in shown.asks],
        "disputed": disputed,
    }
    return await page.show("consultation/matrix.html", **reading.context("matrix") | context)


def columns_of(reading: Reading, asks: Sequence[Ask]) -> tuple[Column, ...]:
    """The questions of these agencies, those about one part side by side, in the order of the draft's parts."""
    order = {part.id: number for number, part in enumerate(reading.parts)}
    found = dict.fromkeys(_column(reading, ask, id) for ask in asks for id in ask.questions)
    return tuple(sorted(found, key=lambda column: (order.get(column.part or "", len(order)), column.part or "~")))


def _column(reading: Reading, ask: Ask, id: str) -> Column:
    return Column(str(reading.launch.question(ask, id)["text"]), ask.question_parts.get(id))


def groups_of(columns: Sequence[Column], disputed: dict[str, Conflict]) -> tuple[Group, ...]:
    """The parts above the columns."""
    widths: dict[str | None, int] = {}
    for column in columns:
        widths[column.part] = widths.get(column.part, 0) + 1
    return tuple(Group(part, width, part in disputed) for part, width in widths.items())


def row_of(reading: Reading, ask: Ask, columns: Sequence[Column], disputed: dict[str, Conflict]) -> Row:
    """One agency's row; None where it was not asked. Minutes carry one position, which stands for every question."""
    given = {answer.question: answer.position for answer in ask.answers}
    cells: dict[Column, Cell] = {}
    for id in ask.questions:
        column = _column(reading, ask, id)
        position = given.get(id) if given else ask.position
        cells[column] = Cell(position, _in_dispute(ask, column, disputed))
    return ask, tuple(cells.get(column) for column in columns)


def _in_dispute(ask: Ask, column: Column, disputed: dict[str, Conflict]) -> bool:
    parts = (column.part,) if column.part else ask.parts
    found = (disputed[part] for part in parts if part in disputed)
    return any(ask.agency in conflict.agree or ask.agency in conflict.disagree for conflict in found)
