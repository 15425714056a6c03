"""Gold files: what a human says that an article's places are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from geomap.articles.jsonl import read_line
from geomap.articles.text import read_text
from geomap.errors import ArticleError
from geomap.geometry import LonLat
from geomap.model import PINLESS, Article

Span: TypeAlias = tuple[int, int]
"""Half-open, in code points of the article's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldToponym:
    """A human's annotation.

    Attributes:
        start: First code point of the span.
        end: One past the last code point.
        point: Where it lies, if that is given.
        geonameid: Its GeoNames id, if that is given.
        kind: One of geomap's kinds, or what else the gold calls it.
        country: Its country, as the by-kind scores need it.
        countries: The pair of a border.
        tolerance: Kilometres within which a point is right, or a word of the gold's guidelines.
        nested: Whether it lies inside another annotation.
        optional: Whether finding it is neither right nor wrong.
    """

    start: int
    end: int
    point: LonLat | None
    geonameid: int | None
    kind: str | None = None
    country: str | None = None
    countries: tuple[str, ...] = ()
    tolerance: float | str | None = None
    nested: bool = False
    optional: bool = False

    @property
    def span(self) -> Span:
        """Where it stands in the text."""
        return self.start, self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldArticle:
    """An article with its annotations.

    Attributes:
        article: The article.
        toponyms: The annotations that are asked for.
        ignored: Spans of those that are not: a prediction on one alone is neither right nor wrong.
        annotations: All of them, for the by-kind scores.
        not_places: Spans that look like places and are none.
    """

    article: Article
    toponyms: tuple[GoldToponym, ...]
    ignored: tuple[Span, ...] = ()
    annotations: tuple[GoldToponym, ...] = ()
    not_places: tuple[Span, ...] = ()


def read_gold(
    path: Path, texts: Path | None = None, *, demonyms: bool = False, geocoded_only: bool = False
) -> list[GoldArticle]:
    """Read a gold file: JSON Lines of articles with a ``toponyms`` list.

    Args:
        path: The file.
        texts: Folder of the articles, for gold that gives only their ids.
        demonyms: Whether annotations marked ``"demonym": true`` are asked for.
        geocoded_only: Whether annotations without coordinates are not.

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
            if "text" in row:
                article = read_line(line, where)
            elif texts is not None:
                article = read_text(texts / row["id"], row["id"])
            else:
                raise ArticleError(f"{where}: no text; name the folder of the articles with --texts")
            asked, ignored, annotations = [], [_span(item, article) for item in row.get("ignore") or ()], []
            for item in row["toponyms"]:
                toponym = _toponym(item, article)
                annotations.append(toponym)
                if _counts(item, demonyms=demonyms) and (toponym.point or not geocoded_only):
                    asked.append(toponym)
                else:
                    ignored.append(toponym.span)
            not_places = tuple(_span(item, article) for item in row.get("not_places") or ())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, ArticleError):
                raise
            raise ArticleError(
                f"{where}: not a gold article ({error!r}); see docs/accuracy.md for the format"
            ) from error
        gold.append(
            GoldArticle(
                article=article,
                toponyms=tuple(asked),
                ignored=tuple(ignored),
                annotations=tuple(annotations),
                not_places=not_places,
            )
        )
    return gold


def _counts(item: Mapping[str, Any], *, demonyms: bool) -> bool:
    """Whether an annotation is a place to find: not optional, not nested, not a demonym or organisation."""
    pinless = item.get("kind") in PINLESS or (item.get("demonym") and not demonyms)
    return not (pinless or item.get("optional") or item.get("nested_in"))


def _toponym(item: Mapping[str, Any], article: Article) -> GoldToponym:
    start, end = _span(item, article)
    located = item.get("lon") is not None and item.get("lat") is not None
    return GoldToponym(
        start=start,
        end=end,
        point=LonLat(_number(item["lon"]), _number(item["lat"])) if located else None,
        geonameid=int(item["geonameid"]) if item.get("geonameid") else None,
        kind=item.get("kind"),
        country=item.get("country"),
        countries=tuple(sorted(item.get("countries") or ())),
        tolerance=_tolerance(item.get("tolerance")),
        nested=bool(item.get("nested_in")),
        optional=bool(item.get("optional")),
    )


def _span(item: Mapping[str, Any], article: Article) -> Span:
    start, end = item["start"], item["end"]
    if not isinstance(start, int) or not isinstance(end, int):
        raise TypeError(f"offsets {start!r} and {end!r} are no whole numbers")
    if not 0 <= start < end <= len(article.text):
        raise ValueError(f"offsets {start} and {end} are no span of a text of {len(article.text)} code points")
    return start, end


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _tolerance(value: object) -> float | str | None:
    """Kilometres, where the gold gives a number, else its word."""
    try:
        return float(str(value))
    except ValueError:
        return None if value is None else str(value)
