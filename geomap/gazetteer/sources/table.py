"""An analyst's table of places, as spreadsheets and GIS programs save it: name, lat, lon and what else it has."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geomap.errors import GazetteerError
from geomap.files import is_text
from geomap.gazetteer.userdata import PREFIX
from geomap.names import fold

_COLUMNS: Final = {
    "id": "id",
    "name": "name place placename toponym title label",
    "lat": "lat latitude y ycoord latdd",
    "lon": "lon long lng longitude x xcoord londd longdd",
    "kind": "kind type featurecode fcode featuretype",
    "country": "country countrycode cc iso2 iso",
    "admin1": "admin1 adm1 admin1code",
    "variants": "variants variant alternatenames altnames aliases alias",
    "note": "note notes comment comments remark remarks description",
}
"""Headers that mean a column, without case, spaces and underscores."""
_MEANING: Final = {spelling: column for column, spellings in _COLUMNS.items() for spelling in spellings.split()}
_NEEDED: Final = ("name", "lat", "lon")
_SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BYTE_ORDER_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_KINDS: Final = {
    "": "PPL", "place": "PPL", "town": "PPL", "city": "PPL", "village": "PPL", "settlement": "PPL", "quarter": "PPLX",
    "district": "ADM2", "province": "ADM1", "facility": "BLDG", "building": "BLDG", "base": "INSM", "military base": "INSM",
    "airbase": "AIRB", "airport": "AIRP", "airfield": "AIRF", "camp": "CMP", "refugee camp": "CMPRF", "border crossing": "PSTB",
    "crossing": "PSTB", "checkpoint": "PSTB", "bridge": "BDG", "dam": "DAM", "tunnel": "TNL", "prison": "PRN", "hospital": "HSP",
    "school": "SCH", "mosque": "MSQE", "river": "STM", "lake": "LK", "mountain": "MT", "pass": "PASS", "valley": "VAL",
}  # fmt: skip
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,5}")
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """A place of an analyst's table; ``lon`` and ``lat`` in degrees, ``kind`` a GeoNames feature code.

    ``id`` is what geomap gave it ("my:camp-delta"), empty where it has none yet.
    """

    id: str = ""
    name: str
    lon: float
    lat: float
    kind: str = "PPL"
    country: str | None = None
    admin1: str | None = None
    variants: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table holds: its places, and a message for each row that is none."""

    places: tuple[OwnPlace, ...]
    bad: tuple[str, ...]


