"""Gold annotations → precision, recall, F1 and accuracy within a distance."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geomap.articles.jsonl import read_line
from geomap.articles.text import read_text
from geomap.errors import ArticleError
from geomap.geometry import LonLat, great_circle_m
from geomap.model import PINLESS, Article, ParsedArticle, Resolution

NEAR_KM: Final = 161.0
"""A resolution within 100 miles counts as right, the field's convention (Leidner 2007)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldToponym:
    """A human's annotation: its span, and its point and GeoNames id where they are given."""

    start: int
    end: int
    point: LonLat | None
    geonameid: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldArticle:
    """An article with its annotations."""

    article: Article
    toponyms: tuple[GoldToponym, ...]
    ignored: tuple[tuple[int, int], ...] = ()
    """Spans of annotations that are not asked for: a prediction on one alone is neither right nor wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Counts and measures over a gold file; ``km`` are the distances of recognised, located pairs."""

    gold: int
    predicted: int
    exact: int
    overlapping: int
    judged: int
    near: int
    km: tuple[float, ...]

    @property
    def recognition_f1(self) -> float:
        """F1 of overlapping spans."""
        return _f1(self.overlapping, self.predicted, self.gold)

    @property
    def exact_f1(self) -> float:
        """F1 of identical spans."""
        return _f1(self.exact, self.predicted, self.gold)

    @property
    def accuracy(self) -> float:
        """Share of recognised toponyms with a gold point that were put within :data:`NEAR_KM`."""
        return self.near / self.judged if self.judged else 0.0

    @property
    def median_km(self) -> float:
        """Median distance of those that were put anywhere."""
        return statistics.median(self.km) if self.km else 0.0


def _f1(hits: int, predicted: int, gold: int) -> float:
    return 2 * hits / (predicted + gold) if predicted + gold else 0.0


def read_gold(path: Path, texts: Path | None = None) -> list[GoldArticle]:
    """Read a gold file: JSON Lines of articles with a ``toponyms`` list.

    Args:
        path: The file.
        texts: Folder of the articles, for gold that gives only their ids.

    Raises:
        ArticleError: If a line is not such an object or its text is missing.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ArticleError(f"{path}: cannot be read ({error}); give a JSON Lines file in UTF-8") from error
    gold = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
            toponyms = tuple(_toponym(item) for item in row["toponyms"] if _counts(item))
            ignored = tuple((int(i["start"]), int(i["end"])) for i in row["toponyms"] if not _counts(i))
            if "text" in row:
                article = read_line(line, where)
            elif texts is not None:
                article = read_text(texts / row["id"], row["id"])
            else:
                raise ArticleError(f"{where}: no text; name the folder of the articles with --texts")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, ArticleError):
                raise
            raise ArticleError(
                f"{where}: not a gold article ({error!r}); see docs/accuracy.md for the format"
            ) from error
        gold.append(GoldArticle(article=article, toponyms=toponyms, ignored=ignored))
    return gold


def _counts(item: Mapping[str, Any]) -> bool:
    """Whether an annotation is a place to find: not optional, not nested, not a demonym or organisation."""
    pinless = item.get("kind") in PINLESS or item.get("demonym")
    return not (pinless or item.get("optional") or item.get("nested_in"))


def _toponym(item: Mapping[str, Any]) -> GoldToponym:
    located = item.get("lon") is not None and item.get("lat") is not None
    if not isinstance(item["start"], int) or not isinstance(item["end"], int):
        raise TypeError(f"offsets {item['start']!r} and {item['end']!r} are no whole numbers")
    return GoldToponym(
        start=item["start"],
        end=item["end"],
        point=LonLat(_number(item["lon"]), _number(item["lat"])) if located else None,
        geonameid=int(item["geonameid"]) if item.get("geonameid") else None,
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"coordinate {value!r} is no number")
    return float(value)


def evaluate(gold: Iterable[GoldArticle], parsed: Iterable[ParsedArticle]) -> Scores:
    """Score resolutions against gold, article by article in the same order.

    A prediction is matched to one gold span at most: the identical one, else the one with the
    largest overlap. One that bears the gold's GeoNames id is at distance 0, because which point
    stands for a country is a convention.
    """
    counts = {"gold": 0, "predicted": 0, "exact": 0, "overlapping": 0, "judged": 0, "near": 0}
    distances: list[float] = []
    for one, result in zip(gold, parsed, strict=True):
        drawn = [r for r in result.resolutions if r.mention.kind not in PINLESS and not _is_ignored(r, one)]
        counts["gold"] += len(one.toponyms)
        counts["predicted"] += len(drawn)
        pairs = _pairs(one.toponyms, drawn)
        counts["overlapping"] += len(pairs)
        for toponym, resolution in pairs:
            mention = resolution.mention
            counts["exact"] += (toponym.start, toponym.end) == (mention.start, mention.end)
            if toponym.point is None:
                continue
            counts["judged"] += 1
            km = _km(toponym, resolution)
            if km is not None:
                distances.append(km)
                counts["near"] += km <= NEAR_KM
    return Scores(**counts, km=tuple(distances))


def _is_ignored(resolution: Resolution, gold: GoldArticle) -> bool:
    """Whether a prediction touches only annotations that are not asked for."""
    start, end = resolution.mention.start, resolution.mention.end
    asked = any(toponym.start < end and start < toponym.end for toponym in gold.toponyms)
    return not asked and any(first < end and start < last for first, last in gold.ignored)


def _pairs(gold: Iterable[GoldToponym], drawn: list[Resolution]) -> list[tuple[GoldToponym, Resolution]]:
    scored = []
    for i, toponym in enumerate(gold):
        for j, resolution in enumerate(drawn):
            mention = resolution.mention
            overlap = min(toponym.end, mention.end) - max(toponym.start, mention.start)
            if overlap > 0:
                apart = abs(toponym.start - mention.start) + abs(toponym.end - mention.end)
                scored.append((apart > 0, -overlap, apart, i, j, toponym, resolution))
    used_gold: set[int] = set()
    used_drawn: set[int] = set()
    pairs = []
    for *_, i, j, toponym, resolution in sorted(scored, key=lambda row: row[:5]):
        if i not in used_gold and j not in used_drawn:
            used_gold.add(i)
            used_drawn.add(j)
            pairs.append((toponym, resolution))
    return pairs


def _km(toponym: GoldToponym, resolution: Resolution) -> float | None:
    place = resolution.place
    if place is None or toponym.point is None:
        return None
    if place.geonameid is not None and place.geonameid == toponym.geonameid:
        return 0.0
    return great_circle_m(toponym.point, LonLat(place.lon, place.lat)) / 1000


def table(scores: Mapping[str, Scores]) -> str:
    """Return the scores as a table, one line a gold file."""
    lines = [f"{'gold':<12} {'spans':>6} {'exact F1':>9} {'overlap F1':>11} {'acc@161':>8} {'median km':>10}"]
    for name, one in scores.items():
        lines.append(
            f"{name:<12} {one.gold:>6} {one.exact_f1:>9.3f} {one.recognition_f1:>11.3f} {one.accuracy:>8.3f} {one.median_km:>10.1f}"
        )
    return "\n".join(lines)
