"""A launch as it is being written: one value for the whole form, and the launch body it stands for.

Everything is kept as typed, right or wrong; what may be sent is the launch route's to say.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from api.pages.forms import instant
from domain.base import Frozen
from domain.clock import VIETNAM

BY_RULE, BY_DAY = "rule", "day"


class PartWritten(Frozen):
    """A part of the draft: its id is given once and never shown to change."""

    id: str = ""
    label: str = ""
    text: str = ""


class QuestionWritten(Frozen):
    """One question; `options`: one a line."""

    text: str = ""
    closed: bool = False
    options: str = ""
    part: str = ""

    @property
    def choices(self) -> list[str]:
        """The options, blank lines left out."""
        return [line.strip() for line in self.options.splitlines() if line.strip()]


class AskWritten(Frozen):
    """One agency that is to be asked."""

    agency: str = ""
    functions: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    questions: tuple[QuestionWritten, ...] = ()
    request_exception: bool = False


class FileWritten(Frozen):
    """One uploaded version of the draft."""

    id: str
    name: str
    version: int
    size: int
    sha256: str


class ParentWritten(Frozen):
    """The task from above."""

    name: str = ""
    day: str = ""
    clock: str = ""


class DueWritten(Frozen):
    """By the rule, or by a chosen day and hour."""

    mode: str = BY_RULE
    day: str = ""
    clock: str = ""

    @property
    def chosen(self) -> str | None:
        """The chosen instant as a body takes it."""
        return instant(self.day, self.clock) if self.mode == BY_DAY else None

    @property
    def at(self) -> datetime | None:
        """The chosen instant; None where there is none, or what was typed is no instant."""
        try:
            return datetime.fromisoformat(self.chosen or "").astimezone(VIETNAM)
        except ValueError:
            return None


class OverrideWritten(Frozen):
    """Why the head consults on an own matter."""

    reason_code: str = ""
    reason: str = ""


class Saved(Frozen):
    """When a step was last changed: by whom, in which version, from which page (`form`: that page's mark)."""

    version: int
    by: str
    form: str = ""


class Written(Frozen):
    """The whole form. `whole`: a text waiting to be cut into parts; `sending`: the key it is being sent under."""

    subject: str = ""
    summary: str = ""
    number: str = ""
    classification: str = ""
    field: str = ""
    draft_kind: str = ""
    rule: str = ""
    innovation: bool = False
    parent_task: ParentWritten = ParentWritten()
    own_position: str = ""
    proposal: str = ""
    legal_basis: str = ""
    draft: str = ""
    files: tuple[FileWritten, ...] = ()
    whole: str = ""
    parts: tuple[PartWritten, ...] = ()
    asks: tuple[AskWritten, ...] = ()
    due: DueWritten = DueWritten()
    override: OverrideWritten = OverrideWritten()
    saved: dict[str, Saved] = {}
    sending: str = ""

    @property
    def last_by(self) -> str:
        """Who changed it last, by name; empty where nobody has yet."""
        return max(self.saved.values(), key=lambda saved: saved.version).by if self.saved else ""

    @property
    def file(self) -> FileWritten | None:
        """The version of the draft that is to be sent."""
        return next((file for file in self.files if file.id == self.draft), None)

    def part(self, id: str) -> PartWritten | None:
        """The part of that id."""
        return next((part for part in self.parts if part.id == id), None)

    def ask(self, agency: str) -> AskWritten | None:
        """The first ask of that agency."""
        return next((ask for ask in self.asks if ask.agency == agency), None)


def tidy(written: Written) -> Written:
    """Every part with an id of its own, and no ask about a part that is gone."""
    parts = tuple(_numbered(written.parts))
    known = [part.id for part in parts]
    asks = tuple(ask.model_copy(update=_about(ask, known)) for ask in written.asks)
    return written.model_copy(update={"parts": parts, "asks": asks})


def _numbered(parts: Iterable[PartWritten]) -> Iterator[PartWritten]:
    taken = [part.id for part in parts if part.id]
    seen: list[str] = []
    for part in parts:
        id = part.id if part.id and part.id not in seen else free_id([*taken, *seen])
        seen.append(id)
        yield part.model_copy(update={"id": id})


def free_id(taken: Iterable[str]) -> str:
    """The first of d1, d2 … that is not taken."""
    known = list(taken)
    return next(f"d{n}" for n in range(1, len(known) + 2) if f"d{n}" not in known)


def _about(ask: AskWritten, known: list[str]) -> dict[str, Any]:
    questions = [q if q.part in known else q.model_copy(update={"part": ""}) for q in ask.questions]
    return {"parts": tuple(part for part in ask.parts if part in known), "questions": tuple(questions)}


def body_of(written: Written) -> dict[str, Any]:
    """The launch body the form stands for; what is blank is left out."""
    given = tidy(written)
    plain = ("subject", "summary", "number", "own_position", "proposal", "legal_basis")
    codes = ("field", "draft_kind", "rule", "draft", "classification")
    body: dict[str, Any] = {name: getattr(given, name).strip() for name in plain}
    body |= {name: value for name in codes if (value := getattr(given, name).strip())}
    body["parts"] = [_part(part) for part in given.parts if part.label.strip() or part.text.strip()]
    body["asks"] = [_ask(ask) for ask in given.asks if ask.agency]
    body["innovation"] = given.innovation
    if given.due.chosen:
        body["due_at"] = given.due.chosen
    if given.parent_task.name.strip():
        body["parent_task"] = _parent(given.parent_task)
    if given.override.reason_code or given.override.reason.strip():
        body["override"] = {k: v for k, v in given.override.model_dump().items() if v.strip()}
    return body


def _part(part: PartWritten) -> dict[str, Any]:
    words = {"id": part.id, "label": part.label.strip()}
    return words | ({"text": part.text} if part.text.strip() else {})


def _parent(parent: ParentWritten) -> dict[str, Any]:
    due_at = instant(parent.day, parent.clock)
    return {"name": parent.name.strip()} | ({"due_at": due_at} if due_at else {})


def _ask(ask: AskWritten) -> dict[str, Any]:
    return {
        "agency": ask.agency,
        "functions": list(ask.functions),
        "parts": list(ask.parts),
        "questions": [_question(q) for q in ask.questions if q.text.strip()],
        "request_exception": ask.request_exception,
    }


def _question(question: QuestionWritten) -> dict[str, Any]:
    body = {"text": question.text.strip(), "closed": question.closed, "options": question.choices}
    return body | ({"part": question.part} if question.part else {})
