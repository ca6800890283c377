"""What a consultation waits for, and whose turn it is: a reading of its state in sentences' keys, soonest first."""

from collections.abc import Iterator
from datetime import UTC, datetime

from api.pages.consultation.reading import BASE
from domain.awaited import Duty, ruling_owed
from domain.base import Frozen
from domain.obstacles import obstacles
from domain.rulings import RUNNING
from domain.state import Ask, Consultation, Phase, Stage

FAR = datetime(9999, 1, 1, tzinfo=UTC)
OWING = (Stage.DELIVERED, Stage.RETURNED)


class Waiting(Frozen):
    """One thing that is waited for. `kind`: key of its sentence; `who`: the agency or leader whose turn it is.

    `about`: the agency, part or case it concerns; `path`: where it is done, for whoever may.
    """

    kind: str
    who: str
    about: str = ""
    count: int = 0
    due_at: datetime | None = None
    path: str = ""


def waiting(state: Consultation, now: datetime) -> tuple[Waiting, ...]:
    """Everything that is waited for now; nothing once the consultation has ended."""
    if state.phase is Phase.DRAFT:
        return tuple(_before(state, now))
    if state.phase not in RUNNING:
        return ()
    found = [*_lead(state), *_leaders(state), *_agencies(state), *_whole(state)]
    return tuple(sorted(found, key=lambda one: one.due_at or FAR))


def _before(state: Consultation, now: datetime) -> Iterator[Waiting]:
    path, leader = f"{BASE}/{state.id}", state.terms.leaders.in_charge(now).leader
    for ask in state.asks.values():
        if ask.needs_exception and not ask.exception_by:
            yield Waiting(kind="exception", who=leader, about=ask.agency, path=f"{path}#ngoai-le")
    yield Waiting(kind="approve", who=state.lead, path=f"{path}#phe-duyet")


def _lead(state: Consultation) -> Iterator[Waiting]:
    for ask in state.asks.values():
        duty = ruling_owed(ask)
        if duty:
            path = f"{BASE}/{state.id}/co-quan/{ask.agency}"
            kind = "lead_reply" if duty is Duty.REPLY else str(duty)
            yield Waiting(kind=kind, who=state.lead, about=ask.agency, due_at=ask.escalate_at, path=path)
    for conflict in state.conflicts:
        if not conflict.resolved_at and not conflict.escalation:
            path = f"{BASE}/{state.id}/ma-tran"
            yield Waiting(kind="conflict", who=state.lead, about=conflict.part, due_at=conflict.due_at, path=path)


def _leaders(state: Consultation) -> Iterator[Waiting]:
    for case in state.escalations:
        if case.undecided:
            kind = "decide_second" if case.rung > 1 else "decide"
            path = f"/vu-viec/{case.id}"
            count = len(case.undecided)
            yield Waiting(
                kind=kind, who=case.leader, about=case.undecided[0], count=count, due_at=case.due_at, path=path
            )


def _agencies(state: Consultation) -> Iterator[Waiting]:
    path = f"{BASE}/{state.id}"
    owing = [ask for ask in state.asks.values() if ask.stage in OWING and not ask.escalation and not ask.open_pause]
    if owing:
        first = min(owing, key=_due)
        yield Waiting(kind="reply", who=first.agency, count=len(owing), due_at=first.due_at, path=f"{path}#co-quan")
    unproved = [ask for ask in state.asks.values() if ask.stage is Stage.SENT]
    if unproved:
        yield Waiting(kind="arrival", who=unproved[0].agency, count=len(unproved), path=f"{path}?tinh_trang=sent")


def _due(ask: Ask) -> datetime:
    return ask.due_at or FAR


def _whole(state: Consultation) -> Iterator[Waiting]:
    path, found = f"{BASE}/{state.id}", obstacles(state)
    if found.unanswered:
        count = len(found.unanswered)
        yield Waiting(kind="remarks", who=state.lead, count=count, path=f"{path}/tong-hop?loc=cho")
    if found.none:
        yield Waiting(kind="close", who=state.lead, path=f"{path}#ket-thuc")
