"""What follows from a place's names and codes: the keys that it is found by, its id, its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from geomap.gazetteer import schema
from geomap.model import Kind
from geomap.names import fold, strip_generic, transliteration_key

_SHORT: Final = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}
_SHORT_AND_LONG: Final = _SHORT | {short: long for long, short in _SHORT.items()}
_LOOSE_POPULATION: Final = 5_000
_FACILITY: Final = re.compile(
    "AIR.|AIRP|INSM|BLDG|PAL|PRN|HSP|SCH|MSQE|HTL|BDG|TNL|DAM|PRT|MFG.*|NSY|PS.*|CMP.*|DIP|MNMT|STDM"
)
_FACILITY_NOT_PLACES: Final = frozenset({"PSTB"})


def keys(names: Iterable[tuple[str, int]], loose: bool) -> dict[str, int]:
    """Return the keys of a place's names, each with the strictest rank that it has.

    Args:
        names: Names with their ranks.
        loose: Whether they get a transliteration key too.
    """
    best: dict[str, int] = {}
    for name, rank in names:
        folded = fold(name)
        for spelling in (folded, *_as_written(folded)):
            if best.get(spelling, rank + 1) > rank:
                best[spelling] = rank
        stripped = strip_generic(folded)
        if stripped not in best:
            best[stripped] = schema.RANK_GENERIC
        if loose and (key := transliteration_key(name)):
            best.setdefault(schema.LOOSE_PREFIX + key, schema.RANK_TRANSLITERATION)
    best.pop("", None)
    return best


def _as_written(folded: str) -> Iterator[str]:
    """The other way to write a name's first word: "St. Petersburg", "Mt. Everest", "Ft. Worth"."""
    first, _, rest = folded.partition(" ")
    if rest and (other := _SHORT_AND_LONG.get(first)):
        yield f"{other} {rest}"


def is_loose(country: str | None, population: int, curated: bool) -> bool:
    """Whether a place's names get a transliteration key: at home, but for the smallest places of large countries."""
    return country in schema.HOME and (curated or country in ("AF", "TJ") or population >= _LOOSE_POPULATION)


def slug(name: str) -> str:
    """Return a name as it stands in an id: "Sher Khan Bandar" → sher-khan-bandar."""
    return fold(name).replace(" ", "-")


@cache
def kind_of(feature_code: str) -> Kind:
    """Return what a bare mention of a place of a GeoNames feature code is."""
    if _FACILITY.fullmatch(feature_code) and feature_code not in _FACILITY_NOT_PLACES:
        return "facility"
    return "organisation-embedded" if feature_code == "UNIV" else "place"
