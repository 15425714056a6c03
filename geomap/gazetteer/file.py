"""A gazetteer file: which one is used, whether it is sound, what it says of itself, its rows as places."""

from __future__ import annotations

import os
import sqlite3
import weakref
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from geomap.errors import GazetteerError, GazetteerNotFoundError
from geomap.gazetteer import schema
from geomap.gazetteer.own import ATTRIBUTION, FIRST_ROW, OwnPlaces
from geomap.model import Place

ENVIRONMENT: Final = "GEOMAP_GAZETTEER"
BUNDLED: Final = Path(__file__).parent.parent / "data" / "gazetteer.sqlite"


def locate(explicit: str | Path | None = None) -> Path:
    """Return the gazetteer file to use: the one named, else ``$GEOMAP_GAZETTEER``, else the bundled one.

    Raises:
        GazetteerNotFoundError: If no file lies there.
    """
    if explicit is not None:
        path, mend = Path(explicit), "check the path after --gazetteer"
    elif named := os.environ.get(ENVIRONMENT):
        path, mend = Path(named), f"check ${ENVIRONMENT}, or unset it to use the bundled gazetteer"
    else:
        path, mend = BUNDLED, "run `geomap gazetteer build`, or install geomap again"
    if not path.is_file():
        raise GazetteerNotFoundError(f"{path}: no gazetteer there; {mend}")
    return path


class GazetteerFile:
    """An open gazetteer file, with the user's own places beside it.

    Any thread may use an instance, one at a time. Use it as a context manager, or call :meth:`close`.
    """

    def __init__(self, path: str | Path | None = None, *, own_places: bool = True) -> None:
        """Open a gazetteer file.

        Args:
            path: The file; see :func:`locate` for what is used without one.
            own_places: Whether the user's own places (``geomap gazetteer add``) are looked up beside it.

        Raises:
            GazetteerNotFoundError: If there is no such file.
            GazetteerError: If it is not a gazetteer, is damaged, or is of another schema version.
        """
        self.path = locate(path)
        self._own = OwnPlaces.kept() if own_places else OwnPlaces()
        try:
            self._db = sqlite3.connect(
                f"{self.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise GazetteerError(f"{self.path}: cannot be opened ({error}); check its permissions") from error
        self._closing = weakref.finalize(self, self._db.close)  # for owners that live as long as a pipeline
        try:
            self._meta = self._checked_meta()
        except GazetteerError:
            self.close()
            raise
        # Caches live as long as the instance; methods are wrapped here instead of by decorators, which would
        # keep every instance alive.
        self.place = lru_cache(maxsize=100_000)(self._place_uncached)

    def _checked_meta(self) -> dict[str, str]:
        """What the file says of itself, once it is known to be a gazetteer of this schema."""
        try:
            application = self._db.execute("PRAGMA application_id").fetchone()[0]
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if application != schema.APPLICATION_ID:
                raise GazetteerError(f"{self.path}: not a geomap gazetteer; build one with `geomap gazetteer build`")
            if version != schema.SCHEMA_VERSION:
                raise GazetteerError(
                    f"{self.path}: schema version {version}, this geomap reads {schema.SCHEMA_VERSION}; "
                    "build it again with `geomap gazetteer build`"
                )
            return dict(self._db.execute("SELECT key, value FROM meta").fetchall())
        except sqlite3.DatabaseError as error:
            raise GazetteerError(
                f"{self.path}: damaged or not a gazetteer ({error}); build it again with `geomap gazetteer build`"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._closing()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise GazetteerError(
                f"{self.path}: damaged ({error}); build it again with `geomap gazetteer build`"
            ) from error

    # --- about the file -------------------------------------------------------------------------------------

    @property
    def fingerprint(self) -> str:
        """A digest of the sources that the file was built from, and of the user's own places."""
        return "+".join(filter(None, (self._meta["fingerprint"], self._own.fingerprint)))

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The sources with their version, licence and attribution, as ``SOURCES.toml`` lists them."""
        import tomllib

        own = [{"name": f"own places: {name}", "attribution": ATTRIBUTION} for name in self._own.names]
        return [*tomllib.loads(self.listed)["source"], *own]

    @property
    def listed(self) -> str:
        """The text of ``SOURCES.toml``, with what was laid over the bundled sources."""
        return str(self._meta["sources"])

    @property
    def attribution(self) -> tuple[str, ...]:
        """The lines of credit that every output carries."""
        return tuple(dict.fromkeys(source["attribution"] for source in self.sources))

    def counts(self) -> dict[str, int]:
        """Return how many places, names, shapes and borders the file holds."""
        tables = {"place": "record", "name": "name", "shape": "shape", "border": "border"}
        return {what: int(self._rows(f"SELECT count(*) FROM {table}")[0][0]) for what, table in tables.items()}

    # --- rows → places --------------------------------------------------------------------------------------

    def _place_uncached(self, row: int) -> Place:
        """Return the place of a row number; rows come from the file's other tables."""
        if row >= FIRST_ROW:
            return self._own.place(row)
        (values,) = self._rows(
            "SELECT id, name, country, admin1, admin2, lon, lat, feature_code, population, geonameid, countries, kind"
            " FROM place WHERE row = ?",
            row,
        )
        return Place(
            id=values[0], name=values[1], country=values[2], admin1=values[3], admin2=values[4], lon=values[5],
            lat=values[6], feature_code=values[7], population=values[8], geonameid=values[9],
            countries=tuple(values[10].split()), kind=values[11],
        )  # fmt: skip

    def _row_of(self, place_id: str) -> int | None:
        """The row of a place's id, or None where there is no such place."""
        scheme, _, number = place_id.partition(":")
        if scheme == "gn" and number.isascii() and number.isdigit():
            rows = self._rows("SELECT row FROM record WHERE row = ?", int(number))
        else:
            rows = self._rows("SELECT place FROM own WHERE id = ?", place_id)
        return rows[0][0] if rows else None
