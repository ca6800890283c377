"""What is wrong with a rule file, in the operator's language: errors as keys of `rules/messages/rules.vi.yaml`.

If the message files themselves are unusable, the key is shown rather than nothing.
"""

from typing import NamedTuple

from pydantic_core import ErrorDetails

from domain.messages import Messages

_KEYS = {
    "missing": "missing",
    "extra_forbidden": "extra",
    "string_type": "text",
    "string_too_short": "empty",
    "too_short": "empty",
    "tuple_type": "list",
    "list_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
}
_FAMILIES = {"int_": "whole_number", "bool_": "true_false", "date_": "date", "time_": "time"}


class Saying(NamedTuple):
    """A key under `rules.` and what fills its places."""

    key: str
    params: dict[str, str]


def saying(what: str, /, **params: str) -> Saying:
    """A saying with its params."""
    return Saying(what, params)


def said(messages: Messages, what: Saying) -> str:
    """The sentence, or the bare key and params where the message files lack it."""
    key = f"rules.{what.key}"
    if messages.has(key):
        return messages.text(key, **what.params)
    return f"{what.key} {what.params}" if what.params else what.key


def of_error(error: ErrorDetails) -> Saying:
    """The saying for one of pydantic's errors."""
    kind = error["type"]
    context = error.get("ctx", {})
    if kind in ("greater_than_equal", "greater_than"):
        bound = str(context.get("ge", context.get("gt")))
        return saying("positive") if bound == "1" else saying("at_least", bound=bound)
    if kind in ("enum", "literal_error"):
        return saying("one_of", choices=str(context.get("expected", "")))
    if kind in _KEYS:
        return saying(_KEYS[kind])
    family = next((key for prefix, key in _FAMILIES.items() if kind.startswith(prefix)), None)
    return saying(family) if family else saying("other", what=error["msg"])
