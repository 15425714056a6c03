"""Whatever the filters, map, list, histogram and counts show the same mentions: those that an oracle names.

The oracle is a few lines of Python over the same atlas. It shares no code with the page.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from geomap.collection import collect
from geomap.model import KINDS, PINLESS, Article, Atlas, Kind, Mention, ParsedArticle, Place, Precision, Resolution
from geomap.webmap import page_html, render
from tests.webmap.conftest import Visit

COMBINATIONS = 80
FIRST_DAY = date(2021, 7, 1)
DAYS = 60
HIDDEN_AT_FIRST = ("metonym", "demonym", "organisation-embedded")
WORDS = "border guards met élders near the rìver and spoke of trade 😀 talks Кабул refugees کابل winter wheat".split()
SOURCES = (None, "TASS", "Asia-Plus", "Tolo, News & Co")
PRECISIONS: dict[str, Precision] = {
    "PPL": "town",
    "PPLC": "point",
    "ADM1": "province",
    "PCLI": "country",
    "RGN": "region",
}


def a_place(nth: int, name: str, code: str, country: str | None, *countries: str) -> Place:
    return Place(
        id=f"gn:{nth}",
        name=name,
        country=country,
        admin1=None,
        lon=58 + 1.7 * nth,
        lat=30 + nth % 7,
        feature_code=code,
        countries=countries,
    )


PLACES = [
    a_place(1, "Kabul", "PPLC", "AF"),
    a_place(2, "Herat", "PPL", "AF"),
    a_place(3, "Kunduz", "ADM1", "AF"),
    a_place(4, "Afghanistan", "PCLI", "AF"),
    a_place(5, "Dushanbe", "PPLC", "TJ"),
    a_place(6, "Khorugh", "PPL", "TJ"),
    a_place(7, "Tajikistan", "PCLI", "TJ"),
    a_place(8, "Central Asia", "RGN", None, "KZ", "TJ", "UZ"),
    a_place(9, "Termez", "PPL", "UZ"),
    a_place(10, "Moscow", "PPLC", "RU"),
]
ALSO = {"gn:1": ["Кабул", "کابل"], "gn:10": ["Москва"]}


def an_article(nth: int, chance: random.Random) -> ParsedArticle:
    """An article of a few sentences, each with a toponym or none."""
    text, found = "", []
    for _ in range(chance.randint(1, 6)):
        before = " ".join(chance.sample(WORDS, chance.randint(1, 4)))
        after = " ".join(chance.sample(WORDS, chance.randint(0, 3)))
        meant = chance.choice([*PLACES, None])
        name = meant.name if meant else ""
        start = len(text) + len(before) + 1
        sentence = (len(text), len(text) + len(f"{before} {name} {after}."))
        text += f"{before} {name} {after}. "
        if meant is None:
            continue
        kind: Kind = chance.choice(KINDS) if chance.random() < 0.4 else "place"
        mention = Mention(start=start, end=start + len(name), phrase=name, kind=kind, name=name, sentence=sentence)
        precision = None if kind in PINLESS and chance.random() < 0.5 else PRECISIONS[meant.feature_code]
        score = chance.randint(0, 100) / 100
        found.append(Resolution(mention=mention, place=meant, precision=precision or "town", score=score))
    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS)) if chance.random() < 0.8 else None
    article = Article(
        id=f"article {nth:02}.txt",
        text=text,
        title=" ".join(chance.sample(WORDS, 3)),
        date=day.isoformat() if day else None,
        source=chance.choice(SOURCES),
    )
    return ParsedArticle(article=article, resolutions=tuple(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """One combination, as the page's address says it."""

    query: str
    article: str | None
    sources: tuple[str, ...]
    kinds: tuple[str, ...]
    countries: tuple[str, ...]
    precisions: tuple[str, ...]
    sure: int
    first: str | None
    last: str | None
    undated: bool | None
    only: tuple[str, ...]

    @property
    def address(self) -> str:
        """The part of the page's address after the ``#``."""
        turned = [kind for kind in KINDS if (kind in HIDDEN_AT_FIRST) == (kind in self.kinds)]
        parts: list[tuple[str, Any]] = [
            ("q", self.query),
            ("in", self.article),
            *(("source", source) for source in self.sources),
            ("kinds", ",".join(turned)),
            ("country", ",".join(self.countries)),
            ("precision", ",".join(self.precisions)),
            ("sure", self.sure or None),
            ("from", self.first),
            ("to", self.last),
            ("undated", None if self.undated is None else int(self.undated)),
            *(("only", one) for one in self.only),
        ]
        return urlencode([(name, value) for name, value in parts if value or name == "source" or value == 0])


