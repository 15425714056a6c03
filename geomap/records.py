"""Resolutions as the flat JSON objects that ``geomap parse`` prints, and back as the store keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from geomap.model import Mention, ParsedArticle, Place, Resolution


def to_record(parsed: ParsedArticle) -> dict[str, Any]:
    """Return one line of ``geomap parse``: the article's id and its toponyms, outermost spans only."""
    return {"id": parsed.article.id, "toponyms": [toponym(resolution) for resolution in parsed.resolutions]}


def toponym(resolution: Resolution) -> dict[str, Any]:
    """Return a resolution as the contract's flat object; what is nested in it stands under ``nested``."""
    mention, place = resolution.mention, resolution.place
    record: dict[str, Any] = {
        "start": mention.start,
        "end": mention.end,
        "phrase": mention.phrase,
        "kind": mention.kind,
        "name": place.name if place else None,
        "lon": place.lon if place else None,
        "lat": place.lat if place else None,
        "country": place.country if place else None,
        "countries": list(place.countries if place else mention.countries),
        "admin1": place.admin1 if place else None,
        "geonameid": place.geonameid if place else None,
        "feature_code": place.feature_code if place else None,
        "precision": resolution.precision,
        "score": resolution.score,
        "nil_reason": resolution.nil_reason,
    }
    if resolution.nested:
        record["nested"] = [toponym(inner) for inner in resolution.nested]
    return record


def weighed(place: Place, total: float, reasons: Iterable[tuple[str, float]]) -> dict[str, Any]:
    """Return a place that a name may mean with what speaks for it, as ``geomap parse --explain`` prints it."""
    named = {name: round(weight, 2) for name, weight in reasons if weight}
    return {**_brief(place), "total": round(total, 2), "reasons": named}


def _brief(place: Place) -> dict[str, Any]:
    return {
        key: getattr(place, key) for key in ("name", "lon", "lat", "country", "admin1", "geonameid", "feature_code")
    }


def pack(resolution: Resolution) -> dict[str, Any]:
    """Return everything of a resolution as JSON-able values, for :func:`unpack`."""
    return asdict(resolution)


def unpack(packed: dict[str, Any]) -> Resolution:
    """Return the resolution that :func:`pack` took apart.

    Raises:
        KeyError, TypeError: If the values are not of that form.
    """
    return Resolution(
        mention=unpack_mention(packed["mention"]),
        place=_unpack_place(packed["place"]),
        precision=packed["precision"],
        score=packed["score"],
        nil_reason=packed["nil_reason"],
        runner_up=_unpack_place(packed["runner_up"]),
        nested=tuple(unpack(inner) for inner in packed["nested"]),
    )


def _unpack_place(packed: dict[str, Any] | None) -> Place | None:
    return Place(**{**packed, "countries": tuple(packed["countries"])}) if packed else None


def unpack_mention(packed: dict[str, Any]) -> Mention:
    """Return the mention whose fields stand in a dict."""
    values = dict(packed)
    values["sentence"] = tuple(values["sentence"])
    values["countries"] = tuple(values["countries"])
    values["within"] = tuple(values["within"])
    values["nested"] = tuple(unpack_mention(inner) for inner in values["nested"])
    return Mention(**values)
