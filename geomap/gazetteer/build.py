"""Sources → one read-only SQLite file, the same bytes for the same sources."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import tomllib
from pathlib import Path

from geomap.errors import GazetteerError, GazetteerNotFoundError
from geomap.gazetteer import schema, writer
from geomap.gazetteer.entries import gather
from geomap.gazetteer.file import BUNDLED
from geomap.gazetteer.grow import grow
from geomap.gazetteer.layers import Grown
from geomap.gazetteer.progress import Progress, silent
from geomap.gazetteer.sources.geonames import Dumps
from geomap.gazetteer.whole import whole_file

_CODE = (
    "names.py", "geometry.py", "gazetteer/entries.py", "gazetteer/keys.py", "gazetteer/importance.py", "gazetteer/writer.py",
    "gazetteer/schema.py", "gazetteer/sources/boundaries.py", "gazetteer/sources/curated.py", "gazetteer/sources/towns.py",
)  # fmt: skip


def build(sources: Path, target: Path, progress: Progress = silent) -> None:
    """Compile the bundled sources into one gazetteer file.

    The file is written beside the target under another name and moved into place when whole.

    Args:
        sources: The folder with ``places.tsv.xz``, ``countries.topo.json``, ``admin1.geojson``,
            ``SOURCES.toml`` and ``curated/``.
        target: The SQLite file to write.
        progress: Wraps the loop over the towns.

    Raises:
        GazetteerError: If a source is missing or wrong.
        OutputError: If the target cannot be written.
    """
    listed = read_listed(sources)
    entries = gather(sources, progress)
    meta = {"fingerprint": fingerprint(sources), "sources": listed}
    with whole_file(target) as files:
        try:
            writer.write(files.temporary, sources, entries.values(), meta)
        except sqlite3.IntegrityError as error:
            raise GazetteerError(f"{sources / 'curated'}: two rows of one key ({error}); remove one of them") from error


def build_grown(sources: Path | None, dumps: Dumps, target: Path, progress: Progress = silent) -> Grown:
    """Lay GeoNames' files over the bundled gazetteer, or over sources compiled for it.

    Args:
        sources: A folder of sources; None for the bundled file.
        dumps: What to lay over it.
        target: The SQLite file to write.
        progress: Wraps the long loops.

    Raises:
        GazetteerNotFoundError: If there is no bundled file.
        GazetteerError: If a source or a file of GeoNames is missing or wrong.
        OutputError: If the target cannot be written.
    """
    if sources is None:
        if not BUNDLED.is_file():
            raise GazetteerNotFoundError(
                f"{BUNDLED}: no bundled gazetteer there; install geomap again, or use --sources"
            )
        return grow(BUNDLED, dumps, target, progress)
    with tempfile.TemporaryDirectory(prefix="geomap-") as folder:
        base = Path(folder) / "base.sqlite"
        build(sources, base, progress)
        return grow(base, dumps, target, progress)


def read_listed(sources: Path) -> str:
    """Return the text of ``SOURCES.toml``, checked.

    Raises:
        GazetteerError: If it is missing or no list of sources.
    """
    path = sources / "SOURCES.toml"
    if not path.is_file():
        raise GazetteerError(f"{sources}: no SOURCES.toml there; name the gazetteer's source folder with --sources")
    try:
        text = path.read_text(encoding="utf-8")
        if not all("name" in source and "attribution" in source for source in tomllib.loads(text)["source"]):
            raise ValueError("a source without name or attribution")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GazetteerError(f"{path}: not a list of sources ({error}); mend it") from error
    return text


def fingerprint(sources: Path) -> str:
    """Return a digest of all sources and of the code that compiles them: what the built file depends on.

    Raises:
        GazetteerError: If a source is missing.
    """
    digest = hashlib.sha256(str(schema.SCHEMA_VERSION).encode())
    package = Path(__file__).parent.parent
    for name in _CODE:
        digest.update((package / name).read_bytes())
    names = ("SOURCES.toml", "places.tsv.xz", "countries.topo.json", "admin1.geojson")
    for path in [*(sources / name for name in names), *sorted((sources / "curated").glob("*.tsv"))]:
        digest.update(path.name.encode())
        try:
            digest.update(path.read_bytes())
        except OSError as error:
            raise GazetteerError(f"{path}: cannot be read ({error}); restore the file from the repository") from error
    return digest.hexdigest()[:16]
