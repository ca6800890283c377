"""The second opinion's weights from labelled replies: roles of sentences first, then questions, then the verdicts.

Chances that feed a later sum come from models that have not seen the reply, or the later sum would trust them too much.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from bench.instruments.examples import Worked
from bench.instruments.sums import fitted_sum
from domain.clarity.assess import flaws_by_rule
from domain.clarity.features import sentence_features
from domain.clarity.learned import Learned, Read, RoleSums, Verdicts
from domain.clarity.model import Fault, Position
from domain.clarity.role import Role
from domain.clarity.signs import answered_chances, question_signs, reply_signs
from domain.logistic import Signs, Sum

FOLDS = 5
# A feature seen in one sentence only teaches nothing; a weight this small changes nothing.
_SEEN, _SEEN_AROUND = 2, 3
_FELT = 0.05
_PLACES = 3
# How hard weights are held back (scikit-learn's C); chosen by cross-validation.
ROLE_C, QUESTION_C, VERDICT_C = 1.0, 0.3, 0.02
# A hundred times the default: five times as quick, and the weights agree in the second place.
ROLE_TOL = 1e-2
# Faults that only some positions can have.
ONLY = {
    Fault.NO_REASON: (Position.DISAGREE, Position.OUT_OF_FUNCTION),
    Fault.NO_AMENDMENT: (Position.AGREE_WITH_AMENDMENTS,),
}


class Seen(NamedTuple):
    """A worked example with the roles that models which have not seen it give its sentences."""

    worked: Worked
    read: Read


def fit(examples: Sequence[Worked], made_from: dict[str, int], unclear_from: float, fault_from: float) -> Learned:
    """All weights. Examples without parts teach the verdicts only."""
    roles = fit_roles([one for one in examples if one.told])
    seen = unseen_roles(examples)
    question = fit_question(seen)
    learned = Learned(
        made_from=made_from,
        roles=roles,
        question=question,
        verdicts={},
        unclear_from=unclear_from,
        fault_from=dict.fromkeys(Fault, fault_from),
    )
    return learned.model_copy(update={"verdicts": fit_verdicts(seen, learned)})


def fit_roles(examples: Sequence[Worked]) -> RoleSums:
    """One logistic regression for each role over the sentences of the examples."""
    features = [found for one in examples for found in sentence_features(one.case)]
    told = [sentence.roles for one in examples for sentence in one.told]
    vectors = DictVectorizer(dtype=np.float32)
    table = vectors.fit_transform(features)
    seen = np.asarray((table > 0).sum(axis=0)).ravel()
    names = vectors.get_feature_names_out()
    around = np.array([name.startswith(("before ", "after ")) for name in names])
    often = seen >= np.where(around, _SEEN_AROUND, _SEEN)
    names = names[often]
    roles = tuple(role for role in Role if sum(role in one for one in told) >= FOLDS)
    weights: dict[str, list[tuple[int, float]]] = {}
    bias = []
    for place, role in enumerate(roles):
        model = LogisticRegression(C=ROLE_C, solver="liblinear", tol=ROLE_TOL, max_iter=300)
        model.fit(table[:, often], [role in one for one in told])
        bias.append(round(float(model.intercept_[0]), _PLACES))
        for name, weight in zip(names, model.coef_[0], strict=True):
            if abs(weight) >= _FELT:
                weights.setdefault(str(name), []).append((place, round(float(weight), _PLACES)))
    return RoleSums(roles=roles, bias=tuple(bias), weights={name: tuple(found) for name, found in weights.items()})


def unseen_roles(examples: Sequence[Worked]) -> list[Seen]:
    """Every example with roles from models fitted without it."""
    found: dict[int, Seen] = {}
    for known, held in KFold(FOLDS, shuffle=True, random_state=7).split(list(examples)):
        roles = fit_roles([examples[at] for at in known if examples[at].told])
        for at in held:
            chances = tuple(roles.chances(features) for features in sentence_features(examples[at].case))
            found[int(at)] = Seen(examples[at], Read(examples[at].case, chances))
    return [found[at] for at in range(len(examples))]


def fit_question(seen: Sequence[Seen]) -> Sum:
    """The chance that a question is answered."""
    rows: list[Signs] = []
    labels: list[bool] = []
    for one in seen:
        for place, signs in enumerate(question_signs(one.read) if one.read.roles else ()):
            label = _is_answered(one.worked, place)
            if label is not None:
                rows.append(signs)
                labels.append(label)
    return fitted_sum(rows, labels, QUESTION_C)


def _is_answered(one: Worked, place: int) -> bool | None:
    """What the labels say of one question; None when they leave it open which of several is meant."""
    if one.told:
        return any(place in sentence.answers for sentence in one.told)
    if Fault.UNANSWERED not in one.example.faults:
        return True
    return False if len(one.example.questions) == 1 else None


def fit_verdicts(seen: Sequence[Seen], learned: Learned) -> dict[Position, Verdicts]:
    """For each position the sums of "unclear" and of every fault, fitted together with what all positions share."""
    usable = [one for one in seen if one.read.roles]
    signs = [
        reply_signs(one.read, flaws_by_rule(one.worked.case), answered_chances(one.read, learned.question))
        for one in usable
    ]
    positions = [one.worked.example.position for one in usable]
    unclear = _per_position(signs, positions, [bool(one.worked.example.faults) for one in usable])
    faults = {
        fault: _per_position(signs, positions, [fault in one.worked.example.faults for one in usable])
        for fault in Fault
    }
    return {
        position: Verdicts(
            unclear=unclear[position],
            faults={fault: sums[position] for fault, sums in faults.items() if position in ONLY.get(fault, Position)},
        )
        for position in Position
    }


def _per_position(signs: Sequence[Signs], positions: Sequence[Position], labels: Sequence[bool]) -> dict[Position, Sum]:
    """One model over shared signs and the same signs for each position, taken apart into a sum for each position."""
    rows = [
        {**row, **{f"{position}/{name}": value for name, value in row.items()}, f"{position}/": 1.0}
        for row, position in zip(signs, positions, strict=True)
    ]
    whole = fitted_sum(rows, labels, VERDICT_C)
    return {position: _apart(whole, position) for position in Position}


def _apart(whole: Sum, position: Position) -> Sum:
    bias = whole.bias + whole.weights.get(f"{position}/", 0.0)
    names = dict.fromkeys(name.rpartition("/")[2] for name in whole.weights)
    weights = {
        name: round(whole.weights.get(name, 0.0) + whole.weights.get(f"{position}/{name}", 0.0), _PLACES)
        for name in names
        if name
    }
    return Sum(bias=round(bias, _PLACES), weights=weights)


def role_counts(examples: Sequence[Worked]) -> Counter[Role]:
    """How many sentences have each role."""
    return Counter(role for one in examples for sentence in one.told for role in sentence.roles)
