"""The lists of an analyst's own places: kept as tables in the user's folder, one a table that was added."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from geomap.errors import GazetteerError, UsageError
from geomap.files import write_atomically
from geomap.gazetteer.keys import slug
from geomap.gazetteer.sources.table import OwnPlace, read_table
from geomap.gazetteer.userdata import PREFIX, folder

_HEADER: Final = ("id", "name", "lat", "lon", "kind", "country", "admin1", "variants", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnList:
    """A list of own places as it is kept: its file, and its places, each with its id."""

    path: Path
    places: tuple[OwnPlace, ...]

    @property
    def name(self) -> str:
        """What the list is called: its file's name."""
        return self.path.stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of a table: the list that it is kept as, and a message for each row that was left out."""

    kept: OwnList
    bad: tuple[str, ...]


def add(table: Path, encoding: str | None = None) -> Added:
    """Keep the places of an analyst's table, as a list of the file's name; one of that name is replaced.

    A place that the list had before, of the same name at the same point, keeps its id.

    Args:
        table: See :func:`geomap.gazetteer.sources.table.read_table`.
        encoding: Its encoding, where it is not UTF-8.

    Raises:
        GazetteerError: If the table cannot be read or holds no good row.
        OutputError: If the list cannot be written.
    """
    read = read_table(table, encoding)
    path = folder() / f"{table.stem}.csv"
    lists = read_lists()
    known = {_identity(place): place.id for kept in lists if kept.path == path for place in kept.places}
    taken = {place.id for kept in lists if kept.path != path for place in kept.places}
    ids: list[str] = []
    for place in read.places:
        own = place.id or known.get(_identity(place), "")
        ids.append("" if own in taken else own)
        taken.add(own)
    places = []
    for place, own in zip(read.places, ids, strict=True):  # new ids only now, so that none takes one that is in use
        places.append(replace(place, id=own or _free_id(place.name, taken)))
        taken.add(places[-1].id)
    kept = OwnList(path=path, places=tuple(places))
    _write(kept)
    return Added(kept=kept, bad=read.bad)


def remove(what: str) -> int:
    """Forget a list by its name, or a place by its id.

    Returns:
        How many places were forgotten.

    Raises:
        UsageError: If there is neither.
        OutputError: If the list cannot be written.
    """
    whole = folder() / f"{what}.csv"
    if whole in folder().glob("*.csv"):  # even one that can no longer be read
        count = sum(bool(line.strip()) for line in whole.read_bytes().splitlines()[1:])
        whole.unlink()
        return count
    lists = read_lists()
    for kept in lists:
        left = tuple(place for place in kept.places if place.id != what)
        if len(left) < len(kept.places):
            if left:
                _write(OwnList(path=kept.path, places=left))
            else:
                kept.path.unlink()
            return 1
    names = ", ".join(kept.name for kept in lists) or "none"
    raise UsageError(f"{what}: neither a list of own places ({names}) nor the id of one; see `geomap gazetteer places`")


def read_lists() -> list[OwnList]:
    """Return the lists of own places, by name.

    Raises:
        GazetteerError: If a list was damaged.
    """
    where = folder()
    return [_read(path) for path in sorted(where.glob("*.csv"))] if where.is_dir() else []


def _identity(place: OwnPlace) -> tuple[str, float, float]:
    return (place.name, place.lon, place.lat)


def _free_id(name: str, taken: Iterable[str]) -> str:
    first = f"{PREFIX}{slug(name)}"
    place_id, number = first, 1
    while place_id in taken:
        number += 1
        place_id = f"{first}-{number}"
    return place_id


def _write(kept: OwnList) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for p in kept.places:
        cells = (
            p.id,
            p.name,
            repr(p.lat),
            repr(p.lon),
            p.kind,
            p.country or "",
            p.admin1 or "",
            "|".join(p.variants),
            p.note,
        )
        writer.writerow(cells)
    write_atomically(kept.path, text.getvalue())


def _read(path: Path) -> OwnList:
    table = read_table(path)
    mend = f"mend it in {path}, or remove the list with `geomap gazetteer remove {path.stem}`"
    if table.bad:
        raise GazetteerError(f"{table.bad[0]}; {mend}")
    if len({place.id for place in table.places if place.id}) != len(table.places):
        raise GazetteerError(f"{path}: a place's id is missing or doubled; {mend}")
    return OwnList(path=path, places=table.places)
