"""Read-only look-up in a gazetteer file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from geomap.files import is_text
from geomap.gazetteer import schema
from geomap.gazetteer.file import BUNDLED, ENVIRONMENT, locate
from geomap.gazetteer.own import IMPORTANCE
from geomap.gazetteer.regions import Regions
from geomap.model import Candidate, Match, Place
from geomap.names import fold, strip_generic, transliteration_key

__all__ = ["ALIAS_COST", "BUNDLED", "ENVIRONMENT", "HOME", "HOME_BONUS", "RANK_COST", "Gazetteer", "locate"]

_MATCHES: Final[tuple[Match, ...]] = ("exact", "exact", "generic", "transliteration", "exact")

HOME: Final = schema.HOME
HOME_BONUS: Final = 0.5
"""What being at home is worth on the importance scale: as much as three times the inhabitants."""
RANK_COST: Final = (0.0, 0.5, 1.0, 2.0, 1.0)
"""What a looser key costs on that scale, by rank."""
_LARGE: Final = 5_500  # thousandths of importance: 300,000 inhabitants
_LARGEST: Final = 6_500  # three million
ALIAS_COST: Final = 1.5
"""What another name costs more where some place bears it as its own: Philadelphia was once Amman's."""

_AFTER_LATIN: Final = "\u0370"
"""Folded names from here on are Greek, Cyrillic, Arabic, Chinese, …; none before is."""


