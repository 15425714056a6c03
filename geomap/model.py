"""What travels through the house: articles, mentions, places, resolutions and the atlas.

Frozen, slotted, keyword-only dataclasses. This room imports nothing of the project, and neither
spaCy nor pandas, so that any other room may use it.

Coordinates are decimal degrees, WGS84, always ``lon`` before ``lat``. Offsets are half-open
``[start, end)`` in Unicode code points of :attr:`Article.text`, exactly as it was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal, TypeAlias, TypeVar

_Class = TypeVar("_Class", bound=type)

Reasons: TypeAlias = tuple[tuple[str, float], ...]
"""What speaks for (positive) and against a choice, by name."""

Kind: TypeAlias = Literal[
    "place",
    "region",
    "directional",
    "border",
    "facility",
    "metonym",
    "demonym",
    "organisation-embedded",
]
"""What a mention is, in the sense of ``docs/architecture.md``."""

KINDS: tuple[Kind, ...] = (
    "place",
    "region",
    "directional",
    "border",
    "facility",
    "metonym",
    "demonym",
    "organisation-embedded",
)

PINLESS: frozenset[Kind] = frozenset({"demonym", "organisation-embedded"})
"""Kinds that are counted but never drawn."""

Precision: TypeAlias = Literal["point", "town", "district", "province", "country", "region", "line"]
"""How finely a resolution locates its mention; what a map may draw follows from it."""

Direction: TypeAlias = Literal[
    "north",
    "northeast",
    "east",
    "southeast",
    "south",
    "southwest",
    "west",
    "northwest",
    "central",
]

Match: TypeAlias = Literal["exact", "generic", "transliteration"]
"""Which key of a name found a candidate, strictest first."""

NilReason: TypeAlias = Literal[
    "not in gazetteer",
    "only far-away namesakes",
    "no shared border",
    "border of which two countries is unclear",
]
"""Why a mention was resolved to no place."""


def _portable(kind: _Class) -> _Class:
    """Let a slotted dataclass be pickled by its slots: Python's own way asks for its fields each time, at twice the cost."""
    values = attrgetter(*vars(kind)["__slots__"])
    setattr(kind, "__reduce__", lambda self: (_remade, (kind, values(self))))  # noqa: B010 - a class is typed as having its own
    return kind


def _remade(kind: Any, values: Sequence[Any]) -> Any:
    """An instance of one of the classes below, as it was pickled."""
    made = kind.__new__(kind)
    for name, value in zip(kind.__slots__, values, strict=True):
        object.__setattr__(made, name, value)
    return made


@_portable
@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article.

    Attributes:
        id: Unique within a run; for a file, its name.
        text: The article to the letter; nothing is stripped or normalised.
        title: Headline, if the text or its metadata gives one.
        date: ISO 8601 day (``YYYY-MM-DD``), if given.
        source: Outlet or agency, if given.
        url: The original address, if given.
    """

    id: str
    text: str
    title: str | None = None
    date: str | None = None
    source: str | None = None
    url: str | None = None


@_portable
@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One occurrence of a toponym in an article, before it is resolved.

    Attributes:
        start: First code point of the span.
        end: One past the last code point.
        phrase: ``text[start:end]``.
        kind: What the mention is.
        name: The name to look up; for most mentions the phrase itself.
        sentence: ``(start, end)`` of the sentence around the mention.
        countries: ISO 3166-1 alpha-2 codes that the wording itself gives: the country of a
            demonym, the one or two named countries of a border, the members of a region.
        direction: Of a directional mention ("northern Afghanistan" → ``"north"``).
        within: Names that qualify the mention, nearest first ("Imam Sahib, Kunduz" → ``("Kunduz",)``).
        feature: GeoNames feature code or class that the wording asks for ("Kunduz Province" →
            ``"ADM1"``, "city of Kunduz" → ``"P"``).
        role: ``"dateline"`` for where an agency filed from, else ``"text"``.
        nested: Mentions inside this one's span, in order.
    """

    start: int
    end: int
    phrase: str
    kind: Kind
    name: str
    sentence: tuple[int, int]
    countries: tuple[str, ...] = ()
    direction: Direction | None = None
    within: tuple[str, ...] = ()
    feature: str | None = None
    role: Literal["text", "dateline"] = "text"
    nested: tuple[Mention, ...] = ()


