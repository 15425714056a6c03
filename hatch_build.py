"""Build hook: compiles the gazetteer and brings in Leaflet, so that an installed geomap needs neither step."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GeomapBuildHook(BuildHookInterface[Any]):
    """Fills ``geomap/data`` before a wheel or an editable install is made; what is up to date stays."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the data files."""
        if self.target_name != "wheel":
            return  # a source distribution carries the sources
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            from geomap.assets import make_assets

            make_assets(root)
        finally:
            sys.path.remove(str(root))
