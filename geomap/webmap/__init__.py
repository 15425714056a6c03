r"""The page: an atlas as one HTML file that needs no network.

>>> atlas_map = render(atlas, shape=gazetteer.shape)
>>> pathlib.Path("index.html").write_text(page_html(atlas_map), encoding="utf-8", newline="\n")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the build asks this room for the base layer only, where Folium need not be installed
    import folium

    from geomap.model import Atlas
    from geomap.webmap.page import Assets, NewsMap
    from geomap.webmap.payload import ShapeOf

__all__ = ["page_html", "render"]


def render(
    atlas: Atlas,
    *,
    shape: ShapeOf,
    title: str = "geomap",
    attribution: Sequence[str] = (),
    gazetteer_version: str = "",
    names: Mapping[str, Sequence[str]] | None = None,
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
        parts: Leaflet and the base layer; those of the package unless given.

    Returns:
        A Folium map; further Folium layers may be added before it is written.
    """
    from importlib.metadata import version

    from geomap import __version__
    from geomap.webmap.page import Assets, NewsMap
    from geomap.webmap.payload import build_payload

    versions = [("geomap", __version__), ("Folium", version("folium"))]
    if gazetteer_version:
        versions.insert(1, ("gazetteer", gazetteer_version))
    payload = build_payload(atlas, shape=shape, title=title, attribution=attribution, versions=versions, names=names)
    return NewsMap(payload, parts or Assets.bundled())


def page_html(page: folium.Map) -> str:
    """The whole page as text; the same map gives the same text each time."""
    return str(page.get_root().render())
