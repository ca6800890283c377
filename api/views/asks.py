"""An ask as its readers see it: the domain's Ask with the agency's name, questions and replies in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from adapters.register.instruments import NoInstrument
from adapters.register.queries_story import said_of_remarks
from api.answered import clarity_reply, remarks_of
from api.services import Services
from api.stored import LaunchWords
from api.views.base import View
from domain.clarity.assess import assess
from domain.clarity.model import Position
from domain.deadline import Limit, Pause
from domain.state import Ask, Channel, Extension, Outcome, Pointer, Remark, Reply, Return, Stage, Urged
from domain.synthesis import Standing, standing

SAID = ("text", "amendments", "reason", "basis", "alternative", "handler", "paper")


class QuestionView(View):
    """One question in words."""

    id: str
    text: str
    closed: bool = True
    part: str | None = None
    options: tuple[str, ...] = ()


class FindingView(View):
    """One fault of clarity: `text[start:end] == quote`. `weight`: how sure the check is, 0 to 1; 1 for a plain rule."""

    fault: str
    quote: str
    start: int
    end: int
    explanation: str
    suggestion: str
    weight: float = Field(ge=0, le=1)


# Why the findings of an unclear verdict cannot be shown again; the verdict itself stands with its faults.
Lost = Literal["unknown", "damaged", "unreadable", "differs"]


class ReplyView(Reply):
    """A version of a reply with its words; no words where the letter is secret.

    `findings` are those of the day it was judged; where they cannot be had, `findings_lost` says why, in a code, and
    `findings_note` in a sentence.
    """

    text: str = ""
    amendments: tuple[dict[str, Any], ...] = ()
    reason: str = ""
    basis: str = ""
    alternative: str = ""
    handler: str | None = None
    paper: dict[str, Any] | None = None
    findings: tuple[FindingView, ...] = ()
    findings_lost: Lost | None = None
    findings_note: str = ""


class RemarkView(Remark):
    """A remark with its words, the lead's answer and the dissent, as far as given."""

    agency: str
    words: dict[str, Any] = {}
    answer: str = ""
    dissent: str = ""


class AskView(View):
    """One agency's part, in full. `standing` is computed at the instant of reading; `reply` is the last version."""

    agency: str
    agency_name: str
    standing: Standing
    stage: Stage
    outcome: Outcome | None
    position: Position | None
    round: int
    functions: tuple[str, ...]
    parts: tuple[str, ...]
    questions: tuple[QuestionView, ...]
    mandatory: bool
    needs_exception: bool
    exception_by: str | None
    central: bool
    watched_by: str | None
    channel: Channel
    routed_from: tuple[str, ...]
    draft_from: int
    limit: Limit | None
    sent_at: datetime | None
    start_at: datetime | None
    acknowledged_at: datetime | None
    due_at: datetime | None
    overdue_at: datetime | None
    settled_at: datetime | None
    handler: str | None
    pauses: tuple[Pause, ...]
    incomplete_used: bool
    extensions: tuple[Extension, ...]
    interims: int
    unclear: int
    returned: Return | None
    pointers: tuple[Pointer, ...]
    escalation: str | None
    reply: ReplyView | None
    replies: tuple[ReplyView, ...]
    remarks: tuple[RemarkView, ...]
    urged: tuple[Urged, ...]


SAME = tuple(name for name in AskView.model_fields if name in Ask.model_fields)
IN_WORDS = ("questions", "replies", "remarks")


class AskGlance(View):
    """What a consulted agency sees of the others."""

    agency: str
    agency_name: str
    mandatory: bool
    stage: str


def glance(services: Services, ask: Ask) -> AskGlance:
    """The ask without anybody's opinion."""
    return AskGlance(
        agency=ask.agency, agency_name=services.agency_name(ask.agency), mandatory=ask.mandatory, stage=ask.stage
    )


