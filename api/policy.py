"""Who may do what: one table and one pure, default-deny function. Every route asks it, nothing else decides.

It knows roles and relations only. What the state of a consultation or the day allows (is it closed, does this leader
still hold the field, may this officer sign) is the domain's to refuse. It must not read anything or log.
"""

from enum import StrEnum

from domain.base import Frozen


class Role(StrEnum):
    """What an account may be in its agency (PRODUCT.md 1); one account may hold several."""

    LEAD_OFFICER = "lead_officer"
    AGENCY_HEAD = "agency_head"
    CLERK = "clerk"
    HANDLER = "handler"
    LEADER = "leader"
    OFFICE = "office"
    HOME_AFFAIRS = "home_affairs"
    INSPECTOR = "inspector"
    ADMIN = "admin"


class Action(StrEnum):
    """Everything a caller can attempt."""

    READ_DIRECTORY = "read_directory"
    COMPUTE = "compute"
    READ_NOTICES = "read_notices"
    READ_RECEIPT = "read_receipt"
    LIST_CONSULTATIONS = "list_consultations"
    LIST_ESCALATIONS = "list_escalations"
    UPLOAD_DRAFT = "upload_draft"
    READ_DRAFT = "read_draft"
    LAUNCH = "launch"
    SEE = "see"
    READ_ASK = "read_ask"
    READ_OPINIONS = "read_opinions"
    READ_TIMELINE = "read_timeline"
    READ_LEDGER = "read_ledger"
    VERIFY_LEDGER = "verify_ledger"
    FOLLOW = "follow"
    READ_ESCALATION = "read_escalation"
    APPROVE = "approve"
    DISCARD = "discard"
    WITHDRAW = "withdraw"
    REDRAFT = "redraft"
    CLOSE = "close"
    RULE = "rule"
    URGE = "urge"
    ANSWER_REMARK = "answer_remark"
    RECEIPT = "receipt"
    ASSIGN = "assign"
    REPLY = "reply"
    REGISTER_PAPER = "register_paper"
    INTERIM = "interim"
    ASK_EXTENSION = "ask_extension"
    CLAIM_INCOMPLETE = "claim_incomplete"
    CONTEST = "contest"
    KEEP_DISSENT = "keep_dissent"
    GRANT_EXCEPTION = "grant_exception"
    DECIDE = "decide"
    CHANGE_TERMS = "change_terms"
    READ_AMENDMENTS = "read_amendments"
    AMEND = "amend"
    READ_OVERRULINGS = "read_overrulings"
    READ_LESSONS = "read_lessons"
    RESET_LESSON = "reset_lesson"
    READ_UNDELIVERABLE = "read_undeliverable"
    RETRY_UNDELIVERABLE = "retry_undeliverable"
    MANAGE_ACCOUNTS = "manage_accounts"


class Relation(StrEnum):
    """How the caller stands to what the action is about."""

    ANY = "any"
    LEAD = "lead"
    ASKED = "asked"
    ASKED_CLOSED = "asked_closed"
    OWN_ASK = "own_ask"
    ADDRESSED = "addressed"
    OWNER = "owner"


class Subject(Frozen):
    """The caller. `agency`: the one agency of the account; `leader`: the code a leader's account acts under."""

    account: str
    agency: str | None = None
    roles: tuple[Role, ...] = ()
    leader: str | None = None


class Resource(Frozen):
    """What the action is about. `ask`: the asked agency it concerns; `asked`: everyone the consultation was sent to.

    `leaders`: whoever is in charge of the field now, the Chairman, and those an escalation names. `owner`: the agency
    a receipt or an uploaded file belongs to. `hides`: whether its existence is confidential.
    """

    lead: str | None = None
    asked: tuple[str, ...] = ()
    ask: str | None = None
    leaders: tuple[str, ...] = ()
    owner: str | None = None
    closed: bool = False
    hides: bool = False


