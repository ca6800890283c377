"""What a rule reports: one fault, where it shows, and which sentence of the message file explains it."""

from typing import NamedTuple

from domain.clarity.model import Fault
from domain.clarity.reading import Hit

# How each fault shows itself; each has an explanation and a suggestion in the message files.
VARIANTS: dict[Fault, tuple[str, ...]] = {
    Fault.GENERIC: (
        *("no_opinion", "platitude", "no_position"),
        *("attachment", "no_words", "signs", "legacy_font", "misread", "keystrokes", "reordered", "foreign"),
    ),
    Fault.DEFERRING: ("adopts", "passes_on"),
    Fault.HEDGED: ("reservation", "principle_only"),
    Fault.CONTRADICTORY: (
        "no_under_yes",
        "against_yes",
        "demand_under_yes",
        "yes_under_no",
        "both_sides",
        "nothing_to_change",
        "judges_after_all",
    ),
    Fault.NO_REASON: ("disagreement", "out_of_function"),
    Fault.NO_AMENDMENT: ("empty_change", "no_change_named"),
    Fault.UNANSWERED: ("evaded", "not_mentioned"),
}


def message_keys() -> tuple[str, ...]:
    """Every key under which a finding's sentences are looked up."""
    shown = ((fault, variant) for fault, variants in VARIANTS.items() for variant in variants)
    return tuple(
        f"clarity.{fault}.{variant}.{part}" for fault, variant in shown for part in ("explanation", "suggestion")
    )


class Flaw(NamedTuple):
    """`hit`: None when something is missing rather than wrong. `variant`: the key under the fault's messages.

    `detail` fills the sentence's `{detail}`: a question, a position's name; empty when the sentence has no such place.
    """

    fault: Fault
    hit: Hit | None
    variant: str
    detail: str = ""
