"""From a form's fields to a body: dotted names become members, blank fields are left out. It validates nothing.

`asks.0.agency` is member `agency` of the first of `asks`; a name given several times is a list only where it ends in
`[]`. Numbers that are left out (a row somebody took away) leave no gap.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from api.pages.protection import TOKEN_FIELD
from domain.clock import VIETNAM

MANY = "[]"
KEY_FIELD = "_khoa"
Tree = dict[str, Any]


def key_of(form: FormData) -> str | None:
    """The idempotency key the form was shown with: a double click or a reload is the same act."""
    key = form.get(KEY_FIELD)
    return key if isinstance(key, str) and key.isprintable() and key.isascii() and 0 < len(key) <= 200 else None


def fields_of(form: FormData) -> list[tuple[str, str]]:
    """The text fields the page is about, in order; names with an underscore in front are the frame's own."""
    pairs = ((name, value) for name, value in form.multi_items() if isinstance(value, str))
    return [(name, value.replace("\r\n", "\n")) for name, value in pairs if not name.startswith("_")]


def tree(fields: Iterable[tuple[str, str]], *, blanks: bool = False) -> Tree:
    """The fields as nested members. `blanks`: keep blank ones too (for a form that is saved as typed)."""
    root: Tree = {}
    for name, value in fields:
        if value.strip() or blanks:
            _put(root, name, value)
    return {key: _listed(value) for key, value in root.items()}


def _put(root: Tree, name: str, value: str) -> None:
    *path, last = name.removesuffix(MANY).split(".")
    place = root
    for step in path:
        inner = place.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        place = inner
    if name.endswith(MANY):
        known = place.setdefault(last, [])
        if isinstance(known, list):
            known.append(value)
    else:
        place[last] = value


def _listed(value: Any) -> Any:
    """Members named by numbers become a list, in the order of the numbers."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(one) for key, one in value.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def instant(day: str | None, clock: str | None = None, default: str = "17:00") -> str | None:
    """An instant in Vietnam from a date field and a time field, as a body takes it; None without a day.

    What is no date is handed on as typed, so that the body's own check names it.
    """
    if not day:
        return None
    text = f"{day}T{clock or default}"
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).isoformat()
    except ValueError:
        return text


def ticked(value: str | None) -> bool:
    """Whether a box was ticked."""
    return value not in (None, "", "0")


__all__ = ["KEY_FIELD", "TOKEN_FIELD", "fields_of", "instant", "key_of", "ticked", "tree"]
