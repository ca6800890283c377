"""What the instruments were to reach, and whether they do: every verdict computed from counts, none typed."""

from collections.abc import Iterator
from math import sqrt
from typing import Any

from domain.base import Frozen

PRECISION, RECALL, MACRO_F1 = 0.97, 0.93, 0.85
SHOWN_RECALL, SHOWN_PRECISION, NOBODY = 0.95, 0.80, 0.8
# Nineteen of twenty such intervals hold the true share.
_DEVIATIONS = 1.96

Figures = dict[str, Any]


class Target(Frozen):
    """One number to reach. `part` of `whole` was right, where it is a share; `least` and `most`: its 95 % interval."""

    name: str
    wanted: str
    measured: float
    reached: bool
    part: int | None = None
    whole: int | None = None
    least: float | None = None
    most: float | None = None


def of_clarity(table: Figures) -> Iterator[Target]:
    """For one set of replies, as the instrument judged them."""
    right, wrong, missed = (table["counts"][name] for name in ("right", "wrong", "missed"))
    yield _share("not clear: precision", PRECISION, right, right + wrong)
    yield _share("not clear: recall", RECALL, right, right + missed)
    found = table["macro_f1"]
    yield Target(name="macro-F1 of the faults", wanted=f"≥ {MACRO_F1}", measured=found, reached=found >= MACRO_F1)


def of_relevance(table: Figures) -> Iterator[Target]:
    """For one set of drafts. Recall is of what is shown: at the threshold and at most six, not of six in any case."""
    right, wrong, missed = (table["counts"][name] for name in ("right", "wrong", "missed"))
    yield _share("recall of the agencies shown (at most 6)", SHOWN_RECALL, right, right + missed)
    yield _share("precision of the agencies shown", SHOWN_PRECISION, right, right + wrong)
    yield _share("own matters for which nobody is suggested", NOBODY, table["nobody_right"], table["nobody"])


def of_force(found: Figures) -> Target:
    """No suggestion of whoever does not stand on the day."""
    gone = found["not_in_force"]
    return Target(name="suggestions not in force on the day", wanted="0", measured=gone, reached=gone == 0)


def of_speed(found: Figures) -> Iterator[Target]:
    """Milliseconds at the 95th percentile."""
    for name, pace in found.items():
        if name != "load":
            held = pace["p95"] < pace["limit"]
            yield Target(name=name, wanted=f"< {pace['limit']:g} ms", measured=pace["p95"], reached=held)


def _share(name: str, wanted: float, part: int, whole: int) -> Target:
    """The target is judged by the exact share, not by a rounded one; nothing out of nothing reaches nothing."""
    least, most = interval(part, whole)
    share = part / whole if whole else 0.0
    return Target(
        name=name,
        wanted=f"≥ {wanted}",
        measured=share,
        reached=share >= wanted,
        part=part,
        whole=whole,
        least=least,
        most=most,
    )


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, _DEVIATIONS**2
    middle = share + square / (2 * whole)
    reach = _DEVIATIONS * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    return (middle - reach) / (1 + square / whole), (middle + reach) / (1 + square / whole)
