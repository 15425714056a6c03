"""The curated tables: facts written for this project, one tab-separated table a kind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geomap.errors import GazetteerError

PLACE_HEADER = ("name", "variants", "kind", "country", "admin1", "lon", "lat", "geonameid", "note")
DISTRICT_HEADER = (*PLACE_HEADER[:5], "admin2", *PLACE_HEADER[5:])
COUNTRY_HEADER = (
    "country", "name", "variants", "abbreviations", "lon", "lat", "geonameid", "capital", "note",
)  # fmt: skip
REGION_HEADER = ("name", "variants", "countries", "lon", "lat", "geonameid", "note")
DISPUTED_HEADER = ("name", "variants", "countries", "lon", "lat", "geonameid", "shown", "note")
DEMONYM_HEADER = ("country", "forms", "note")
DIRECTION_HEADER = ("country", "direction", "admin1", "note")

PLACE_TABLES = (
    "admin1_neighbours",
    "admin1_world",
    "counties_us",
    "crossings",
    "districts_af",
    "districts_neighbours",
    "districts_tj",
    "former_names",
    "landmarks",
    "metonyms",
    "physical",
    "provinces_af",
    "towns_region",
    "towns_world",
    "waters",
    "world_features",
    "world_nature",
    "world_quarters",
)
"""Tables of places; a row with a geonameid that another source has adds to that place."""
_WITH_ADMIN2: Final = (
    "counties_us", "districts_af", "districts_neighbours", "districts_tj", "world_features", "world_nature", "world_quarters",
)  # fmt: skip
PLACE_HEADERS: Final = dict.fromkeys(PLACE_TABLES, PLACE_HEADER) | dict.fromkeys(_WITH_ADMIN2, DISTRICT_HEADER)
"""The columns of each; where districts are among the places, the second-level code too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a curated table: its cells by column, and where it stands, for messages."""

    cells: dict[str, str]
    where: str

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def list(self, column: str, separator: str = "|") -> tuple[str, ...]:
        """The cell's items, in order; empty for an empty cell."""
        return tuple(item for item in self.cells[column].split(separator) if item)

    def number(self, column: str) -> float:
        """The cell as a number.

        Raises:
            GazetteerError: If it is not one.
        """
        try:
            number = float(self.cells[column])
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise GazetteerError(
                f"{self.where}: column {column} is {self.cells[column]!r}, not a number; mend that cell"
            )
        return number

    def id(self, column: str = "geonameid") -> int | None:
        """The cell as a GeoNames id, or None where it is empty."""
        return int(self.number(column)) if self.cells[column] else None


def read_table(path: Path, header: tuple[str, ...]) -> list[Row]:
    """Read one curated table.

    Args:
        path: The ``.tsv`` file, UTF-8.
        header: The columns that it must have, in order.

    Returns:
        Its rows in file order.

    Raises:
        GazetteerError: If the file is missing or a line has not one cell a column.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GazetteerError(f"{path}: cannot be read ({error}); restore the file from the repository") from error
    if tuple(lines[0].split("\t")) != header:
        raise GazetteerError(f"{path}:1: columns are {lines[0]!r}; expected {' '.join(header)} separated by tabs")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != len(header):
            raise GazetteerError(f"{path}:{number}: {len(cells)} cells, expected {len(header)}; mend that line")
        rows.append(Row(cells=dict(zip(header, cells, strict=True)), where=f"{path.name}:{number}"))
    return rows