def read_table(path: Path, encoding: str | None = None) -> Table:
    """Read a table of places.

    Cells may be separated by commas, semicolons, tabs or bars; where it is not the comma, numbers may
    have a decimal comma. Headers may be spelled as GIS programs do (latitude, lng, x, y); columns of
    other names are left out. Text is UTF-8, with or without byte order mark, or UTF-16 with one.

    Args:
        path: The table, with a header line.
        encoding: Its encoding, where it is another ("cp1251").

    Raises:
        GazetteerError: If the file cannot be read, is no table, or lacks one of the columns name, lat
            and lon, or holds not one good row.
    """
    text = _text(path, encoding)
    header, separator = _header(path, text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    places: list[OwnPlace] = []
    bad: list[str] = []
    seen: dict[tuple[str, float, float], int] = {}
    for number, cells in _numbered(path, rows):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            if len(cells) < max(header.values()) + 1:
                raise ValueError(f"{len(cells)} cells, too few for the header")
            place = _place({column: cells[index].strip() for column, index in header.items()}, separator)
            first = seen.setdefault((fold(place.name), place.lon, place.lat), number)
            if first != number:
                raise ValueError(f"{place.name!r} stands at the same point in line {first}")
        except ValueError as error:
            bad.append(f"{path}:{number}: {error}; the row is left out")
        else:
            places.append(place)
    if not places:
        reason = f"all {len(bad)} rows are bad, the first: {bad[0]}" if bad else "there is no row below the header"
        raise GazetteerError(f"{path}: no place in it: {reason}")
    return Table(places=tuple(places), bad=tuple(bad))


def _text(path: Path, encoding: str | None) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GazetteerError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    if data[:4] == b"PK\x03\x04":
        raise GazetteerError(f"{path}: an Excel workbook or a zip; save the sheet as “CSV UTF-8” and add that")
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    try:
        return data.decode(encoding or marked or "utf-8")
    except LookupError as error:
        raise GazetteerError(f"{encoding}: no such encoding; name one such as cp1251, or leave it out") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise GazetteerError(
            f"{path}:{line}: byte 0x{data[error.start]:02x} is not {encoding or marked or 'UTF-8'}; save it as “CSV UTF-8”, "
            "or name its encoding with --encoding (cp1252 in Western Europe, cp1251 for Russian)"
        ) from error


def _header(path: Path, text: str) -> tuple[dict[str, int], str]:
    """Which column stands where, and what separates the cells."""
    line = next(iter(text.splitlines()), "")
    found: dict[str, dict[str, int]] = {}
    for separator in _SEPARATORS:
        columns: dict[str, int] = {}
        for index, cell in enumerate(next(csv.reader([line], delimiter=separator), [])):
            meaning = _MEANING.get(re.sub(r"[\W_]", "", cell.casefold()))
            if meaning in columns:
                raise GazetteerError(f"{path}:1: two columns mean {meaning}; rename or remove one of them")
            if meaning:
                columns[meaning] = index
        found[separator] = columns
    separator = max(_SEPARATORS, key=lambda sign: len(found[sign]))
    missing = [column for column in _NEEDED if column not in found[separator]]
    if missing:
        raise GazetteerError(
            f"{path}:1: no column {' and '.join(missing)} in {line[:100]!r}; the first line must name the columns name, lat, lon"
        )
    return found[separator], separator


def _numbered(path: Path, rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, each with the line that it starts in."""
    reader: Iterable[list[str]] = rows
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, rows.line_num  # type: ignore[attr-defined]
            if number > 1:
                yield number, cells
    except csv.Error as error:
        raise GazetteerError(f"{path}:{before + 1}: no table from here on ({error}); mend that line") from error


def _place(cells: Mapping[str, str], separator: str) -> OwnPlace:
    name = cells["name"]
    if not is_text(name) or len(name) > _LONGEST_NAME or not fold(name):
        raise ValueError(f"{name[:30]!r} is no name")
    country = cells.get("country", "").upper()
    if country and not re.fullmatch("[A-Z]{2}", country):
        raise ValueError(f"country {country[:30]!r} is no ISO 3166-1 code of two letters, such as AF")
    variants = [variant.strip() for variant in cells.get("variants", "").split("|")]
    own_id = cells.get("id", "")
    return OwnPlace(
        id=own_id if own_id.startswith(PREFIX) else "",  # any other number or code is the table's own
        name=name,
        lon=_degrees(cells["lon"], "longitude", 180, separator),
        lat=_degrees(cells["lat"], "latitude", 90, separator),
        kind=_kind(cells.get("kind", "")),
        country=country or None,
        admin1=cells.get("admin1") or None,
        variants=tuple(dict.fromkeys(variant for variant in variants if is_text(variant) and fold(variant))),
        note=cells.get("note", ""),
    )


def _degrees(cell: str, column: str, most: int, separator: str) -> float:
    try:
        degrees = float(cell if separator == "," else cell.replace(",", "."))
    except ValueError:
        degrees = math.nan
    if not -most <= degrees <= most:  # nor is nan
        raise ValueError(f"{column} {cell[:30]!r} is not between -{most} and {most} degrees (WGS 84)")
    return degrees


def _kind(cell: str) -> str:
    code = _KINDS.get(cell.casefold().replace("_", " ")) or (cell.upper() if cell.isascii() else "")
    if not _CODE.fullmatch(code):
        raise ValueError(
            f"kind {cell[:30]!r} is neither a GeoNames feature code nor town, village, base, airport, river, …"
        )
    return code
