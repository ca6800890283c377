"""What speaks for a function in a draft, in figures: the whole draft's words, its nearest statement, what it denies.

The figures go into one logistic sum whose weights stand in `rules/lexicon/relevance.weights.json`.
"""

from array import array
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from itertools import chain, compress, count
from math import sqrt
from typing import NamedTuple

from domain.directory import Directory, Function
from domain.logistic import Signs
from domain.relevance.draft import Draft, Reader
from domain.relevance.index import Index
from domain.relevance.memory import Memory
from domain.relevance.terms import statements, written

# The whole draft's evidence from which a function counts: it rises with the text, for a long one shares something with
# every function.
ENOUGH_SHORT, ENOUGH_LONG, LONG = 3.5, 6.9, 120
_MOST_EVIDENCE = 20.0
_MOST_OWN = 3
# A statement that denies is held this much farther away.
_DENIAL = 0.12
_FAR = -0.05
_MANY_STATEMENTS = 400
# Of so many functions every one is weighed; of a larger directory's, so many that are nearest and so many by words.
MOST_WEIGHED = 400


class Seen(NamedTuple):
    """One function in one draft: the figures, the nearest statement as written, and a place that is named."""

    function: Function
    number: int
    signs: Signs
    statement: str
    place: str


class _Best:
    """What is kept of a task while the statements are gone through. `statement`: the nearest that denies nothing."""

    def __init__(self) -> None:
        self.first = self.second = -1.0
        self.gap, self.nobody, self.squares, self.denied = -1.0, 0.0, 0.0, -0.1
        self.statement, self._affirmed = "", 0.0

    def take(self, near: float, nearest: float, nobody: float, denies: bool, statement: str) -> None:
        """One statement that shares something with the task."""
        held = near - (_DENIAL if denies else 0.0)
        self.squares += max(0.0, held) ** 2
        if denies:
            self.denied = max(self.denied, near)
        elif near > self._affirmed:
            self.statement, self._affirmed = statement, near
        if held > self.first:
            self.first, self.second = held, self.first
            self.gap, self.nobody = near - nearest, nobody
        elif held > self.second:
            self.second = held


@dataclass(frozen=True)
class Known:
    """All that was prepared for one directory, one suggester and one way of writing."""

    reader: Reader
    index: Index
    memory: Memory


class Standing:
    """The functions in force on one day, by number, with the tasks they carry. Built once for a day, then only read."""

    def __init__(self, directory: Directory, day: date, known: Known) -> None:
        self._of_task: dict[int, list[int]] = {}
        self._of_agency: dict[str, list[int]] = {}
        self._task_of = known.memory.task_of
        self._places = known.index.places
        self.functions = {number: f for number, f in enumerate(directory.functions) if f.in_force(day)}
        for number, function in self.functions.items():
            self._of_task.setdefault(self.task(number), []).append(number)
            self._of_agency.setdefault(function.agency, []).append(number)
        self._tasks = frozenset(self._of_task)

    def task(self, number: int) -> int:
        """The task of the function."""
        return self._task_of[self.functions[number].id]

    def of_agency(self, agency: str) -> list[int]:
        """The functions of the agency."""
        return self._of_agency.get(agency, [])

    def tasks_without(self, lead: str | None) -> frozenset[int]:
        """The tasks that anybody but the lead carries."""
        own = self.of_agency(lead) if lead else []
        only = [task for task in map(self.task, own) if all(one in own for one in self._of_task[task])]
        return self._tasks.difference(only) if only else self._tasks

    def chosen(self, best: Iterable[int], evidence: list[float], named: Iterable[int]) -> Iterable[int]:
        """The functions worth a closer look: those named, the nearest, the richest in words; all of a province's."""
        if len(self.functions) <= MOST_WEIGHED:
            return self.functions
        by_task = chain.from_iterable(self._of_task[task] for task in best)
        sharing = (n for n in compress(count(), evidence) if n in self.functions and n not in self._places)
        return dict.fromkeys((*named, *by_task, *nlargest(MOST_WEIGHED, sharing, key=evidence.__getitem__)))