class AskViews:
    """Makes the views of one consultation's asks; reads the ledger only if a remark was answered."""

    def __init__(self, services: Services, consultation: str, launch: LaunchWords, now: datetime) -> None:
        self._services = services
        self._consultation = consultation
        self._launch = launch
        self._now = now
        self._said: dict[tuple[str, str], str] | None = None

    async def view(self, ask: Ask) -> AskView:
        """The ask with words."""
        replies = tuple([await self._reply(ask, reply) for reply in ask.replies])
        return AskView(
            **{name: getattr(ask, name) for name in SAME if name not in IN_WORDS},
            agency_name=self._services.agency_name(ask.agency),
            standing=standing(ask, self._now),
            questions=tuple(QuestionView.model_validate(self._launch.question(ask, q)) for q in ask.questions),
            reply=replies[-1] if replies else None,
            replies=replies,
            remarks=tuple([await self.remark(ask, remark) for remark in ask.remarks]),
        )

    async def _reply(self, ask: Ask, reply: Reply) -> ReplyView:
        words = await self._services.words(reply.content)
        said = {name: words[name] for name in SAID if words.get(name)}
        return ReplyView(**dict(reply), **said, **await self._findings(ask, reply, words))

    async def _findings(self, ask: Ask, reply: Reply, words: Mapping[str, Any]) -> dict[str, Any]:
        """The findings in words, by the instrument that made them; or why they cannot be shown again."""
        if reply.verdict.clear or not words:
            return {}
        try:
            instrument = await self._services.instrument_of(reply.verdict.version)
        except NoInstrument as lost:
            return self._lost(reply, lost.why)
        judged = clarity_reply(self._services, words, asked_then(ask, reply, words), reply.position, self._launch)
        found = assess(judged, instrument).findings
        if tuple(dict.fromkeys(finding.fault for finding in found)) != reply.verdict.faults:
            return self._lost(reply, "differs")
        return {"findings": findings_of(self._services, found)}

    def _lost(self, reply: Reply, why: str) -> dict[str, Any]:
        say = self._services.messages.text
        faults = "; ".join(say(f"faults.{fault}") for fault in reply.verdict.faults)
        note = say(f"api.findings_lost.{why}", version=reply.verdict.version, faults=faults)
        return {"findings_lost": why, "findings_note": note}

    async def remark(self, ask: Ask, remark: Remark) -> RemarkView:
        """The remark with words."""
        return RemarkView(
            **dict(remark),
            agency=ask.agency,
            words=await self._remark_words(ask, remark),
            answer=await self._say("remark_answered", remark) if remark.outcome else "",
            dissent=await self._say("dissent_kept", remark) if remark.dissent_at else "",
        )

    async def _remark_words(self, ask: Ask, remark: Remark) -> dict[str, Any]:
        _, version, number = remark.id.rsplit(".", 2)
        reply = ask.replies[int(version) - 1]
        listed = remarks_of(await self._services.words(reply.content), reply.position)
        return listed[int(number) - 1] if int(number) <= len(listed) else {}

    async def _say(self, kind: str, remark: Remark) -> str:
        if self._said is None:
            self._said = await said_of_remarks(self._services.database, self._consultation)
        words = await self._services.words(self._said.get((kind, remark.id)))
        return str(words.get("text") or words.get("reason") or "")


def asked_then(ask: Ask, reply: Reply, words: Mapping[str, Any]) -> Ask:
    """The ask with the questions the reply was judged against, as far as is known: more may have been put since."""
    answered = tuple(answer.question for answer in reply.answers)
    # One overall position was spread over every question there was.
    known = words.get("answers") and all(question in ask.questions for question in answered)
    return ask if known else ask.model_copy(update={"questions": answered})


def findings_of(services: Services, findings: tuple[Any, ...]) -> tuple[FindingView, ...]:
    """Findings with their sentences."""
    say = services.messages.text
    return tuple(
        FindingView(
            fault=f.fault,
            quote=f.quote,
            start=f.start,
            end=f.end,
            explanation=say(f.explanation.key, **f.explanation.params),
            suggestion=say(f.suggestion.key, **f.suggestion.params),
            weight=f.weight,
        )
        for f in findings
    )