class Reason(StrEnum):
    """Why not. `hidden` is told to the caller as "not found"."""

    HIDDEN = "hidden"
    ROLE = "role"
    RELATION = "relation"


class Allow(Frozen):
    """Yes."""

    allowed: bool = True


class Deny(Frozen):
    """No, and why."""

    allowed: bool = False
    reason: Reason


GENERAL = Resource()
EVERYONE = tuple(Role)
# Whoever works for an agency reads what is the agency's; what each may do is narrower.
_STAFF = (Role.LEAD_OFFICER, Role.AGENCY_HEAD, Role.CLERK, Role.HANDLER)
_PREPARES = (Role.LEAD_OFFICER, Role.AGENCY_HEAD)
_ANSWERS = (Role.AGENCY_HEAD, Role.CLERK, Role.HANDLER)
_WRITES = (Role.AGENCY_HEAD, Role.HANDLER)
_HEAD = (Role.AGENCY_HEAD,)
_LEADER = (Role.LEADER,)
_WATCHES = (Role.OFFICE, Role.INSPECTOR)

Grants = dict[Relation, tuple[Role, ...]]
_OPINIONS: Grants = {
    Relation.ANY: _WATCHES,
    Relation.LEAD: _STAFF,
    Relation.ADDRESSED: _LEADER,
    Relation.ASKED_CLOSED: _STAFF,
}

# What is not in this table is forbidden.
TABLE: dict[Action, Grants] = {
    Action.READ_DIRECTORY: {Relation.ANY: EVERYONE},
    Action.COMPUTE: {Relation.ANY: EVERYONE},
    Action.READ_NOTICES: {Relation.ANY: EVERYONE},
    Action.READ_RECEIPT: {Relation.ANY: _WATCHES, Relation.OWNER: EVERYONE},
    Action.LIST_CONSULTATIONS: {Relation.ANY: EVERYONE},
    Action.LIST_ESCALATIONS: {Relation.ANY: (*_LEADER, *_WATCHES, *_PREPARES)},
    Action.UPLOAD_DRAFT: {Relation.ANY: _PREPARES},
    Action.READ_DRAFT: {**_OPINIONS, Relation.ASKED: _STAFF, Relation.OWNER: _PREPARES},
    Action.LAUNCH: {Relation.ANY: _PREPARES},
    Action.SEE: {
        Relation.ANY: _WATCHES,
        Relation.LEAD: _STAFF,
        Relation.ASKED: _STAFF,
        Relation.ADDRESSED: _LEADER,
    },
    Action.READ_ASK: {**_OPINIONS, Relation.OWN_ASK: _STAFF},
    Action.READ_OPINIONS: _OPINIONS,
    Action.READ_TIMELINE: {**_OPINIONS, Relation.ASKED: _STAFF},
    Action.READ_LEDGER: {Relation.ANY: _WATCHES, Relation.LEAD: _PREPARES},
    Action.VERIFY_LEDGER: {Relation.ANY: _WATCHES},
    # Who owes what since when, over the whole province; never what anybody answered.
    Action.FOLLOW: {Relation.ANY: (*_WATCHES, Role.HOME_AFFAIRS)},
    Action.READ_ESCALATION: {Relation.ANY: _WATCHES, Relation.ADDRESSED: _LEADER, Relation.LEAD: _PREPARES},
    Action.APPROVE: {Relation.LEAD: _HEAD},
    Action.DISCARD: {Relation.LEAD: _PREPARES},
    Action.WITHDRAW: {Relation.LEAD: _HEAD},
    Action.REDRAFT: {Relation.LEAD: _PREPARES},
    Action.CLOSE: {Relation.LEAD: _HEAD},
    Action.RULE: {Relation.LEAD: _PREPARES},
    Action.URGE: {Relation.ANY: (Role.OFFICE,), Relation.LEAD: _PREPARES},
    Action.ANSWER_REMARK: {Relation.LEAD: _PREPARES},
    Action.RECEIPT: {Relation.OWN_ASK: (Role.CLERK, Role.AGENCY_HEAD)},
    Action.ASSIGN: {Relation.OWN_ASK: (Role.CLERK, Role.AGENCY_HEAD)},
    # A handler may send only what a dated delegation lets the handler sign: the domain refuses the rest.
    Action.REPLY: {Relation.OWN_ASK: _WRITES},
    Action.REGISTER_PAPER: {Relation.OWN_ASK: (Role.CLERK, Role.AGENCY_HEAD)},
    Action.INTERIM: {Relation.OWN_ASK: _WRITES},
    Action.ASK_EXTENSION: {Relation.OWN_ASK: _WRITES},
    Action.CLAIM_INCOMPLETE: {Relation.OWN_ASK: _ANSWERS},
    Action.CONTEST: {Relation.OWN_ASK: _WRITES},
    Action.KEEP_DISSENT: {Relation.OWN_ASK: _HEAD},
    Action.GRANT_EXCEPTION: {Relation.ADDRESSED: _LEADER},
    Action.DECIDE: {Relation.ADDRESSED: _LEADER},
    Action.CHANGE_TERMS: {Relation.ANY: (Role.ADMIN,)},
    Action.READ_AMENDMENTS: {Relation.ANY: (*_WATCHES, Role.HOME_AFFAIRS, Role.ADMIN)},
    Action.AMEND: {Relation.ANY: (Role.ADMIN,)},
    # Replies with the words of everybody: an administrator runs the register and reads none of them.
    Action.READ_OVERRULINGS: {Relation.ANY: (*_WATCHES, Role.HOME_AFFAIRS)},
    # The leads' own words and whose function they touched, never an opinion.
    Action.READ_LESSONS: {Relation.ANY: (*_WATCHES, Role.HOME_AFFAIRS, Role.LEAD_OFFICER, Role.ADMIN)},
    Action.RESET_LESSON: {Relation.ANY: (Role.OFFICE, Role.ADMIN)},
    Action.READ_UNDELIVERABLE: {Relation.ANY: (Role.ADMIN,)},
    Action.RETRY_UNDELIVERABLE: {Relation.ANY: (Role.ADMIN,)},
    Action.MANAGE_ACCOUNTS: {Relation.ANY: (Role.ADMIN,)},
}


