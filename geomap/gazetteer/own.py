"""An analyst's own places, looked up beside a gazetteer file.

They are kept apart, as small tables in a folder of the user's, so that they outlive a gazetteer's
rebuilds and geomap's upgrades, and hold for whichever file is in use. :mod:`geomap.gazetteer.lists`
reads and writes those.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Self

from geomap.gazetteer.keys import is_loose, keys, kind_of
from geomap.gazetteer.schema import RANK_ALTERNATE, RANK_NAME
from geomap.gazetteer.userdata import PREFIX, folder
from geomap.model import Place

if TYPE_CHECKING:
    from geomap.gazetteer.lists import OwnList
    from geomap.gazetteer.sources.table import OwnPlace

FIRST_ROW: Final = 1 << 40
"""Row of the first own place: above every row of a gazetteer file."""
IMPORTANCE: Final = 9.6
"""Before a country at home (9.5), and yet a forename or a surname beside the name still tells that a person is meant."""
ATTRIBUTION: Final = "Own places"


def is_own(place: Place) -> bool:
    """Whether a place is one that the user added."""
    return place.id.startswith(PREFIX)


class OwnPlaces:
    """The own places in memory, to be asked beside a gazetteer file.

    Attributes:
        names: Of the lists, in order.
        fingerprint: A digest of the places; empty where there are none.
    """

    def __init__(self, lists: Sequence[OwnList] = ()) -> None:
        """Index the places of some lists."""
        own = [place for one in lists for place in one.places]
        self.names = tuple(one.name for one in lists)
        self.fingerprint = _digest(own) if own else ""
        self._places = [_place(place) for place in own]
        ranks: dict[str, dict[int, int]] = {}
        for row, place in enumerate(own, start=FIRST_ROW):
            names = [(place.name, RANK_NAME), *((variant, RANK_ALTERNATE) for variant in place.variants)]
            for key, rank in keys(names, is_loose(place.country, 0, True)).items():
                ranks.setdefault(key, {})[row] = rank
        self._ranks = ranks
        self._sorted = sorted(ranks)

    @classmethod
    def kept(cls) -> Self:
        """Read the lists that are kept.

        Raises:
            GazetteerError: If a list was damaged.
        """
        if not folder().is_dir():
            return cls()
        from geomap.gazetteer.lists import read_lists

        return cls(read_lists())

    def __bool__(self) -> bool:
        return bool(self._places)

    def place(self, row: int) -> Place:
        """Return the place of a row, which begin at :data:`FIRST_ROW`."""
        return self._places[row - FIRST_ROW]

    def of_key(self, key: str) -> Mapping[int, int]:
        """Return the rows that have a key, each with its rank."""
        return self._ranks.get(key, {})

    def prefix(self, key: str) -> tuple[bool, bool]:
        """Return whether a key is a name, and whether it begins a longer one."""
        at = bisect.bisect_left(self._sorted, f"{key} ")
        return key in self._ranks, at < len(self._sorted) and self._sorted[at].startswith(f"{key} ")

    def towns(self) -> Iterator[tuple[int, Place]]:
        """Yield the towns among them with their rows."""
        for row, place in enumerate(self._places, start=FIRST_ROW):
            if place.feature_code.startswith("PPL"):
                yield row, place


def _place(own: OwnPlace) -> Place:
    return Place(
        id=own.id, name=own.name, country=own.country, admin1=own.admin1, lon=own.lon, lat=own.lat,
        feature_code=own.kind, kind=kind_of(own.kind),
    )  # fmt: skip


def _digest(places: list[OwnPlace]) -> str:
    import hashlib

    return hashlib.sha256(repr(places).encode()).hexdigest()[:16]
