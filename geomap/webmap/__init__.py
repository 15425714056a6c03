r"""The page: an atlas as one HTML file that needs no network.

>>> atlas_map = render(atlas, shape=gazetteer.shape)
>>> pathlib.Path("index.html").write_text(page_html(atlas_map), encoding="utf-8", newline="\n")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # the build asks this room for the base layer only, where Folium need not be installed
    import folium

    from geomap.model import Atlas
    from geomap.webmap.page import Assets, NewsMap
    from geomap.webmap.payload import ShapeOf

__all__ = ["PageOptions", "page_html", "render"]

ARTICLE_LIMIT: Final = 8.0
"""Megabytes of text up to which articles stay whole in the map's own file; packed, that is some 3 MB of page."""


ARTICLES: Final = "articles"
"""The folder beside the map in which articles have pages of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """What a user may choose about the page.

    Attributes:
        article_limit: Megabytes of text (UTF-8) up to which the articles stay whole in the map's file; beyond
            it each is a page of its own beside the map.
        tiles: Online tiles over the base layer: a provider's name or an address with ``{z}``, ``{x}`` and ``{y}``.
        tiles_credit: Whose tiles they are; needed for an address.
    """

    article_limit: float = ARTICLE_LIMIT
    tiles: str | None = None
    tiles_credit: str | None = None


def render(
    atlas: Atlas,
    *,
    shape: ShapeOf,
    title: str = "geomap",
    attribution: Sequence[str] = (),
    gazetteer_version: str = "",
    names: Mapping[str, Sequence[str]] | None = None,
    tiles: str | None = None,
    tiles_credit: str | None = None,
    pages: Mapping[str, str] | None = None,
    parts: Assets | None = None,
) -> NewsMap:
    """Draws an atlas.

    Args:
        atlas: What to show.
        shape: Gives a place's outline in degrees (polygon or line), or None where it has none.
        title: Heading of the page.
        attribution: Sources and licences to name in the page, one a line.
        gazetteer_version: Which gazetteer found the places.
        names: By place id, further names by which a search finds it (in other scripts).
        tiles: Online tiles over the base layer: a provider's name or an address; see :func:`~geomap.webmap.tiles.tile_layer`.
        tiles_credit: Whose tiles they are; needed for an address.
        pages: By article id, the address of the page that has the article's text; see :mod:`geomap.webmap.articles`.
        parts: Scripts, styles and the base layer; those of the package unless given.

    Returns:
        A Folium map; further Folium layers may be added before it is written.

    Raises:
        UsageError: If there are no such tiles.
        OutputError: If the package was never built.
    """
    from importlib.metadata import version

    from geomap import __version__
    from geomap.webmap.page import Assets, NewsMap
    from geomap.webmap.payload import build_payload

    versions = [("geomap", __version__), ("Folium", version("folium"))]
    if gazetteer_version:
        versions.insert(1, ("gazetteer", gazetteer_version))
    payload = build_payload(
        atlas, shape=shape, title=title, attribution=attribution, versions=versions, names=names, pages=pages
    )
    page = NewsMap(payload, parts or Assets.bundled())
    if tiles:
        from geomap.webmap.tiles import tile_layer

        tile_layer(tiles, tiles_credit).add_to(page)
    return page


def page_html(page: folium.Map) -> str:
    """The whole page as text; the same map gives the same text each time."""
    return str(page.get_root().render())
