"""The field's measures: recognition, resolution and both end to end (Gritta et al. 2020; Leidner 2007)."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final, NamedTuple

from geomap.evaluation.gold import GoldArticle, GoldToponym
from geomap.evaluation.spans import Spans, pair
from geomap.geometry import LonLat, great_circle_m
from geomap.model import PINLESS, ParsedArticle, Resolution

NEAR_KM: Final = 161.0
"""A resolution within 100 miles counts as right, the field's convention (Leidner 2007)."""
CLOSE_KM: Final = 20.0
FARTHEST_KM: Final = 20_039.0
"""What the area under the curve takes for a place that is nowhere: half the equator (Gritta et al. 2020)."""
SEED: Final = 1
_TAIL: Final = 0.025
"""What an interval of 95 % leaves out at either end."""


class Rates(NamedTuple):
    """Precision, recall and F1."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, hits: int, predicted: int, gold: int) -> Rates:
        """Rates of counts; 0 where there is nothing to count."""
        f1 = 2 * hits / (predicted + gold) if predicted + gold else 0.0
        return cls(hits / predicted if predicted else 0.0, hits / gold if gold else 0.0, f1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Counts and measures of one article or many.

    Attributes:
        gold: Annotations that are asked for.
        predicted: Pins, but for those on annotations that are not asked for.
        exact: Annotations with a pin on the identical span.
        overlapping: Annotations with a pin on an overlapping span.
        placed: Annotations with coordinates.
        judged: Those of them that were recognised.
        pinned: Pins with coordinates, but for those on annotations without any, which nobody can judge.
        near: Judged ones within :data:`NEAR_KM`.
        close: Judged ones within :data:`CLOSE_KM`.
        km: The distances of judged ones that were put anywhere.
        articles: Each article's own scores, where these are of several.
    """

    gold: int = 0
    predicted: int = 0
    exact: int = 0
    overlapping: int = 0
    placed: int = 0
    judged: int = 0
    pinned: int = 0
    near: int = 0
    close: int = 0
    km: tuple[float, ...] = ()
    articles: tuple[Scores, ...] = field(default=(), compare=False, repr=False)

    @property
    def recognition_exact(self) -> Rates:
        """Precision, recall and F1 of identical spans."""
        return Rates.of(self.exact, self.predicted, self.gold)

    @property
    def recognition(self) -> Rates:
        """Precision, recall and F1 of overlapping spans."""
        return Rates.of(self.overlapping, self.predicted, self.gold)

    @property
    def end_to_end(self) -> Rates:
        """Precision, recall and F1 of recognised *and* within :data:`NEAR_KM`."""
        return Rates.of(self.near, self.pinned, self.placed)

    @property
    def exact_f1(self) -> float:
        """F1 of identical spans."""
        return self.recognition_exact.f1

    @property
    def recognition_f1(self) -> float:
        """F1 of overlapping spans."""
        return self.recognition.f1

    @property
    def accuracy(self) -> float:
        """Share of judged toponyms that were put within :data:`NEAR_KM`; no place is wrong."""
        return self.near / self.judged if self.judged else 0.0

    @property
    def close_accuracy(self) -> float:
        """Share that were put within :data:`CLOSE_KM`."""
        return self.close / self.judged if self.judged else 0.0

    @property
    def mean_km(self) -> float:
        """Mean distance of those that were put anywhere."""
        return sum(self.km) / len(self.km) if self.km else 0.0

    @property
    def median_km(self) -> float:
        """Median distance of those that were put anywhere."""
        return statistics.median(self.km) if self.km else 0.0

    @property
    def auc(self) -> float | None:
        """Area under the curve of sorted log distances of judged ones: 0 all exact, 1 all at the antipodes; None for none."""
        return _auc((*self.km, *[FARTHEST_KM] * (self.judged - len(self.km))))

    @property
    def end_to_end_auc(self) -> float | None:
        """The same with those that were not recognised, at the antipodes."""
        return _auc((*self.km, *[FARTHEST_KM] * (self.placed - len(self.km))))


def _auc(distances: Sequence[float]) -> float | None:
    logs = sorted(math.log1p(min(km, FARTHEST_KM)) for km in distances)
    if len(logs) < 2:
        return logs[0] / math.log(FARTHEST_KM) if logs else None
    return sum((one + other) / 2 for one, other in pairwise(logs)) / (math.log(FARTHEST_KM) * (len(logs) - 1))


