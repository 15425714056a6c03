"""Which spans overlap, in little more time than there are spans."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from itertools import accumulate

from geomap.evaluation.gold import Span


class Spans:
    """Spans that are asked which of them overlap another; they may overlap each other."""

    def __init__(self, spans: Sequence[Span]) -> None:
        """Sort the spans."""
        self._spans = spans
        self._order = sorted(range(len(spans)), key=lambda number: spans[number])
        self._starts = [spans[number][0] for number in self._order]
        self._reach = list(accumulate((spans[number][1] for number in self._order), max))
        """How far the spans up to each one go, so that a search may begin at the first that comes near."""

    def over(self, span: Span) -> Iterator[int]:
        """Yield the numbers of the spans that share a code point with one, in the order of their starts."""
        start, end = span
        first = bisect.bisect_right(self._reach, start)
        for number in self._order[first : bisect.bisect_left(self._starts, end)]:
            if self._spans[number][1] > start:
                yield number

    def touches(self, span: Span) -> bool:
        """Whether any of them does."""
        return next(self.over(span), None) is not None


def pair(gold: Sequence[Span], predicted: Sequence[Span]) -> list[tuple[int, int]]:
    """Match spans one to one: identical ones first, then those with the largest overlap.

    Returns:
        Pairs of a gold span's number and a prediction's.
    """
    index = Spans(predicted)
    ranked = []
    for i, (start, end) in enumerate(gold):
        for j in index.over((start, end)):
            first, last = predicted[j]
            overlap, apart = min(end, last) - max(start, first), abs(start - first) + abs(end - last)
            ranked.append((apart > 0, -overlap, apart, i, j))
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    pairs = []
    for *_, i, j in sorted(ranked):
        if i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            pairs.append((i, j))
    return pairs
