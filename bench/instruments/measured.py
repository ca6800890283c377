"""How a measurement of the two instruments is counted: pairs of what was found and what was there."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.base import Frozen
from domain.clarity.model import Fault

Faults = tuple[Fault, ...]


class Row(Frozen):
    """Right, wrong and missed. Shares are 0 where there was nothing."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of what was found, the right share."""
        return self.right / ((self.right + self.wrong) or 1)

    @property
    def recall(self) -> float:
        """Of what was there, the found share."""
        return self.right / ((self.right + self.missed) or 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / ((2 * self.right + self.wrong + self.missed) or 1)

    def figures(self) -> dict[str, Any]:
        """For the JSON file."""
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {name: round(share, 3) for name, share in shares.items()} | {"support": self.right + self.missed}


def counted(pairs: Iterable[tuple[bool, bool]]) -> Row:
    """From pairs of (found, was there)."""
    listed = list(pairs)
    return Row(
        right=sum(1 for found, there in listed if found and there),
        wrong=sum(1 for found, there in listed if found and not there),
        missed=sum(1 for found, there in listed if there and not found),
    )


def faults_table(found: Sequence[Faults], labels: Sequence[Faults]) -> dict[str, Any]:
    """`not_clear`, each fault, and the mean F1 over the faults."""
    both = list(zip(found, labels, strict=True))
    rows = {fault: counted((fault in f, fault in there) for f, there in both) for fault in Fault}
    return {
        "replies": len(both),
        "not_clear": counted((bool(f), bool(there)) for f, there in both).figures(),
        "macro_f1": round(sum(row.f1 for row in rows.values()) / len(rows), 3),
        "faults": {str(fault): row.figures() for fault, row in rows.items()},
    }


def agencies_table(
    shown: Sequence[dict[str, float]], labels: Sequence[tuple[str, ...]], most: int, threshold: float
) -> dict[str, Any]:
    """Suggestions at the threshold, recall within the first `most` whatever their chance, and matters of nobody."""
    at = [[code for code in list(one)[:most] if one[code] >= threshold] for one in shown]
    first = [list(one)[:most] for one in shown]
    pairs = [
        (code in found, code in there)
        for found, there in zip(at, labels, strict=True)
        for code in dict.fromkeys((*found, *there))
    ]
    within = [code in best for best, there in zip(first, labels, strict=True) for code in there]
    nobody = [not found for found, there in zip(at, labels, strict=True) if not there]
    return {
        "drafts": len(labels),
        "at_threshold": counted(pairs).figures(),
        "recall_within_first": round(sum(within) / (len(within) or 1), 3),
        "nobody_right": sum(nobody),
        "nobody": len(nobody),
    }
