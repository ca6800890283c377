"""The new ask of an accepted pointer: the right agency, under its own functions, with the questions pointed away.

The gate's own checks are used; the rule's limit and the chain of pointers are the engine's.
"""

from datetime import datetime

from api.bodies.ruling import RerouteBody
from api.services import Services
from api.stored import CARRIED, LaunchWords
from domain.clock import VIETNAM
from domain.gate import AskPlan, LaunchPlan, Question
from domain.gate_asks import AskCheck
from domain.gate_pointer import check_pointer
from domain.refusals import Code, Refused
from domain.state import Ask, Channel


def seed(services: Services, launch: LaunchWords, ask: Ask, given: RerouteBody | None, now: datetime) -> Ask:
    """The ask to send. Without `given` it follows the agency's own pointer.

    Refuses `no_pointer_to_rule_on`, and whatever the gate finds against the new agency.
    """
    if not ask.pointers:
        raise Refused(Code.NO_POINTER_TO_RULE_ON, agency=ask.agency)
    body = given or RerouteBody(agency=ask.pointers[0].agency)
    questions = tuple(body.questions) or tuple(p.question for p in ask.pointers)
    asked = [launch.question(ask, id) for id in questions]
    parts = tuple(body.parts) or tuple(dict.fromkeys(q["part"] for q in asked if q.get("part"))) or ask.parts
    plan = AskPlan(
        agency=body.agency,
        functions=tuple(body.functions) or _function(services, launch, ask, body.agency, now),
        parts=parts,
        questions=tuple(Question.model_validate(q) for q in asked),
        request_exception=True,
    )
    _check(services, launch, plan, now)
    return _ask(services, launch, ask, plan, now)


def _function(services: Services, launch: LaunchWords, ask: Ask, to: str, now: datetime) -> tuple[str, ...]:
    """The function that makes the pointed agency the right one, as the directory sees it on the day."""
    texts = [text for pointer in ask.pointers for text in launch.named_in(ask, pointer.question)]
    found = check_pointer(
        services.rulebook,
        ask.agency,
        to,
        field=str(launch.plan.get("field", "")),
        day=now.astimezone(VIETNAM).date(),
        functions=ask.functions,
        texts=texts,
    )
    return (found.function,) if found.competent and found.function else ()


def _check(services: Services, launch: LaunchWords, asked: AskPlan, now: datetime) -> None:
    plan = LaunchPlan.model_validate(launch.plan).model_copy(update={"asks": (asked,)})
    findings = AskCheck(plan, services.rulebook, now.astimezone(VIETNAM).date(), ()).findings()
    first = next(iter(findings), None)
    if first:
        raise Refused(first.code, **first.params)


def _ask(services: Services, launch: LaunchWords, origin: Ask, plan: AskPlan, now: datetime) -> Ask:
    directory, day = services.rulebook.directory, now.astimezone(VIETNAM).date()
    carried = {q: _carried(launch, origin, plan.agency, q.id) for q in plan.questions}
    return Ask(
        agency=plan.agency,
        functions=plan.functions,
        parts=plan.parts,
        questions=tuple(carried.values()),
        question_parts={id: question.part for question, id in carried.items() if question.part},
        central=directory.is_central(plan.agency),
        watched_by=directory.watcher(plan.agency, day),
        channel=Channel(directory.agency(plan.agency).channel),
    )


def _carried(launch: LaunchWords, origin: Ask, to: str, id: str) -> str:
    """The question's id where it is going: its own, or under the pointing agency's code where that is taken."""
    return f"{origin.agency}{CARRIED}{id}" if launch.has_question(to, id) else id