def some_filters(atlas: Atlas, chance: random.Random) -> Filters:
    def some(values: list[str] | tuple[str, ...], likely: float) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.randint(1, min(3, len(values))))) if chance.random() < likely else ()

    queries = [
        "",
        "",
        "",
        "kabul",
        "BORDER guards",
        "élders",
        '"met elders"',
        "КАБУЛ",
        "article 07",
        "tass talks",
        "кабул khorugh",
        "nowhere",
    ]
    days = sorted((FIRST_DAY + timedelta(days=chance.randrange(-3, DAYS + 3))).isoformat() for _ in range(2))
    usual = tuple(kind for kind in KINDS if kind not in HIDDEN_AT_FIRST)
    return Filters(
        query=chance.choice(queries),
        article=chance.choice(atlas.articles).id if chance.random() < 0.1 else None,
        sources=some(("", "TASS", "Asia-Plus", "Tolo, News & Co"), 0.25),
        kinds=some(KINDS, 1.0) if chance.random() < 0.4 else usual,
        countries=some(("AF", "TJ", "UZ", "RU", "CN"), 0.25),
        precisions=some(("point", "town", "province", "country", "region"), 0.2),
        sure=chance.choice([0, 0, 0, 60, 90]),
        first=days[0] if chance.random() < 0.3 else None,
        last=days[1] if chance.random() < 0.3 else None,
        undated=chance.choice([None, None, None, True, False]),
        only=some([place.id for place in PLACES], 0.1),
    )


# The oracle


def folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] != "M").lower()


def words_of(query: str) -> list[str]:
    quoted = folded(query).split('"')
    return [word for nth, part in enumerate(quoted) for word in ([part] if nth % 2 else part.split())]


def found_by_text(article: Article, mentions: list[Any], query: str) -> tuple[set[int], bool]:
    """Which mentions of an article a search finds (by their number), and whether it finds the article."""
    words = words_of(query)
    everything = {number for number, _, _ in mentions}
    head = folded("\n".join((article.title or "", article.source or "", article.id)))
    if all(word in head for word in words):
        return everything, True
    found = set()
    for number, resolution, place in mentions:
        start, end = resolution.mention.sentence
        around = folded(article.text[start:end])
        name = folded("\n".join((place.name, *ALSO.get(place.id, ()))))
        if all(word in around or word in name for word in words):
            found.add(number)
    if found:
        return found, True
    whole = folded(article.text)
    return (everything, True) if all(word in head or word in whole for word in words) else (set(), False)


