"""The clarity check measured: cross-validated by subject, on the unseen replies, beside three baselines."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline, make_union

from adapters.lexicon import load_lexicon
from bench.instruments.examples import Worked, read_examples, worked
from bench.instruments.fitting import fit
from bench.instruments.making import FAULT_FROM, UNCLEAR_FROM, learnable
from bench.instruments.measured import Faults, faults_table
from bench.instruments.places import RULES, UNSEEN_REPLIES
from domain.clarity.assess import assess, flaws_by_rule
from domain.clarity.instrument import Instrument
from domain.clarity.lexicon import Lexicon
from domain.clarity.model import Fault
from domain.text import fold

FOLDS = 5
_WORDS = r"\w+"
Judge = Callable[[Sequence[Worked]], list[Faults]]
Fitted = Callable[[Sequence[Worked]], Judge]

# What a first try would look for.
_EMPTY_WORDS = re.compile(
    r"khong co y kien|theo quy dinh|nghien cuu, xem xet|ra soat|hoan thien|phu hop voi tinh hinh|tuy tinh hinh"
    r"|xem xet, quyet dinh|theo y kien cua|tu quyet dinh|ghi nhan|co ban thong nhat|ve nguyen tac|mot so noi dung"
)


def measure() -> dict[str, Any]:
    """Every table, by method and by set of replies."""
    lexicon = load_lexicon(RULES)
    known = learnable()
    unseen = worked(read_examples(UNSEEN_REPLIES), lexicon)
    methods: dict[str, Fitted] = {
        "keywords": lambda _: _by_keywords,
        "tfidf": _tfidf,
        "rules": lambda _: _by_rules,
        "instrument": lambda examples: _instrument(examples, lexicon),
    }
    return {name: _measured(fitted, known, unseen) for name, fitted in methods.items()}


def _measured(fitted: Fitted, known: Sequence[Worked], unseen: Sequence[Worked]) -> dict[str, Any]:
    """Own and given replies by cross-validation, each subject on one side only; the unseen ones by a fit on all."""
    found = _cross_validated(fitted, known)
    judge = fitted(known)
    sets = {
        "own": [(f, one) for f, one in zip(found, known, strict=True) if one.told],
        "given": [(f, one) for f, one in zip(found, known, strict=True) if not one.told],
        "unseen": list(zip(judge(unseen), unseen, strict=True)),
    }
    return {
        name: {
            **faults_table([f for f, _ in rows], [one.example.faults for _, one in rows]),
            "errors": [_error(f, one) for f, one in rows if bool(f) != bool(one.example.faults)],
        }
        for name, rows in sets.items()
    }


def _cross_validated(fitted: Fitted, known: Sequence[Worked]) -> list[Faults]:
    found: list[Faults] = [()] * len(known)
    subjects = [one.example.subject for one in known]
    for learn, held in GroupKFold(FOLDS, shuffle=True, random_state=11).split(list(known), groups=subjects):
        judged = fitted([known[at] for at in learn])([known[at] for at in held])
        for at, faults in zip(held, judged, strict=True):
            found[int(at)] = faults
    return found


def _error(found: Faults, one: Worked) -> dict[str, Any]:
    """One reply that was judged wrongly, for the page of errors."""
    example = one.example
    return {
        "id": example.id,
        "position": str(example.position),
        "questions": list(example.questions),
        "text": example.reply.text,
        "found": [str(fault) for fault in found],
        "right": [str(fault) for fault in example.faults],
    }


def _by_keywords(examples: Sequence[Worked]) -> list[Faults]:
    return [(Fault.GENERIC,) if _EMPTY_WORDS.search(fold(one.example.reply.text)) else () for one in examples]


def _by_rules(examples: Sequence[Worked]) -> list[Faults]:
    return [tuple(dict.fromkeys(flaw.fault for flaw in flaws_by_rule(one.case))) for one in examples]


def _instrument(examples: Sequence[Worked], lexicon: Lexicon) -> Judge:
    instrument = Instrument(lexicon=lexicon, learned=fit(examples, {}, UNCLEAR_FROM, FAULT_FROM))
    return lambda held: [
        tuple(dict.fromkeys(finding.fault for finding in assess(one.example.reply, instrument).findings))
        for one in held
    ]


def _tfidf(examples: Sequence[Worked]) -> Judge:
    """Words and characters of position, questions and text, one logistic regression for each fault."""
    models = {}
    for fault in (None, *Fault):
        words = TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True, token_pattern=_WORDS)
        characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=60_000)
        model = make_pipeline(make_union(words, characters), LogisticRegression(C=10, max_iter=2000))
        labels = [bool(one.example.faults) if fault is None else fault in one.example.faults for one in examples]
        models[fault] = model.fit([_whole(one) for one in examples], labels)

    def judge(held: Sequence[Worked]) -> list[Faults]:
        texts = [_whole(one) for one in held]
        unclear = models[None].predict_proba(texts)[:, 1]
        chances = {fault: models[fault].predict_proba(texts)[:, 1] for fault in Fault}
        return [
            () if unclear[at] < 0.5 else _likely({fault: float(chances[fault][at]) for fault in Fault})
            for at in range(len(held))
        ]

    return judge


def _likely(chances: dict[Fault, float]) -> Faults:
    best = max(chances, key=lambda fault: chances[fault])
    return tuple(fault for fault in Fault if fault is best or chances[fault] >= 0.5)


def _whole(one: Worked) -> str:
    reply = one.example.reply
    return f"{reply.position} {' '.join(reply.questions)} {reply.text}"
