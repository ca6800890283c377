"""From an agency's reply form to the engine's command: positions, remarks, pointers, authority, clarity verdict.

The rules are the domain's; here they are only given what they need to know on that day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from api.bodies.reply import ReplyBody
from api.services import Services
from api.stored import LaunchWords
from domain.clarity.assess import assess
from domain.clarity.case import Case
from domain.clarity.model import Amendment, Position
from domain.clarity.model import Reply as Judged
from domain.clock import VIETNAM
from domain.commands import NewRemark, SendReply
from domain.decide.replying import overall
from domain.gate_pointer import check_pointer
from domain.gate_secret import marking_on_top
from domain.refusals import Code, Refused
from domain.state import Answer, Ask, Channel, Pointer, Verdict
from domain.text import words as words_in

# "Không có ý kiến" in a letter that says little else is asked about once.
NO_OPINION = "khong co y kien"
SHORT = 300
NEEDS_REMARK = (Position.DISAGREE, Position.AGREE_WITH_AMENDMENTS)


class Reply:
    """One reply form read against its ask; local to one request."""

    def __init__(self, services: Services, body: ReplyBody, ask: Ask, launch: LaunchWords, field: str) -> None:
        self.services = services
        self.body = body
        self.ask = ask
        self.launch = launch
        self.field = field
        self.secret = body.paper is not None and body.paper.secret
        self.answers = self._answers()
        self.position = overall(self.answers)

    def check_at_the_door(self) -> None:
        """What cannot be filed. Refuses `classified`, `pointer_missing`, `confirmation_needed`, `body_invalid`."""
        if self.secret:
            self._check_secret()
            return
        if self.position is None:
            raise Refused(Code.BODY_INVALID, field="answers")
        if self.body.position and self.body.position != self.position:
            raise Refused(Code.BODY_INVALID, field="position")
        if self.body.paper is None and self._pointed() and self.body.pointer is None:
            raise Refused(Code.POINTER_MISSING, agency=self.ask.agency)
        if self.position is Position.AGREE and not self.body.confirm and self._says_nothing():
            raise Refused(Code.CONFIRMATION_NEEDED, agency=self.ask.agency)

    def _check_secret(self) -> None:
        """Of a secret letter only the line of the register is kept (F38)."""
        given = (self.body.text, self.body.reason, self.body.basis, self.body.alternative)
        if any(given) or self.body.amendments or self.body.pointer or self.body.answers or self.body.position:
            raise Refused(Code.CLASSIFIED, agency=self.ask.agency)

    def _says_nothing(self) -> bool:
        """Whether the whole text is "không có ý kiến" and the like."""
        said = " ".join(words_in(self.body.text))
        return (
            NO_OPINION in said
            and len(said) < SHORT
            and not Case(self._judged(), self.services.instrument.lexicon).stances
        )

    def _answers(self) -> tuple[Answer, ...]:
        """One answer a question; a single overall position stands for every question."""
        if self.secret:
            return tuple(Answer(question=q, position=None) for q in self.ask.questions)
        if self.body.answers:
            return tuple(Answer(question=a.question, position=Position(a.position)) for a in self.body.answers)
        if self.body.position:
            return tuple(Answer(question=q, position=Position(self.body.position)) for q in self.ask.questions)
        return ()

    def _judged(self) -> Judged:
        return clarity_reply(self.services, self.words(), self.ask, self.position, self.launch)

    def verdict(self) -> Verdict:
        """What the clarity check says; a secret letter is not judged."""
        if self.secret:
            return Verdict(clear=True)
        found = assess(self._judged(), self.services.instrument)
        faults = tuple(dict.fromkeys(finding.fault for finding in found.findings))
        return Verdict(clear=found.clear, faults=faults, version=found.version)

    def words(self) -> dict[str, Any]:
        """The reply as it is stored."""
        return {"kind": "reply", **self.body.model_dump(mode="json")}

    def remarks(self) -> tuple[NewRemark, ...]:
        """Everything the lead must answer, with the part of the draft it is about."""
        return tuple(self._remark(said) for said in remarks_of(self.words(), self.position))

    def _remark(self, said: Mapping[str, Any]) -> NewRemark:
        against = next((a.question for a in self.answers if a.position in NEEDS_REMARK), None)
        return NewRemark(part=self._part(said.get("part"), said.get("question") or against), kind=said["kind"])

    def _part(self, part: str | None, question: str | None) -> str | None:
        """The part named, or the question's, or the ask's only one."""
        of_question = self.launch.question(self.ask, question).get("part") if question else None
        only = self.ask.parts[0] if len(self.ask.parts) == 1 else None
        return part or of_question or only

    def _pointed(self) -> tuple[str, ...]:
        """The questions said to be somebody else's."""
        return tuple(a.question for a in self.answers if a.position is Position.OUT_OF_FUNCTION)

    def pointers(self, day: date) -> tuple[Pointer, ...]:
        """The pointers, each with the directory's view on the day. Refuses `agency_unknown`."""
        pointer = self.body.pointer
        if pointer is None:
            return ()
        questions = (pointer.question,) if pointer.question else self._pointed()
        return tuple(
            Pointer(question=q, agency=pointer.agency, competent=self._competent(pointer.agency, q, day))
            for q in questions
        )

    def _competent(self, pointed: str, question: str, day: date) -> bool:
        return check_pointer(
            self.services.rulebook,
            self.ask.agency,
            pointed,
            field=self.field,
            day=day,
            functions=self.ask.functions,
            texts=self.launch.named_in(self.ask, question),
        ).competent

    def command(self, *, at: datetime, receipt: str, actor: str, content: str, signer: "Signer") -> SendReply:
        """The command as received at the instant. Refuses `body_invalid` for paper that arrives in the future."""
        paper = self.body.paper
        if paper and paper.arrived_at > at:
            raise Refused(Code.BODY_INVALID, field="paper.arrived_at")
        day = (paper.arrived_at if paper else at).astimezone(VIETNAM).date()
        return SendReply(
            receipt=receipt,
            at=at,
            actor=actor,
            agency=self.ask.agency,
            draft_sha256=self.body.draft_sha256,
            signer=signer.account,
            authority=self.body.authority,
            authorised=signer.may_sign(self.services, self.ask.agency, self.body.authority, day, self.field),
            channel=Channel.PAPER if paper else Channel.APP,
            arrived_at=paper.arrived_at if paper else None,
            secret=self.secret,
            answers=self.answers,
            pointers=self.pointers(day),
            remarks=() if self.secret else self.remarks(),
            verdict=self.verdict(),
            content=content,
        )


