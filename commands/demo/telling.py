"""From a script to a life: the launch through the gate, then act after act, each allowed by the policy.

Where today's rules refuse what a script tells (a function that has moved, a year without a calendar), the consultation
is left out and named: a demonstration must not keep a copy from starting.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from adapters.demo import DemoAccount
from adapters.register.contents import content_of
from api.bodies.launch import AskBody, LaunchBody, ParentTaskBody, QuestionBody
from api.launching import draft_text, plan_of, state_of, stored
from api.policy import Action, Resource, Role, Subject
from api.policy import decide as allowed
from api.stored import LaunchWords
from commands.demo.drafts import part_bodies, uploaded
from commands.demo.hands import HANDS, LAUNCHES, Doing, Hand, act_of
from commands.demo.life import Life
from commands.demo.scripts import Script
from commands.demo.world import World
from domain.commands import Prepare
from domain.gate import gate
from domain.refusals import Refused


class LeftOut(NamedTuple):
    """A consultation that today's rules do not allow, and the refusal's code."""

    id: str
    code: str


def told(world: World, scripts: Iterable[Script]) -> tuple[list[Life], list[LeftOut]]:
    """The lives of these scripts up to the world's now, and those that cannot be."""
    lives: list[Life] = []
    left_out: list[LeftOut] = []
    for script in scripts:
        try:
            lives.append(life_of(world, script))
        except Refused as refused:
            left_out.append(LeftOut(script.id, refused.code))
    return lives, left_out


def life_of(world: World, script: Script) -> Life:
    """One consultation, from its launch to now. Raises `Refused`; PermissionError for what the policy denies."""
    life = Life(world, script.id)
    for number, told_act in enumerate(script.acts):
        person, at = world.people[told_act.by], world.days.instant(told_act.at)
        doing = Doing(life, script, person, at, told_act.how)
        if number == 0:
            _launch(doing)
            continue
        hand = HANDS[told_act.verb](doing)
        _require(doing, hand)
        life.act(act_of(doing, hand))
    life.let_pass(world.now)
    return life


def _launch(doing: Doing) -> None:
    """The first act of every script: the plan passes the gate, and is stored as the route would store it."""
    life, script, services = doing.life, doing.script, doing.life.world.services
    file = uploaded(life, script, script.parts, doing.person, doing.at)
    body = launch_body(doing, file.file)
    plan = plan_of(body, script.lead, file)
    found = gate(plan, services.rulebook, services.settings.rule_set, doing.at, draft_text(body))
    words = content_of(stored(body, plan))
    state = state_of(found, id=script.id, officer=doing.person.username, content=words.sha256, clock=services.business)
    life.begin(state, LaunchWords(stored(body, plan)))
    sends = body.approve and Role.AGENCY_HEAD in doing.person.roles and not found.needs_exception
    hand = Hand(Action.LAUNCH, "prepare", LAUNCHES, words, lambda base: Prepare(**base, approve=sends))
    _require(doing, hand)
    life.act(act_of(doing, hand))


def launch_body(doing: Doing, file: str) -> LaunchBody:
    """The launch as the script tells it."""
    script, given = doing.script, doing.script.parent
    parent = None
    if given:
        due_at: Any = doing.life.world.days.instant(given["due"]).isoformat()
        parent = ParentTaskBody(name=given["name"], due_at=due_at)
    return LaunchBody(
        subject=script.subject,
        summary=script.summary,
        field=script.field,
        draft_kind=script.kind,
        rule=script.rule,
        own_position=script.position,
        proposal=script.proposal,
        legal_basis=script.basis,
        number=script.number,
        draft=file,
        parts=part_bodies(script.parts),
        asks=[_ask(one) for one in script.asks],
        parent_task=parent,
    )


def _ask(one: Any) -> AskBody:
    questions = [
        QuestionBody(id=f"q{n}", text=q.text, part=q.part, options=list(q.options))
        for n, q in enumerate(one.questions, start=1)
    ]
    parts = list(dict.fromkeys(question.part for question in one.questions))
    return AskBody(
        agency=one.agency,
        functions=list(one.functions),
        parts=parts,
        questions=questions,
        request_exception=one.exception,
    )


def _require(doing: Doing, hand: Hand) -> None:
    """The policy's own word. A leader is asked for where the case, the field or the chair makes it theirs."""
    resource = Resource(
        lead=doing.script.lead,
        asked=tuple(doing.life.state.asks),
        ask=hand.ask,
        leaders=(doing.person.leader,) if doing.person.leader else (),
    )
    if not allowed(subject_of(doing.person), hand.action, resource).allowed:
        raise PermissionError(f"{doing.script.id}: {doing.person.username} may not {hand.verb}")


def subject_of(person: DemoAccount) -> Subject:
    """The account as the policy sees it."""
    return Subject(
        account=person.username,
        agency=person.agency,
        roles=tuple(Role(role) for role in person.roles),
        leader=person.leader,
    )
