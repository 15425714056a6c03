"""Sources → one read-only SQLite file, the same bytes for the same sources."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path

from geomap.errors import GazetteerError, OutputError
from geomap.gazetteer import schema, writer
from geomap.gazetteer.entries import Progress, gather
from geomap.gazetteer.sources import towns

_CODE = (
    "names.py", "geometry.py", "gazetteer/entries.py", "gazetteer/importance.py", "gazetteer/writer.py",
    "gazetteer/schema.py", "gazetteer/sources/boundaries.py", "gazetteer/sources/curated.py", "gazetteer/sources/towns.py",
)  # fmt: skip


def build(sources: Path, target: Path, progress: Progress[towns.Town] | None = None) -> None:
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
    entries = gather(sources, progress or (lambda items, _label, _total: iter(items)))
    meta = {"fingerprint": fingerprint(sources), "sources": listed}
    with whole_file(target) as temporary:
        try:
            writer.write(temporary, sources, entries.values(), meta)
        except sqlite3.IntegrityError as error:
            raise GazetteerError(f"{sources / 'curated'}: two rows of one key ({error}); remove one of them") from error


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


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a file to write beside the target, and move it into place if all went well.

    Raises:
        OutputError: If it cannot be written.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        yield temporary
        os.replace(temporary, target)
    except (OSError, sqlite3.OperationalError) as error:
        raise OutputError(f"{target}: cannot be written ({error}); choose another place with -o") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


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
