"""The bundled sources → entries: every place once, with all its names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from geomap.errors import GazetteerError
from geomap.gazetteer import schema
from geomap.gazetteer.progress import Progress
from geomap.gazetteer.sources import curated, towns
from geomap.model import Kind, Place
from geomap.names import fold, strip_generic, transliteration_key

_LONGEST_ABBREVIATION: Final = 4
_LOOSE_POPULATION: Final = 5_000
_FACILITY: Final = re.compile(
    "AIR.|AIRP|INSM|BLDG|PAL|PRN|HSP|SCH|MSQE|HTL|BDG|TNL|DAM|PRT|MFG.*|NSY|PS.*|CMP.*|DIP|MNMT|STDM"
)
_FACILITY_NOT_PLACES: Final = frozenset({"PSTB"})


@dataclass(slots=True)
class Entry:
    """A place while its names are being gathered from the sources.

    Attributes:
        place: What is known of it so far.
        names: Name → rank; the first source to give a name decides.
        curated: Whether a table of places written for geomap has it.
    """

    place: Place
    names: dict[str, int] = field(default_factory=dict)
    curated: bool = False

    @property
    def is_loose(self) -> bool:
        """Whether the place's names get a transliteration key."""
        return is_loose(self.place.country, self.place.population, self.curated)

    def add(self, name: str, rank: int) -> None:
        """Give it a name; an empty one is none."""
        if name and name not in self.names:
            self.names[name] = rank


def is_loose(country: str | None, population: int, curated: bool) -> bool:
    """Whether a place's names get a transliteration key: at home, but for the smallest places of large countries."""
    return country in schema.HOME and (curated or country in ("AF", "TJ") or population >= _LOOSE_POPULATION)


def slug(name: str) -> str:
    """Return a name as it stands in an id: "Sher Khan Bandar" → sher-khan-bandar."""
    return fold(name).replace(" ", "-")


def gather(sources: Path, progress: Progress) -> dict[str, Entry]:
    """Return all places by id, names merged; in an order that depends on the sources alone.

    Raises:
        GazetteerError: If a source is missing or wrong.
    """
    tables = sources / "curated"
    entries: dict[str, Entry] = {}
    capitals: set[int] = set()
    for row in curated.read_table(tables / "countries.tsv", curated.COUNTRY_HEADER):
        _add_country(entries, row)
        if capital := row.id("capital"):
            capitals.add(capital)
    for row in curated.read_table(tables / "regions.tsv", curated.REGION_HEADER):
        _add_area(entries, row, "region", "RGN")
    for row in curated.read_table(tables / "disputed.tsv", curated.DISPUTED_HEADER):
        _add_area(entries, row, "place", "RGN")
    for town in progress(towns.read(sources / "places.tsv.xz"), "towns", 234_908):
        _add_town(entries, town, town.geonameid in capitals)
    for table in curated.PLACE_TABLES:
        for row in curated.read_table(tables / f"{table}.tsv", curated.PLACE_HEADER):
            _add_row(entries, row, "metonym" if table == "metonyms" else None)
    return entries


def _add_country(entries: dict[str, Entry], row: curated.Row) -> None:
    gid = row.id()
    place = Place(
        id=f"gn:{gid}", name=row["name"], country=row["country"], admin1=None, lon=row.number("lon"),
        lat=row.number("lat"), feature_code="PCLI", geonameid=gid,
    )  # fmt: skip
    entry = entries[place.id] = Entry(place)
    entry.add(row["name"], schema.RANK_NAME)
    for variant in row.list("variants"):
        entry.add(variant, schema.RANK_ALTERNATE)


def _add_area(entries: dict[str, Entry], row: curated.Row, kind: Kind, code: str) -> None:
    gid = row.id()
    countries = row.list("countries", " ")
    place = Place(
        id=f"gn:{gid}" if gid else f"gm:region/{slug(row['name'])}",
        name=row["name"],
        country=countries[0] if kind == "place" and countries else None,
        admin1=None,
        lon=row.number("lon"),
        lat=row.number("lat"),
        feature_code=code,
        geonameid=gid,
        countries=tuple(sorted(countries)) if kind == "region" else (),
        kind=kind,
    )
    entry = entries.setdefault(place.id, Entry(place))
    entry.add(row["name"], schema.RANK_NAME)
    for variant in row.list("variants"):
        entry.add(variant, schema.RANK_ALTERNATE)


