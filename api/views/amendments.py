"""Amendments as they are shown, and what confirming one would change in consultations that run.

Ids, codes, names of agencies and instants only: an administrator reads no consultation.
"""

from datetime import date, datetime
from typing import Literal

from adapters.register.queries_running import Running
from api.services import Services
from api.views.base import View
from domain.amendments import Amendment, Change, Kind, standing
from domain.calendar import DayNotice
from domain.directory import Delegation
from domain.foreseen import Move
from domain.terms import Absence, Charge

# What a person then confirms for a consultation that runs.
CONFIRMS: dict[Kind, tuple[Literal["calendar", "leaders"], ...]] = {
    "calendar_day": ("calendar",),
    "absence": ("leaders",),
    "delegation": (),
}


class CalendarDayView(View):
    """A day. `source`: the notice as it may be shown, with its caveat."""

    date: date
    kind: Literal["off", "work"]
    name: str
    basis: str
    source: str | None
    status: Literal["confirmed", "provisional"]


class AbsenceView(View):
    """An absence, with the names on its first day."""

    leader: str
    leader_name: str
    stand_in: str
    stand_in_name: str
    effective_from: date
    effective_to: date


class DelegationView(View):
    """A line of the signing register."""

    agency: str
    agency_name: str
    officer: str
    form: Literal["KT", "TL", "TUQ"]
    fields: tuple[str, ...]
    basis: str
    effective_from: date
    effective_to: date | None


class AmendmentView(View):
    """One row. `data` is empty in a revocation; `in_force`: it holds, or is the revocation of one that did."""

    number: int
    kind: Kind
    data: CalendarDayView | AbsenceView | DelegationView | None
    reason: str
    actor: str
    at: datetime
    receipt: str
    revokes: int | None
    revoked_by: int | None
    in_force: bool


class AmendmentsView(View):
    """Amendments and revocations, newest first."""

    items: tuple[AmendmentView, ...]
    next: str | None = None


class AmendmentAct(View):
    """What an act did, under the receipt that proves it."""

    receipt: str
    received_at: datetime
    detail: str
    amendment: AmendmentView


class MoveView(View):
    """An agency's due instant in force and as it would be computed; `stays`: it would come earlier, so it does not."""

    agency: str
    agency_name: str
    due_at: datetime
    computed: datetime
    stays: bool


class ConcernedView(View):
    """A running consultation that confirming would change."""

    consultation: str
    lead: str
    lead_name: str
    field: str
    moves: tuple[MoveView, ...] = ()
    in_charge: Charge | None = None
    in_charge_after: Charge | None = None


class PreviewView(View):
    """All of them, as far as they were weighed: `more` says that there are others. `confirms`: what is confirmed."""

    kind: Kind
    confirms: tuple[Literal["calendar", "leaders"], ...]
    items: tuple[ConcernedView, ...]
    extended: int
    stays: int
    more: bool
    detail: str


class ConfirmedView(View):
    """What became of one consultation. `outcome`: done, queued (recorded, decision to follow), refused."""

    consultation: str
    outcome: Literal["done", "queued", "refused"]
    status: int
    receipt: str | None
    extended: int = 0
    code: str | None = None
    detail: str


class ConfirmedAllView(View):
    """One line for each consultation, in the order given."""

    items: tuple[ConfirmedView, ...]


def amendment_view(services: Services, row: Amendment, rows: tuple[Amendment, ...]) -> AmendmentView:
    """The row among all rows."""
    revoked_by = next((other.number for other in rows if other.revokes == row.number), None)
    return AmendmentView(
        **{name: getattr(row, name) for name in ("number", "kind", "reason", "actor", "at", "receipt", "revokes")},
        data=_data(services, row.change),
        revoked_by=revoked_by,
        in_force=row.revokes is not None or row in standing(rows),
    )


def _data(services: Services, change: Change | None) -> CalendarDayView | AbsenceView | DelegationView | None:
    if isinstance(change, DayNotice):
        source = services.rulebook.cite(change.basis, change.confidence)
        return CalendarDayView(**change.model_dump(exclude={"confidence"}), source=source)
    if isinstance(change, Absence):
        names = {f"{key}_name": _leader(services, change, getattr(change, key)) for key in ("leader", "stand_in")}
        return AbsenceView(**change.model_dump(), **names)
    if isinstance(change, Delegation):
        return DelegationView(**change.model_dump(), agency_name=services.agency_name(change.agency))
    return None


def _leader(services: Services, absence: Absence, code: str) -> str:
    found = services.rulebook.directory.leader(code, absence.effective_from)
    return f"{found.title} {found.name}" if found else code


def concerned_view(
    services: Services, running: Running, moves: tuple[Move, ...], charge: tuple[Charge, Charge] | None = None
) -> ConcernedView:
    """One consultation with what would move in it."""
    shown = (
        MoveView(**move.model_dump(), agency_name=services.agency_name(move.agency), stays=move.stays) for move in moves
    )
    return ConcernedView(
        consultation=running.id,
        lead=running.lead,
        lead_name=services.agency_name(running.lead),
        field=running.field,
        moves=tuple(shown),
        in_charge=charge[0] if charge else None,
        in_charge_after=charge[1] if charge else None,
    )


def preview_view(services: Services, kind: Kind, items: tuple[ConcernedView, ...], more: bool) -> PreviewView:
    """The whole, with its sentence."""
    stays = sum(move.stays for item in items for move in item.moves)
    extended = sum(len(item.moves) for item in items) - stays
    said = services.messages.text(f"api.amendments.{kind}", extended=extended, stays=stays, count=len(items))
    return PreviewView(
        kind=kind, confirms=CONFIRMS[kind], items=items, extended=extended, stays=stays, more=more, detail=said
    )
