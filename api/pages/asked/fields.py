"""The reply form's fields: as typed, as a body, as plain text. It judges nothing; the body and the engine do."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from api.bodies.reply import ReplyBody
from api.pages.forms import Tree, fields_of, tree
from api.views.consultations import ConsultationView
from domain.clarity.model import Position
from domain.decide.replying import overall
from domain.state import Answer

# `note`: talk within the agency; it is never sent and stands in no record.
TEXTS = ("draft_sha256", "text", "reason", "basis", "alternative", "authority", "note")
SAID = ("text", "reason", "basis", "alternative")
ROW = ("part", "where", "what", "why")
ANSWER = ("question", "position")
POINTER = ("agency", "basis")
OUT = "out_of_function"


def typed(form: FormData) -> Tree:
    """What was typed, in the form's own shape whatever was sent."""
    return clean(tree(fields_of(form), blanks=True))


def clean(data: Mapping[str, Any]) -> Tree:
    """Any fields in the form's shape: texts, answers, rows of amendments without blank ones, the pointer."""
    rows = [_pick(row, ROW) for row in _rows(data.get("amendments"))]
    return {
        **_pick(data, TEXTS),
        "answers": [_pick(one, ANSWER) for one in _rows(data.get("answers"))],
        "amendments": [row for row in rows if any(row[name].strip() for name in ("where", "what", "why"))],
        "pointer": _pick(data.get("pointer"), POINTER),
    }


def _pick(data: Any, names: tuple[str, ...]) -> dict[str, str]:
    given = data if isinstance(data, Mapping) else {}
    return {name: value if isinstance(value := given.get(name), str) else "" for name in names}


def _rows(data: Any) -> list[Any]:
    return list(data) if isinstance(data, (list, tuple)) else []


def of_words(words: Mapping[str, Any], sha256: str) -> Tree:
    """A stored reply's words as the form would have been typed, on the draft of that hash."""
    said = clean(words)
    return {**said, "draft_sha256": sha256}


def positions(said: Tree) -> dict[str, str]:
    """The position ticked for each question."""
    return {one["question"]: one["position"] for one in said["answers"] if one["position"]}


def position(said: Tree) -> Position | None:
    """The overall position that follows from the answers; None while nothing is ticked."""
    known = [str(code) for code in Position]
    answers = (Answer(question=q, position=Position(p)) for q, p in positions(said).items() if p in known)
    return overall(tuple(answers))


def body_of(said: Tree, *, confirm: bool = False, **more: Any) -> ReplyBody:
    """The reply as the route takes it. Raises `ValidationError` for what cannot be."""
    filled = {name: said[name] for name in (*SAID, "draft_sha256", "authority") if said[name].strip()}
    ticked = [{"question": q, "position": p} for q, p in positions(said).items()]
    pointed = any(one["position"] == OUT for one in ticked) and said["pointer"]["agency"]
    return ReplyBody.model_validate(
        {
            **filled,
            "answers": ticked,
            "amendments": [{name: value for name, value in row.items() if value.strip()} for row in said["amendments"]],
            **({"pointer": {name: v for name, v in said["pointer"].items() if v.strip()}} if pointed else {}),
            "confirm": confirm,
            **more,
        }
    )


def sent_of(said: Tree) -> dict[str, Any]:
    """What of the form a reply stores, to be compared with stored words; like none of them for what cannot be sent."""
    try:
        stored = body_of(said).model_dump(mode="json")
    except ValidationError:
        return {"kind": None}
    return {name: value for name, value in stored.items() if name not in ("handler", "confirm")}


def texts(said: Tree) -> list[str]:
    """Every text of the form, for whoever looks for a secrecy stamp."""
    rows = [value for row in said["amendments"] for value in row.values()]
    return [said[name] for name in (*SAID, "note")] + rows + list(said["pointer"].values())


def plain(said: Tree, it: ConsultationView, say: Callable[..., str], agency: Callable[[str], str]) -> str:
    """The form in lines of plain text, for somebody who compares two of them."""
    questions = {q.id: q.text for ask in it.asks for q in ask.questions}
    lines = [(questions.get(q, q), say(f"positions.{p}")) for q, p in positions(said).items()]
    lines += [(say(f"asked.reply.{name}"), said[name]) for name in SAID if said[name].strip()]
    lines += [(row["where"], say("asked.reply.row", what=row["what"], why=row["why"])) for row in said["amendments"]]
    if said["pointer"]["agency"]:
        lines.append((say("asked.reply.pointer"), agency(said["pointer"]["agency"])))
    return "\n".join(say("asked.reply.line", label=label, value=value) for label, value in lines)
