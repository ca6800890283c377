"""What people do in the scripts, each verb as its route would take it: the body, the stored words, the command.

Policy and engine judge; nothing here decides whether an act is right.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from adapters.demo import DemoAccount
from adapters.register.contents import content_of
from api.answered import Reply, Signer
from api.bodies.launch import RedraftBody
from api.bodies.reply import (
    AssignmentBody,
    DissentBody,
    ExtensionBody,
    IncompleteBody,
    InterimBody,
    ReasonBody,
    ReceiptBody,
    ReplyBody,
)
from api.bodies.ruling import DecisionBody, ExceptionBody, RemarkAnswerBody, RulingBody, WithdrawalBody
from api.front import hash_if
from api.launching import parts_of
from api.policy import Action
from api.rerouting import seed
from api.stored import words_of
from commands.demo.drafts import part_bodies, uploaded
from commands.demo.life import Act, Life
from commands.demo.replies import reply_body
from commands.demo.scripts import Script
from domain.clarity.model import Position
from domain.commands import (
    AnswerRemark,
    AnyCommand,
    Approve,
    AskExtension,
    Assign,
    ClaimIncomplete,
    Close,
    Contest,
    Decide,
    Deliver,
    Discard,
    GrantException,
    Interim,
    KeepDissent,
    Redraft,
    Rule,
    Withdraw,
)
from domain.state import DraftVersion, Part

How = Mapping[str, Any]
LAUNCHES = "consultations"


class Doing(NamedTuple):
    """One person about to act. `how`: what the script says besides."""

    life: Life
    script: Script
    person: DemoAccount
    at: datetime
    how: dict[str, Any]

    def instant(self, name: str) -> str:
        """An instant of the script, as a body takes it."""
        return self.life.world.days.instant(self.how[name]).isoformat()

    @property
    def own(self) -> str:
        """The person's agency."""
        return self.person.agency or ""


class Hand(NamedTuple):
    """An act ready to be taken in, and what the policy calls it. `ask`: the agency it concerns."""

    action: Action
    verb: str
    path: str
    words: Any
    command: Callable[[Any], AnyCommand]
    ask: str | None = None


def act_of(doing: Doing, hand: Hand) -> Act:
    """The act as the life takes it in."""
    whole = hand.path.startswith(("escalations/", LAUNCHES))
    path = hand.path if whole else f"consultations/{doing.life.id}/{hand.path}"
    return Act(doing.at, doing.person.username, doing.person.agency, path, hand.verb, hand.words, hand.command)


def _simple(action: Action, verb: str, path: str, kind: type[AnyCommand]) -> Callable[[Doing], Hand]:
    """A verb without a body."""
    return lambda doing: Hand(action, verb, path, content_of({"kind": verb}), lambda base: kind(**base))


def receive(doing: Doing) -> Hand:
    """The clerk confirms the arrival, of paper at its own instant."""
    body = ReceiptBody(arrived_at=doing.instant("arrived")) if doing.how else None  # type: ignore[arg-type]
    words = words_of("deliver", body) if body else content_of({"kind": "deliver"})
    arrived = body.arrived_at if body else None
    path = f"asks/{doing.own}/receipt"
    return Hand(Action.RECEIPT, "deliver", path, words, lambda base: Deliver(**base, arrived_at=arrived), doing.own)


def assign(doing: Doing) -> Hand:
    """Somebody is named who drafts the reply."""
    body = AssignmentBody(handler=doing.how["to"])
    words, path = words_of("assign", body), f"asks/{doing.own}/assignment"
    return Hand(Action.ASSIGN, "assign", path, words, lambda base: Assign(**base, handler=body.handler), doing.own)


def reply(doing: Doing) -> Hand:
    """A reply in the application, or one on paper that the clerk registers."""
    life, world = doing.life, doing.life.world
    ask = life.state.asks[doing.own]
    body: ReplyBody = reply_body(doing.how, ask, life.state.draft.sha256, world.days)
    form = Reply(world.services, body, ask, life.launch, life.state.field)
    form.check_at_the_door()
    words = content_of(form.words())
    signer = Signer(doing.person.username, head="agency_head" in doing.person.roles, known=True)
    if body.paper:
        signer = Signer(f"gd.{doing.own.lower()}", head=True, known=True)

    def send(base: Any) -> AnyCommand:
        return form.command(
            at=base["at"], receipt=base["receipt"], actor=base["actor"], content=words.sha256, signer=signer
        )

    action = Action.REGISTER_PAPER if body.paper else Action.REPLY
    return Hand(action, "reply", f"asks/{doing.own}/reply", words, send, doing.own)


def interim(doing: Doing) -> Hand:
    """ "Đang nghiên cứu"."""
    words = words_of("interim", InterimBody(text=doing.how["text"]))
    path = f"asks/{doing.own}/interim"
    return Hand(Action.INTERIM, "interim", path, words, lambda base: Interim(**base, content=words.sha256), doing.own)


def extension(doing: Doing) -> Hand:
    """More time is asked for."""
    body = ExtensionBody(until=doing.instant("until"), reason=doing.how["reason"])  # type: ignore[arg-type]
    words, path = words_of("extension", body), f"asks/{doing.own}/extension"

    def ask(base: Any) -> AnyCommand:
        return AskExtension(**base, until=body.until, content=hash_if(body.reason, words))

    return Hand(Action.ASK_EXTENSION, "extension", path, words, ask, doing.own)


