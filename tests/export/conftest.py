"""Articles with one mention of every kind, parsed by the real recogniser, and the atlas of any text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from geomap.collection import collect
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article, Atlas
from geomap.pipeline import Geoparser

MakeAtlas: TypeAlias = Callable[..., Atlas]

EVERY_KIND = Article(
    id="every-kind.txt",
    title="Fighting spreads in the north",
    date="2021-07-21",
    source="Reuters",
    url="https://news.example/1",
    text=(
        "KABUL, July 21 (Reuters) - 😀 e\u0301 Fighting reached Kunduz on Tuesday, officials in Helmand province said. "
        "It is calm in northern Afghanistan. Russia said that the Tajik-Afghan border was closed. "
        "The Kremlin is worried about Central Asia. Afghan troops left. They shelled the border of Laos and Peru. "
        "The airport in the capital of Uzbekistan is open. Students of Moscow State University left."
    ),
)
SECOND = Article(
    id="second.txt", date="2021-08-01", text="Fighting reached Kunduz again, and Herat.\nHe left Kunduz for Tajikistan."
)


@pytest.fixture(scope="session")
def make_atlas(gazetteer: Gazetteer) -> MakeAtlas:
    """Gives the atlas of some articles."""
    geoparser = Geoparser(gazetteer)

    def make(*articles: Article) -> Atlas:
        return collect(geoparser.parse(articles))

    return make


@pytest.fixture(scope="session")
def atlas(make_atlas: MakeAtlas) -> Atlas:
    """The two articles above as an atlas."""
    return make_atlas(SECOND, EVERY_KIND)
