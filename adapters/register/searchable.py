"""What of a stored launch can be searched, folded and in bounded length. What is found is judged by whoever asks.

Written beside the consultation's row, once: a launch's words never change.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.text import words

# Folded characters kept of each column; a launch to thousands of agencies repeats itself.
LONGEST = 6000
OPEN = ("summary", "own_position", "proposal", "legal_basis")


def searchable(body: Mapping[str, Any]) -> dict[str, str]:
    """The columns of `search_texts` but the key: words parted by single blanks, one at each end too."""
    plan = body.get("plan")
    known: Mapping[str, Any] = plan if isinstance(plan, dict) else {}
    open_texts = [known.get(name) for name in OPEN] + [part.get("label") for part in _members(body, "parts")]
    asks = _members(known, "asks")
    questions = [question.get("text") for ask in asks for question in _members(ask, "questions")]
    return {"number": folded([body.get("number")]), "text": folded(open_texts), "questions": folded(questions)}


def folded(texts: Iterable[object]) -> str:
    """The words of the texts, each text once: ` quyet dinh dat dai `; empty where there is none."""
    once = dict.fromkeys(text for text in texts if isinstance(text, str) and text)
    found = " ".join(word for text in once for word in words(text))
    return f" {found[:LONGEST]} " if found else ""


def _members(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = value.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
