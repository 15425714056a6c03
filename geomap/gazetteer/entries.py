"""The bundled sources → entries: every place once, with all its names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from geomap.errors import GazetteerError
from geomap.gazetteer import schema
from geomap.gazetteer.keys import is_loose, kind_of, slug
from geomap.gazetteer.progress import Progress
from geomap.gazetteer.sources import curated, towns
from geomap.model import Kind, Place

_LONGEST_ABBREVIATION: Final = 4


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
    for table, header in curated.PLACE_HEADERS.items():
        for row in curated.read_table(tables / f"{table}.tsv", header):
            rank = schema.RANK_FORMER if table == "former_names" else schema.RANK_ALTERNATE
            _add_row(entries, row, "metonym" if table == "metonyms" else None, rank)
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


def _add_row(entries: dict[str, Entry], row: curated.Row, kind: Kind | None, rank: int) -> None:
    """Add a curated place, or add its names to the place that has its geonameid already; variants get the rank."""
    gid = row.id()
    code = row["kind"]
    country, admin1 = row["country"] or None, row["admin1"] or None
    own_id = "/".join(part for part in (f"gm:{code.lower()}", country, admin1, slug(row["name"])) if part)
    place = Place(
        id=f"gn:{gid}" if gid else own_id, name=row["name"], country=country, admin1=admin1,
        admin2=row.cells.get("admin2") or None, lon=row.number("lon"), lat=row.number("lat"), feature_code=code,
        geonameid=gid, kind=kind or kind_of(code),
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
            entry.add(variant, rank)


def is_abbreviation(variant: str, feature_code: str) -> bool:
    """Whether a variant of a first-level unit or a city counts only in capitals as written: "Ore.", "NSW", "L.A."."""
    short = variant.isupper() and len(variant) <= _LONGEST_ABBREVIATION and variant.isascii()
    return feature_code in ("ADM1", "PPL") and (variant.endswith(".") or short)
