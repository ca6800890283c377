"""Notices in words: which template, what fills it, and whose mailboxes it goes to. It sends and marks nothing."""

from typing import Any, NamedTuple

from adapters.register.accounts import Account
from adapters.register.notices import Address, NoticeRow
from adapters.register.queries_asks import ask as find_ask
from adapters.register.queries_consultations import consultation as find_consultation
from adapters.register.queries_escalations import escalation as find_escalation
from api.errors import named
from api.policy import Role, Subject
from api.services import Services
from domain.state import Ask

KINDS = (
    *("launched", "assigned", "overdue_head", "undelivered", "returned", "escalation", "second_rung"),
    *("central_report", "decided", "back_to_lead", "extension_asked", "extension_decided", "incomplete_claimed"),
    *("dossier_completed", "refuse_incomplete", "pointer_pending", "conflict", "deemed", "late_reply", "due_extended"),
    *("synthesis", "remark_answered", "dissent_kept", "withdrawn", "closed", "rerouted", "redrafted", "asked_again"),
    *("prepared", "exception_asked", "parent_task_near", "urged", "urged_overdue", "urged_arrival"),
)
CASES = ("escalation", "second_rung", "central_report")


class Said(NamedTuple):
    """A notice in words."""

    subject: str
    body: str


class Context(NamedTuple):
    """What a notice's row does not say itself."""

    subject: str = ""
    lead: str | None = None
    officer: str | None = None
    ask: Ask | None = None
    due_at: str | None = None


def missing_templates(services: Services) -> list[str]:
    """Keys of templates that are not there; a missing one is a start-up error."""
    keys = [f"notices.{kind}.{part}" for kind in KINDS for part in ("subject", "body")]
    return [key for key in keys if not services.messages.has(key)]


def say(services: Services, notice: NoticeRow, context: Context) -> Said:
    """Subject and body."""
    key = f"notices.{notice.kind}"
    if notice.kind == "reminder":
        key = f"{key}.{notice.data.get('rung')}"
    params = _params(services, notice, context)
    text = services.messages.text
    return Said(text(f"{key}.subject", **params), text(f"{key}.body", **params))


def _params(services: Services, notice: NoticeRow, context: Context) -> dict[str, str]:
    plain = {name: str(value) for name, value in notice.data.items() if isinstance(value, (str, int))}
    known = {"subject": context.subject or notice.subject, "lead": context.lead, "agency": notice.agency}
    params = {name: value for name, value in known.items() if value} | plain
    if context.ask and context.ask.pointers:
        params["to"] = context.ask.pointers[0].agency
    due_at = plain.get("due_at") or context.due_at
    agencies = notice.data.get("agencies")
    if isinstance(agencies, list):
        params["agencies"] = "; ".join(services.agency_name(str(code)) for code in agencies)
    if due_at:
        params["due_at"] = due_at
    return named({**params, **_labels(services, notice, context)}, services)


def _labels(services: Services, notice: NoticeRow, context: Context) -> dict[str, str]:
    """Codes shown as their labels."""
    text, found = services.messages.text, {}
    if "action" in notice.data:
        found["action"] = text(f"decisions.{notice.data['action']}")
    if "side" in notice.data:
        found["side"] = text(f"sides.{notice.data['side']}")
    if notice.kind == "returned" and context.ask and context.ask.returned:
        found["faults"] = "; ".join(text(f"faults.{fault}") for fault in context.ask.returned.faults)
    if notice.kind == "extension_decided":
        found["outcome"] = text(f"api.extension.{notice.data.get('outcome')}")
    return found


async def context_of(services: Services, notice: NoticeRow) -> Context:
    """The consultation and the ask or case a notice is about, for mails; lists do without."""
    row = await find_consultation(services.database, notice.consultation)
    ask = await find_ask(services.database, notice.consultation, notice.agency) if notice.agency else None
    due_at = ask.due_at if ask else None
    if notice.kind in CASES:
        case = await find_escalation(services.database, notice.key.split("/")[1])
        due_at = case.escalation.due_at if case else None
    return Context(
        subject=row.subject if row else "",
        lead=row.lead if row else None,
        officer=row.officer if row else None,
        ask=ask,
        due_at=due_at.isoformat() if due_at else None,
    )


async def mailboxes(services: Services, notice: NoticeRow, context: Context) -> list[str]:
    """The addresses of those the notice is for, each once."""
    people = await _people(services, notice, context)
    return list(dict.fromkeys(account.email for account in people if account.email))


async def _people(services: Services, notice: NoticeRow, context: Context) -> tuple[Account, ...]:
    accounts, to = services.accounts, notice.addressee
    if notice.audience == "leader":
        return await accounts.of_leader(to)
    if notice.audience == "office":
        return await accounts.of_role(Role.OFFICE)
    if notice.audience == "lead":
        officer = await accounts.find(context.officer) if context.officer else None
        return (officer,) if officer and officer.email else await accounts.of_agency(to, Role.AGENCY_HEAD)
    if notice.audience == "handler" and context.ask and context.ask.handler:
        handler = await accounts.find(context.ask.handler)
        if handler and handler.email:
            return (handler,)
    role = Role.CLERK if notice.audience in ("agency", "handler") else Role.AGENCY_HEAD
    return await accounts.of_agency(to, role) or await accounts.of_agency(to)


def addresses(subject: Subject) -> list[Address]:
    """Under which addresses the caller is owed notices."""
    roles: tuple[Any, ...] = subject.roles
    found = [Address("leader", subject.leader)] if subject.leader and Role.LEADER in roles else []
    if Role.OFFICE in roles:
        found.append(Address("office", "office"))
    if subject.agency is None:
        return found
    by_audience = {
        "agency": (Role.CLERK, Role.AGENCY_HEAD, Role.HANDLER),
        "handler": (Role.HANDLER, Role.AGENCY_HEAD),
        "head": (Role.AGENCY_HEAD,),
        "lead": (Role.LEAD_OFFICER, Role.AGENCY_HEAD),
    }
    agency = subject.agency
    return found + [Address(a, agency) for a, wanted in by_audience.items() if any(role in roles for role in wanted)]