class Gazetteer(Regions):
    """An open gazetteer: names → places, beside what it inherits: countries, borders, shapes, the file itself.

    Look-ups are cached, so one instance should serve a whole run. Any thread may use an instance,
    one at a time. Use it as a context manager, or call :meth:`close`.
    """

    def __init__(self, path: str | Path | None = None, *, own_places: bool = True) -> None:
        """Open a gazetteer.

        Args:
            path: The file; see :func:`geomap.gazetteer.file.locate` for what is used without one.
            own_places: Whether the user's own places (``geomap gazetteer add``) are looked up beside it.

        Raises:
            GazetteerNotFoundError: If there is no such file.
            GazetteerError: If it is not a gazetteer, is damaged, or is of another schema version.
        """
        super().__init__(path, own_places=own_places)
        self.begins = lru_cache(maxsize=100_000)(self._begins_uncached)
        self.candidates = lru_cache(maxsize=20_000)(self._candidates_uncached)

    # --- names → places -------------------------------------------------------------------------------------

    def _begins_uncached(self, key: str) -> tuple[bool, bool]:
        """Return whether a folded key is a name, and whether a name of more words begins with it."""
        if not is_text(key):
            return False, False
        is_own, is_longer_own = self._own.prefix(key)
        rows = self._rows("SELECT key FROM name WHERE key >= ? LIMIT 1", key)
        if not rows or not rows[0][0].startswith(key):  # most words: no name begins so
            return is_own, is_longer_own
        longer = (
            is_longer_own
            or rows[0][0].startswith(f"{key} ")
            or self._rows("SELECT 1 FROM name WHERE key >= ? AND key < ? LIMIT 1", f"{key} ", f"{key}!")
        )
        return is_own or rows[0][0] == key, bool(longer)

    def match_lengths(self, words: Iterable[str]) -> list[int]:
        """Return how many of the first words make up names, shortest first.

        Args:
            words: Folded words, as many as there are until something that no name spans.

        Returns:
            The lengths in words; empty if no name starts here.
        """
        lengths = []
        key = ""
        for length, word in enumerate(words, start=1):
            key = f"{key} {word}" if key else word
            is_name, has_longer = self.begins(key)
            if is_name:
                lengths.append(length)
            if not has_longer:
                break
        return lengths

    def _candidates_uncached(self, name: str, country: str | None = None, loose: bool = True) -> tuple[Candidate, ...]:
        """Return the places that a name may mean, best first before any context.

        Args:
            name: A name in any script.
            country: Only places of this ISO 3166-1 alpha-2 code.
            loose: Whether to fall back on the transliteration key where nothing else matches.

        Returns:
            Candidates by score, then by id; each place once, under its strictest match.
        """
        if not is_text(name):
            return ()
        folded = fold(name)
        found = (
            self._by_abbreviation(name, country)
            or self._by_key(folded, country)
            or self._by_key(strip_generic(folded), country, schema.RANK_GENERIC)
        )
        if not found and loose and (key := transliteration_key(name)):
            found = self._by_key(schema.LOOSE_PREFIX + key, country)
        return tuple(sorted(found, key=lambda candidate: (-candidate.score, candidate.place.id)))

    def _by_abbreviation(self, form: str, country: str | None) -> list[Candidate]:
        sql = "SELECT place, importance FROM abbreviation JOIN record ON row = place WHERE form = ?"
        found = [(self.place(row), thousandths / schema.THOUSAND) for row, thousandths in self._rows(sql, form)]
        return [Candidate(place=p, match="exact", score=s) for p, s in found if country in (None, p.country)]

    def _by_key(self, key: str, country: str | None, least: int = schema.RANK_NAME) -> list[Candidate]:
        """The candidates of one key; a key that was stripped first counts as ``least`` strict at best."""
        candidates = []
        for row, found_rank in self._own.of_key(key).items():
            place, rank = self._own.place(row), max(found_rank, least)
            if country is None or place.country == country:
                candidates.append(Candidate(place=place, match=_MATCHES[rank], score=IMPORTANCE - RANK_COST[rank]))
        sql = "SELECT place, rank, importance FROM name JOIN record ON row = place WHERE key = ?"
        rows = self._rows(sql, key)
        named = [(self.place(row), size) for row, rank, size in rows if rank == schema.RANK_NAME]
        bearers = [(place.country in HOME, size) for place, size in named]
        # "Mexico" is not Mexico City, nor is "Kansas" its largest town; New York City is larger than most that is said of it.
        of_country = any(place.feature_code == "PCLI" for place, _ in named)
        of_unit = of_country or any(place.feature_code == "ADM1" for place, _ in named)
        for row, found_rank, thousandths in rows:
            place, rank = self.place(row), max(found_rank, least)
            if country is None or place.country == country:
                score = thousandths / schema.THOUSAND - RANK_COST[rank] + (HOME_BONUS if place.country in HOME else 0.0)
                # A regional place's other spelling yields only to a regional or large place of that name, a unit's to none.
                regional = place.country in HOME
                rivals = (
                    [at_home or size >= _LARGE for at_home, size in bearers] if regional else [True for _ in bearers]
                )
                outranked = any(rivals) and not (regional and place.feature_code == "ADM1")
                is_part = _is_part(key, fold(place.name)) and not (of_country or (of_unit and thousandths < _LARGEST))
                if outranked and rank != schema.RANK_NAME and not is_part:
                    score -= ALIAS_COST
                candidates.append(Candidate(place=place, match=_MATCHES[rank], score=round(score, 3)))
        return candidates

    def other_script_names(self, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return the folded names of some places that are not in Latin letters ("کابل", "кабул").

        Args:
            ids: Ids of places.

        Returns:
            Each place's names in code point order; places without any are left out.
        """
        rows = {row: pid for pid in ids if (row := self._row_of(pid)) is not None}
        names: dict[str, list[str]] = {}
        sql = "SELECT place, key FROM name WHERE key >= ? AND rank < ?"  # the table is sorted by key
        for row, key in self._rows(sql, _AFTER_LATIN, schema.RANK_GENERIC):
            if row in rows:
                names.setdefault(rows[row], []).append(key)
        return {pid: tuple(keys) for pid, keys in names.items()}

    def abbreviations(self) -> dict[str, Place]:
        """Return the forms that count only in capitals as written ("US", "W.Va.") with their places."""
        return {form: self.place(row) for form, row in self._rows("SELECT form, place FROM abbreviation ORDER BY 1, 2")}

    def demonyms(self) -> dict[str, Place]:
        """Return all demonyms ("Afghan", "Central Asian") with their country or region."""
        return {form: self.place(row) for form, row in self._rows("SELECT form, place FROM demonym")}

    def one_word_names(self) -> set[str]:
        """Return all exact keys of one word."""
        rows = self._rows("SELECT DISTINCT key FROM name WHERE rank < 2 AND instr(key, ' ') = 0")
        return {row[0] for row in rows}

    def large_towns(self, population: int) -> list[Place]:
        """Return capitals, provinces' seats at home, and towns of at least so many inhabitants, largest first."""
        rows = self._rows(
            "SELECT row FROM record JOIN feature USING(feature) WHERE feature_code GLOB 'PPL*'"
            " AND (population >= ? OR feature_code IN ('PPLC', 'PPLA')) ORDER BY population DESC, row",
            population,
        )
        return [self.place(row[0]) for row in rows]

    def nearest(self, lon: float, lat: float, limit: int, minimum_population: int = 0) -> list[tuple[Place, float]]:
        """Return the towns nearest to a point, on the sphere.

        Args:
            lon: Degrees east.
            lat: Degrees north.
            limit: How many.
            minimum_population: Only towns of at least so many inhabitants; many have 0 for unknown.

        Returns:
            Towns with their distance in metres, nearest first, then by row; fewer than asked only
            where the whole world has no more.
        """
        from geomap.gazetteer.nearest import nearest
        from geomap.geometry import LonLat

        sql = "SELECT row, lon, lat FROM town CROSS JOIN record ON row = place WHERE cell BETWEEN ? AND ? AND population >= ?"
        own = [
            (row, LonLat(lon=place.lon, lat=place.lat)) for row, place in self._own.towns() if not minimum_population
        ]
        found = nearest(
            LonLat(lon=lon, lat=lat), limit, lambda first, last: self._rows(sql, first, last, minimum_population), own
        )
        return [(self.place(row), metres) for row, metres in found]


def _is_part(key: str, name: str) -> bool:
    """Whether a key is a name without its class word: "new york" of New York City, "heathrow" of Heathrow Airport."""
    return key == strip_generic(name) or name.startswith(f"{key} ")