def evaluate(gold: Iterable[GoldArticle], parsed: Iterable[ParsedArticle], *, ids: bool = True) -> Scores:
    """Score resolutions against gold, article by article in the same order.

    A prediction is matched to one gold span at most: the identical one, else the one with the
    largest overlap.

    Args:
        gold: The articles' annotations.
        parsed: The same articles as they were parsed.
        ids: Whether one that bears the gold's GeoNames id is at distance 0, because which point
            stands for a country is a convention.
    """
    articles = tuple(_article(one, result, ids=ids) for one, result in zip(gold, parsed, strict=True))
    rows = [_counts(one) for one in articles]
    return replace(_sum(rows), km=tuple(km for one in articles for km in one.km), articles=articles)


_COUNTS: Final = ("gold", "predicted", "exact", "overlapping", "placed", "judged", "pinned", "near", "close")


def _counts(scores: Scores) -> tuple[int, ...]:
    return tuple(getattr(scores, name) for name in _COUNTS)


def _sum(rows: Iterable[tuple[int, ...]]) -> Scores:
    """The counts of several articles together."""
    totals: dict[str, Any] = dict(zip(_COUNTS, map(sum, zip(*rows, strict=True)), strict=False))
    return Scores(**totals)


def _article(gold: GoldArticle, parsed: ParsedArticle, *, ids: bool) -> Scores:
    asked, ignored = Spans([toponym.span for toponym in gold.toponyms]), Spans(gold.ignored)
    drawn = [
        resolution
        for resolution in parsed.resolutions
        if resolution.mention.kind not in PINLESS
        and (asked.touches(_span(resolution)) or not ignored.touches(_span(resolution)))
    ]
    pairs = [
        (gold.toponyms[i], drawn[j])
        for i, j in pair([one.span for one in gold.toponyms], [_span(one) for one in drawn])
    ]
    judged = [(toponym, resolution) for toponym, resolution in pairs if toponym.point]
    unjudgeable = sum(1 for toponym, resolution in pairs if not toponym.point and resolution.place)
    distances = [km for toponym, resolution in judged if (km := _km(toponym, resolution, ids=ids)) is not None]
    return Scores(
        gold=len(gold.toponyms),
        predicted=len(drawn),
        exact=sum(toponym.span == _span(resolution) for toponym, resolution in pairs),
        overlapping=len(pairs),
        placed=sum(toponym.point is not None for toponym in gold.toponyms),
        judged=len(judged),
        pinned=sum(resolution.place is not None for resolution in drawn) - unjudgeable,
        near=sum(km <= NEAR_KM for km in distances),
        close=sum(km <= CLOSE_KM for km in distances),
        km=tuple(distances),
    )


def _span(resolution: Resolution) -> tuple[int, int]:
    return resolution.mention.start, resolution.mention.end


def _km(toponym: GoldToponym, resolution: Resolution, *, ids: bool) -> float | None:
    place = resolution.place
    if place is None or toponym.point is None:
        return None
    if ids and place.geonameid is not None and place.geonameid == toponym.geonameid:
        return 0.0
    return great_circle_m(toponym.point, LonLat(place.lon, place.lat)) / 1000


def intervals(scores: Scores, rounds: int, seed: int = SEED) -> dict[str, tuple[float, float]]:
    """Bootstrap 95 % intervals over articles.

    Args:
        scores: Scores of several articles.
        rounds: How often as many articles are drawn, with replacement; 0 for no intervals.
        seed: The same seed draws the same articles.

    Returns:
        Lower and upper bound by measure: ``exact_f1``, ``recognition_f1``, ``accuracy``, ``end_to_end_f1``.
    """
    rows = [_counts(one) for one in scores.articles]
    if not rows or not rounds:
        return {}
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    drawn: dict[str, list[float]] = {}
    for _ in range(rounds):
        sample = [rows[draw.randrange(len(rows))] for _ in rows]
        for name, value in _with_interval(_sum(sample)).items():
            drawn.setdefault(name, []).append(value)
    lower, upper = int(_TAIL * rounds), min(rounds - 1, int((1 - _TAIL) * rounds))
    return {name: (sorted(values)[lower], sorted(values)[upper]) for name, values in drawn.items()}


def _with_interval(scores: Scores) -> dict[str, float]:
    return {
        "exact_f1": scores.exact_f1,
        "recognition_f1": scores.recognition_f1,
        "accuracy": scores.accuracy,
        "end_to_end_f1": scores.end_to_end.f1,
    }
