"""A dump like GeoNames' ``allCountries.txt``, made up: as large as asked, the same bytes for the same size."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

_SYLLABLES: Final = [
    a + b
    for a in "b d f g h j k l m n p r s t v w z sh kh ch br st".split()
    for b in "a e i o u an ar en il or".split()
]
_SUFFIXES: Final = "abad kot pur ville ton berg stan grad dorf polis shahr qala".split()
_GENERIC: Final = "Creek Hill Farm School Village River Mount Lake Point Church".split()
_COUNTRIES: Final = "AF AR AU BR CA CN DE FR GB ID IN IR IT KE KZ MX NG NL PK PL RU TJ TR UA US UZ VN ZA".split()
_FEATURES: Final = [
    *[("P", "PPL")] * 40, *[("H", "STM")] * 12, *[("T", "HLL")] * 8, *[("T", "MT")] * 6, *[("S", "FRM")] * 8,
    *[("S", "SCH")] * 6, *[("S", "HTL")] * 4, *[("L", "LCTY")] * 5, *[("A", "ADM4")] * 4, *[("V", "FRST")] * 2,
    ("A", "ADM3"), ("P", "PPLX"), ("P", "PPLL"), ("R", "RSTN"), ("S", "AIRF"),
]  # fmt: skip
FIRST: Final = 20_000_000
"""Geonameid of the first: above all real ones, so that every row is a new place."""
_BLOCK: Final = 10_000


def write_dump(path: Path, places: int) -> None:
    """Write a dump.

    Of its rows, two in five are towns, and there is about one further name a row, as in the real one; names
    are made of syllables, so that the short ones are shared by dozens and most by none.

    Args:
        path: The text file.
        places: How many rows.
    """
    rng = random.Random(2026)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for start in range(0, places, _BLOCK):
            file.writelines(_row(rng, FIRST + n) for n in range(start, min(start + _BLOCK, places)))


def _name(rng: random.Random) -> str:
    words = "".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3, 3, 3, 4, 4)))).title()
    draw = rng.random()
    if draw < 0.25:
        words += rng.choice(_SUFFIXES)
    if 0.2 < draw < 0.4:
        words = f"{words} {rng.choice(_GENERIC)}"
    if draw > 0.9:
        words = words.replace("a", "á", 1)
    return words


def _row(rng: random.Random, number: int) -> str:
    name = _name(rng)
    plain = name.replace("á", "a")
    others = ",".join(_name(rng) for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 1, 2, 4))))
    feature_class, code = rng.choice(_FEATURES)
    people = int(10 ** rng.uniform(2, 6)) if feature_class == "P" and rng.random() < 0.12 else 0
    lat, lon = rng.uniform(-55, 70), rng.uniform(-180, 180)
    unit = int(rng.random() * 400)
    return (
        f"{number}\t{name}\t{plain}\t{others}\t{lat:.5f}\t{lon:.5f}\t{feature_class}\t{code}\t"
        f"{_COUNTRIES[unit % len(_COUNTRIES)]}\t\t{unit % 30:02}\t{unit}\t\t\t{people}\t\t{unit}\tEtc/UTC\t2026-01-0{1 + unit % 9}\n"
    )
