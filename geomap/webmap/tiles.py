"""Online tiles, for those who ask for them: a provider's name or an address, as a Folium layer."""

from __future__ import annotations

import folium

from geomap.errors import UsageError
from geomap.webmap.policy import origin


def tile_layer(tiles: str, credit: str | None = None) -> folium.TileLayer:
    """Makes a layer of online tiles.

    Args:
        tiles: A provider's name as xyzservices knows it (``OpenStreetMap``, ``OpenTopoMap``), or an address with
            ``{z}``, ``{x}`` and ``{y}``.
        credit: Whose tiles they are; needed for an address, known for a name.

    Raises:
        UsageError: If no provider has that name, it asks for a key, or an address lacks something.
    """
    if "{" in tiles or ":" in tiles:
        missing = [field for field in ("{z}", "{x}", "{y}") if field not in tiles]
        if missing or not origin(tiles):
            raise UsageError(
                f"tiles {tiles!r}: no web address with {{z}}, {{x}} and {{y}}, such as https://tile.example.org/{{z}}/{{x}}/{{y}}.png"
            )
        if not credit:
            raise UsageError(f"tiles {tiles!r}: say whose they are (--tiles-credit)")
        return folium.TileLayer(tiles, attr=credit, name="tiles", overlay=True)
    try:
        return folium.TileLayer(tiles, attr=credit, overlay=True)
    except ValueError as error:
        names = "see https://xyzservices.readthedocs.io for names"
        raise UsageError(
            f"tiles {tiles!r}: no such provider, or one that wants a key; {names}, or give an address"
        ) from error