def expected(atlas: Atlas, filters: Filters) -> dict[str, Any]:
    """What the page must show."""
    placed = [mention for entry in atlas.places for mention in entry.mentions]
    rows = sorted(
        (one.article_id, one.resolution.mention.start, index, one.resolution)
        for index, one in enumerate([*placed, *atlas.unmapped])
    )
    of_article: dict[str, list[Any]] = {article.id: [] for article in atlas.articles}
    for number, (article_id, _, _, resolution) in enumerate(rows):
        of_article[article_id].append((number, resolution, resolution.place))
    shown, articles, per_day = [], [], Counter[str | None]()
    drawn, counted = Counter[str](), Counter[str]()
    for article in atlas.articles:
        by_text, holds = found_by_text(article, of_article[article.id], filters.query)
        bounded = bool(filters.first or filters.last)
        if article.date is None:
            timely = (not bounded) if filters.undated is None else filters.undated
        else:
            timely = (filters.first or "") <= article.date <= (filters.last or "9999")
        passes = (
            timely
            and filters.article in (None, article.id)
            and (not filters.sources or (article.source or "") in filters.sources)
        )
        left = 0
        for number, resolution, place in of_article[article.id]:
            codes = place.countries or (place.country,)
            if (
                passes
                and number in by_text
                and resolution.mention.kind in filters.kinds
                and (not filters.countries or set(codes) & set(filters.countries))
                and (not filters.precisions or resolution.precision in filters.precisions)
                and round(100 * resolution.score) >= filters.sure
                and (not filters.only or place.id in filters.only)
            ):
                shown.append(number)
                left += 1
                (counted if resolution.mention.kind in PINLESS else drawn)[place.id] += 1
                per_day[article.date] += 1
        asks = filters.countries or filters.precisions or filters.sure or filters.only
        if left or (passes and holds and not asks):
            articles.append(article.id)
    undated = per_day.pop(None, 0)
    return {
        "mentions": shown,
        "places": {pid: drawn[pid] + counted[pid] for pid in drawn | counted},
        "drawn": dict(drawn),
        "articles": articles,
        "per day": dict(per_day),
        "undated": undated,
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_map_list_histogram_and_counts_agree_with_the_oracle_whatever_the_filters(visit: Visit, seed: int) -> None:
    chance = random.Random(seed)
    atlas = collect([an_article(nth, chance) for nth in range(40)])
    page = visit(page_html(render(atlas, shape=lambda place: None, names=ALSO)))
    days = sorted(article.date for article in atlas.articles if article.date)
    first = date.fromisoformat(days[0])
    sizes = set()
    for _ in range(COMBINATIONS):
        filters = some_filters(atlas, chance)
        wanted = expected(atlas, filters)
        seen = page.evaluate(
            "async (address) => { location.hash = address; await new Promise((done) => setTimeout(done));"
            " await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);"
            " const rows = [...document.querySelectorAll('.rows.places .row')];"
            " return { ...geomap.seen(), rows: rows.map((row) => [row.dataset.place, row.querySelector('.count').title || row.querySelector('.count').textContent]) }; }",
            filters.address,
        )
        said = (filters, filters.address)
        assert seen["mentions"] == wanted["mentions"], said
        assert set(seen["list"]) == set(wanted["places"]), said
        sums = [wanted["places"][pid] for pid in seen["list"]]
        assert sums == sorted(sums, reverse=True), said
        assert [pid for pid, _ in seen["rows"]] == seen["list"], said
        for pid, count in seen["rows"]:
            assert str(wanted["places"][pid]) == count or str(wanted["drawn"].get(pid)) in count, said
        assert seen["articles"] == wanted["articles"], said
        assert seen["drawn"] == wanted["drawn"], said
        members = [pid for mark in seen["map"] for pid in mark["members"]]
        assert len(members) == len(set(members)) and set(members) <= set(wanted["drawn"]), said
        for mark in seen["map"]:
            assert mark["count"] == sum(wanted["drawn"][pid] for pid in mark["members"]), said
        bars = {
            (first + timedelta(days=nth)).isoformat(): count
            for nth, count in enumerate(seen["histogram"]["bars"])
            if count
        }
        assert bars == wanted["per day"], said
        assert seen["histogram"]["undated"] == wanted["undated"], said
        numbers = [len(wanted["mentions"]), len(wanted["places"]), len(wanted["articles"])]
        assert [int(word) for word in seen["said"].split() if word.isdigit()] == numbers, said
        sizes.add(len(wanted["mentions"]))
    assert len(sizes) > 10, "the filters must leave much and little, or nothing is tried"


def test_the_first_view_shows_everything_but_the_kinds_that_are_off_at_first(visit: Visit) -> None:
    chance = random.Random(3)
    atlas = collect([an_article(nth, chance) for nth in range(20)])
    page = visit(page_html(render(atlas, shape=lambda place: None)))
    usual = tuple(kind for kind in KINDS if kind not in HIDDEN_AT_FIRST)
    plain = Filters(
        query="", article=None, sources=(), kinds=usual, countries=(), precisions=(), sure=0, first=None, last=None,
        undated=None, only=(),
    )  # fmt: skip
    assert plain.address == ""
    assert page.evaluate("geomap.seen().mentions") == expected(atlas, plain)["mentions"]
    kept = sum(one.resolution.mention.kind in usual for entry in atlas.places for one in entry.mentions)
    assert len(page.evaluate("geomap.seen().mentions")) == kept > 0