def _add_town(entries: dict[str, Entry], town: towns.Town, is_capital: bool) -> None:
    place = Place(
        id=f"gn:{town.geonameid}", name=town.name, country=town.country, admin1=town.admin1 or None,
        lon=town.lon, lat=town.lat, feature_code="PPLC" if is_capital else "PPL",
        population=town.population, geonameid=town.geonameid,
    )  # fmt: skip
    if place.id in entries:  # a city state, filed as country and as town under one id
        for name in (town.name, *town.alternates):
            entries[place.id].add(name, schema.RANK_ALTERNATE)
        return
    entry = entries[place.id] = Entry(place)
    entry.add(town.name, schema.RANK_NAME)
    for alternate in town.alternates:
        entry.add(alternate, schema.RANK_ALTERNATE)


def _add_row(entries: dict[str, Entry], row: curated.Row, kind: Kind | None) -> None:
    """Add a curated place, or add its names to the place that has its geonameid already."""
    gid = row.id()
    code = row["kind"]
    country, admin1 = row["country"] or None, row["admin1"] or None
    own_id = "/".join(part for part in (f"gm:{code.lower()}", country, admin1, slug(row["name"])) if part)
    place = Place(
        id=f"gn:{gid}" if gid else own_id, name=row["name"], country=country, admin1=admin1,
        lon=row.number("lon"), lat=row.number("lat"), feature_code=code, geonameid=gid, kind=kind or kind_of(code),
    )  # fmt: skip
    known = entries.get(place.id)
    if known is None:
        entry = entries[place.id] = Entry(place, curated=True)
        entry.add(row["name"], schema.RANK_NAME)
    elif known.place.country != country:
        raise GazetteerError(
            f"{row.where}: geonameid {gid} is {known.place.name} in {known.place.country}, not in {country}; mend the id"
        )
    else:
        entry = known
        entry.curated = True
        if code not in ("PPL", known.place.feature_code) and known.place.feature_code in ("PPL", "RGN"):
            entry.place = replace(known.place, feature_code=code, admin1=known.place.admin1 or admin1)
        if country in schema.HOME:
            entry.place = replace(entry.place, name=row["name"])
            entry.names[row["name"]] = schema.RANK_NAME
        entry.add(row["name"], schema.RANK_ALTERNATE)
    for variant in row.list("variants"):
        if not is_abbreviation(variant, code):
            entry.add(variant, schema.RANK_ALTERNATE)


def kind_of(feature_code: str) -> Kind:
    """Return what a bare mention of a place of a GeoNames feature code is."""
    if _FACILITY.fullmatch(feature_code) and feature_code not in _FACILITY_NOT_PLACES:
        return "facility"
    return "organisation-embedded" if feature_code == "UNIV" else "place"


def is_abbreviation(variant: str, feature_code: str) -> bool:
    """Whether a variant of a first-level unit counts only in capitals as written: "Ore.", "NSW"."""
    short = variant.isupper() and len(variant) <= _LONGEST_ABBREVIATION and variant.isascii()
    return feature_code == "ADM1" and (variant.endswith(".") or short)


def keys(names: Iterable[tuple[str, int]], loose: bool) -> dict[str, int]:
    """Return the keys of a place's names, each with the strictest rank that it has.

    Args:
        names: Names with their ranks.
        loose: Whether they get a transliteration key too.
    """
    best: dict[str, int] = {}
    for name, rank in names:
        folded = fold(name)
        if best.get(folded, rank + 1) > rank:
            best[folded] = rank
        stripped = strip_generic(folded)
        if stripped not in best:
            best[stripped] = schema.RANK_GENERIC
        if loose and (key := transliteration_key(name)):
            best.setdefault(schema.LOOSE_PREFIX + key, schema.RANK_TRANSLITERATION)
    best.pop("", None)
    return best
