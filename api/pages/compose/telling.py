"""A step's words as plain text, for the colleague who was overtaken. It changes nothing."""

from adapters.register.compositions import Composition
from api.pages.compose.steps import MEMBERS, Step
from api.pages.compose.written import AskWritten, Written
from api.pages.words import Words


def conflict_of(words: Words, current: Composition, step: Step) -> dict[str, str]:
    """Who saved the step last, and what stands in it now."""
    written = Written.model_validate(current.data)
    last = written.saved.get(step)
    if current.ended_at:
        return {"who": words.text("compose.save.ended"), "theirs": ""}
    who = words.text("compose.save.overtaken", who=last.by if last else current.saved_by)
    return {"who": who, "theirs": plain(words, written, step)}


def plain(words: Words, written: Written, step: Step) -> str:
    """The step's members, each under its label."""
    pairs = _said(words, written, step)
    lines = (words.text("compose.save.line", label=words.text(f"compose.{key}"), text=text) for key, text in pairs)
    return "\n".join(lines)


def _said(words: Words, written: Written, step: Step) -> list[tuple[str, str]]:
    if step is Step.CONTENT:
        return _content(words, written)
    if step is Step.POSITION:
        return [(f"position.{name}", getattr(written, name)) for name in MEMBERS[step]]
    if step is Step.DRAFT:
        return [("draft.part", f"{part.label}\n{part.text}") for part in written.parts]
    if step is Step.AGENCIES:
        return [("agencies.asked", _ask(words, ask, written)) for ask in written.asks]
    if step is Step.DEADLINE:
        return [("deadline.chosen", f"{written.due.clock} {written.due.day}")]
    return [("review.override", written.override.reason)]


def _content(words: Words, written: Written) -> list[tuple[str, str]]:
    named = [("content.field", words.field(written.field)), ("content.kind", words.draft_kind(written.draft_kind))]
    return [(f"content.{name}", getattr(written, name)) for name in ("subject", "summary", "number")] + named


def _ask(words: Words, ask: AskWritten, written: Written) -> str:
    parts = [part.label for id in ask.parts if (part := written.part(id))]
    return "\n".join([words.agency(ask.agency), *ask.functions, *parts, *(q.text for q in ask.questions)])
