"""The drill as steps: who does what next, and how far this consultation has come. Read from its state alone."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from adapters.demo_lesson import Lesson
from domain.base import Frozen
from domain.state import Ask, Consultation, Phase, Stage


class Progress(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


class Step(Frozen):
    """One step: its sentences are `drill.steps.{key}`; `who`: the account that plays it; `path`: where."""

    key: str
    who: str | None
    path: str
    progress: Progress = Progress.AHEAD


def steps(
    lesson: Lesson, composition: str | None, state: Consultation | None, leaders: Mapping[str, str]
) -> tuple[Step, ...]:
    """All steps; the first that is not done is the one to do now. `leaders`: account by leader code."""
    listed = list(_steps(lesson, composition, state, leaders))
    now = next((n for n, (_, done) in enumerate(listed) if not done), len(listed))
    order = (Progress.DONE if n < now else Progress.NOW if n == now else Progress.AHEAD for n in range(len(listed)))
    return tuple(step.model_copy(update={"progress": p}) for (step, _), p in zip(listed, order, strict=True))


def _steps(
    lesson: Lesson, composition: str | None, state: Consultation | None, leaders: Mapping[str, str]
) -> Iterator[tuple[Step, bool]]:
    people, id = lesson.people, state.id if state else ""
    whole, asked = f"/lay-y-kien/{id}", f"/duoc-hoi/{id}"
    answering, silent = (
        state.asks.get(code) if state else None for code in (lesson.asked.answering, lesson.asked.silent)
    )
    case = next(iter(state.escalations), None) if state else None
    written = f"/soan/{composition}" if composition else "/soan"
    yield Step(key="send", who=people.officer, path=written), state is not None
    yield Step(key="approve", who=people.head, path=whole), state is not None and state.phase is not Phase.DRAFT
    yield Step(key="acknowledge", who=people.clerk, path=asked), _told(answering)
    yield Step(key="vague", who=people.answering, path=f"{asked}/tra-loi"), bool(answering and answering.replies)
    yield Step(key="clear", who=people.answering, path=f"{asked}/tra-loi"), _settled(answering)
    yield Step(key="silence", who=None, path=""), bool(case) or _settled(silent)
    leader = leaders.get(case.leader) if case else None
    decided = bool(case and (case.decisions or case.closed_at)) or (_settled(silent) and not case)
    yield Step(key="decide", who=leader, path=f"/vu-viec/{case.id}" if case else ""), decided
    yield Step(key="late", who=people.silent, path=f"{asked}/tra-loi"), _settled(silent)
    ready = state is not None and state.phase in (Phase.SYNTHESIS, Phase.CLOSED) and _answered(state)
    yield Step(key="remarks", who=people.officer, path=f"{whole}/tong-hop"), ready
    yield Step(key="close", who=people.head, path=whole), state is not None and state.phase is Phase.CLOSED


def _told(ask: Ask | None) -> bool:
    return bool(ask and (ask.acknowledged_at or ask.replies or ask.stage is Stage.SETTLED))


def _settled(ask: Ask | None) -> bool:
    return bool(ask and ask.stage is Stage.SETTLED)


def _answered(state: Consultation) -> bool:
    return all(r.outcome for ask in state.asks.values() for r in ask.live_remarks)
