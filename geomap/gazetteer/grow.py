"""A gazetteer file and GeoNames' own files → a larger gazetteer file.

The file that is there (the bundled one, say) is the lowest layer: what the dumps bring is laid over
it, and the curated facts in it stay on top. Rows wait in a scratch file beside the target and are
sorted by SQLite, so that the memory needed hardly grows with the dumps.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from geomap.errors import GazetteerError
from geomap.gazetteer.file import GazetteerFile
from geomap.gazetteer.layers import Grown, Layers
from geomap.gazetteer.progress import Progress, silent
from geomap.gazetteer.sources import geonames
from geomap.gazetteer.whole import whole_file
from geomap.gazetteer.writer import create, finish

_CODE: Final = (
    "gazetteer/grow.py",
    "gazetteer/layers.py",
    "gazetteer/twins.py",
    "gazetteer/importance.py",
    "gazetteer/sources/geonames.py",
)


def grow(base: Path, dumps: geonames.Dumps, target: Path, progress: Progress = silent) -> Grown:
    """Lay GeoNames' files over a gazetteer file.

    A place that both have takes its coordinates, inhabitants and feature code from the dump, which is
    newer; a place that a curated table has keeps its name, unit and feature code, and a country,
    region or first-level unit its point too. Names of both are kept. A curated place without a
    geonameid takes that of the row which is the same place.

    Args:
        base: The gazetteer to begin with; it stays as it is.
        dumps: What to lay over it.
        target: The SQLite file to write; it appears when it is whole.
        progress: Wraps the loops over blocks of each file and over the steps that sort and write.

    Returns:
        What was brought, and the rows that were passed over.

    Raises:
        GazetteerNotFoundError: If there is no base.
        GazetteerError: If the base is no gazetteer, or a file is none that GeoNames publishes.
        OutputError: If the target cannot be written.
    """
    with GazetteerFile(base, own_places=False) as opened:
        listed, fingerprint = opened.listed, opened.fingerprint
    grown = Grown()
    bad = grown.bad
    digests = {path: _digest(path) for path in dumps.files}
    with whole_file(target) as files:
        connection = create(files.temporary)
        try:
            layers = Layers(connection, base, files.scratch, grown)
            for path in dumps.places:
                layers.add_places(path, geonames.read_places(path, bad, progress))
            layers.settle_twins()
            if dumps.alternate_names:
                layers.add_names(geonames.read_alternate_names(dumps.alternate_names, bad, progress))
            for path in filter(None, (dumps.admin1, dumps.admin2)):
                layers.add_unit_names(geonames.read_unit_codes(path, bad, progress))
            for step in progress(layers.steps, "sorting", len(layers.steps)):
                step()
            if dumps.hierarchy:
                layers.add_containers(geonames.read_hierarchy(dumps.hierarchy, bad, progress))
            sources = [_listed(path, digests[path], grown.newest.get(path)) for path in dumps.files]
            meta = {
                "fingerprint": _fingerprint(fingerprint, digests.values()),
                "sources": "\n".join([listed.rstrip("\n"), *sources]),
            }
            finish(connection, meta)
        except sqlite3.OperationalError:
            raise  # the target's fault: no room, say
        except sqlite3.DatabaseError as error:
            raise GazetteerError(f"{base}: damaged ({error}); build it again with `geomap gazetteer build`") from error
        finally:
            connection.close()
    return grown


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise GazetteerError(f"{path}: cannot be read ({error.strerror}); check the path") from error


def _fingerprint(base: str, digests: Iterable[str]) -> str:
    digest = hashlib.sha256(base.encode())
    package = Path(__file__).parent.parent
    for name in _CODE:
        digest.update((package / name).read_bytes())
    for file in digests:
        digest.update(file.encode())
    return digest.hexdigest()[:16]


def _listed(path: Path, digest: str, newest: str | None) -> str:
    """The entry of a file in the list of sources, as TOML."""
    name = "".join(c if c.isprintable() else "?" for c in path.name.encode(errors="replace").decode())
    values = {
        "name": f"GeoNames, {name}",
        "version": f"rows changed up to {newest}" if newest else "geonames.org export",
        "file": name,
        "sha256": digest,
        "licence": "CC BY 4.0",
        "attribution": "Places: GeoNames, CC BY 4.0",
    }
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()
    ]  # as TOML writes strings
    return "\n".join(["", "[[source]]", *lines, ""])
