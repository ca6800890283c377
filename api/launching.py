"""From the lead's statement to a launch: the plan the gate reads, the words that are stored, the engine's first state.

The gate decides in the domain; nothing here judges, stores or reads a clock.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from api.bodies.launch import AskBody, LaunchBody, PartBody, QuestionBody
from domain.clock import BusinessClock
from domain.gate import (
    AskPlan,
    DraftFile,
    DraftPart,
    Launch,
    LaunchPlan,
    Override,
    ParentTask,
    Question,
)
from domain.refusals import Code, Refused
from domain.state import Ask, Consultation

# Enough for the gate's word evidence; the whole text is in the stored content.
EXCERPT = 4000


def parts_of(parts: Sequence[PartBody], draft_sha256: str) -> tuple[DraftPart, ...]:
    """The draft's parts with the hash of each one's text; a part without text changes with the whole draft."""
    _unique((part.id for part in parts), "parts")
    return tuple(
        DraftPart(
            id=part.id,
            label=part.label,
            text_excerpt=(part.text or "")[:EXCERPT],
            sha256=part.sha256 or _sha256(part.text if part.text is not None else f"{draft_sha256}#{part.id}"),
        )
        for part in parts
    )


def plan_of(body: LaunchBody, lead: str, draft: DraftFile | None) -> LaunchPlan:
    """The plan as the gate reads it. Refuses `body_invalid` where an id is given twice with different words."""
    same = ("subject", "summary", "field", "draft_kind", "own_position", "proposal", "legal_basis", "number")
    return LaunchPlan(
        **{name: getattr(body, name) for name in same},
        lead=lead,
        rule_code=body.rule,
        classification=body.classification,
        draft=draft,
        parts=parts_of(body.parts, draft.sha256 if draft else ""),
        asks=_asks(body.asks),
        chosen_due_at=body.due_at,
        override=Override(reason_code=body.override.reason_code, reason=body.override.reason)
        if body.override
        else None,
        parent_task=ParentTask(name=body.parent_task.name, due_at=body.parent_task.due_at)
        if body.parent_task
        else None,
        innovation=body.innovation,
    )


def _asks(asks: Sequence[AskBody]) -> tuple[AskPlan, ...]:
    return tuple(
        AskPlan(
            agency=ask.agency,
            functions=tuple(ask.functions),
            parts=tuple(ask.parts),
            questions=_numbered(ask.questions),
            request_exception=ask.request_exception,
        )
        for ask in asks
    )


def _numbered(questions: Sequence[QuestionBody]) -> tuple[Question, ...]:
    """One agency's questions; those without an id are numbered around the given ones."""
    given = [question.id for question in questions if question.id]
    _unique(given, "questions")
    free = (f"q{n}" for n in count(1) if f"q{n}" not in given)
    return tuple(
        Question(
            id=question.id or next(free),
            text=question.text,
            closed=question.closed,
            part=question.part,
            options=tuple(question.options),
        )
        for question in questions
    )


def draft_text(body: LaunchBody) -> str:
    """What is known of the draft's text: that of its parts, in order."""
    return "\n".join(part.text for part in body.parts if part.text)


def stored(body: LaunchBody, plan: LaunchPlan) -> dict[str, Any]:
    """The launch's words as they are kept: the plan, and the parts with their whole text."""
    texts = {part.id: part.text for part in body.parts}
    return {
        "kind": "launch",
        "subject": plan.subject,
        "summary": plan.summary,
        "number": plan.number,
        "approve": body.approve,
        "text": draft_text(body),
        "plan": plan.model_dump(mode="json"),
        "parts": [{"id": p.id, "label": p.label, "sha256": p.sha256, "text": texts.get(p.id)} for p in plan.parts],
    }


def state_of(launch: Launch, *, id: str, officer: str, content: str, clock: BusinessClock) -> Consultation:
    """The state the workflow starts with; `content` is the hash of the stored words."""
    plan = launch.plan
    return Consultation(
        id=id,
        lead=plan.lead,
        field=plan.field,
        draft_kind=plan.draft_kind,
        officer=officer,
        terms=launch.terms,
        clock=clock,
        content=content,
        drafts=(launch.draft,),
        asks={ask.agency: _fixed(ask, plan.chosen_due_at) for ask in launch.asks},
        chosen_due=plan.chosen_due_at,
        own_authority=launch.own_authority,
        parent_due=plan.parent_task.due_at if plan.parent_task else None,
    )


def _fixed(ask: Ask, due_at: datetime | None) -> Ask:
    return ask.model_copy(update={"fixed_due": due_at}) if due_at else ask


def _unique(ids: Iterable[str], field: str) -> None:
    listed = list(ids)
    if len(listed) != len(dict.fromkeys(listed)):
        raise Refused(Code.BODY_INVALID, field=field)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
