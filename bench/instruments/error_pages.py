"""The errors that remain, each written out in full: two pages made from the measurement, with no word typed by hand."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench.instruments.markdown import literal, quoted

Errors = Sequence[dict[str, Any]]
Written = dict[str, Errors]
_MADE = "Written by `make instruments ARGS=--write`; the figures and what they mean are on [the page of the instrument]"


def clarity_errors(sets: Written) -> str:
    """Every given and unseen reply whose verdict, clear or not clear, was wrong."""
    head = (
        f"# Clarity: the errors that remain\n\n{_MADE}(clarity.md).\n\n"
        "Every reply of the unseen and the given set that was held unclear and is clear, or the other way round. "
        "`found` is what the instrument said, `right` what the label says."
    )
    kinds: dict[str, Callable[[dict[str, Any]], bool]] = {
        "held unclear, and clear": lambda e: bool(e["found"]) and not e["right"],
        "held clear, and not clear": lambda e: bool(e["right"]) and not e["found"],
        "rightly held unclear, for other faults": lambda e: bool(e["right"]) and bool(e["found"]),
    }
    return _page(head, sets, kinds, _reply)


def relevance_errors(sets: Written) -> str:
    """Every given and unseen draft for which the agencies shown are not the right ones."""
    head = (
        f"# Relevance: the errors that remain\n\n{_MADE}(relevance.md).\n\n"
        "Every draft of the unseen and the given set for which the agencies shown are not exactly the right ones. "
        "`missed`: concerned and not shown, with the function; `extra`: shown and not concerned."
    )
    kinds: dict[str, Callable[[dict[str, Any]], bool]] = {
        "missed only": lambda e: not e["extra"],
        "missed and extra": lambda e: bool(e["missed"]) and bool(e["extra"]),
        "extra only": lambda e: not e["missed"],
    }
    return _page(head, sets, kinds, _draft)


def _page(
    head: str,
    sets: Written,
    kinds: dict[str, Callable[[dict[str, Any]], bool]],
    shown: Callable[[dict[str, Any]], str],
) -> str:
    blocks = [head]
    for name in sorted(sets, reverse=True):
        for kind, of_kind in kinds.items():
            errors = [error for error in sets[name] if of_kind(error)]
            if errors:
                blocks.append(f"## {name.capitalize()}: {kind} ({len(errors)})")
                blocks += map(shown, errors)
    return "\n\n".join(blocks) + "\n"


def _reply(error: dict[str, Any]) -> str:
    asked = [f"{place}. {literal(question)}" for place, question in enumerate(error["questions"], start=1)]
    blocks = (
        f"### {error['id']}",
        f"`{error['position']}` · found: {_codes(error['found'])} · right: {_codes(error['right'])}",
        "\n".join(asked),
        quoted(error["text"]),
    )
    return "\n\n".join(block for block in blocks if block)


def _draft(error: dict[str, Any]) -> str:
    lines = [f"- {name}: {', '.join(map(literal, error[name]))}" for name in ("missed", "extra") if error[name]]
    return f"### {error['id']}\n\n" + "\n".join([*_subject(error), *lines])


def _subject(error: dict[str, Any]) -> Iterator[str]:
    yield f"- subject: {literal(error['subject'])}"
    yield f"- lead: {error['lead']}"


def _codes(faults: Sequence[str]) -> str:
    return ", ".join(f"`{fault}`" for fault in faults) or "clear"
