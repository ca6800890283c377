"""What is known of each task from examples: sentences that concerned it, sentences that only looked so, its own text.

Every task has one profile, the middle of its examples; a clause of a draft is compared with all profiles at once. No
training: a new example moves its task's profile, and nothing else. A task that moved to another agency keeps its
profile. Built once for a directory and its examples, then only read. Tasks go by numbers.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from itertools import chain, compress
from math import log, sqrt
from operator import mul
from typing import NamedTuple

from domain.directory import Directory
from domain.relevance.index import Wording
from domain.relevance.model import Example
from domain.relevance.postings import Postings
from domain.relevance.terms import clauses, groups, written

Vector = dict[str, float]

# The profile of what concerns nobody.
NOBODY = 0
# How much of what all tasks have in common is taken out of each profile.
_COMMON_SHARE = 0.8
_SHORTEST = 3
# A named person's ruling in a real case counts as much as several written examples.
LESSON_WEIGHT = 4.0


class Nearness(NamedTuple):
    """How near one clause comes to each task, and to nobody's."""

    tasks: dict[int, float]
    nobody: float


class Memory:
    """The profiles of all tasks, for one way of writing (`bare`: without diacritics)."""

    def __init__(
        self,
        directory: Directory,
        said: Sequence[Wording],
        examples: Iterable[Example],
        common: frozenset[str],
        bare: bool,
    ) -> None:
        self._common = common
        self._bare = bare
        self.task_of = _tasks(directory)
        self._texts = _texts(directory, said, examples, self.task_of, bare)
        read = _read(self._texts, common)
        self._rarity = _rarity([terms for texts in read for terms in texts])
        self._rarest = log(1 + sum(len(texts) for texts in read))
        self._sums: dict[int, Vector] = {}
        self._taught: dict[int, Vector] = {}
        self._postings = Postings(_shares(self._profile(texts)) for texts in read)
        self._common_part = _common_part(self._postings, len(read) - 1)
        self._common_square = sum(weight * weight for weight in self._common_part.values())
        self._norms = [self._norm(shared) for shared in self._postings.summed_over_all(self._common_part.values())]
        self._postings.forget_common()

    def _profile(self, texts: Iterable[Sequence[str]]) -> Vector:
        """All that was said of one task, before its length is made one."""
        profile: Vector = {}
        for terms in texts:
            self._add(profile, terms, 1.0)
        return profile

    def _add(self, profile: Vector, terms: Sequence[str], times: float) -> None:
        """Move the profile towards the terms, or away from them."""
        rarities = tuple(map(self._rarity.__getitem__, terms))
        share = times / _length(rarities)
        if not profile:
            profile.update(zip(terms, [rarity * share for rarity in rarities], strict=True))
            return
        for term, rarity in zip(terms, rarities, strict=True):
            profile[term] = profile.get(term, 0.0) + rarity * share

    def taught(self, lessons: Iterable[Example]) -> "Memory":
        """This memory with what past consultations taught; only the profiles they are about differ."""
        listed = [lesson for lesson in lessons if lesson.function in self.task_of]
        if not listed:
            return self
        other = copy(self)
        other._rarity, other._norms, other._taught = dict(self._rarity), list(self._norms), {}
        for lesson in listed:
            terms = groups(written(lesson.text, self._bare), self._common)
            other._rarity.update((term, self._rarest) for term in terms if term not in self._rarity)
            task = self.task_of[lesson.function]
            profile = other._taught.setdefault(task, dict(self._summed(task)))
            other._add(profile, terms, LESSON_WEIGHT if lesson.related else -LESSON_WEIGHT)
        for task, profile in other._taught.items():
            other._taught[task] = unit = _unit(profile)
            shared = sum(weight * self._common_part.get(term, 0.0) for term, weight in unit.items())
            other._norms[task] = self._norm(shared)
        return other

    def _summed(self, task: int) -> Vector:
        """The task's profile before its length is made one; read again, once, where something is taught of it."""
        if task not in self._sums:
            self._sums[task] = self._profile([groups(text, self._common) for text in self._texts[task]])
        return self._sums[task]

    def _norm(self, shared: float) -> float:
        """How long a profile of length one is without what all have in common. `shared`: what it has of that."""
        return sqrt(max(1.0 - 2 * shared + self._common_square, 1e-9))

    def near(self, clause: str) -> Nearness:
        """How near the clause (as written in the draft) comes to each task that shares a term with it."""
        terms = [term for term in groups(clause, self._common) if term in self._rarity]
        rarities = [self._rarity[term] for term in terms]
        length = _length(rarities)
        weights = {term: rarity / length for term, rarity in zip(terms, rarities, strict=True)}
        shared = sum(weight * self._common_part.get(term, 0.0) for term, weight in weights.items())
        sums = self._postings.summed(weights)
        norms = self._norms
        near = {task: (sums[task] - shared) / norms[task] for task in compress(range(len(sums)), sums)}
        for task, profile in self._taught.items():
            total = sum(weight * profile.get(term, 0.0) for term, weight in weights.items())
            near[task] = (total - shared) / norms[task]
        nobody = near.pop(NOBODY, -shared)
        return Nearness(near, nobody)

    def words(self, clause: str, task: int, most: int) -> tuple[str, ...]:
        """The terms by which the clause comes near the task, strongest first."""
        shares: Vector = {}
        for term in groups(clause, self._common):
            weight = self._weight(task, term)
            if weight > 0:
                shares[term] = self._rarity[term] * weight
        return tuple(sorted(shares, key=lambda term: (-shares[term], term))[:most])

    def _weight(self, task: int, term: str) -> float:
        """What the term weighs in the task's profile."""
        if task in self._taught:
            return self._taught[task].get(term, 0.0)
        return self._postings.weight(term, task)


