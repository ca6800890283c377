"""One document of everything measured: what `docs/reference/instruments.json` holds and the pages are written from.

It measures through the other modules and words nothing.
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from typing import Any

from bench.instruments import clarity, counts, relevance, shipped, speed
from bench.machine import machine
from domain.clock import VIETNAM

Document = dict[str, Any]
# Errors are written out for sets that were not written beside the instruments.
WRITTEN_OUT = ("given", "unseen")
INSTRUMENT = {"clarity": "instrument", "relevance": "suggester"}


class NotShipped(Exception):  # noqa: N818 - it names what was found
    """What was measured is not what the rules folder holds: weights, phrases or examples changed since the last fit."""


def measure_clarity() -> Document:
    """The clarity check's part."""
    found = clarity.measure()
    _same("clarity", found["instrument"]["unseen"], shipped.clarity_unseen())
    return _part("clarity", found, _wrong_replies) | {"corpora": counts.replies(), "weights": shipped.clarity_weights()}


def measure_relevance() -> Document:
    """The suggester's part."""
    found = relevance.measure()
    del found["weights"]
    _same("relevance", found["suggester"]["unseen"], shipped.relevance_unseen())
    part = _part("relevance", found, _wrong_agencies)
    return part | {
        "corpora": counts.drafts(),
        "weights": shipped.relevance_weights(),
        "in_force": shipped.in_force(),
    }


def measure_speed() -> Document:
    """The pace of both, in a process that holds nothing else. `load`: how many programs wanted a core just before."""
    load = round(os.getloadavg()[0], 1)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return {"pace": apart.submit(speed.measure).result(), "load": load, "measured": _now()}


PARTS: dict[str, Callable[[], Document]] = {
    "speed": measure_speed,
    "clarity": measure_clarity,
    "relevance": measure_relevance,
}


def document(parts: Document, known: Document | None = None) -> Document:
    """The parts measured now, with the earlier ones of those that were not."""
    whole = {**(known or {}), **parts, "machine": machine().model_dump()}
    return dict(sorted(whole.items()))


def _same(name: str, measured: Document, shown: Document) -> None:
    """Whether the shipped files judge the unseen set exactly as what was fitted and measured here."""
    if any(measured[key] != value for key, value in shown.items()):
        raise NotShipped(name)


def _part(name: str, found: Document, counting: Callable[[Document], dict[str, int]]) -> Document:
    """The tables by method and set, with exact counts and the errors to be written out of the instrument itself."""
    tables, best = {}, INSTRUMENT[name]
    for method, sets in found.items():
        tables[method] = {key: {k: v for k, v in table.items() if k != "errors"} for key, table in sets.items()}
    for key, table in found[best].items():
        tables[best][key]["counts"] = counting(table)
    return {
        "measured": _now(),
        "version": shipped.versions()[name],
        "tables": tables,
        "errors": {key: found[best][key]["errors"] for key in WRITTEN_OUT},
    }


def _wrong_replies(table: Document) -> dict[str, int]:
    """Of "not clear"."""
    wrong = sum(bool(e["found"]) and not e["right"] for e in table["errors"])
    missed = sum(bool(e["right"]) and not e["found"] for e in table["errors"])
    return {"right": table["not_clear"]["support"] - missed, "wrong": wrong, "missed": missed}


def _wrong_agencies(table: Document) -> dict[str, int]:
    """Of the agencies shown."""
    wrong = sum(len(e["extra"]) for e in table["errors"])
    missed = sum(len(e["missed"]) for e in table["errors"])
    return {"right": table["at_threshold"]["support"] - missed, "wrong": wrong, "missed": missed}


def _now() -> str:
    return datetime.now(VIETNAM).date().isoformat()
