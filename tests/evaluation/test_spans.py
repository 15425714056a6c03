"""Which spans overlap: the same as when each is compared with each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geomap.evaluation.spans import Spans, pair

SPAN = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda at: (at[0], at[0] + at[1]))


@given(st.lists(SPAN, max_size=12), SPAN)
def test_the_spans_over_one_are_those_that_share_a_code_point(
    spans: list[tuple[int, int]], one: tuple[int, int]
) -> None:
    shared = {number for number, span in enumerate(spans) if set(range(*span)) & set(range(*one))}
    found = list(Spans(spans).over(one))
    assert set(found) == shared and len(found) == len(shared)
    assert Spans(spans).touches(one) == bool(shared)


@given(st.lists(SPAN, max_size=8), st.lists(SPAN, max_size=8))
def test_pairs_are_one_to_one_and_identical_spans_come_first(
    gold: list[tuple[int, int]], predicted: list[tuple[int, int]]
) -> None:
    pairs = pair(gold, predicted)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(set(range(*gold[i])) & set(range(*predicted[j])) for i, j in pairs)
    alike = sum(min(gold.count(span), predicted.count(span)) for span in set(gold))
    assert sum(gold[i] == predicted[j] for i, j in pairs) == alike


def test_the_larger_overlap_is_preferred() -> None:
    assert pair([(0, 10)], [(0, 3), (3, 9)]) == [(0, 1)]
