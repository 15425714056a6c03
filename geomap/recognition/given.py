"""Words that are given or family names: one feature of the tagger.

``given.tsv`` has one word a line: how common it is as a given and as a family name in the United
States' census of 1990 (public domain), as a class from 0 (no such name) to 3. ``make lexicon`` draws it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

_TIERS: Final = ((200, 3), (1000, 2), (12_000, 1))
"""Ranks up to which a name is very common, common, known."""


_GIVEN: Final = 4  # what a class as a given name counts beside one as a family name


def load() -> dict[str, int]:
    """Read the bundled table: word → class, to be asked by :func:`is_given` and :func:`is_family`; a feature as it is."""
    text = resources.files("geomap.recognition").joinpath("given.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {word: _GIVEN * int(given) + int(family) for word, given, family in rows}


def is_given(classes: Mapping[str, int], word: str) -> bool:
    """Whether a word is known as a given name."""
    return classes.get(word, 0) >= _GIVEN


def is_family(classes: Mapping[str, int], word: str) -> bool:
    """Whether a word is known as a family name."""
    return classes.get(word, 0) % _GIVEN > 0


def draw(lists: Traversable, target: Path) -> None:
    """Write the table from the ranked lists of the package ``names``.

    Args:
        lists: The folder with ``dist.female.first``, ``dist.male.first`` and ``dist.all.last``.
        target: The file to write.
    """
    given = [
        line.split()
        for name in ("female", "male")
        for line in lists.joinpath(f"dist.{name}.first").read_text().splitlines()
    ]
    family = [line.split() for line in lists.joinpath("dist.all.last").read_text().splitlines()]
    classes: dict[str, list[int]] = {}
    for column, rows in enumerate((given, family)):
        for word, _share, _sum, rank in rows:
            tier = next((tier for most, tier in _TIERS if int(rank) <= most), 0)
            entry = classes.setdefault(word.lower(), [0, 0])
            entry[column] = max(entry[column], tier)
    lines = [f"{word}\t{one}\t{other}" for word, (one, other) in sorted(classes.items()) if one or other]
    target.write_text("\n".join(["word\tgiven\tfamily", *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    draw(resources.files("names"), Path(sys.argv[1]))
