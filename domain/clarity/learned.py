"""The second opinion: weights learned from labelled replies, and how they are summed. Plain logistic sums, no library.

The weights are data (`rules/lexicon/clarity.weights.json`), made by `make instruments`; every one can be read there.
"""

from typing import NamedTuple

from domain.base import Frozen
from domain.clarity.case import Case
from domain.clarity.features import Features, sentence_features
from domain.clarity.model import Fault, Position
from domain.clarity.role import Role
from domain.logistic import Sum, squashed

Chances = dict[Role, float]


class RoleSums(Frozen):
    """The sums of all roles at once.

    `weights`: for each feature the roles it speaks for, as pairs of place in `roles` and weight.
    """

    roles: tuple[Role, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[tuple[int, float], ...]]

    def chances(self, features: Features) -> Chances:
        """The chance of every role of a sentence with these features."""
        sums = list(self.bias)
        for feature, strength in features.items():
            for place, weight in self.weights.get(feature, ()):
                sums[place] += weight * strength
        return {role: squashed(total) for role, total in zip(self.roles, sums, strict=True)}


class Verdicts(Frozen):
    """For one position: whether the reply is unclear at all, and each fault."""

    unclear: Sum
    faults: dict[Fault, Sum]


class Learned(Frozen):
    """All weights, and the chances from which on something counts. `made_from`: how many replies, by source."""

    made_from: dict[str, int]
    roles: RoleSums
    question: Sum
    verdicts: dict[Position, Verdicts]
    unclear_from: float
    fault_from: dict[Fault, float]


class Read(NamedTuple):
    """A case with the roles of its sentences."""

    case: Case
    roles: tuple[Chances, ...]


def read(case: Case, learned: Learned) -> Read:
    """What every sentence does."""
    return Read(case, tuple(learned.roles.chances(features) for features in sentence_features(case)))
