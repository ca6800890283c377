"""What one person must do now, for every role: collected from the register in a constant number of statements.

It lists and links; whether an act is allowed is decided when it is done.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from adapters.register.queries_asks import AskRow, inbox
from adapters.register.queries_consultations import ConsultationRow, consultations_page
from adapters.register.queries_escalations import EscalationRow, escalations_page
from adapters.register.queries_overdue import due_counts
from adapters.register.queries_todo import Remarked, exceptions_wanted, remarks_owed, rulings_owed
from adapters.register.verifications import Verifications
from adapters.register.viewing import EVERYTHING, Viewer
from api.front import Front
from api.policy import Role
from domain.awaited import Duty, ruling_owed
from domain.base import Frozen
from domain.deadline_work import closing, day_in_vietnam
from domain.state import Ask, Phase, Stage

FAR = datetime(9999, 1, 1, tzinfo=UTC)
MOST = 200
STAFF = (Role.AGENCY_HEAD, Role.CLERK, Role.HANDLER)
PREPARES = (Role.LEAD_OFFICER, Role.AGENCY_HEAD)
FOLLOWS = (Role.OFFICE, Role.HOME_AFFAIRS)
# A ledger nobody has proved for so long is worth a look.
PROVED_WITHIN = timedelta(days=7)


class Task(Frozen):
    """One thing to do. `kind`: key of its sentences under `todo.`; `who`: the other side's agency or leader code."""

    kind: str
    path: str
    subject: str
    number: str = ""
    who: str = ""
    lead: str = ""
    due_at: datetime | None = None
    count: int = 0


async def tasks(front: Front) -> tuple[Task, ...]:
    """Everything the caller must do, soonest due first; what has no due instant comes last."""
    roles, found = front.subject.roles, list[Task]()
    if any(role in STAFF for role in roles):
        found += await _asked(front)
    if any(role in PREPARES for role in roles):
        found += await _leading(front)
    if Role.LEADER in roles:
        found += await _deciding(front)
    if any(role in FOLLOWS for role in roles):
        found += await _following(front)
    if Role.INSPECTOR in roles:
        found += await _proving(front)
    return tuple(sorted(found, key=lambda task: (task.due_at or FAR, task.kind, task.path)))


async def _asked(front: Front) -> list[Task]:
    """What the caller's agency was asked and the caller has a hand in."""
    agency = front.subject.agency
    if agency is None:
        return []
    page = await inbox(front.services.database, agency, limit=MOST)
    named = ((row, _own_duty(row.ask, front)) for row in page.items)
    return [_of_ask(f"asked.{duty}", row, f"/duoc-hoi/{row.consultation}") for row, duty in named if duty]


def _own_duty(ask: Ask, front: Front) -> str | None:
    """What this person does next about the ask; None where it is a colleague's, or the other side's turn."""
    roles, me = front.subject.roles, front.subject.account
    clerk, head = Role.CLERK in roles, Role.AGENCY_HEAD in roles
    if ask.stage in (Stage.POINTING, Stage.WITH_LEAD, Stage.SETTLED) or ask.open_pause:
        return None
    if ask.acknowledged_at is None and (clerk or head):
        return "acknowledge"
    if ask.stage is Stage.RETURNED and (head or ask.handler == me):
        return "clarify"
    if ask.handler is None and (clerk or head):
        return "assign"
    if ask.handler == me:
        return "draft"
    return "sign" if head else None


async def _leading(front: Front) -> list[Task]:
    """What the caller's agency owes as the lead."""
    agency, db = front.subject.agency, front.services.database
    if agency is None:
        return []
    viewer = Viewer(roles=("lead_officer",), agency=agency)
    rulings = await rulings_owed(db, agency, MOST)
    remarks = await remarks_owed(db, agency)
    phases = [Phase.DRAFT, Phase.SYNTHESIS]
    whole = await consultations_page(db, viewer, status=phases, lead=agency, limit=MOST)
    return [
        *_rulings(rulings),
        *_remarks(remarks),
        *_whole(whole.items, remarks, Role.AGENCY_HEAD in front.subject.roles),
    ]


def _rulings(rows: Iterable[AskRow]) -> Iterator[Task]:
    for row in rows:
        duty = ruling_owed(row.ask)
        if duty:
            yield _of_ask(
                f"lead.{duty}", row, f"/lay-y-kien/{row.consultation}/co-quan/{row.ask.agency}", who=row.ask.agency
            )


def _remarks(rows: Iterable[Remarked]) -> Iterator[Task]:
    for row in rows:
        yield Task(
            kind=f"lead.{Duty.REMARKS}",
            path=f"/lay-y-kien/{row.consultation}/tong-hop",
            subject=row.subject,
            number=row.doc_number,
            lead=row.lead,
            count=row.remarks,
        )


def _whole(rows: Iterable[ConsultationRow], remarks: Iterable[Remarked], head: bool) -> Iterator[Task]:
    """Preparations to approve and syntheses to sign: the head's; an officer sees what is still to be sent up."""
    owing = [row.consultation for row in remarks]
    for row in rows:
        if row.phase is Phase.SYNTHESIS and row.id in owing:
            continue
        kind = "close" if row.phase is Phase.SYNTHESIS else "approve"
        path = f"/lay-y-kien/{row.id}"
        yield Task(
            kind=f"lead.{kind}" if head else f"lead.{kind}_waits",
            path=path,
            subject=row.subject,
            number=row.doc_number,
            lead=row.lead,
        )


async def _deciding(front: Front) -> list[Task]:
    """The leader's cases, and agencies only the leader can allow to be asked."""
    db, viewer, leader = front.services.database, front.caller.viewer, front.subject.leader
    if leader is None:
        return []
    mine = viewer.model_copy(update={"roles": ("leader",)})
    page = await escalations_page(db, mine, open_only=True, limit=MOST)
    wanted = await exceptions_wanted(db, mine)
    asked = [_of_ask("leader.exception", row, f"/lay-y-kien/{row.consultation}", who=row.ask.agency) for row in wanted]
    return [*(_case(row) for row in page.items), *asked]


async def _following(front: Front) -> list[Task]:
    """What the province owes, in one line each."""
    now = await front.services.now()
    today_ends = closing(day_in_vietnam(now), None)
    counts = await due_counts(front.services.database, EVERYTHING, now=now, today_ends=today_ends)
    overdue = Task(kind="watch.overdue", path="/theo-doi", subject="", count=counts.overdue, due_at=now)
    today = Task(kind="watch.today", path="/theo-doi/man-hinh", subject="", count=counts.due_today, due_at=today_ends)
    return [task for task in (overdue, today) if task.count]


async def _proving(front: Front) -> list[Task]:
    """A ledger that was never proved from these pages, or not for a week."""
    if await Verifications(front.services.database).proved_within(PROVED_WITHIN):
        return []
    return [Task(kind="ledger.verify", path="/so-cai", subject="")]


def _case(row: EscalationRow) -> Task:
    case = row.escalation
    return Task(
        kind=f"leader.{case.path}",
        path=f"/vu-viec/{case.id}",
        subject=row.subject,
        number=row.doc_number,
        who=case.agencies[0] if len(case.agencies) == 1 else "",
        lead=row.lead,
        due_at=case.due_at,
        count=len(case.agencies),
    )


def _of_ask(kind: str, row: AskRow, path: str, who: str = "") -> Task:
    return Task(
        kind=kind,
        path=path,
        subject=row.subject,
        number=row.doc_number,
        who=who or row.lead,
        lead=row.lead,
        due_at=row.ask.due_at,
    )