def weigh(
    draft: Draft, raw: str, standing: Standing, known: Known, lead: str | None, named: Iterable[str]
) -> tuple[Seen, ...]:
    """Every function that shares something with the draft. `raw`: title and text as written.

    Of a large directory only the nearest are weighed, with those of the agencies `named`, however far they are. A
    commune is concerned by its places only: without one of them it is left out. The lead's own functions are, too.
    """
    index = known.index
    places = index.named(draft)
    meant = [number for agency in named for number in standing.of_agency(agency)]
    meant += [number for number in places if number in standing.functions]
    best = _nearest(raw, standing.tasks_without(lead), dict.fromkeys(map(standing.task, meant)), known)
    evidence = index.evidence(draft)
    of_draft = _OfDraft(draft, known.reader)
    found = []
    for number in standing.chosen(best, evidence, meant):
        function, place = standing.functions[number], places.get(number, "")
        kept = best.get(standing.task(number))
        shares = bool(place) or (number not in index.places and (kept is not None or evidence[number] > 0))
        if shares and function.agency != lead:
            signs = of_draft.signs(kept, evidence[number])
            found.append(Seen(function, number, signs, kept.statement if kept else "", place))
    return tuple(found)


class _OfDraft:
    """What holds for the draft as a whole: how brief it is, what evidence is enough, whether it speaks of its own."""

    def __init__(self, draft: Draft, reader: Reader) -> None:
        self._enough = ENOUGH_SHORT + (ENOUGH_LONG - ENOUGH_SHORT) * min(draft.length, LONG) / LONG
        self._brief = 1.0 - min(draft.length, LONG) / LONG
        self._own = float(min(reader.own_matters(draft.whole), _MOST_OWN))

    def signs(self, kept: _Best | None, evidence: float) -> Signs:
        """The figures of one function."""
        shared = min(evidence, _MOST_EVIDENCE) / self._enough
        signs = {**_signs(kept), "words": shared, "own_matter": self._own, "brief": self._brief}
        # A few words cannot add up: in a brief draft the nearest statement and the shared words say more.
        signs["brief_nearest"] = self._brief * (signs["nearest"] - signs["nobody"])
        signs["brief_words"] = self._brief * shared
        return signs


class _Said(NamedTuple):
    """One statement with the tasks it comes near and, beside them, how near. As arrays: a long draft has hundreds."""

    statement: str
    tasks: "array[int]"
    values: "array[float]"
    nobody: float
    denies: bool


def _nearest(raw: str, alive: Container[int], meant: Container[int], known: Known) -> dict[int, _Best]:
    """For each living task its nearest statements; of many tasks for the foremost only, and those meant."""
    said = [_said(statement, alive, known) for statement in statements(raw)[:_MANY_STATEMENTS]]
    foremost = _foremost(said)
    best: dict[int, _Best] = {}
    for one in said:
        nearest = max(one.values, default=0.0)
        for task, value in zip(one.tasks, one.values, strict=True):
            if task in foremost or task in meant:
                if task not in best:
                    best[task] = _Best()
                best[task].take(value, nearest, one.nobody, one.denies, one.statement)
    return best


def _said(statement: str, alive: Container[int], known: Known) -> _Said:
    said = written(statement, known.reader.bare)
    near = known.memory.near(known.reader.understood(said))
    tasks = {task: value for task, value in near.tasks.items() if task in alive}
    return _Said(statement, array("i", tasks), array("d", tasks.values()), near.nobody, known.reader.denies(said))


def _foremost(said: Iterable[_Said]) -> Container[int]:
    """The tasks to which all statements together come nearest; every one where there are few."""
    squares: dict[int, float] = {}
    for one in said:
        for task, value in zip(one.tasks, one.values, strict=True):
            squares[task] = squares.get(task, 0.0) + (value * value if value > 0 else 0.0)
    if len(squares) <= MOST_WEIGHED:
        return squares
    return frozenset(nlargest(MOST_WEIGHED, squares, key=squares.__getitem__))


def _signs(kept: _Best | None) -> Signs:
    if kept is None:
        return {"nearest": _FAR, "next": _FAR, "together": 0.0, "nobody": 0.0, "behind": -0.3, "denied": -0.1}
    return {
        "nearest": kept.first,
        "next": kept.second,
        "together": sqrt(kept.squares),
        "nobody": kept.nobody,
        "behind": kept.gap,
        "denied": kept.denied,
    }
