"""Which of many numbered texts use a term, and how strongly. Keeps and adds up; never knows what a weight means."""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import accumulate, chain, count, pairwise, repeat

# A term in more texts than this tells none of them apart and only costs time.
TOO_MANY = 2_000


class Postings:
    """For each term the numbers of the texts that use it, rising, and beside them how strongly each does.

    All lie in two long arrays, one term's behind another's: a national directory has millions.
    """

    def __init__(self, texts: Iterable[tuple[Collection[str], Iterable[float]]]) -> None:
        # Each text's terms and, beside them, how strongly it uses them.
        ids: defaultdict[str, int] = defaultdict(count().__next__)
        terms, strengths, sizes = array("i"), array("d"), array("i")
        for used, weights in texts:
            terms.extend(map(ids.__getitem__, used))
            strengths.extend(weights)
            sizes.append(len(used))
        self.size = len(sizes)
        self._ids = dict(ids)
        counts = Counter(terms)
        self._starts = list(accumulate((counts[id] for id in range(len(ids))), initial=0))
        free = list(self._starts)
        self._numbers = numbers = array("i", bytes(terms.itemsize * len(terms)))
        self._strengths = placed = array("d", strengths)
        owners = chain.from_iterable(map(repeat, count(), sizes))
        for id, number, strength in zip(terms, owners, strengths, strict=False):
            place = free[id]
            free[id] = place + 1
            numbers[place] = number
            placed[place] = strength

    def forget_common(self) -> None:
        """Pass over what stands in too many texts from now on."""
        starts = self._starts
        for term in [term for term, id in self._ids.items() if starts[id + 1] - starts[id] > TOO_MANY]:
            del self._ids[term]

    def totals(self) -> Iterator[tuple[str, float, float]]:
        """Every term with the weights of all texts added up, and of that the very first text's share."""
        numbers, strengths = self._numbers, self._strengths
        for term, (start, end) in zip(self._ids, pairwise(self._starts), strict=True):
            total = strengths[start] if end - start == 1 else sum(strengths[start:end])
            yield term, total, 0.0 if numbers[start] else strengths[start]

    def summed_over_all(self, weights: Iterable[float]) -> list[float]:
        """The same as `summed` for a weight of every term, in the order of `totals`."""
        sums = [0.0] * self.size
        spread = chain.from_iterable(map(repeat, weights, (end - start for start, end in pairwise(self._starts))))
        for number, strength, weight in zip(self._numbers, self._strengths, spread, strict=True):
            sums[number] += weight * strength
        return sums

    def summed(self, weights: Mapping[str, float]) -> list[float]:
        """For each text, by number: the weights of the terms times how strongly it uses them, added up."""
        sums = [0.0] * self.size
        for term, weight in weights.items():
            id = self._ids.get(term)
            if id is not None:
                found = slice(self._starts[id], self._starts[id + 1])
                for number, strength in zip(self._numbers[found], self._strengths[found], strict=True):
                    sums[number] += weight * strength
        return sums

    def weight(self, term: str, number: int) -> float:
        """How strongly that text uses the term; 0 where it does not."""
        id = self._ids.get(term)
        if id is None:
            return 0.0
        end = self._starts[id + 1]
        at = bisect_left(self._numbers, number, self._starts[id], end)
        return self._strengths[at] if at < end and self._numbers[at] == number else 0.0