def incomplete(doing: Doing) -> Hand:
    """Items are missing from the dossier."""
    body = IncompleteBody(items=doing.how["items"])
    words, path = words_of("incomplete", body), f"asks/{doing.own}/incomplete"

    def claim(base: Any) -> AnyCommand:
        return ClaimIncomplete(**base, items=len(body.items), content=words.sha256)

    return Hand(Action.CLAIM_INCOMPLETE, "incomplete", path, words, claim, doing.own)


def contest(doing: Doing) -> Hand:
    """The agency holds that its reply was clear."""
    body = ReasonBody(reason=doing.how["reason"])
    words, path = words_of("contest", body), f"asks/{doing.own}/contest"
    content = hash_if(body.reason, words)
    return Hand(Action.CONTEST, "contest", path, words, lambda base: Contest(**base, content=content), doing.own)


def rule(doing: Doing) -> Hand:
    """The lead rules on one ask."""
    asked = doing.how["on"]
    body = RulingBody(**{name: value for name, value in doing.how.items() if name != "on"})
    words, life = words_of("ruling", body), doing.life
    services, ask = life.world.services, life.state.asks[asked]
    accepts = body.ruling == "accept_pointer"
    rerouted = seed(services, life.launch, ask, body.reroute, doing.at) if accepts else None
    content = hash_if(body.minutes if body.ruling == "minutes" else body.reason, words)
    position = Position(body.position) if body.position else None

    def send(base: Any) -> AnyCommand:
        more = {"reroute": rerouted, "position": position, "part": body.part, "content": content}
        return Rule(**base, asked=asked, ruling=body.ruling, **more)

    return Hand(Action.RULE, "ruling", f"asks/{asked}/ruling", words, send, asked)


def answer(doing: Doing) -> Hand:
    """The lead answers a remark."""
    remark = doing.how["remark"]
    body = RemarkAnswerBody(outcome=doing.how["outcome"], text=doing.how.get("text", ""))
    words = words_of("answer", body)
    content = hash_if(body.text, words)

    def give(base: Any) -> AnyCommand:
        return AnswerRemark(**base, remark=remark, outcome=body.outcome, content=content)

    return Hand(Action.ANSWER_REMARK, "answer", f"remarks/{remark}/answer", words, give)


def dissent(doing: Doing) -> Hand:
    """The agency keeps its opinion."""
    remark, body = doing.how["remark"], DissentBody(reason=doing.how["reason"])
    words = words_of("dissent", body)
    content = hash_if(body.reason, words)

    def keep(base: Any) -> AnyCommand:
        return KeepDissent(**base, remark=remark, content=content)

    return Hand(Action.KEEP_DISSENT, "dissent", f"remarks/{remark}/dissent", words, keep, doing.own)


def decide(doing: Doing) -> Hand:
    """The leader decides on a case, told by its number."""
    id = f"{doing.life.id}.e{doing.how['case']}"
    given = {name: value for name, value in doing.how.items() if name != "case"}
    given |= {"until": doing.instant("until")} if "until" in given else {}
    body = DecisionBody(**given)
    words = words_of("decide", body)

    def send(base: Any) -> AnyCommand:
        return Decide(
            **base,
            escalation=id,
            leader=doing.person.leader or "",
            action=body.action,
            measures=tuple(body.measures),
            agencies=tuple(body.agencies),
            until=body.until,
            content=hash_if(body.reason, words),
        )

    return Hand(Action.DECIDE, "decide", f"escalations/{id}/decision", words, send)


def grant(doing: Doing) -> Hand:
    """The leader allows an agency that is not directly related."""
    body = ExceptionBody(agency=doing.how["agency"], reason=doing.how["reason"])
    words, leader = words_of("grant_exception", body), doing.person.leader or ""

    def give(base: Any) -> AnyCommand:
        return GrantException(**base, asked=body.agency, leader=leader, content=hash_if(body.reason, words))

    return Hand(Action.GRANT_EXCEPTION, "grant_exception", "exception", words, give)


def withdraw(doing: Doing) -> Hand:
    """The lead withdraws, with a reason."""
    body = WithdrawalBody(reason=doing.how["reason"])
    words = words_of("withdraw", body)
    content = hash_if(body.reason, words)
    return Hand(Action.WITHDRAW, "withdraw", "withdrawal", words, lambda base: Withdraw(**base, content=content))


def redraft(doing: Doing) -> Hand:
    """A new version of the draft: `parts` replaces the texts it names."""
    told = {**doing.script.parts}
    for id, text in doing.how["parts"].items():
        told[id] = told[id].model_copy(update={"text": text})
    file = uploaded(doing.life, doing.script, told, doing.person, doing.at)
    body = RedraftBody(draft=file.file, parts=part_bodies(told), summary=doing.how.get("summary", ""))
    parts = tuple(Part(id=part.id, sha256=part.sha256) for part in parts_of(body.parts, file.sha256))
    draft = DraftVersion(version=1, file=file.file, sha256=file.sha256, parts=parts)
    words = words_of("redraft", body)
    return Hand(Action.REDRAFT, "redraft", "redraft", words, lambda base: Redraft(**base, draft=draft))


HANDS: dict[str, Callable[[Doing], Hand]] = {
    "approve": _simple(Action.APPROVE, "approve", "approval", Approve),
    "discard": _simple(Action.DISCARD, "discard", "discard", Discard),
    "close": _simple(Action.CLOSE, "close", "closure", Close),
    **{"receive": receive, "assign": assign, "reply": reply, "interim": interim, "extension": extension},
    **{"incomplete": incomplete, "contest": contest, "rule": rule, "answer": answer, "dissent": dissent},
    **{"decide": decide, "grant": grant, "withdraw": withdraw, "redraft": redraft},
}