def decide(subject: Subject, action: Action, resource: Resource = GENERAL) -> Allow | Deny:
    """Whether the subject may do the action to the resource; what the table does not grant is denied.

    Whoever may not even see a consultation learns nothing of it: the reason is then `hidden`.
    """
    if _granted(subject, action, resource):
        return Allow()
    if resource.hides and not _granted(subject, Action.SEE, resource):
        return Deny(reason=Reason.HIDDEN)
    roles = [role for granted in TABLE[action].values() for role in granted]
    return Deny(reason=Reason.RELATION if any(role in roles for role in subject.roles) else Reason.ROLE)


def _granted(subject: Subject, action: Action, resource: Resource) -> bool:
    grants = TABLE.get(action, {})
    return any(role in grants.get(relation, ()) for relation in relations(subject, resource) for role in subject.roles)


def relations(subject: Subject, resource: Resource) -> tuple[Relation, ...]:
    """Every relation in which the subject stands to the resource."""
    agency = subject.agency
    asked = agency is not None and agency in resource.asked
    held = {
        Relation.ANY: True,
        Relation.LEAD: agency is not None and agency == resource.lead,
        Relation.ASKED: asked,
        Relation.ASKED_CLOSED: asked and resource.closed,
        Relation.OWN_ASK: asked and agency == resource.ask,
        Relation.ADDRESSED: subject.leader is not None and subject.leader in resource.leaders,
        Relation.OWNER: agency is not None and agency == resource.owner,
    }
    return tuple(relation for relation, holds in held.items() if holds)