class Signer:
    """Who signs, and whether the account heads the replying agency. `known`: nobody signs in another's name."""

    def __init__(self, account: str, *, head: bool, known: bool) -> None:
        self.account = account
        self._head = head
        self._known = known

    def may_sign(self, services: Services, agency: str, authority: str, day: date, field: str) -> bool:
        """Whether this person may sign for the agency on the day in the form named (head, KT., TL., TUQ.)."""
        if not self._known:
            return False
        if authority in ("head", "KT") and self._head:
            return True
        return services.rulebook.directory.delegation(agency, self.account, day, field, authority) is not None


def clarity_reply(
    services: Services, words: Mapping[str, Any], ask: Ask, position: Position | None, launch: LaunchWords
) -> Judged:
    """The stored reply as the clarity check reads it."""
    ticked = {a["question"]: Position(a["position"]) for a in words.get("answers") or ()}
    pointer = words.get("pointer") or {}
    return Judged(
        position=position or Position.AGREE,
        subject=launch.subject,
        agency=services.agency_name(ask.agency),
        questions=tuple(str(launch.question(ask, q).get("text", "")) for q in ask.questions),
        text=words.get("text") or "",
        answers=tuple(ticked.get(q) for q in ask.questions) if ticked else (),
        amendments=tuple(Amendment.model_validate(a) for a in words.get("amendments") or ()),
        reason=words.get("reason") or "",
        basis=words.get("basis") or "",
        pointer=services.agency_name(pointer.get("agency")) if pointer else "",
    )


def secret_in(texts: Sequence[str]) -> str | None:
    """The secrecy level stamped on top of any of the texts."""
    return next((level for text in texts if (level := marking_on_top(text))), None)


def remarks_of(words: Mapping[str, Any], position: Position | None) -> list[dict[str, Any]]:
    """The remarks in a stored reply, in the order in which the engine numbers them: amendments, then the ground.

    A disagreement without a separate reason, and amendments only told in the text, are one remark: the text.
    """
    listed: list[dict[str, Any]] = [{"kind": "amendment", **a} for a in words.get("amendments") or ()]
    ground = {"reason": words.get("reason") or words.get("text") or ""}
    ground |= {name: words.get(name) or "" for name in ("basis", "alternative")}
    if position is Position.DISAGREE and (words.get("reason") or not listed):
        listed.append({"kind": "reason", **ground})
    elif position in NEEDS_REMARK and not listed:
        listed.append({"kind": "amendment", **ground})
    return listed