def _tasks(directory: Directory) -> dict[str, int]:
    """For each function the number of its task: one for all of a chain in which it was handed on, from 1."""
    came_from = {function.moved_to: function.id for function in directory.functions if function.moved_to}
    numbers: dict[str, int] = {}
    found: dict[str, int] = {}
    for function in directory.functions:
        first, seen = function.id, [function.id]
        while (before := came_from.get(first)) and before not in seen:
            first = before
            seen.append(before)
        found[function.id] = numbers.setdefault(first, len(numbers) + 1)
    return found


def _texts(
    directory: Directory, said: Sequence[Wording], examples: Iterable[Example], task_of: dict[str, int], bare: bool
) -> list[list[str]]:
    """For each task, by number, all that is said of it in comparing form: its own text, whole and by clauses; examples.

    What only looked so, and what concerned nobody, stands under nobody.
    """
    found: list[list[str]] = [[] for _ in range(max(task_of.values(), default=0) + 1)]
    for function, one in zip(directory.functions, said, strict=True):
        found[task_of[function.id]] += _own_texts(one)
    for example in examples:
        task = NOBODY if not example.related or not example.function else task_of.get(example.function)
        if task is not None:
            found[task].append(written(example.text, bare))
    return found


def _own_texts(said: Wording) -> Iterator[str]:
    """The text of a function, whole and clause by clause."""
    yield f"{said.title} {said.text}"
    yield from (one for one in clauses(said.text) if len(one.split()) >= _SHORTEST)


def _read(texts: Sequence[Sequence[str]], common: frozenset[str]) -> list[list[tuple[str, ...]]]:
    """The terms of every text. Each term is kept once: in a large directory millions are the same few thousand."""
    terms: dict[str, str] = {}
    known: dict[str, tuple[str, ...]] = {}

    def read(text: str) -> tuple[str, ...]:
        if text not in known:
            found = groups(text, common)
            known[text] = tuple(map(terms.setdefault, found, found))
        return known[text]

    return [[read(text) for text in of_task] for of_task in texts]


def _rarity(texts: Sequence[tuple[str, ...]]) -> Vector:
    counts = Counter(chain.from_iterable(texts))
    return {term: log(1 + len(texts) / count) for term, count in counts.items()}


def _common_part(postings: Postings, tasks: int) -> Vector:
    """What the tasks have in common: the middle of their profiles, nobody's left out, held back a little."""
    share = _COMMON_SHARE / max(tasks, 1)
    return {term: share * (total - of_nobody) for term, total, of_nobody in postings.totals()}


def _length(weights: Collection[float]) -> float:
    return sqrt(sum(map(mul, weights, weights))) or 1.0


def _unit(vector: Vector) -> Vector:
    return dict(zip(*_shares(vector), strict=True))


def _shares(vector: Vector) -> tuple[Vector, list[float]]:
    """The vector's terms and, beside them, its weights as they are when its length is one."""
    length = _length(vector.values())
    return vector, [weight / length for weight in vector.values()]
