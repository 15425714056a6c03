"""Where a source is at home, learnt without labels from the names that its articles hold.

The readers of a paper from Paris, Illinois, know which Paris is meant. Its articles tell: the names in
them have namesakes all over the world, but most have one around that Paris.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from geomap.gazetteer.store import Gazetteer
from geomap.geometry import LonLat, great_circle_m
from geomap.model import Article, Home, Mention
from geomap.names import fold

RADIUS_KM: Final = 90.0
"""What counts as around a home: a county paper's region."""
LEAST_ARTICLES: Final = 2
TELLING: Final = 1.0
"""How near to a name's likeliest place a town around a home must come for at least one name, or the home is only one of namesakes."""
LEAST_SHARE: Final = 0.6
"""Share of a source's articles that must name something around a home."""
OWN_DOMAIN: Final = 1.5
"""How much more a name tells in the country of the source's internet domain."""
_CELL: Final = 1.0
"""Degrees: a home is looked for in the most telling cell and its neighbours."""
_TOWNS: Final = ("PPL", "ADM2")


def source_of(article: Article) -> str | None:
    """The outlet of an article: the host of its address, else its source."""
    try:
        host = (urlsplit(article.url).hostname or "") if article.url else ""
    except ValueError:  # "http://[x": no address
        host = ""
    return host.removeprefix("www.") or (fold(article.source) if article.source else None) or None


def of(article: Article, homes: Mapping[str, Home]) -> Home | None:
    """The home of an article's source, if it has one."""
    return homes.get(source_of(article) or "")


def learn(articles: Iterable[tuple[Article, Iterable[Mention]]], gazetteer: Gazetteer) -> dict[str, Home]:
    """Return the homes of the sources that have one.

    Args:
        articles: All articles at hand with their mentions.
        gazetteer: Where candidates come from.
    """
    texts: dict[str, list[frozenset[str]]] = defaultdict(list)
    for article, mentions in articles:
        if source := source_of(article):
            names = frozenset(m.name for m in mentions if m.kind in ("place", "metonym", "facility"))
            if names:
                texts[source].append(names)
    homes = {
        source: _home(names, gazetteer, _domain(source))
        for source, names in sorted(texts.items())
        if len(names) >= LEAST_ARTICLES
    }
    return {source: home for source, home in homes.items() if home}


def _domain(source: str) -> str | None:
    """The country of a host's top-level domain."""
    tail = source.rpartition(".")[2]
    return {"uk": "GB"}.get(tail, tail.upper()) if len(tail) == 2 else None


def _home(articles: Sequence[frozenset[str]], gazetteer: Gazetteer, domain: str | None) -> Home | None:
    counts: dict[str, int] = defaultdict(int)
    for names in articles:
        for name in names:
            counts[name] += 1
    cells: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    points = []
    for name, count in sorted(counts.items()):
        candidates = [c for c in gazetteer.candidates(name, None, False) if c.place.feature_code.startswith(_TOWNS)]
        for candidate in candidates:
            place = candidate.place
            # A name says the less about where it is, the more places bear it.
            weight = math.log1p(count) / math.sqrt(len(candidates))
            if domain and place.country == domain:
                weight *= OWN_DOMAIN
            cell = math.floor(place.lon / _CELL), math.floor(place.lat / _CELL)
            cells[cell][name] = max(weight, cells[cell].get(name, 0.0))
            points.append((cell, name, place))
    if not cells:
        return None

    def around(cell: tuple[int, int]) -> dict[str, float]:
        found: dict[str, float] = {}
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                for name, weight in cells.get((cell[0] + dx, cell[1] + dy), {}).items():
                    found[name] = max(weight, found.get(name, 0.0))
        return found

    best = max(sorted(cells), key=lambda cell: (sum(around(cell).values()), sum(cells[cell].values())))
    local = around(best)
    if sum(any(name in local for name in names) for names in articles) < LEAST_SHARE * len(articles):
        return None
    inside = [
        (place, local[name])
        for cell, name, place in points
        if abs(cell[0] - best[0]) <= 1 and abs(cell[1] - best[1]) <= 1
    ]
    # The weighted median of what lies there is in its middle, and no far point moves it.
    lon, lat = (_median([(getattr(place, axis), weight) for place, weight in inside]) for axis in ("lon", "lat"))
    units: dict[tuple[str, str | None], float] = defaultdict(float)
    for place, weight in inside:
        units[place.country or "", place.admin1] += weight
    country, admin1 = max(sorted(units, key=str), key=lambda unit: units[unit])
    home = Home(lon=lon, lat=lat, country=country, admin1=admin1)
    return home if any(_tells(name, home, gazetteer) for name in local) else None


def _tells(name: str, home: Home, gazetteer: Gazetteer) -> bool:
    """Whether a name may well mean a town around a home by itself: Cairo, Illinois, makes no home, Mattoon does."""
    candidates = gazetteer.candidates(name, None, False)
    near = (
        candidate.score
        for candidate in candidates
        if candidate.place.feature_code.startswith(_TOWNS)
        and nearness(home, candidate.place.lon, candidate.place.lat) >= 1.0
    )
    return max(near, default=-math.inf) >= candidates[0].score - TELLING


def _median(values: list[tuple[float, float]]) -> float:
    half = sum(weight for _, weight in values) / 2
    for value, weight in sorted(values):
        half -= weight
        if half <= 0:
            return value
    return values[-1][0]


def nearness(home: Home, lon: float, lat: float) -> float:
    """How near a point is to a home: 1 around it, falling off with distance."""
    km = great_circle_m(LonLat(home.lon, home.lat), LonLat(lon, lat)) / 1000
    return min(1.0, math.exp(-(km - RADIUS_KM) / RADIUS_KM))
