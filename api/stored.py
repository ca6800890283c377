"""The words kept in the register, as JSON contents: what a body becomes, and what can be read out of it again."""

import json
from typing import Any

from pydantic import BaseModel

from adapters.register.contents import Content, content_of
from domain.state import Ask


def words_of(kind: str, body: BaseModel, **more: Any) -> Content:
    """A body's words as content."""
    return content_of({"kind": kind, **body.model_dump(mode="json"), **more})


def parsed(data: bytes) -> dict[str, Any]:
    """A content's JSON object; empty for anything else."""
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# A re-routed question keeps its id, unless the new agency has one of its own by that id: then `STC.q1`.
CARRIED = "."


class LaunchWords:
    """What a stored launch says: subject, parts, questions."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.words = words
        self.plan: dict[str, Any] = words.get("plan") or {}
        self._by_agency: dict[tuple[str, str], dict[str, Any]] = {}
        self._by_id: dict[str, dict[str, Any]] = {}
        for ask in self.plan.get("asks", ()):
            for question in ask.get("questions", ()):
                self._by_agency[(ask["agency"], question["id"])] = question
                self._by_id.setdefault(question["id"], question)

    @property
    def subject(self) -> str:
        """What is consulted on."""
        return str(self.words.get("subject") or "")

    def has_question(self, agency: str, id: str) -> bool:
        """Whether the question was put to the agency at launch."""
        return (agency, id) in self._by_agency

    def question(self, ask: Ask, id: str) -> dict[str, Any]:
        """The question as put to the agency; after a re-route, as it was put to the one that pointed."""
        chain = (ask.agency, *reversed(ask.routed_from))
        found = next((q for agency in chain if (q := self._by_agency.get((agency, id)))), None)
        return {**(found or self._carried(id)), "id": id}

    def _carried(self, id: str) -> dict[str, Any]:
        """A question that came from another agency under that agency's code, or any of that id."""
        agency, _, original = id.partition(CARRIED)
        return self._by_agency.get((agency, original)) or self._by_id.get(id) or {"text": ""}

    def named_in(self, ask: Ask, id: str) -> list[str]:
        """What the lead named with the question: its words, the labels and texts of its part, or of the ask's parts."""
        question = self.question(ask, id)
        wanted = [question["part"]] if question.get("part") else list(ask.parts)
        parts = [part for part in self.plan.get("parts", ()) if part["id"] in wanted]
        return [str(question.get("text", "")), *(str(p[k]) for p in parts for k in ("label", "text_excerpt"))]

    def part_label(self, id: str | None) -> str:
        """The label of a part of the draft."""
        return next((str(p["label"]) for p in self.words.get("parts", ()) if p["id"] == id), id or "")
