"""One logistic sum: a chance from named signs, with weights anybody can read; what signs mean is said elsewhere."""

from math import exp, log

from domain.base import Frozen

Signs = dict[str, float]

_FARTHEST = 30.0


class Sum(Frozen):
    """A bias and a weight for each sign."""

    bias: float
    weights: dict[str, float]

    def chance(self, signs: Signs) -> float:
        """0 to 1. Signs without a weight say nothing."""
        return squashed(self.bias + sum(self.weights.get(name, 0.0) * value for name, value in signs.items()))


def squashed(total: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + exp(-max(-_FARTHEST, min(_FARTHEST, total))))


def rescaled(chance: float, threshold: float) -> float:
    """The chance as seen from a threshold: the threshold itself becomes one half. Both lie between 0 and 1."""
    return squashed(_odds(chance) - _odds(threshold))


def _odds(chance: float) -> float:
    kept = min(max(chance, 1e-9), 1 - 1e-9)
    return log(kept / (1 - kept))
