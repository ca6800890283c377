"""The policy table, role by role and relation by relation; what is not written here is forbidden."""

from itertools import product

import pytest

from api.policy import TABLE, Action, Reason, Relation, Resource, Role, Subject, decide, relations

A, R = Action, Relation
EVERYONE = {role.value for role in Role}
WATCHES = {"office", "inspector"}
STAFF = {"lead_officer", "agency_head", "clerk", "handler"}
OPINIONS = {R.ANY: WATCHES, R.LEAD: STAFF, R.ADDRESSED: {"leader"}, R.ASKED_CLOSED: STAFF}
PREPARES = {"lead_officer", "agency_head"}

# Written by hand, a second time, on purpose: a slip in the table must show as a difference.
EXPECTED: dict[Action, dict[Relation, set[str]]] = {
    A.READ_DIRECTORY: {R.ANY: EVERYONE},
    A.COMPUTE: {R.ANY: EVERYONE},
    A.READ_NOTICES: {R.ANY: EVERYONE},
    A.LIST_CONSULTATIONS: {R.ANY: EVERYONE},
    A.READ_RECEIPT: {R.ANY: WATCHES, R.OWNER: EVERYONE},
    A.LIST_ESCALATIONS: {R.ANY: {"leader", *WATCHES, *PREPARES}},
    A.UPLOAD_DRAFT: {R.ANY: PREPARES},
    A.READ_DRAFT: {**OPINIONS, R.ASKED: STAFF, R.OWNER: PREPARES},
    A.LAUNCH: {R.ANY: PREPARES},
    A.SEE: {
        R.ANY: WATCHES,
        R.LEAD: STAFF,
        R.ASKED: STAFF,
        R.ADDRESSED: {"leader"},
    },
    A.READ_ASK: {**OPINIONS, R.OWN_ASK: STAFF},
    A.READ_OPINIONS: OPINIONS,
    A.READ_TIMELINE: {**OPINIONS, R.ASKED: STAFF},
    A.READ_LEDGER: {R.ANY: WATCHES, R.LEAD: PREPARES},
    A.VERIFY_LEDGER: {R.ANY: WATCHES},
    A.FOLLOW: {R.ANY: {*WATCHES, "home_affairs"}},
    A.READ_ESCALATION: {R.ANY: WATCHES, R.ADDRESSED: {"leader"}, R.LEAD: PREPARES},
    A.APPROVE: {R.LEAD: {"agency_head"}},
    A.DISCARD: {R.LEAD: PREPARES},
    A.WITHDRAW: {R.LEAD: {"agency_head"}},
    A.REDRAFT: {R.LEAD: PREPARES},
    A.CLOSE: {R.LEAD: {"agency_head"}},
    A.RULE: {R.LEAD: PREPARES},
    A.URGE: {R.ANY: {"office"}, R.LEAD: PREPARES},
    A.ANSWER_REMARK: {R.LEAD: PREPARES},
    A.RECEIPT: {R.OWN_ASK: {"clerk", "agency_head"}},
    A.ASSIGN: {R.OWN_ASK: {"clerk", "agency_head"}},
    A.REPLY: {R.OWN_ASK: {"agency_head", "handler"}},
    A.REGISTER_PAPER: {R.OWN_ASK: {"clerk", "agency_head"}},
    A.INTERIM: {R.OWN_ASK: {"agency_head", "handler"}},
    A.ASK_EXTENSION: {R.OWN_ASK: {"agency_head", "handler"}},
    A.CLAIM_INCOMPLETE: {R.OWN_ASK: {"agency_head", "clerk", "handler"}},
    A.CONTEST: {R.OWN_ASK: {"agency_head", "handler"}},
    A.KEEP_DISSENT: {R.OWN_ASK: {"agency_head"}},
    A.GRANT_EXCEPTION: {R.ADDRESSED: {"leader"}},
    A.DECIDE: {R.ADDRESSED: {"leader"}},
    A.CHANGE_TERMS: {R.ANY: {"admin"}},
    A.READ_AMENDMENTS: {R.ANY: {"office", "inspector", "home_affairs", "admin"}},
    A.AMEND: {R.ANY: {"admin"}},
    A.READ_OVERRULINGS: {R.ANY: {"office", "inspector", "home_affairs"}},
    A.READ_LESSONS: {R.ANY: {"office", "inspector", "home_affairs", "lead_officer", "admin"}},
    A.RESET_LESSON: {R.ANY: {"office", "admin"}},
    A.READ_UNDELIVERABLE: {R.ANY: {"admin"}},
    A.RETRY_UNDELIVERABLE: {R.ANY: {"admin"}},
    A.MANAGE_ACCOUNTS: {R.ANY: {"admin"}},
}

