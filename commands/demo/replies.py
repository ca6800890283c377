"""From the short form in which the scripts tell a reply to the body its route takes. It judges no reply."""

from collections.abc import Mapping
from typing import Any

from api.bodies.reply import ReplyBody
from commands.demo.days import Days
from domain.state import Ask

# One word of the script says the position, and is followed by the text.
POSITIONS = {
    "agree": "agree",
    "amend": "agree_with_amendments",
    "disagree": "disagree",
    "away": "out_of_function",
}
AMENDMENT = ("where", "what", "why")
AS_TOLD = ("reason", "basis", "alternative", "authority", "handler", "confirm")


def reply_body(how: Mapping[str, Any], ask: Ask, draft_sha256: str, days: Days) -> ReplyBody:
    """The reply to the ask's questions. KeyError where the script names no position."""
    said = next(word for word in POSITIONS if word in how)
    given = dict.fromkeys(ask.questions, said) | dict(how.get("answers", {}))
    body: dict[str, Any] = {
        "draft_sha256": draft_sha256,
        "answers": [{"question": question, "position": POSITIONS[word]} for question, word in given.items()],
        "text": how[said],
        **{name: how[name] for name in AS_TOLD if name in how},
    }
    if "what" in how:
        body["amendments"] = [{name: how[name] for name in AMENDMENT if name in how} | {"part": ask.parts[0]}]
    if "to" in how:
        body["pointer"] = {"agency": how["to"], "basis": how.get("pointer_basis", "")}
    if "paper" in how:
        body["paper"] = _paper(how["paper"], days)
    return ReplyBody(**body)


def _paper(told: Mapping[str, Any], days: Days) -> dict[str, Any]:
    arrived = days.instant(told["arrived"])
    written = days.day(int(told["written"]))
    return {"number": told["number"], "date": written.isoformat(), "arrived_at": arrived.isoformat()}
