"""GeoNames' own files as published: dumps of places, alternate names, unit codes, the hierarchy; zip or txt.

Files are read in blocks of lines, so that a dump of 13 million places needs no more memory than a
small one. A bad row is noted with its file and line and passed over; a file that is none of its kind
is an error.
"""

from __future__ import annotations

import contextlib
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, NamedTuple, TypeVar

from geomap.errors import GazetteerError
from geomap.gazetteer.progress import Progress
from geomap.gazetteer.schema import FIRST_OWN_ROW

T = TypeVar("T")

_BLOCK: Final = 1 << 20
_READ_ME: Final = frozenset({"readme.txt", "iso-languagecodes.txt"})
_MESSAGES: Final = 10
_DIGITS: Final = 11
_NO_UNIT: Final = "00"
_LANGUAGE: Final = re.compile(r"(?:[a-z]{2,3}(?:[-_][A-Za-z0-9]+)*)?")
"""What stands in the language column of a name; "post", "iata", "link", "wkdt" and the like are of four letters."""


class GeoName(NamedTuple):
    """One row of a dump; ``lon`` and ``lat`` in degrees, codes empty where there is none."""

    geonameid: int
    name: str
    ascii_name: str
    alternates: tuple[str, ...]
    lon: float
    lat: float
    feature_class: str
    feature_code: str
    country: str
    admin1: str
    admin2: str
    population: int
    modified: str


class AlternateName(NamedTuple):
    """One name of ``alternateNamesV2``; ``weak`` if it is historic or colloquial."""

    geonameid: int
    name: str
    language: str
    preferred: bool
    short: bool
    weak: bool


class UnitCode(NamedTuple):
    """One row of ``admin1CodesASCII.txt`` or ``admin2Codes.txt``: ``code`` is "AF.24" or "AF.24.2405"."""

    code: str
    name: str
    geonameid: int


