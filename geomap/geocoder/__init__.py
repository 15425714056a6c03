"""The gazetteer as a geopy geocoder."""

from __future__ import annotations

from geomap.geocoder.offline import OfflineGeocoder

__all__ = ["OfflineGeocoder"]