# A caller in exactly one relation beyond ANY (asking one's own ask implies being asked).
STANDING: dict[Relation, tuple[Subject, Resource, set[Relation]]] = {
    R.ANY: (Subject(account="x", agency="SYT"), Resource(lead="SGDDT", asked=("STC",), hides=True), {R.ANY}),
    R.LEAD: (Subject(account="x", agency="SGDDT"), Resource(lead="SGDDT", asked=("STC",), hides=True), {R.ANY, R.LEAD}),
    R.ASKED: (
        Subject(account="x", agency="SNV"),
        Resource(lead="SGDDT", asked=("STC", "SNV"), ask="STC", hides=True),
        {R.ANY, R.ASKED},
    ),
    R.ASKED_CLOSED: (
        Subject(account="x", agency="SNV"),
        Resource(lead="SGDDT", asked=("STC", "SNV"), ask="STC", closed=True, hides=True),
        {R.ANY, R.ASKED, R.ASKED_CLOSED},
    ),
    R.OWN_ASK: (
        Subject(account="x", agency="STC"),
        Resource(lead="SGDDT", asked=("STC",), ask="STC", hides=True),
        {R.ANY, R.ASKED, R.OWN_ASK},
    ),
    R.ADDRESSED: (
        Subject(account="x", leader="PCT4"),
        Resource(lead="SGDDT", asked=("STC",), leaders=("PCT4", "CT"), hides=True),
        {R.ANY, R.ADDRESSED},
    ),
    R.OWNER: (Subject(account="x", agency="STC"), Resource(owner="STC"), {R.ANY, R.OWNER}),
}


def test_every_action_is_in_the_table_and_in_the_expectation():
    assert set(TABLE) == set(Action) == set(EXPECTED)


@pytest.mark.parametrize("relation", list(Relation))
def test_a_caller_stands_in_the_relations_meant(relation: Relation):
    subject, resource, held = STANDING[relation]
    assert set(relations(subject, resource)) == held


@pytest.mark.parametrize(("action", "role", "relation"), list(product(Action, Role, Relation)))
def test_policy_grants_exactly_what_is_written(action: Action, role: Role, relation: Relation):
    subject, resource, held = STANDING[relation]
    subject = subject.model_copy(update={"roles": (role,)})
    expected = any(role in EXPECTED[action].get(r, set()) for r in held)
    assert decide(subject, action, resource).allowed is expected


@pytest.mark.parametrize("action", list(Action))
def test_a_caller_without_a_role_may_do_nothing(action: Action):
    assert not decide(Subject(account="x", agency="SGDDT"), action, Resource(lead="SGDDT", asked=("SGDDT",))).allowed


def test_existence_is_hidden_from_whoever_may_not_see():
    stranger = Subject(account="x", agency="SYT", roles=(Role.AGENCY_HEAD,))
    refused = decide(stranger, Action.CLOSE, Resource(lead="SGDDT", asked=("STC",), hides=True))
    assert not refused.allowed
    assert refused.reason is Reason.HIDDEN


def test_a_caller_who_sees_but_may_not_act_is_told_so():
    asked = Subject(account="x", agency="STC", roles=(Role.AGENCY_HEAD,))
    resource = Resource(lead="SGDDT", asked=("STC",), ask="STC", hides=True)
    assert decide(asked, Action.CLOSE, resource).reason is Reason.RELATION
    officer = asked.model_copy(update={"roles": (Role.CLERK,)})
    assert decide(officer, Action.REPLY, resource).reason is Reason.ROLE


def test_roles_add_up():
    both = Subject(account="x", agency="SGDDT", roles=(Role.CLERK, Role.AGENCY_HEAD))
    assert decide(both, Action.CLOSE, Resource(lead="SGDDT", hides=True)).allowed


def test_the_administrator_cannot_read_opinions():
    admin = Subject(account="x", roles=(Role.ADMIN,))
    resource = Resource(lead="SGDDT", asked=("STC",), ask="STC", hides=True)
    for action in (A.SEE, A.READ_OPINIONS, A.READ_ASK, A.READ_TIMELINE, A.READ_LEDGER, A.READ_DRAFT, A.READ_ESCALATION):
        assert decide(admin, action, resource).reason is Reason.HIDDEN
