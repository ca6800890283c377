"""The figures as rows: the same for the page and the terminal. It measures nothing."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from bench.instruments.markdown import share
from bench.instruments.targets import Target, of_clarity, of_force, of_relevance, of_speed

Document = dict[str, Any]
SETS = {"own": "own, cross-validated", "given": "given", "unseen": "unseen"}
METHODS = {
    "keywords": "keyword list",
    "tfidf": "TF-IDF and logistic regression",
    "words": "shared words only",
    "rules": "the rules alone",
    "instrument": "**the instrument**",
    "suggester": "**the suggester**",
}
PACES = {
    "assess_2000": "a reply of 2,000 characters",
    "assess_100000": "a reply of 100,000 characters",
    "suggest_province": "a draft before the province's directory",
    "suggest_national": "a draft before 20,000 functions",
}
Row = tuple[str, ...]


class Shown(NamedTuple):
    """One table. `name` is the marker's on the page."""

    name: str
    heads: Row
    rows: tuple[Row, ...]


def tables(part: str, whole: Document) -> tuple[Shown, ...]:
    """Every table of one part (`clarity`, `relevance`, `speed`)."""
    return _OF_PART[part](whole)


def _clarity(whole: Document) -> tuple[Shown, ...]:
    found = whole["clarity"]["tables"]
    sets = [_named(of_clarity(found["instrument"][key])) for key in SETS]
    heads = ("replies", "method", "precision", "recall", "F1", "macro-F1 of the faults")
    return (
        Shown("targets", _TARGET_HEADS, tuple(_targets(sets))),
        Shown("figures", heads, tuple(_by_method(found, _clear_cells))),
        Shown("faults", ("fault", *(f"{key}: {what}" for key in SETS for what in _PRFN)), _faults(found)),
    )


def _relevance(whole: Document) -> tuple[Shown, ...]:
    found = whole["relevance"]["tables"]
    sets = [_named(of_relevance(found["suggester"][key])) for key in SETS]
    force = of_force(whole["relevance"]["in_force"])
    last = (force.name, force.wanted, "–", "–", f"{force.measured:g}", "–", _verdict(force))
    heads = ("drafts", "method", "precision", "recall", "F1", "recall of the first six", "own matters left alone")
    return (
        Shown("targets", _TARGET_HEADS, (*_targets(sets), last)),
        Shown("figures", heads, tuple(_by_method(found, _agency_cells))),
    )


def _speed(whole: Document) -> tuple[Shown, ...]:
    pace = whole["speed"]["pace"]
    heads = ("one", "p50, ms", "p95, ms", "wanted", "")
    rows = (
        (PACES[t.name], f"{pace[t.name]['p50']:g}", f"{t.measured:g}", t.wanted, _verdict(t)) for t in of_speed(pace)
    )
    return (Shown("speed", heads, tuple(rows)),)


_PRFN = ("P", "R", "F1", "in")
_TARGET_HEADS = ("what", "wanted", *SETS.values(), "95 % interval, unseen", "on unseen")
_OF_PART = {"clarity": _clarity, "relevance": _relevance, "speed": _speed}


def _named(targets: Iterator[Target]) -> dict[str, Target]:
    return {target.name: target for target in targets}


def _targets(sets: list[dict[str, Target]]) -> Iterator[Row]:
    """One row for each target; the unseen set decides whether it is reached."""
    for name, last in sets[-1].items():
        told = "–" if last.least is None or last.most is None else f"{share(last.least)}–{share(last.most)}"
        yield (name, last.wanted, *(_measured(one[name]) for one in sets), told, _verdict(last))


def _measured(target: Target) -> str:
    of = "" if target.part is None else f" ({target.part} of {target.whole})"
    return share(target.measured) + of


def _verdict(target: Target) -> str:
    return "reached" if target.reached else "**not reached**"


def _by_method(found: Document, cells: Any) -> Iterator[Row]:
    for key, words in SETS.items():
        for method, sets in found.items():
            yield (words, METHODS[method], *cells(sets[key]))


def _clear_cells(table: Document) -> Row:
    row = table["not_clear"]
    return (*_prf(row), share(table["macro_f1"]))


def _agency_cells(table: Document) -> Row:
    alone = f"{table['nobody_right']} of {table['nobody']}"
    return (*_prf(table["at_threshold"]), share(table["recall_within_first"]), alone)


def _prf(row: Document) -> Row:
    return share(row["precision"]), share(row["recall"]), share(row["f1"])


def _faults(found: Document) -> tuple[Row, ...]:
    sets = [found["instrument"][key]["faults"] for key in SETS]
    return tuple(
        (f"`{fault}`", *chain(*((*_prf(one[fault]), str(one[fault]["support"])) for one in sets))) for fault in sets[0]
    )