class Parent(NamedTuple):
    """One row of ``hierarchy``; ``is_unit`` if it is of the units that the codes model."""

    parent: int
    child: int
    is_unit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dumps:
    """Files of GeoNames as published, zip or txt.

    Attributes:
        places: ``AF.zip``, ``allCountries.zip``, …; where two have one place, the later decides.
        alternate_names: ``alternateNamesV2.zip``.
        admin1: ``admin1CodesASCII.txt``.
        admin2: ``admin2Codes.txt``.
        hierarchy: ``hierarchy.zip``.
    """

    places: tuple[Path, ...] = ()
    alternate_names: Path | None = None
    admin1: Path | None = None
    admin2: Path | None = None
    hierarchy: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them, in the order in which they are read."""
        others = (self.alternate_names, self.admin1, self.admin2, self.hierarchy)
        return (*self.places, *(path for path in others if path is not None))


@dataclass(slots=True)
class BadRows:
    """The rows that were passed over: how many, and what was wrong with the first ten.

    Attributes:
        count: How many.
        messages: Of the first ten, each with file, line and reason.
    """

    count: int = 0
    messages: list[str] = field(default_factory=list)

    def note(self, path: Path, number: int, reason: str) -> None:
        """Note that a line was passed over."""
        self.count += 1
        if len(self.messages) < _MESSAGES:
            self.messages.append(f"{path}:{number}: {reason}; passed over")


def read_places(path: Path, bad: BadRows, progress: Progress) -> Iterator[GeoName]:
    """Yield the places of a dump (``AF.zip``, ``allCountries.txt``) in file order.

    Raises:
        GazetteerError: If the file cannot be read, or has not one good row.
    """
    return _rows(path, 19, _place, bad, progress)


def read_alternate_names(path: Path, bad: BadRows, progress: Progress) -> Iterator[AlternateName]:
    """Yield the names of ``alternateNamesV2``; codes, links and the like are left out.

    Raises:
        GazetteerError: If the file cannot be read, or has not one good row.
    """
    return _rows(path, (8, 10), _alternate_name, bad, progress)


def read_unit_codes(path: Path, bad: BadRows, progress: Progress) -> Iterator[UnitCode]:
    """Yield the units of ``admin1CodesASCII.txt`` or ``admin2Codes.txt``.

    Raises:
        GazetteerError: If the file cannot be read, or has not one good row.
    """
    return _rows(path, 4, _unit_code, bad, progress)


def read_hierarchy(path: Path, bad: BadRows, progress: Progress) -> Iterator[Parent]:
    """Yield the pairs of ``hierarchy``.

    Raises:
        GazetteerError: If the file cannot be read, or has not one good row.
    """
    return _rows(path, (2, 3), _parent, bad, progress)


# --- rows ----------------------------------------------------------------------------------------------------


def _place(cells: list[str]) -> GeoName:
    (
        gid, name, ascii_name, alternates, lat, lon, feature_class, code, country, _cc2, admin1, admin2, _adm3, _adm4,
        population, _elevation, _dem, _zone, modified,
    ) = cells  # fmt: skip
    if not name.strip():
        raise ValueError("no name")
    if len(country) not in (0, 2):
        raise ValueError(f"country {country!r} is no code of two letters")
    return GeoName(
        _id(gid), name, ascii_name, tuple(alternates.split(",")) if alternates else (),
        _degrees(lon, "longitude", 180), _degrees(lat, "latitude", 90), feature_class, code or feature_class, country,
        "" if admin1 == _NO_UNIT else admin1, "" if admin1 in ("", _NO_UNIT) else admin2,
        _number(population, "population") if population else 0, modified,
    )  # fmt: skip


def _alternate_name(cells: list[str]) -> AlternateName | None:
    gid, language, name, preferred, short, colloquial, historic = cells[1:8]
    if not _LANGUAGE.fullmatch(language):
        return None
    if not name.strip():
        raise ValueError("no name")
    return AlternateName(
        _id(gid), name, language, preferred == "1", short == "1", colloquial == "1" or historic == "1"
    )  # fmt: skip


def _unit_code(cells: list[str]) -> UnitCode:
    code, name, _ascii_name, gid = cells
    if code.count(".") not in (1, 2):
        raise ValueError(f"{code!r} is no code of a unit")
    return UnitCode(code, name, _id(gid))


def _parent(cells: list[str]) -> Parent:
    return Parent(_id(cells[0]), _id(cells[1]), len(cells) > 2 and cells[2] == "ADM")


def _number(cell: str, column: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) <= _DIGITS):
        raise ValueError(f"{column} {cell[:30]!r} is no whole number")
    return int(cell)


def _id(cell: str) -> int:
    number = _number(cell, "geonameid")
    if not 0 < number < FIRST_OWN_ROW:
        raise ValueError(f"geonameid {number} is not between 1 and {FIRST_OWN_ROW - 1}")
    return number


def _degrees(cell: str, column: str, most: int) -> float:
    try:
        degrees = float(cell)
    except ValueError:
        degrees = math.nan
    if not -most <= degrees <= most:  # nor is nan
        raise ValueError(f"{column} {cell[:30]!r} is not between -{most} and {most}")
    return degrees


# --- files ---------------------------------------------------------------------------------------------------


def _rows(
    path: Path,
    columns: int | tuple[int, ...],
    parse: Callable[[list[str]], T | None],
    bad: BadRows,
    progress: Progress,
) -> Iterator[T]:
    """What ``parse`` makes of each line's cells; a ValueError notes the line as bad, None leaves it out silently."""
    expected = (columns,) if isinstance(columns, int) else columns
    number, good = 0, 0
    with _opened(path) as (file, size):
        for block in progress(iter(lambda: file.readlines(_BLOCK), []), path.name, -(-size // _BLOCK)):
            for line in block:
                number += 1
                try:
                    cells = line.decode().rstrip("\r\n").split("\t")
                    if len(cells) not in expected:
                        raise ValueError(f"{len(cells)} columns, not {' or '.join(map(str, expected))}")
                    row = parse(cells)
                except UnicodeDecodeError as error:
                    bad.note(path, number, f"not UTF-8 ({error.reason})")
                    continue
                except ValueError as error:
                    bad.note(path, number, str(error))
                    continue
                good += 1
                if row is not None:
                    yield row
    if not good:
        raise GazetteerError(
            f"{path}: none of its {number} lines is a row of {' or '.join(map(str, expected))} columns as GeoNames "
            "publishes them; check which file it is"
        )


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    """The text of a file, or of the one text in a zip, and its size in bytes."""
    try:
        if path.suffix.lower() != ".zip":
            with path.open("rb") as file:
                yield file, path.stat().st_size
            return
        with zipfile.ZipFile(path) as archive:
            member = _member(path, archive)
            with archive.open(member) as file:
                yield file, member.file_size
    except GazetteerError:
        raise
    except (
        OSError,
        EOFError,
        RuntimeError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:  # RuntimeError: it has a password
        raise GazetteerError(f"{path}: cannot be read ({error}); download it again") from error


def _member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The text that a zip of GeoNames is about."""
    texts = [info for info in archive.infolist() if info.filename.lower().endswith(".txt")]
    named = [info for info in texts if Path(info.filename).stem.lower() == path.stem.lower()]
    found = named or [info for info in texts if Path(info.filename).name.lower() not in _READ_ME]
    if len(found) != 1:
        raise GazetteerError(
            f"{path}: holds {len(found)} texts, expected one; unpack it and name the one that is meant"
        )
    return found[0]
