"""Fitting one logistic sum over named signs."""

from collections.abc import Sequence
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from domain.logistic import Signs, Sum

_NEVER_STILL = 1e-3
_PLACES = 4


def fitted_sum(rows: Sequence[Signs], labels: Sequence[bool], c: float) -> Sum:
    """A logistic regression over standardised signs, its weights turned back to the signs as they are.

    `c`: how little the weights are held back (scikit-learn's C).
    """
    vectors = DictVectorizer(sparse=False)
    table: Any = vectors.fit_transform(rows)
    mean, spread = table.mean(axis=0), table.std(axis=0) + _NEVER_STILL
    model = LogisticRegression(C=c, max_iter=2000).fit((table - mean) / spread, labels)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - (weights * mean).sum())
    named = zip(vectors.get_feature_names_out(), weights, strict=True)
    return Sum(bias=round(bias, _PLACES), weights={str(name): round(float(weight), _PLACES) for name, weight in named})