@_portable
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One gazetteer entry, or an area derived from entries (a border, a directional region).

    Attributes:
        id: Stable id: ``gn:1138958`` for a GeoNames place, ``gm:…`` for one of geomap's own.
        name: The name to show.
        country: ISO 3166-1 alpha-2, or None where several or none own it.
        admin1: GeoNames admin1 code within the country, or None.
        admin2: GeoNames admin2 code within the first-level unit, or None.
        lon: Representative point, degrees east.
        lat: Representative point, degrees north.
        feature_code: GeoNames feature code (PPLC, ADM1, PCLI, STM, …); geomap's own are ``BDR``
            (a shared border) and ``DIR`` (a directional region).
        population: Inhabitants, 0 where unknown.
        geonameid: GeoNames id, or None.
        countries: Members of a region, or the pair of a border, sorted; else empty.
        kind: What a bare mention of it is: ``place``, ``region``, ``metonym`` ("Kremlin"), ``facility``,
            ``border`` or ``directional``.
    """

    id: str
    name: str
    country: str | None
    admin1: str | None
    admin2: str | None = None
    lon: float
    lat: float
    feature_code: str
    population: int = 0
    geonameid: int | None = None
    countries: tuple[str, ...] = ()
    kind: Kind = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a mention may mean, with the prior score that ranks it before context."""

    place: Place
    match: Match
    score: float


@_portable
@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The place that a mention was taken to mean, or NIL (``place is None``) with a reason.

    Attributes:
        mention: The mention.
        place: The place, or None.
        precision: How finely the place locates what is mentioned.
        score: How likely the choice among the places of the name is right, 0–1.
        nil_reason: Why there is no place.
        runner_up: The second best place of the name.
        nested: Of the mentions nested in this one.
    """

    mention: Mention
    place: Place | None
    precision: Precision | None = None
    score: float = 0.0
    nil_reason: NilReason | None = None
    runner_up: Place | None = None
    nested: tuple[Resolution, ...] = ()


@_portable
@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where an outlet is at home: a point in degrees, its country and first-level unit."""

    lon: float
    lat: float
    country: str
    admin1: str | None


@_portable
@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedArticle:
    """An article with its resolutions in text order.

    Attributes:
        article: The article.
        resolutions: Of its outermost mentions, which do not overlap.
        home: Where its source is at home, where that helped to resolve it.
    """

    article: Article
    resolutions: tuple[Resolution, ...]
    home: Home | None = None

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """The mentions of the resolutions."""
        return tuple(resolution.mention for resolution in self.resolutions)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtlasMention:
    """One drawn or counted mention of an atlas: where it stands and what it was taken to be."""

    article_id: str
    resolution: Resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class AtlasPlace:
    """One place of an atlas with the mentions that are drawn there (never demonyms or organisations)."""

    place: Place
    precision: Precision
    mentions: tuple[AtlasMention, ...]

    @property
    def article_ids(self) -> tuple[str, ...]:
        """Ids of the articles that mention the place, each once, in atlas order."""
        return tuple(dict.fromkeys(mention.article_id for mention in self.mentions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """Many parsed articles as one ordered collection of places.

    Attributes:
        articles: In id order.
        places: Most mentioned first, then by id.
        unmapped: Resolved mentions that draw no pin: demonyms and organisation names.
        nil: Mentions without a place.
    """

    articles: tuple[Article, ...]
    places: tuple[AtlasPlace, ...]
    unmapped: tuple[AtlasMention, ...] = field(default=())
    nil: tuple[AtlasMention, ...] = field(default=())
